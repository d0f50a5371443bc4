"""Not shipped on time: the record, the buyer's choice, the refund that needs nobody (S20).

The deadline passes (T4): the order is late. The supplier has three days to prove an
earlier shipment (T4p); the buyer chooses refund or wait within seven (T4c); silence is a
refund (LATE_DEFAULT). Facts decide: no shipment is on record, so nobody has to prove it.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from orders import policies
from orders.operations import close
from orders.states import SHIPPABLE
from payments.operations import end_contract, escrow_of, refund
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused


@operation
def flag_late(order, *, by):
    """The ship-by instant passed without a shipment (T4)."""
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
    if choice not in {"refund", "wait"}:
        raise Refused(_("Choose “refund” or “wait”."), code="choice_unknown")
    if order.late_since is None or order.state not in SHIPPABLE:
        raise Refused(_("This order is not late."))
    order.late_choice = choice
    order.save(update_fields=["late_choice"])
    record(order, f"choose_{choice}", by=by)
    if choice == "wait":
        deadlines.keep("order.choose_when_late", order)
    elif policies.proof_deadline(order.ship_deadline) <= clock.now():
        refund_late_shipment(order, by=None)


@operation
def close_proof_window(order, *, by):
    """The supplier proved no earlier shipment (T4p): a refund already chosen runs now."""
    record(order, "no_proof", by=by)
    if order.late_choice == "refund":
        refund_late_shipment(order, by=by)


@operation
def refund_by_default(order, *, by):
    """The buyer did not choose (T4c): silence means a refund, unless the platform's rule waits."""
    if order.late_choice == "" and settings.LATE_DEFAULT == "refund":
        refund_late_shipment(order, by=by)


@operation
def refund_late_shipment(order, *, by):
    """Everything that is held goes back to the buyer; the order and its contract end."""
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute: settle that first."), code="in_dispute")
    advance(order.late_refund, by=by, facts={"ship_deadline": order.ship_deadline})
    refund(order, escrow_of(order), cause="late", by=by)
    end_contract(order, by=by, fulfilled=False)
    close(order)
