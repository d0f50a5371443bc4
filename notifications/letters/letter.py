"""What a letter is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise
SUBJECT, ORDER, BACK_OFFICE = "subject", "order", "back office"
BANK_ACCOUNTS, SETTINGS = "bank accounts", "settings"


@dataclass(frozen=True)
class Letter:
    """A subject and up to four short lines, with the facts of the case as named parameters.

    `happened` comes first. `act` is what the reader must do, by when: then the subject
    begins with that action. `then` is what comes next when there is nothing to do.
    `deadline` is the clock behind it: it gives `%(due)s`, and a line that says what silence
    means. `quotes` names a fact that a person wrote; it is left out when it is empty, and
    replaced by a warning when it may hold bank details.
    """

    subject: Text
    happened: Text
    act: Text = ""
    then: Text = ""
    deadline: str = ""
    quotes: str = ""
    button: Text = ""
    opens: str = ORDER

    @property
    def needs_you(self) -> bool:
        return bool(self.act)
