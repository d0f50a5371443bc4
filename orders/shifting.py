"""The ship-by date moves day for day while the supplier waits for the buyer (machines.md 6.0).

Each shift is a row with its cause and reason, never silent, and what the buyer causes is at most
ninety days altogether: then the date stands, whoever is to blame.
"""

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.roles import the_mediator
from core import clock, days
from orders import policies
from orders.models import Order, ShipDateShift
from orders.states import SHIPPABLE
from workflow import deadlines
from workflow.engine import operation, record
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

Cause = ShipDateShift.Cause
SIGNED_OFF = (Cause.APPROVAL_LATE, Cause.INSPECTION_DELAYED)
BALANCE = _("The balance due before shipment is not paid.")
# What makes goods that are made free to leave: the wait for the balance begins with the last.
FREES = ("declare_ready", "verdict_pass", "buyer_accepts")


@operation
def shift_for_buyer(order, *, by, cause, count, reason):
    """A mediator signs off days that the buyer cost the supplier: artwork late, inspector kept."""
    if not the_mediator(order, by):
        raise NotAllowed
    if cause not in SIGNED_OFF:
        raise Refused(_("Choose what the buyer caused."), code="cause_unknown")
    if not reason.strip():
        raise Refused(_("Say why: both sides read it."), code="reason_missing")
    if order.state not in SHIPPABLE or order.is_late() or order.ship_deadline is None:
        raise Refused(_("The ship-by clock of this order does not run."), code="clock_stopped")
    if not 1 <= count <= days_left(order):
        raise Refused(
            _("What the buyer causes moves the date by %(most)d days at most; %(left)d are left.")
            % {"most": policies.EXTENSION_LIMIT_DAYS, "left": days_left(order)},
            code="shifted_too_far",
        )
    shift(order, cause, count, by=by, reason=reason.strip())


def shift(order, cause, count, *, by, reason):
    """Move the ship-by date and its clock by whole days, and write the row."""
    before = order.ship_deadline
    order.ship_deadline = policies.shift_deadline(before, count)
    order.save(update_fields=["ship_deadline"])
    deadlines.restart("order.ship", order, order.ship_deadline)
    write_down(order, cause, before, by=by, reason=reason)


def write_down(order, cause, before, *, by, reason):
    """The row and the line of history of a shift that has been made."""
    after = order.ship_deadline
    count = (days.last_day_before(after) - days.last_day_before(before)).days
    ShipDateShift.objects.create(
        order=order, cause=cause, days=count, before=before, after=after, reason=reason
    )
    again = order.shifts.filter(cause=cause).count() > 1
    facts = {"cause": str(cause), "days": count, "ship_deadline": after, "before": before}
    facts["again"] = again
    record(order, "shift_ship_clock", by=by, reason=reason, facts=facts)


def days_left(order):
    """By how many days what the buyer causes may still move the date."""
    return policies.EXTENSION_LIMIT_DAYS - _shifted(order, ShipDateShift.BY_BUYER)


def waits_for_balance(order):
    """The goods may leave, and only the buyer's balance is missing."""
    unpaid = order.instalments.filter(funded_at=None).exists()
    return order.state == Order.State.READY_TO_SHIP and order.may_ship() and unpaid


def is_buyers_doing(order):
    """The date stands although the goods still wait: the ninety days are used up."""
    return waits_for_balance(order) and days_left(order) <= 0


def give_waiting_back(order, *, by):
    """The balance is there: the supplier gets each day that the goods waited for it, once."""
    since = _free_since(order)
    if since is None or order.ship_deadline is None or order.is_late():
        return
    waited = (days.platform_date(clock.now()) - days.platform_date(since)).days
    count = min(waited - _shifted(order, [Cause.BALANCE_UNPAID]), days_left(order))
    if count > 0:
        reason = _("The goods waited %(days)d days for the balance.") % {"days": waited}
        shift(order, Cause.BALANCE_UNPAID, count, by=by, reason=reason)


def _free_since(order):
    events = Event.objects.filter(trade_ref=order.ref, verb__in=FREES).order_by("-pk")
    return events.values_list("happened_at", flat=True).first()


def _shifted(order, causes):
    found = order.shifts.filter(cause__in=causes).aggregate(all=Sum("days"))
    return found["all"] or 0
