"""Whose turn it is: the needs of a running order, each with the test that says it is there.

`when` looks at an order that `dashboard.queues` has loaded with its facts (`clocks`,
`dispute`, `unpaid`, `contract_state`, …) and at the company that asks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contracts.models import PurchaseContract
from disputes.models import DisputeState
from inspections.models import Inspection
from orders.states import OrderState

BUYER, SUPPLIER = "buyer", "supplier"
BOTH = (BUYER, SUPPLIER)


@dataclass(frozen=True)
class Need:
    """Something that one side, or either, must do next; `clock` is the time limit for it."""

    sides: tuple[str, ...]
    what: str
    action: str
    when: Callable
    clock: str = ""
    about_dispute: bool = False


def _in(*states):
    return lambda order, company: order.state in states


def _visit_in(*states):
    return lambda order, company: order.visit_state in states


def _runs(clock):
    return lambda order, company: clock in order.clocks


def _disputed_in(*states):
    return lambda order, company: bool(order.dispute and order.dispute.state in states)


def _to_write(order, company):
    mine = order.drafted_by == company.pk
    return mine and order.contract_state == PurchaseContract.State.DRAFT


def _to_sign(order, company):
    offered = order.contract_state in (
        PurchaseContract.State.PROPOSED,
        PurchaseContract.State.PART_SIGNED,
    )
    return offered and not order.signed_by_us


def _to_pay(order, company):
    due = order.state == OrderState.AWAITING_INITIAL_PAYMENT
    return due and bool(order.unpaid) and not order.paying


def _to_pay_balance(order, company):
    due = order.state == OrderState.READY_TO_SHIP and order.may_ship()
    return due and bool(order.unpaid) and not order.paying


def _to_choose(order, company):
    return "order.choose_when_late" in order.clocks and not order.late_choice


def _to_ship(order, company):
    return order.state == OrderState.READY_TO_SHIP and order.may_ship() and not order.unpaid


def _to_check(order, company):
    return order.state == OrderState.DELIVERED and not order.dispute


def _to_answer_offer(order, company):
    dispute = order.dispute
    offered = bool(dispute and dispute.state == DisputeState.OFFER_PENDING)
    return offered and dispute.offer_by_id != company.pk


NEEDS = [
    Need(
        (BUYER,),
        _("Finish your draft and send it to the supplier"),
        _("Continue"),
        _in(OrderState.DRAFT),
    ),
    Need(
        (SUPPLIER,),
        _("Answer the order request"),
        _("Answer"),
        _in(OrderState.PLACED),
        "order.confirm",
    ),
    Need(BOTH, _("Write the contract: it is your turn"), _("Write"), _to_write, "order.sign"),
    Need(BOTH, _("Read and sign the contract"), _("Read and sign"), _to_sign, "order.sign"),
    Need(
        (BUYER,),
        _("Pay %(missing)s into the designated account"),
        _("Pay %(missing)s"),
        _to_pay,
        "order.pay",
    ),
    Need(
        (SUPPLIER,),
        _("The money is held: make the goods and ship them in time"),
        _("Open the order"),
        _in(OrderState.IN_PRODUCTION),
        "order.ship",
    ),
    Need(
        BOTH,
        _("Object to the inspection proposal, or let it stand"),
        _("See the proposal"),
        _visit_in(Inspection.State.APPOINTED),
        "inspection.object",
    ),
    Need(
        (BUYER,),
        _("The inspection found differences: decide what happens"),
        _("Decide"),
        _visit_in(Inspection.State.FAILED, Inspection.State.PENDING_BUYER),
        "inspection.decide",
    ),
    Need((BUYER,), _("Pay the balance of %(missing)s"), _("Pay %(missing)s"), _to_pay_balance),
    Need((SUPPLIER,), _("Ship the goods"), _("Add the shipment"), _to_ship, "order.ship"),
    Need(
        (BUYER,),
        _("The order is late: choose a refund or wait"),
        _("Choose"),
        _to_choose,
        "order.choose_when_late",
    ),
    Need(
        (SUPPLIER,),
        _("The ship-by date has passed: ship, or prove an earlier shipment"),
        _("Open the order"),
        _runs("order.prove_shipment"),
        "order.prove_shipment",
    ),
    Need(
        (BUYER,),
        _("Confirm the delivery when the goods are there"),
        _("Confirm"),
        _in(OrderState.SHIPPED),
        "order.deliver",
    ),
    Need(
        (BUYER,),
        _("Check the goods: accept them or open a dispute"),
        _("Check"),
        _to_check,
        "order.accept",
    ),
    Need(
        (SUPPLIER,),
        _("Answer the dispute"),
        _("Answer"),
        _disputed_in(DisputeState.OPEN),
        "dispute.resolve",
        about_dispute=True,
    ),
    Need(
        BOTH,
        _("Answer the offer in the dispute"),
        _("Answer"),
        _to_answer_offer,
        "dispute.resolve",
        about_dispute=True,
    ),
    Need(
        BOTH,
        _("Add your evidence to the dispute"),
        _("Add evidence"),
        _disputed_in(DisputeState.EVIDENCE),
        "dispute.evidence",
        about_dispute=True,
    ),
    Need(
        BOTH,
        _("Read the decision on the dispute"),
        _("Read"),
        _disputed_in(DisputeState.DECIDED),
        "dispute.appeal",
        about_dispute=True,
    ),
]
