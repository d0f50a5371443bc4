"""The clock certificate: each time limit of an order with its rule, instant, actor and effect.

Everything is read from the deadlines and from the table of clocks that fires them, so the page
cannot promise anything that the platform does not do (machines.md 6.1).
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from core.days import PLATFORM_ZONE
from core.formats.words import machine_text, moment_text
from workflow.clocks import Clock, coming
from workflow.models import Deadline, Event

NEXT = 3
# How the clocks count that have no length of their own.
OWN_INSTANT = {
    "order.ship": _lazy("The end of the ship-by day of the contract, in Singapore time."),
    "order.deliver": _lazy(
        "The end of the carrier’s usual number of days after shipment, in Singapore time."
    ),
    "shipment.deliver": _lazy(
        "The end of the carrier’s usual number of days after the lot left, in Singapore time."
    ),
    "inspection.report": _lazy("The end of the third day after the visit, in Singapore time."),
}


@dataclass(frozen=True)
class Entry:
    """One time limit of an order as the certificate shows it."""

    clock: Clock
    kind: str
    rule: str
    due_at: datetime
    platform_time: str
    utc: str
    started_at: datetime
    extended_from: datetime | None
    ended: str
    ended_at: datetime | None


@dataclass(frozen=True)
class Next:
    """An event that comes if nobody does anything; `sure`, if its clock runs already."""

    title: str
    at: datetime
    effect: str
    sure: bool


def certificate(order, user) -> dict:
    """The clocks that run and those that are over, what comes next, and each extension."""
    rows = list(visible(Deadline.objects.filter(trade_ref=order.ref), user).order_by("due_at"))
    running = [row for row in rows if row.closed_at is None]
    over = sorted((row for row in rows if row.closed_at), key=lambda row: row.closed_at)
    return {
        "running": [entry(row) for row in running],
        "over": [entry(row) for row in reversed(over)],
        "coming": forecast(running),
        "extensions": extensions(order),
        "shifts": list(order.shifts.all()),
    }


def visible(deadlines, user):
    """Those that this person may see: a private one only its own side (a claim being written)."""
    private = [kind for kind, clock in settings.DEADLINES.items() if clock.private]
    hidden = [
        row.pk
        for row in deadlines.filter(kind__in=private)
        if user.company_id is None or getattr(row.subject, "claimant_id", 0) != user.company_id
    ]
    return deadlines.exclude(pk__in=hidden)


def forecast(running) -> list[Next]:
    """The next three events of an order in which nobody does anything."""
    clocks = settings.DEADLINES
    known = [(row.kind, row.started_at, row.due_at) for row in running]
    return [
        Next(clocks[event.kind].title, event.at, clocks[event.kind].silence, event.sure)
        for event in coming(known, clocks, NEXT)
    ]


def entry(row) -> Entry:
    clock = row.clock
    ended = ""
    if row.closed_at:
        ended = _("Missed: the rule was carried out") if row.missed else _("Kept, or not needed")
    return Entry(
        clock=clock,
        kind=row.kind,
        rule=rule(row.kind, clock),
        due_at=row.due_at,
        platform_time=moment_text(row.due_at, PLATFORM_ZONE),
        utc=machine_text(row.due_at),
        started_at=row.started_at,
        extended_from=row.first_due_at,
        ended=ended,
        ended_at=row.closed_at,
    )


def rule(kind: str, clock: Clock) -> str:
    """How a clock counts, in a sentence."""
    if clock.days is not None:
        return ngettext(
            "The end of the calendar day after, in Singapore time.",
            "The end of the %(n)d-th calendar day after, in Singapore time.",
            clock.days,
        ) % {"n": clock.days}
    if clock.business_days is not None:
        return ngettext(
            "The end of the working day after, in Singapore time.",
            "The end of the %(n)d-th working day after, in Singapore time.",
            clock.business_days,
        ) % {"n": clock.business_days}
    if clock.hours is not None:
        return ngettext("Exactly %(n)d hour.", "Exactly %(n)d hours.", clock.hours) % {
            "n": clock.hours
        }
    return str(OWN_INSTANT[kind])


def extensions(order) -> list[dict]:
    """Each time that a clock of the order was given more time, by whom and why."""
    events = Event.objects.filter(trade_ref=order.ref, verb="extend_clock").order_by("n")
    return [
        {
            "title": settings.DEADLINES[event.facts["clock"]].title,
            "before": datetime.fromisoformat(event.facts["due_before"]),
            "after": datetime.fromisoformat(event.facts["due_at"]),
            "reason": event.reason,
            "at": event.happened_at,
        }
        for event in events
    ]
