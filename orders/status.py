"""An order's status in the words of the side that reads it (ux.md 3.2).

No word claims what the ledger has not done: money is "released" or "refunded" only once its
disbursement is confirmed by the bank; until then it is decided, approved or on its way.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import PurchaseContract
from core import clock
from core.formats.words import day_text
from disputes.models import DisputeState
from inspections.models import Inspection
from orders import policies
from orders.facts import BUYER, SUPPLIER, Facts, age_in_days
from orders.states import OrderState
from payments.models import Disbursement

NEGOTIATED = {DisputeState.OPEN, DisputeState.OFFER_PENDING}
DISPUTE_DAYS = 15
JUST_BEFORE = timedelta(seconds=1)
TURN_BASED = {OrderState.CONTRACTING, OrderState.AWAITING_INITIAL_PAYMENT}
Visit = Inspection.State


@dataclass(frozen=True)
class Chip:
    """A word, a tone (one of the four money colours, or none) and an icon."""

    word: str
    tone: str = ""
    icon: str = "circle-dot"


def chip(facts: Facts) -> Chip:
    """What the status of the order is called for this side."""
    if facts.dispute:
        return _in_dispute(facts)
    if facts.is_late:
        return _late(facts)
    if facts.side not in {BUYER, SUPPLIER} and facts.state in TURN_BASED:
        return Chip(facts.order.get_state_display(), "", "hourglass")
    return CHIPS[facts.state](facts)


def _in_dispute(facts):
    case = facts.dispute
    if case.state in NEGOTIATED:
        left = max(0, DISPUTE_DAYS + 1 - age_in_days(case.filed_at))
        return Chip(_("In dispute: %(n)d of 15 days left") % {"n": left}, "bad", "scale")
    if case.state == DisputeState.DECIDED:
        return Chip(_("Dispute decided, may be appealed"), "bad", "scale")
    return Chip(_("In dispute: our staff decide"), "bad", "scale")


def _late(facts):
    word = {"refund": _("Late: your refund is being prepared"), "wait": _("Late: you wait")}
    supplier = {
        "refund": _("Late: the buyer chose a refund"),
        "wait": _("Late: the buyer waits for the goods"),
    }
    words = supplier if facts.side == SUPPLIER else word
    late = _("Late: choose a refund or wait") if facts.side == BUYER else _("Late")
    return Chip(words.get(facts.order.late_choice, late), "bad", "alarm-clock")


def _draft(facts):
    return Chip(_("Draft"), "", "pencil")


def _placed(facts):
    if facts.side == SUPPLIER:
        return Chip(_("New request"), "brand", "inbox")
    return Chip(_("Waiting for the supplier"), "brand", "hourglass")


def _contracting(facts):
    contract = facts.contract
    if contract is None or contract.state == PurchaseContract.State.DRAFT:
        mine = contract is not None and contract.drafted_by == facts.company_id
        word = _("Contract: your turn") if mine else _("Contract: their turn")
        return Chip(word, "brand", "file-pen")
    if facts.company_id in facts.signed_by:
        return Chip(_("Waiting for their signature"), "brand", "signature")
    return Chip(_("Waiting for your signature"), "brand", "signature")


def _awaiting_payment(facts):
    if facts.order.paying:
        return Chip(_("Transfer on its way"), "", "hourglass")
    part = facts.unpaid
    if part and part.received:
        missing = facts.text(part.due - part.received)
        return Chip(_("%(missing)s still missing") % {"missing": missing}, "held outline", "coins")
    if facts.side == SUPPLIER:
        return Chip(_("Waiting for payment: do not start production"), "", "hourglass")
    return Chip(_("Waiting for your payment"), "", "hourglass")


def _in_production(facts):
    if facts.side == SUPPLIER:
        return Chip(_("Money secured: make the goods"), "held", "lock")
    return Chip(_("Money held, goods being made"), "held", "lock")


def _ready(facts):
    if facts.order.may_ship():
        return _ready_to_leave(facts)
    state = facts.visit.state if facts.visit else Visit.REQUESTED
    if state in {Visit.FAILED, Visit.PENDING_BUYER}:
        mine = facts.side == BUYER
        word = _("Inspected: your decision needed") if mine else _("Inspected: lines differ")
        return Chip(word, "held", "clipboard-check")
    if state == Visit.SCHEDULED:
        return Chip(_("Inspection agreed"), "held", "microscope")
    if state in {Visit.CLOSED_FAILED, Visit.CANCELLED}:
        return Chip(_("Inspection failed: not to be shipped"), "bad", "circle-x")
    return Chip(_("Goods ready, inspection being arranged"), "held", "microscope")


def _ready_to_leave(facts):
    if facts.unpaid:
        word = _("Waiting for balance") if facts.side == SUPPLIER else _("Balance due")
        return Chip(word, "", "hourglass")
    return Chip(_("Ready to ship"), "ok outline", "package-check")


def _shipped(facts):
    order = facts.order
    day = day_text(timezone.localdate(order.shipped_at))
    late = policies.days_late(order.shipped_at, order.ship_deadline)
    if late:
        word = _("Shipped on %(day)s, %(n)d days late") % {"day": day, "n": late}
        return Chip(word, "held", "ship")
    return Chip(_("Shipped on %(day)s, on time") % {"day": day}, "held", "ship")


def _delivered(facts):
    if facts.side == SUPPLIER:
        return Chip(_("Waiting for the buyer’s check"), "held", "package-open")
    until = facts.clocks.get("order.accept")
    if until is None or until <= clock.now():
        return Chip(_("Check the goods"), "held", "package-open")
    day = day_text(timezone.localdate(until - JUST_BEFORE))
    return Chip(_("Check the goods by %(day)s") % {"day": day}, "held", "package-open")


def _completed(facts):
    payout = _last(facts, Disbursement.Kind.PAYOUT)
    if payout == Disbursement.State.CONFIRMED:
        return Chip(_("Paid") if facts.side == SUPPLIER else _("Released"), "ok", "banknote")
    if facts.side == SUPPLIER:
        return Chip(_("Payout on its way"), "ok outline", "banknote")
    return Chip(_("Accepted, payout on its way"), "ok outline", "banknote")


def _refunded(facts):
    words = {
        Disbursement.State.REQUESTED: _("Refund decided"),
        Disbursement.State.APPROVED: _("Refund approved"),
        Disbursement.State.SUBMITTED: _("Refund sent"),
        Disbursement.State.CONFIRMED: _("Refunded, arrived"),
    }
    state = _last(facts, Disbursement.Kind.REFUND)
    done = state == Disbursement.State.CONFIRMED
    return Chip(words.get(state, _("Refund decided")), "info" if done else "info outline", "undo-2")


def _last(facts, kind):
    return next((row.state for row in reversed(facts.leaving) if row.kind == kind), None)


CHIPS = {
    OrderState.DRAFT: _draft,
    OrderState.PLACED: _placed,
    OrderState.CONTRACTING: _contracting,
    OrderState.AWAITING_INITIAL_PAYMENT: _awaiting_payment,
    OrderState.IN_PRODUCTION: _in_production,
    OrderState.READY_TO_SHIP: _ready,
    OrderState.PARTIALLY_SHIPPED: lambda facts: Chip(_("Shipped in part"), "held", "ship"),
    OrderState.SHIPPED: _shipped,
    OrderState.DELIVERED: _delivered,
    OrderState.COMPLETED: _completed,
    OrderState.REFUNDED: _refunded,
    OrderState.SETTLED: lambda facts: Chip(_("Dispute settled"), "", "handshake"),
    OrderState.CANCELLED: lambda facts: Chip(_("Cancelled"), "", "circle-x"),
    OrderState.EXPIRED: lambda facts: Chip(_("Closed: the time was over"), "", "circle-x"),
}
