"""What a letter is made of."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise

Text = str | Promise
SUBJECT, ORDER, BACK_OFFICE = "subject", "order", "back office"
BANK_ACCOUNTS, SETTINGS, COVERAGE = "bank accounts", "settings", "coverage"


@dataclass(frozen=True)
class Letter:
    """A subject and up to four short lines, with the facts of the case as named parameters.

    `happened` comes first. `act` is what the reader must do, by when: then the subject
    begins with that action. `then` is what comes next when there is nothing to do.
    `deadline` is the clock behind it: it gives `%(due)s`, and a line that says what silence
    means. `quotes` names a fact that a person wrote; it is left out when it is empty, and
    replaced by a warning when it may hold bank details. `name` and `topic` are where it stands
    in the tables.
    """

    subject: Text
    happened: Text
    act: Text = ""
    then: Text = ""
    deadline: str = ""
    quotes: str = ""
    button: Text = ""
    opens: str = ORDER
    name: str = ""
    topic: str = ""

    @property
    def needs_you(self) -> bool:
        return bool(self.act)

    @property
    def facts(self) -> set[str]:
        """The names of the facts that it mentions, in whatever language."""
        seen = _Names()
        for text in (self.subject, self.happened, self.act, self.then):
            text % seen
        return seen.names


class _Names(dict):
    """Stands in for the facts, and remembers which were asked for."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __missing__(self, name):
        self.names.add(name)
        return 1


def shelf(topic: str, letters: dict[str, Letter]) -> dict[str, Letter]:
    """The letters of one topic, each with its own name and the topic's."""
    return {name: replace(letter, name=name, topic=topic) for name, letter in letters.items()}
