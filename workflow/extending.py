"""Staff give more time: within the table's bounds, with a reason, never less time."""

from datetime import timedelta

from django.utils.translation import gettext as _

from core import days
from workflow import deadlines
from workflow.engine import operation, record
from workflow.errors import NotAllowed, Refused
from workflow.models import Deadline

ADMINISTRATOR = "administrator"


def may_extend(deadline, user):
    """Whether this person may give this clock more time."""
    clock = deadline.clock
    return bool(
        deadline.closed_at is None
        and clock.extension
        and user.is_active
        and {clock.duty, ADMINISTRATOR} & user.duties
    )


def latest(deadline):
    """The exclusive instant up to which staff may extend it, all extensions together."""
    first = deadline.first_due_at or deadline.due_at
    last_day = days.last_day_before(first) + timedelta(days=deadline.clock.extension)
    return days.end_of(last_day)


def extend(deadline, *, by, last_day, reason):
    """Let a running clock end with `last_day`, and tell both sides why."""
    _extend(deadline.subject, by=by, kind=deadline.kind, last_day=last_day, reason=reason)


@operation
def _extend(subject, *, by, kind, last_day, reason):
    deadline = Deadline.objects.open().filter(kind=kind, trade_ref=subject.trade.ref)
    deadline = deadline.filter(subject_id=subject.pk).select_for_update().first()
    if deadline is None:
        raise Refused(_("This clock does not run any more."), code="clock_stopped")
    if not may_extend(deadline, by):
        raise NotAllowed(_("This clock is not yours to extend."))
    if not reason.strip():
        raise Refused(_("Say why: both sides read it."), code="reason_missing")
    before, after = deadline.due_at, days.end_of(last_day)
    if after <= before:
        raise Refused(
            _("A clock is never shortened. Choose a day after %s.") % days.last_day_before(before),
            code="never_shorter",
        )
    if after > latest(deadline):
        raise Refused(
            _("This clock may run until %s at the latest.")
            % days.last_day_before(latest(deadline)),
            code="extended_too_far",
        )
    Deadline.objects.filter(pk=deadline.pk, first_due_at=None).update(first_due_at=before)
    deadlines.move(kind, subject, after)
    facts = {"clock": kind, "due_at": after, "due_before": before}
    record(subject, "extend_clock", by=by, reason=reason.strip(), facts=facts)
