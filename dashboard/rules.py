"""The tables of the coverage page, read from the settings that the platform obeys."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import Money
from orders import policies
from workflow.clocks import Clock


@dataclass(frozen=True)
class TimeRule:
    """One time limit in words: what it is about, how long, and what silence means."""

    title: str
    length: str
    silence: str


def time_rules() -> list[TimeRule]:
    """Every clock of the platform, in the order of an order's life (machines.md 6.1)."""
    return [
        TimeRule(clock.title, length(kind, clock), clock.silence)
        for kind, clock in settings.DEADLINES.items()
    ]


def length(kind: str, clock: Clock) -> str:
    """How long a clock runs, in words; the two without a fixed length say what sets them."""
    if clock.days is not None:
        return ngettext("%(n)d day", "%(n)d days", clock.days) % {"n": clock.days}
    if clock.business_days is not None:
        text = ngettext("%(n)d working day", "%(n)d working days", clock.business_days)
        return text % {"n": clock.business_days}
    if clock.hours is not None:
        return ngettext("%(n)d hour", "%(n)d hours", clock.hours) % {"n": clock.hours}
    if kind == "order.deliver":
        return (
            _(
                "After shipment: express %(express)d days, air %(air)d, road %(road)d, "
                "rail %(rail)d, sea %(sea)d"
            )
            % settings.DELIVERY_DAYS
        )
    return _("Until the ship-by date of the contract")


@dataclass(frozen=True)
class Cover:
    """What a limit covers of an order's initial payment once it was released (money.md 7.3)."""

    initial: Money
    covered: Money

    @property
    def missing(self) -> Money:
        return policies.uncovered(self.initial, self.covered)

    @property
    def answer(self) -> str:
        """`yes`, `partly` or `no`."""
        if not self.missing:
            return "yes"
        return "partly" if self.covered else "no"


def cover_of(total: Money, percent: int, limit: Money) -> Cover:
    """The cover of an order of this value with a supplier whose limit is still free."""
    initial = policies.deposit(total, percent)
    return Cover(initial, policies.coverage(initial, limit, Money(0, limit.currency)))
