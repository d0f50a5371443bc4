"""Goods in lots: each with its own clocks and release; what never ships is closed short (X3)."""

from datetime import timedelta

import pytest

from accounts.models import Strike
from core import days
from core.money import Money
from disputes import operations as disputes
from ledger.balances import balance, order_position
from orders import lots, policies, shipping
from orders.models import Order
from orders.operations import confirm_delivery
from orders.tests.reading import decision_of, do, see, words
from payments import lots as money
from payments.lateness import choose_when_late
from tests.cast import usd
from tests.test_stories import file_report
from workflow import deadlines
from workflow.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def again(found):
    return type(found).objects.get(pk=found.pk)


def held(order):
    return balance(f"escrow:{order.ref}")


@pytest.fixture
def parted_order(inspection, inspector, paid):
    """3,000 rompers for US$18,600.00, paid in full, that may leave in lots."""
    file_report(inspection, inspector)
    Order.objects.filter(pk=inspection.order_id).update(partial_shipments=True)
    paid(inspection.order.instalments.get(n=2))
    return Order.objects.get(pk=inspection.order_id)


def send(order, by, quantity, number="NGB1"):
    return shipping.ship(
        again(order),
        by=by,
        carrier="COSCO",
        document_type="bill_of_lading",
        document_number=number,
        claimed_on=order.funded_at.date(),
        quantity=quantity,
    )


@pytest.fixture
def first_lot(parted_order, supplier):
    """1,800 of 3,000: US$11,160.00 of US$18,600.00."""
    return send(parted_order, supplier, 1800)


# --- the arithmetic of money.md 7.2


@pytest.mark.parametrize(
    ("is_held", "back"), [("20000.00", "8000.00"), ("6000.00", "0"), ("15000.00", "3000.00")]
)
def test_a_short_close_gives_back_what_is_held_beyond_the_shipped_lots(is_held, back):
    found = policies.short_close_refund(usd(is_held), usd("8000.00"), usd("12000.00"))
    assert found == usd(back)


def test_a_lot_is_worth_its_share_in_whole_cents():
    assert policies.lot_value(Money(1000), 3, 1) == Money(333)


# --- shipping


def test_the_first_lot_leaves_and_the_ship_clock_runs_on(parted_order, first_lot):
    order = again(parted_order)
    assert (order.state, order.in_lots, order.shipped_at) == ("partially_shipped", True, None)
    assert lots.open_quantity(order) == 1200
    assert deadlines.due_at("order.ship", order) == order.ship_deadline
    assert deadlines.due_at("shipment.deliver", first_lot) == days.days_after(
        first_lot.submitted_at, 60
    )
    assert deadlines.due_at("order.deliver", order) is None


def test_the_last_lot_ends_the_ship_clock(parted_order, first_lot, supplier):
    send(parted_order, supplier, 1200, "NGB2")
    order = again(parted_order)
    assert order.state == "shipped"
    assert deadlines.due_at("order.ship", order) is None
    with pytest.raises(Refused):
        send(parted_order, supplier, 1, "NGB3")


@pytest.mark.parametrize("quantity", [3001, -1])
def test_nobody_ships_more_than_is_open(parted_order, supplier, quantity):
    with pytest.raises(Refused) as refusal:
        send(parted_order, supplier, quantity)
    assert refusal.value.code == "more_than_open"
    assert not parted_order.shipments.exists()


def test_lots_have_to_be_agreed(parted_order, supplier):
    Order.objects.filter(pk=parted_order.pk).update(partial_shipments=False)
    with pytest.raises(Refused) as refusal:
        send(parted_order, supplier, 1800)
    assert refusal.value.code == "no_lots"
    assert again(parted_order).state == "ready_to_ship"


# --- each lot's own clocks and release


def test_accepting_a_lot_releases_its_value_and_no_more(first_lot, buyer, supplier, parted_order):
    lots.confirm_lot(first_lot, by=buyer)
    assert deadlines.due_at("shipment.accept", first_lot) == days.days_after(
        again(first_lot).delivered_at, 15
    )
    with pytest.raises(NotAllowed):
        money.accept_lot(first_lot, by=supplier)
    money.accept_lot(first_lot, by=buyer)
    assert held(parted_order) == usd("7440.00")
    assert order_position(parted_order.ref)["released"] == usd("11160.00")
    assert (again(first_lot).state, again(parted_order).state) == ("accepted", "partially_shipped")


