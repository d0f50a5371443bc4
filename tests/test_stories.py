"""Whole trades, end to end, on the real rules: late, different, in order."""

from datetime import timedelta

import pytest

from accounts.models import SupplierStanding
from contracts.models import PurchaseContract
from core import clock as business
from core import days
from disputes import operations as disputes
from disputes import rulings
from disputes.models import Dispute
from inspections import operations as inspections
from ledger.balances import balance, order_position
from orders import operations as orders
from orders import shipping
from payments import lateness
from payments import operations as payments
from payments.models import Disbursement
from tests.cast import both_done, open_deadlines, readings, usd
from trade_center.operations import send
from workflow.errors import Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


def held(order):
    return balance(f"escrow:{order.ref}")


def refundable(order):
    return balance(f"refund_payable:{order.buyer_id}")


def earned(order):
    return balance(f"supplier_payable:{order.supplier_id}")


def reserved(user):
    return SupplierStanding.objects.get(company=user.company).reserved


def measure(contract, **differing):
    """A report in which every line is as agreed, but for those named by template key."""
    values = {}
    for line in contract.lines.all():
        if line.template_key in differing:
            values[line.pk] = differing[line.template_key]
        elif line.kind in {"number", "range"}:
            values[line.pk] = (readings("200", "201", "199"), "", "")
        elif line.kind == "colour":
            values[line.pk] = (readings("0.8", "1.1"), "yes", "")
        else:
            values[line.pk] = ([], "yes", "")
    return values


def file_report(inspection, by, **differing):
    inspections.report(
        inspection,
        by=by,
        measured=measure(inspection.contract, **differing),
        critical=0,
        major=2,
        minor=3,
        remarks="Cartons 1 to 40 opened.",
        signed_name=by.name,
    )
    inspection.refresh_from_db()


def test_the_deposit_is_held_and_production_starts(funded_order):
    assert funded_order.state == "in_production"
    assert held(funded_order) == usd("5580.00")
    assert funded_order.ship_deadline == days.end_of(funded_order.ship_by)
    assert open_deadlines(funded_order) == ["order.ship"]


def test_ending_a_not_shipped_is_refunded_without_anybody_asking(
    funded_order, clock, run_clock, supplier
):
    assert reserved(supplier) == usd("5580.00")
    deadline = funded_order.ship_deadline
    clock.move_to(deadline - timedelta(microseconds=1))
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.late_since is None

    clock.move_to(deadline)
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.late_since == deadline
    assert held(funded_order) == usd("5580.00")

    clock.move_to(deadline + timedelta(days=7) - timedelta(seconds=1))
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.state == "in_production"

    clock.move_to(deadline + timedelta(days=7))
    run_clock()
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.state == "refunded"
    assert held(funded_order) == usd("0")
    assert refundable(funded_order) == usd("5580.00")
    refund = Disbursement.objects.get(order=funded_order)
    assert (refund.kind, refund.amount, refund.state) == ("refund", usd("5580.00"), "requested")
    assert funded_order.contracts.get().state == PurchaseContract.State.TERMINATED
    assert reserved(supplier) == usd("0")
    assert open_deadlines(funded_order) == []


def test_a_late_order_that_the_buyer_wants_refunded_is_refunded_after_the_proof_window(
    funded_order, clock, run_clock, buyer
):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    funded_order.refresh_from_db()
    clock.forward(days=1)
    lateness.choose_when_late(funded_order, by=buyer, choice="refund")
    assert held(funded_order) == usd("5580.00")
    clock.move_to(funded_order.ship_deadline + timedelta(days=3))
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.state == "refunded"
    assert refundable(funded_order) == usd("5580.00")


def test_a_buyer_who_waits_is_never_refunded_by_the_clock(funded_order, clock, run_clock, buyer):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    lateness.choose_when_late(funded_order, by=buyer, choice="wait")
    clock.forward(days=400)
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.state == "in_production"
    assert held(funded_order) == usd("5580.00")


