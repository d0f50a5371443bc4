"""Facts that are words: each reader reads them in another language, so they wait until then."""

from django.utils.translation import gettext_lazy as _

from core.formats.words import money_text
from core.money import Money

HELD = _("That sum stays held")
RELEASED = _("It was released already; what is not paid out yet waits")
SPLIT = _("%(refund)s goes back to %(buyer)s, %(release)s is released to %(supplier)s")
SPLIT_GOES_ON = _("%(refund)s goes back to %(buyer)s, %(release)s stays held for the order")
SPLIT_AFTER_RELEASE = _(
    "%(refund)s of what was released goes back to %(buyer)s, %(release)s stays with %(supplier)s"
)
BY_TWO = _("Two people of our staff approve it before it leaves")
AT_ONCE = _("It leaves as soon as it has been looked at")


class Choice:
    """The label of a choice field."""

    def __init__(self, record, field):
        self.record, self.field = record, field

    def __str__(self):
        return str(getattr(self.record, f"get_{self.field}_display")())


class Clause:
    """A clause with facts of its own, amounts among them."""

    def __init__(self, text, **facts):
        self.text, self.facts = text, facts

    def __str__(self):
        told = {name: _plain(value) for name, value in self.facts.items()}
        return str(self.text) % told


class Several:
    """Things in a row, with a comma between them."""

    def __init__(self, *things):
        self.things = things

    def __str__(self):
        return ", ".join(_plain(thing) for thing in self.things)


def _plain(value):
    return money_text(value) if isinstance(value, Money) else str(value)