def test_silence_delivers_and_accepts_each_lot_by_its_own_clock(
    first_lot, parted_order, supplier, clock, run_clock
):
    clock.forward(days=3)
    second = send(parted_order, supplier, 1200, "NGB2")
    due = deadlines.due_at("shipment.deliver", first_lot)
    clock.move_to(due)
    run_clock()
    assert (again(first_lot).state, again(second).state) == ("delivered", "verified")
    clock.move_to(due + timedelta(days=3))
    run_clock()
    assert again(parted_order).state == "delivered"
    clock.move_to(due + timedelta(days=16) - timedelta(microseconds=1))
    run_clock()
    assert held(parted_order) == usd("18600.00")
    clock.move_to(due + timedelta(days=16))
    run_clock()
    assert held(parted_order) == usd("7440.00")
    clock.move_to(due + timedelta(days=19))
    run_clock()
    order = again(parted_order)
    assert (order.state, held(order)) == ("completed", usd("0"))
    assert deadlines.due_at("order.claim", order) is not None
    assert deadlines.due_at("order.accept", order) is None


def test_a_lot_waits_while_the_order_is_disputed(first_lot, buyer, clock, run_clock, parted_order):
    lots.confirm_lot(first_lot, by=buyer)
    disputes.file(
        again(parted_order),
        by=buyer,
        reason="quantity",
        statement="Cartons are missing.",
        amount=usd("8000.00"),
    )
    clock.move_to(deadlines.due_at("shipment.accept", first_lot))
    run_clock()
    assert again(first_lot).state == "delivered"
    assert held(parted_order) == usd("10600.00")
    with pytest.raises(Refused):
        money.accept_lot(first_lot, by=buyer)


def test_the_order_as_a_whole_is_not_confirmed(first_lot, parted_order, supplier, buyer):
    send(parted_order, supplier, 1200, "NGB2")
    with pytest.raises(Refused) as refusal:
        confirm_delivery(again(parted_order), by=buyer)
    assert refusal.value.code == "comes_in_lots"


def test_a_rejected_lot_is_open_again_and_the_others_stay(
    first_lot, parted_order, supplier, finance
):
    second = send(parted_order, supplier, 1200, "NGB2")
    shipping.reject_document(second, by=finance, because="forged", reason="No such number.")
    order = again(parted_order)
    assert (order.state, lots.open_quantity(order)) == ("partially_shipped", 1200)
    assert deadlines.due_at("order.ship", order) == order.ship_deadline
    assert deadlines.due_at("shipment.deliver", second) is None


# --- what never ships


def test_silence_of_a_late_buyer_closes_the_order_short(
    first_lot, parted_order, clock, run_clock, buyer
):
    clock.move_to(parted_order.ship_deadline + timedelta(days=7))
    run_clock()
    run_clock()
    order = again(parted_order)
    assert order.state in {"shipped", "delivered"}
    assert balance(f"refund_payable:{order.buyer_id}") == usd("7440.00")
    assert held(order) == usd("11160.00")
    assert Strike.objects.filter(company=order.supplier, cause="late").count() == 1


def test_a_buyer_who_asks_for_the_rest_back_gets_it_after_the_proof_window(
    client, first_lot, parted_order, clock, run_clock, buyer
):
    clock.move_to(parted_order.ship_deadline)
    run_clock()
    page = words(see(client, buyer, parted_order, "order_late_choice"))
    assert "Ask for the refund of US$7,440.00?" in page
    choose_when_late(again(parted_order), by=buyer, choice="refund")
    clock.move_to(parted_order.ship_deadline + timedelta(days=3))
    run_clock()
    assert balance(f"refund_payable:{parted_order.buyer_id}") == usd("7440.00")


# --- the pages


def test_the_pages_lead_through_the_lots(client, parted_order, supplier, buyer):
    page = words(see(client, supplier, parted_order, "order_ship"))
    assert "All that is open, or a lot of it." in page
    first = send(parted_order, supplier, 1800)
    assert decision_of(see(client, buyer, parted_order)) == "Confirm each lot when it is there"
    assert "Ship the next lot" in words(see(client, supplier, parted_order))
    page = words(see(client, buyer, parted_order, "order_shipments"))
    assert "This lot is worth US$11,160.00." in page
    address = f"/orders/{parted_order.code}/shipments/{first.pk}/"
    client.post(address, {"do": "deliver"})
    assert again(first).state == "delivered"
    client.post(address, {"do": "accept"})
    assert again(first).state == "accepted"
    assert held(parted_order) == usd("7440.00")


def test_the_supplier_cannot_confirm_a_lot(client, first_lot, supplier, parted_order):
    do(client, supplier, parted_order, "order_shipments")
    client.post(f"/orders/{parted_order.code}/shipments/{first_lot.pk}/", {"do": "deliver"})
    assert again(first_lot).state == "submitted"