def test_ending_b_a_line_differs_the_supplier_is_silent_and_the_platform_splits(
    inspection, clock, run_clock, buyer, inspector, mediator
):
    order = inspection.order
    assert inspection.state == "scheduled"
    send(order, by=buyer, text="Is the cloth 200 gsm?")
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    assert inspection.state == "failed"
    result = inspection.results.get(line__template_key="fabric")
    assert (result.result, result.mean, result.deviation) == ("differs", "181", "9")

    line = inspection.contract.lines.get(template_key="fabric")
    dispute = disputes.file(
        order,
        by=buyer,
        reason="quality",
        statement="The cloth is lighter.",
        amount=usd("5580.00"),
        lines=[line],
    )
    assert held(order) == usd("0")
    assert balance(dispute.hold_account) == usd("5580.00")
    dispute.refresh_from_db()
    assert [said["text"] for said in dispute.snapshot["messages"]] == ["Is the cloth 200 gsm?"]
    end = days.days_after(dispute.filed_at, 15)

    clock.move_to(end - timedelta(microseconds=1))
    run_clock()
    dispute.refresh_from_db()
    assert dispute.state == Dispute.State.OPEN
    clock.move_to(end)
    run_clock()
    dispute.refresh_from_db()
    assert dispute.state == Dispute.State.ESCALATED
    escalation = Event.objects.get(verb="auto_escalate")
    assert (escalation.actor, escalation.facts) == (None, {"no_answer": True})

    rulings.assign(dispute, by=mediator, mediator=mediator)
    both_done(dispute)
    with pytest.raises(Refused) as refusal:
        rulings.compare(dispute, by=mediator, comparison="Lighter.", findings={})
    assert refusal.value.code == "contract_review_missing"
    rulings.review_contract(dispute, by=mediator, review="Line 1 asks for 200 g/m² ± 5 %.")
    claim = dispute.claims.get()
    rulings.compare(
        dispute,
        by=mediator,
        comparison="181 g/m²: 9 under the limit.",
        findings={claim.pk: ("differs", "9 under the limit")},
    )
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("2000.00"), fault="supplier", reasons="Line 1 differs."
    )
    rulings.decide(dispute, by=mediator)
    assert refundable(order) == usd("0")

    clock.move_to(days.days_after(dispute.decided_at, 7))
    run_clock()
    dispute.refresh_from_db()
    order.refresh_from_db()
    assert dispute.state == Dispute.State.ENFORCED
    assert order.state == "settled"
    assert balance(dispute.hold_account) == usd("0")
    assert refundable(order) == usd("2000.00")
    assert earned(order) == usd("3508.40")
    assert balance("income:escrow_fee") == usd("71.60")
    assert open_deadlines(order) == []


def test_ending_c_everything_matches_and_the_supplier_has_earned_it(
    inspection, clock, run_clock, paid, buyer, supplier, inspector
):
    order = inspection.order
    file_report(inspection, inspector)
    assert inspection.state == "passed"
    with pytest.raises(Refused) as refusal:
        ship(order, supplier)
    assert refusal.value.code == "balance_unpaid"

    paid(order.instalments.get(n=2))
    assert held(order) == usd("18600.00")
    ship(order, supplier)
    order.refresh_from_db()
    assert order.state == "shipped"
    clock.forward(days=25)
    orders.confirm_delivery(order, by=buyer)
    payments.accept_goods(order, by=buyer)
    order.refresh_from_db()
    assert order.state == "completed"
    assert held(order) == usd("0")
    assert earned(order) == usd("18228.00")
    assert balance("income:escrow_fee") == usd("372.00")
    payout = Disbursement.objects.get(order=order)
    assert payout.not_before - payout.requested_at == timedelta(hours=24)
    assert order_position(order.ref)["released"] == usd("18600.00")
    assert open_deadlines(order) == ["order.claim"]

    assert reserved(supplier) == usd("5580.00")
    clock.move_to(days.days_after(order.delivered_at, 30))
    run_clock()
    assert reserved(supplier) == usd("0")


def ship(order, by):
    shipping.ship(
        order,
        by=by,
        carrier="COSCO",
        document_type="bill_of_lading",
        document_number="NGB123456",
        claimed_on=business.now().date(),
    )
