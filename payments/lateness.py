"""Not shipped on time: the record, the buyer's choice, the refund that needs nobody (S20).

The deadline passes (T4): the order is late. The supplier has three days to prove an
earlier shipment (T4p); the buyer chooses refund or wait within seven (T4c); silence is a
refund (LATE_DEFAULT). Facts decide: no shipment is on record, so nobody has to prove it.
A dispute that is open holds the refund back, never the clocks: it runs when that has ended.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Strike
from accounts.operations import strike
from accounts.roles import check_may_commit
from core import clock, days
from orders import policies, shifting
from orders.models import Order, ShipDateShift
from orders.operations import close
from orders.states import LEAVING
from payments.escrow import end_contract, escrow_of, refund
from payments.lots import close_short
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

LEAST_DAYS_LEFT = 3


@operation
def flag_late(order, *, by):
    """The ship-by instant passed without a shipment (T4).

    While goods that are ready wait for the buyer's balance, the clock shifts day for day
    instead, each shift a row, ninety days at most (machines.md 6.0). Then the order turns late
    all the same, so that it ends; its supplier is not to blame.
    """
    if shifting.waits_for_balance(order) and shifting.days_left(order) > 0:
        cause, reason = ShipDateShift.Cause.BALANCE_UNPAID, shifting.BALANCE
        shifting.shift(order, cause, 1, by=by, reason=reason)
        return
    order.late_since = order.ship_deadline
    order.save(update_fields=["late_since"])
    record(order, "late", by=by, facts={"ship_deadline": order.ship_deadline})
    deadlines.start("order.prove_shipment", order, policies.proof_deadline(order.ship_deadline))
    deadlines.start("order.choose_when_late", order, policies.choice_deadline(order.ship_deadline))


@operation
def choose_when_late(order, *, by, choice):
    """The buyer of a late order chooses its refund, or to wait for the goods."""
    if by.company_id != order.buyer_id:
        raise NotAllowed(_("Only the buyer chooses."))
    check_may_commit(by)
    if choice not in {"refund", "wait"}:
        raise Refused(_("Choose “refund” or “wait”."), code="choice_unknown")
    if order.late_since is None or order.state not in LEAVING:
        raise Refused(_("This order is not late."))
    order.late_choice = choice
    order.save(update_fields=["late_choice"])
    record(order, f"choose_{choice}", by=by)
    if choice == "wait":
        deadlines.keep("order.choose_when_late", order)
    elif policies.proof_deadline(order.ship_deadline) <= clock.now():
        _refund_unless_disputed(order, by=None)


@operation
def close_proof_window(order, *, by):
    """The supplier proved no earlier shipment (T4p): a refund already chosen runs now."""
    record(order, "no_proof", by=by)
    if order.late_choice == "refund":
        _refund_unless_disputed(order, by=by)


@operation
def refund_by_default(order, *, by):
    """The time to choose is over (T4c): silence means a refund, unless the rule is to wait."""
    if order.late_choice == "refund" or (
        order.late_choice == "" and settings.LATE_DEFAULT == "refund"
    ):
        _refund_unless_disputed(order, by=by)


@operation
def refund_late_shipment(order, *, by):
    """Everything that is held goes back to the buyer; the order and its contract end.

    Never before the supplier's time to prove an earlier shipment is over, and never while
    a dispute is open.
    """
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute: settle that first."), code="in_dispute")
    if order.late_since is None or clock.now() < policies.proof_deadline(order.ship_deadline):
        raise Refused(_("The supplier may still prove an earlier shipment."), code="not_late")
    if order.state == Order.State.PARTIALLY_SHIPPED:
        close_short(order, by=by)
        return
    buyers_doing = shifting.is_buyers_doing(order)
    advance(order.late_refund, by=by, facts={"ship_deadline": order.ship_deadline})
    refund(order, escrow_of(order), cause="late", by=by)
    if not buyers_doing:
        strike(order.supplier_id, Strike.Cause.LATE, order_ref=order.ref)
    end_contract(order, by=by, fulfilled=False)
    close(order)


def resume(order):
    """A dispute about a late order ended: its buyer's choice runs on, three days at least."""
    if order.late_since is None or order.state not in LEAVING or order.late_choice == "wait":
        return
    due = max(
        policies.choice_deadline(order.ship_deadline),
        days.days_after(clock.now(), LEAST_DAYS_LEFT),
    )
    deadlines.restart("order.choose_when_late", order, due)


def _refund_unless_disputed(order, *, by):
    if order.disputes.open().exists():
        record(order, "late_refund_waits", by=by)
    else:
        refund_late_shipment(order, by=by)
