"""Shipment: papers by Incoterm, which date counts, proof after the deadline, false documents."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Strike
from core import days
from ledger.balances import balance
from orders import incoterms, shipping
from orders.models import Order, Shipment
from orders.operations import confirm_delivery
from orders.tests.reading import do, see, words
from payments.lateness import choose_when_late
from tests.cast import PDF, usd
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db

DEADLINE = datetime(2026, 3, 31, 16, tzinfo=UTC)  # 2026-04-01T00:00+08:00


def again(found):
    return type(found).objects.get(pk=found.pk)


def sheet(name="paper.pdf"):
    return SimpleUploadedFile(name, PDF + name.encode())


def send(order, by, claimed_on):
    return shipping.ship(
        order,
        by=by,
        carrier="COSCO",
        document_type="bill_of_lading",
        document_number="NGB123456",
        claimed_on=claimed_on,
    )


def complete(shipment, by):
    for kind in incoterms.papers_for(shipment.order.incoterm):
        shipping.add_paper(shipment, by=by, kind=kind, upload=sheet(f"{kind}.pdf"))


@pytest.fixture
def late_ready_order(shippable_order, clock, run_clock):
    """Scenario 6: no shipment on record when 2026-04-01 begins in Singapore."""
    Order.objects.filter(pk=shippable_order.pk).update(ship_deadline=DEADLINE)
    deadlines.move("order.ship", shippable_order, DEADLINE)
    clock.move_to(DEADLINE)
    run_clock()
    return again(shippable_order)


@pytest.fixture
def proof(late_ready_order, supplier, clock):
    """On 3 April a bill of lading is shown that was on board on 30 March."""
    clock.move_to(datetime(2026, 4, 3, 2, tzinfo=UTC))
    return send(late_ready_order, supplier, date(2026, 3, 30))


# --- which papers under which rule


@pytest.mark.parametrize("code", incoterms.INCOTERMS)
def test_which_papers_come_with_the_goods_under_each_rule(code):
    usual = ["commercial_invoice", "packing_list"]
    expected = {
        "EXW": usual,
        "CIF": [*usual, "export_declaration", "insurance_certificate"],
        "CIP": [*usual, "export_declaration", "insurance_certificate"],
        "DDP": [*usual, "export_declaration", "import_clearance"],
    }.get(code, [*usual, "export_declaration"])
    assert incoterms.papers_for(code) == expected


def test_a_paper_that_the_rule_does_not_ask_for_is_not_taken(shipped_order, supplier, buyer):
    shipment = shipped_order.shipments.get()
    with pytest.raises(Refused) as refusal:
        shipping.add_paper(shipment, by=supplier, kind="import_clearance", upload=sheet())
    assert refusal.value.code == "paper_not_needed"
    with pytest.raises(NotAllowed):
        shipping.add_paper(shipment, by=buyer, kind="packing_list", upload=sheet())
    assert not shipment.papers.exists()


def test_the_supplier_adds_the_papers_on_their_page_and_both_sides_read_them(
    client, shipped_order, supplier, buyer
):
    page = words(see(client, supplier, shipped_order, "order_shipments"))
    assert "What counts as shipped: The on-board date of the bill of lading." in page
    assert "Packing list · missing" in page
    do(client, supplier, shipped_order, "order_shipments", kind="packing_list", upload=sheet())
    page = words(see(client, buyer, shipped_order, "order_shipments"))
    assert "Packing list · missing" not in page
    assert "Commercial invoice · missing" in page
    assert "Add a paper" not in page


# --- which date counts


def test_until_somebody_looks_the_moment_of_submission_counts(shipped_order):
    shipment = shipped_order.shipments.get()
    assert shipment.state == "submitted"
    assert shipped_order.shipped_at == shipment.submitted_at
    assert deadlines.due_at("shipment.check", shipment) == shipment.submitted_at + timedelta(
        hours=48
    )


def test_after_48_hours_without_the_carrier_the_time_of_submission_counts(
    shipped_order, clock, run_clock
):
    shipment = shipped_order.shipments.get()
    clock.move_to(shipment.submitted_at + timedelta(hours=48) - timedelta(microseconds=1))
    run_clock()
    assert again(shipment).state == "submitted"
    clock.move_to(shipment.submitted_at + timedelta(hours=48))
    run_clock()
    assert again(shipment).state == "verified"
    assert again(shipment).shipped_at == shipment.submitted_at
    assert again(shipped_order).shipped_at == shipment.submitted_at


def test_a_document_that_the_carrier_confirms_counts_from_its_own_day(
    shipped_order, supplier, finance
):
    shipment = shipped_order.shipments.get()
    complete(shipment, supplier)
    shipping.verify(shipment, by=finance, reason="COSCO's register shows it on board.")
    dated = days.end_of(shipment.claimed_on - timedelta(days=1))
    assert again(shipment).shipped_at == dated
    order = again(shipped_order)
    assert order.shipped_at == dated
    assert deadlines.due_at("order.deliver", order) == days.days_after(dated, 60)
    assert deadlines.due_at("shipment.check", shipment) is None


def test_while_papers_are_missing_the_documents_own_date_does_not_count(
    shipped_order, supplier, finance
):
    shipment = shipped_order.shipments.get()
    with pytest.raises(Refused) as refusal:
        shipping.verify(shipment, by=finance, reason="Seen.")
    assert str(refusal.value).startswith(
        "These are still missing: commercial invoice, packing list, export declaration."
    )
    assert again(shipment).state == "submitted"
    with pytest.raises(NotAllowed):
        shipping.verify(shipment, by=supplier, reason="Trust me.")


def test_goods_that_arrive_before_the_check_need_none(shipped_order, buyer):
    confirm_delivery(shipped_order, by=buyer)
    shipment = shipped_order.shipments.get()
    assert (shipment.state, shipment.shipped_at) == ("delivered", shipment.submitted_at)
    assert deadlines.due_at("shipment.check", shipment) is None


# --- proof of an earlier shipment (scenario 6)


def test_scenario_6_a_confirmed_earlier_date_ends_the_late_refund(
    proof, supplier, finance, clock, run_clock
):
    complete(proof, supplier)
    shipping.verify(proof, by=finance, reason="On board on 30 March by the carrier's list.")
    order = again(proof.order)
    assert order.shipped_at == datetime(2026, 3, 29, 16, tzinfo=UTC)
    assert (order.late_since, order.late_choice) == (None, "")
    clock.move_to(DEADLINE + timedelta(days=8))
    run_clock()
    assert again(order).state == "shipped"
    assert balance(f"escrow:{order.ref}") == usd("18600.00")
    assert Event.objects.filter(trade_ref=order.ref, verb="late").count() == 1


def test_scenario_6_a_forged_document_is_a_strike_and_the_refund_runs(
    proof, supplier, finance, clock, run_clock
):
    shipping.reject_document(
        proof, by=finance, because="forged", reason="The carrier knows no such number."
    )
    order = again(proof.order)
    assert (order.state, order.shipped_at) == ("ready_to_ship", None)
    assert again(proof).state == "rejected"
    assert Strike.objects.filter(company=order.supplier, cause="false_document").count() == 1
    clock.move_to(DEADLINE + timedelta(days=7))
    run_clock()
    assert again(order).state == "refunded"
    assert balance(f"refund_payable:{order.buyer_id}") == usd("18600.00")


def test_a_forged_document_found_after_the_time_to_choose_refunds_at_once(
    proof, finance, clock, run_clock
):
    clock.move_to(DEADLINE + timedelta(days=20))
    run_clock()
    assert again(proof).state == "verified"
    shipping.reject_document(again(proof), by=finance, because="forged", reason="A false stamp.")
    run_clock()
    assert again(proof.order).state == "refunded"


def test_a_document_that_cannot_be_read_is_no_strike(proof, finance):
    shipping.reject_document(proof, by=finance, because="unreadable", reason="A dark photo.")
    assert again(proof.order).state == "ready_to_ship"
    assert not Strike.objects.exists()


def test_after_a_refund_was_chosen_only_a_proof_of_earlier_shipment_is_taken(
    late_ready_order, buyer, supplier, finance, clock
):
    choose_when_late(late_ready_order, by=buyer, choice="refund")
    clock.move_to(datetime(2026, 4, 2, 2, tzinfo=UTC))
    with pytest.raises(Refused) as refusal:
        send(again(late_ready_order), supplier, date(2026, 4, 1))
    assert refusal.value.code == "refund_chosen"
    shipment = send(again(late_ready_order), supplier, date(2026, 3, 31))
    complete(shipment, supplier)
    shipping.verify(shipment, by=finance, reason="Confirmed.")
    assert again(late_ready_order).late_since is None


def test_a_chosen_refund_runs_when_nobody_confirms_the_proof(
    late_ready_order, buyer, supplier, clock, run_clock
):
    choose_when_late(late_ready_order, by=buyer, choice="refund")
    clock.move_to(datetime(2026, 4, 3, 2, tzinfo=UTC))
    shipment = send(again(late_ready_order), supplier, date(2026, 3, 30))
    clock.move_to(shipment.submitted_at + timedelta(hours=48))
    run_clock()
    run_clock()
    assert again(shipment).rejected_because == "not_confirmed"
    assert again(late_ready_order).state == "refunded"
    assert not Strike.objects.filter(cause="false_document").exists()


def test_rejecting_in_time_lets_the_ship_clock_run_on(shipped_order, finance, supplier):
    shipping.reject_document(
        shipped_order.shipments.get(), by=finance, because="unrelated", reason="Other goods."
    )
    order = again(shipped_order)
    assert deadlines.due_at("order.ship", order) == order.ship_deadline
    assert deadlines.due_at("order.deliver", order) is None
    send(order, supplier, order.funded_at.date())
    assert again(order).state == "shipped"
    assert sorted(order.shipments.values_list("state", flat=True)) == ["rejected", "submitted"]


def test_neither_side_rejects_a_document_and_a_reason_is_needed(shipped_order, buyer, finance):
    shipment = shipped_order.shipments.get()
    with pytest.raises(NotAllowed):
        shipping.reject_document(shipment, by=buyer, because="forged", reason="I think so.")
    with pytest.raises(Refused):
        shipping.reject_document(shipment, by=finance, because="forged", reason="")
    assert again(shipment).state == "submitted"
    assert not Strike.objects.exists()


def test_the_back_office_checks_documents(client, shipped_order, finance, supplier):
    finance.is_superuser = True
    finance.save()
    client.force_login(finance)
    shipment = shipped_order.shipments.get()
    address = reverse("admin:orders_shipment_do", args=[shipment.pk, "verify"])
    assert "Still missing: commercial invoice" in words(client.get(address))
    complete(shipment, supplier)
    client.post(address, {"reason": "By the carrier's site."})
    assert again(shipment).state == "verified"
    address = reverse("admin:orders_shipment_do", args=[shipment.pk, "reject"])
    client.post(address, {"because": "forged", "reason": "A copy of another."})
    assert again(shipment).state == "rejected"


# --- more time for the delivery


def test_each_side_gives_the_carrier_fifteen_days_once(
    client, shipped_order, buyer, supplier, clock, run_clock
):
    due = deadlines.due_at("order.deliver", shipped_order)
    do(client, buyer, shipped_order, "order_extend_delivery")
    assert deadlines.due_at("order.deliver", shipped_order) == due + timedelta(days=15)
    with pytest.raises(Refused) as refusal:
        shipping.extend_delivery(again(shipped_order), by=buyer)
    assert refusal.value.code == "extended_once"
    shipping.extend_delivery(again(shipped_order), by=supplier)
    clock.move_to(due + timedelta(days=30) - timedelta(microseconds=1))
    run_clock()
    assert again(shipped_order).state == "shipped"
    clock.move_to(due + timedelta(days=30))
    run_clock()
    order = again(shipped_order)
    assert (order.state, order.delivered_at) == ("delivered", due + timedelta(days=30))


def test_a_stranger_sees_no_shipments(client, stranger, shipped_order):
    assert see(client, stranger, shipped_order, "order_shipments").status_code == 404
    assert Shipment.objects.count() == 1
