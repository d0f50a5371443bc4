"""The order page: who must do what by when, and where the money is."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.money import Money
from inspections.operations import accept_despite
from ledger.balances import balance, order_position
from ledger.models import Journal
from orders.policies import delivery_deadline
from orders.tests.reading import (
    chip_of,
    decision_of,
    do,
    order_of,
    primary_buttons,
    see,
    words,
)
from payments.lateness import choose_when_late
from payments.models import Disbursement
from tests.cast import PDF, readings, usd
from tests.test_stories import file_report
from trade_center.operations import send
from workflow.engine import record
from workflow.models import Event

pytestmark = pytest.mark.django_db


# --- who sees it


@pytest.mark.parametrize("page", ["order", "order_messages", "order_ship", "order_withdraw"])
def test_a_stranger_finds_no_such_order(client, stranger, funded_order, page):
    assert see(client, stranger, funded_order, page).status_code == 404


@pytest.mark.parametrize(
    "verb", ["order_accept", "order_ready", "order_delivered", "order_accept_goods"]
)
def test_a_stranger_can_do_nothing(client, stranger, funded_order, verb):
    events = Event.objects.count()
    assert do(client, stranger, funded_order, verb).status_code == 404
    assert Event.objects.count() == events


def test_somebody_who_is_not_signed_in_is_asked_to_sign_in(client, funded_order):
    response = client.get(reverse("order", args=[funded_order.code]))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_a_supplier_does_not_see_a_draft(client, supplier, buyer, draft_order):
    assert see(client, supplier, draft_order).status_code == 404
    assert see(client, buyer, draft_order).status_code == 200
    client.force_login(supplier)
    assert draft_order.code not in client.get("/orders/?tab=all").content.decode()


def test_the_inspector_sees_the_lines_and_nothing_of_the_money(client, inspector, inspection):
    response = see(client, inspector, inspection.order)
    said = words(response)
    assert decision_of(response) == "Measure the goods and file the report"
    assert "Organic cotton, 200 g/m² ± 5 %" in said
    assert "US$" not in said
    assert "Messages and history" not in said


# --- whose turn it is


FOR_THE_BUYER = "Waiting for Kidzone Retail until"
FOR_THE_SUPPLIER = "Waiting for Ningbo Little Pine Garment until"
TURNS = [
    (
        "draft_order",
        "buyer",
        "Draft",
        "Check your order and send it to Ningbo Little Pine Garment",
        "Check and send",
    ),
    (
        "placed_order",
        "buyer",
        "Waiting for the supplier",
        None,
        FOR_THE_SUPPLIER,
    ),
    (
        "placed_order",
        "supplier",
        "New request",
        "Kidzone Retail asks for 3,000 pcs, Organic cotton romper, for US$18,600.00",
        "Accept the request",
    ),
    (
        "contract",
        "buyer",
        "Contract: your turn",
        "Your turn: write version 1 of the contract",
        "Write the contract",
    ),
    ("contract", "supplier", "Contract: their turn", None, FOR_THE_BUYER),
    (
        "proposed_contract",
        "supplier",
        "Waiting for your signature",
        "Read and sign version 1 of the contract",
        "Read and sign",
    ),
    ("signed_order", "buyer", "Waiting for your payment", "Pay US$5,580.00", "Pay US$5,580.00"),
    (
        "signed_order",
        "supplier",
        "Waiting for payment: do not start production",
        None,
        FOR_THE_BUYER,
    ),
    (
        "funded_order",
        "buyer",
        "Money held, goods being made",
        None,
        FOR_THE_SUPPLIER,
    ),
    (
        "funded_order",
        "supplier",
        "Money secured: make the goods",
        "The money is held for you: make the goods",
        "The goods are ready",
    ),
    ("inspection", "buyer", "Inspection agreed", None, "Waiting for Clearlot Inspection"),
    (
        "differing_order",
        "buyer",
        "Inspected: your decision needed",
        "8 of 9 contract lines match. One does not.",
        "Compare and decide",
    ),
    (
        "differing_order",
        "supplier",
        "Inspected: lines differ",
        None,
        FOR_THE_BUYER,
    ),
    ("passed_order", "buyer", "Balance due", "Pay US$13,020.00", "Pay US$13,020.00"),
    ("passed_order", "supplier", "Waiting for balance", None, FOR_THE_BUYER),
    (
        "shippable_order",
        "supplier",
        "Ready to ship",
        "Ship the goods and show the document",
        "Add the shipment",
    ),
    (
        "shippable_order",
        "buyer",
        "Ready to ship",
        None,
        FOR_THE_SUPPLIER,
    ),
    ("shipped_order", "buyer", None, "Confirm when the goods are there", "The goods are here"),
    ("shipped_order", "supplier", None, None, FOR_THE_BUYER),
    ("delivered_order", "buyer", None, "Check the goods", "Accept the goods"),
    (
        "delivered_order",
        "supplier",
        "Waiting for the buyer’s check",
        None,
        FOR_THE_BUYER,
    ),
    (
        "late_order",
        "buyer",
        "Late: choose a refund or wait",
        "The goods were not shipped in time",
        "Ask for the refund",
    ),
    ("late_order", "supplier", "Late", "The ship-by date has passed", "The goods are ready"),
    (
        "disputed_order",
        "buyer",
        "In dispute: 15 of 15 days left",
        None,
        FOR_THE_SUPPLIER,
    ),
    (
        "disputed_order",
        "supplier",
        "In dispute: 15 of 15 days left",
        "Answer the dispute",
        "Answer the dispute",
    ),
]


@pytest.mark.parametrize(("state", "who", "chip", "decision", "says"), TURNS)
def test_the_page_says_whose_turn_it_is(request, client, state, who, chip, decision, says):
    order = order_of(request.getfixturevalue(state))
    response = see(client, request.getfixturevalue(who), order)
    assert chip is None or chip_of(response) == chip
    assert decision_of(response) == decision
    if decision is None:
        assert says in words(response)
    else:
        assert primary_buttons(response) == [says]


def test_doing_nothing_is_described_with_the_instant_in_the_readers_zone(
    client, buyer, supplier, placed_order
):
    said = words(see(client, supplier, placed_order))
    assert "23:59 China time" in said
    assert "If you do nothing: The order closes. Nothing is charged." in said
    said = words(see(client, buyer, placed_order))
    assert "21:29 India time" in said
    assert "If nothing happens: The order closes. Nothing is charged." in said


def test_the_differing_line_is_drawn_beside_its_limits(client, buyer, differing_order):
    said = words(see(client, buyer, differing_order))
    assert "Line 1 of the contract: Organic cotton, 200 g/m² ± 5 % · mean of 3 readings" in said
    assert "9 g/m² under the limit" in said


def test_the_tracker_has_seven_nodes_and_says_where_we_are(client, buyer, differing_order):
    page = see(client, buyer, differing_order).content.decode()
    assert "Progress: step 4 of 7" in page
    assert page.count('<span class="node">') == 7


def test_a_dispute_recolours_the_node_under_way(client, buyer, disputed_order):
    page = see(client, buyer, disputed_order).content.decode()
    assert page.count('<li class="branch" aria-current="step">') == 1
    assert page.count('<span class="node">') == 7


# --- where the money is


@pytest.mark.parametrize(
    "state",
    ["placed_order", "funded_order", "fully_funded_order", "disputed_order", "delivered_order"],
)
def test_the_meter_equals_the_ledger_and_adds_up_to_the_total(request, client, buyer, state):
    order = order_of(request.getfixturevalue(state))
    response = see(client, buyer, order)
    purse = response.context["purse"]
    position = order_position(order.ref)
    assert purse.held == position["escrow"] == balance(f"escrow:{order.ref}")
    assert purse.disputed == position["hold"]
    assert (purse.released, purse.refunded) == (position["released"], position["refunded"])
    parts = [purse.held, purse.disputed, purse.released, purse.refunded, purse.due]
    assert sum(parts, Money(0)) == order.total == usd("18600.00")


def test_the_meter_names_every_amount(client, buyer, disputed_order):
    said = words(see(client, buyer, disputed_order))
    assert "US$2,000.00 In dispute, blocked" in said
    assert "US$3,580.00 Held" in said
    assert "US$13,020.00 Still to pay" in said


def test_a_short_payment_shows_what_is_missing(client, buyer, supplier, signed_order, paid):
    paid(signed_order.instalments.get(n=1), usd("5000.00"))
    response = see(client, buyer, signed_order)
    assert chip_of(response) == "US$580.00 still missing"
    assert decision_of(response) == "Pay US$580.00"
    assert "US$5,000.00 of US$5,580.00 has arrived. The rest is missing." in words(response)


def test_the_supplier_reads_the_fee_that_was_taken(client, buyer, supplier, delivered_order):
    do(client, buyer, delivered_order, "order_accept_goods")
    said = words(see(client, supplier, delivered_order))
    assert "US$18,600.00 Released" in said
    assert "US$372.00 is the platform’s fee" in said


# --- what its sides do


def test_the_supplier_accepts_and_writes_the_first_draft(client, supplier, placed_order):
    response = do(client, supplier, placed_order, "order_accept", supplier_writes="on")
    assert response.url == reverse("order", args=[placed_order.code])
    placed_order.refresh_from_db()
    assert placed_order.state == "contracting"
    assert placed_order.contracts.get().drafted_by == supplier.company


def test_declining_needs_a_reason_which_the_buyer_reads(client, buyer, supplier, placed_order):
    refused = do(client, supplier, placed_order, "order_decline", reason=" ")
    assert refused.status_code == 422
    assert "Say why, so that the other side can act on it." in words(refused)
    placed_order.refresh_from_db()
    assert placed_order.state == "placed"

    do(client, supplier, placed_order, "order_decline", reason="Fully booked until March.")
    placed_order.refresh_from_db()
    assert placed_order.state == "cancelled"
    response = see(client, buyer, placed_order)
    assert chip_of(response) == "Cancelled"
    assert "Fully booked until March." in words(response)


@pytest.mark.parametrize("state", ["placed_order", "contract", "proposed_contract"])
def test_a_side_may_leave_until_both_have_signed(request, client, buyer, state):
    order = order_of(request.getfixturevalue(state))
    do(client, buyer, order, "order_withdraw", reason="We changed our range.")
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert not order.contracts.exclude(state__in=["void", "superseded"]).exists()


def test_after_both_signed_nobody_leaves_here(client, buyer, signed_order):
    response = do(client, buyer, signed_order, "order_withdraw", reason="No.")
    signed_order.refresh_from_db()
    assert signed_order.state == "awaiting_initial_payment"
    said = words(client.get(response.url))
    assert "This order is “Waiting for payment”: that cannot be done now." in said


def test_the_goods_are_ready_and_an_inspector_is_proposed(
    client, buyer, supplier, inspector, funded_order
):
    do(client, supplier, funded_order, "order_ready")
    funded_order.refresh_from_db()
    assert funded_order.state == "ready_to_ship"
    response = see(client, buyer, funded_order)
    assert decision_of(response) == "Clearlot Inspection is proposed for the inspection"
    assert "Trade Assurance proposed Clearlot Inspection as inspector." in words(response)


def test_after_a_failed_inspection_the_supplier_may_ask_for_another(
    client, buyer, supplier, failed_order
):
    assert chip_of(see(client, buyer, failed_order)) == "Inspection failed: not to be shipped"
    response = see(client, supplier, failed_order)
    assert primary_buttons(response) == ["Ask for another inspection"]
    do(client, supplier, failed_order, "order_inspect_again")
    assert [visit.n for visit in failed_order.inspections.all()] == [1, 2]
    response = see(client, supplier, failed_order)
    assert decision_of(response) == "Clearlot Inspection is proposed for the inspection"


def shipment(**changed):
    return {
        "carrier": "COSCO",
        "document_type": "bill_of_lading",
        "document_number": "NGB123456",
        "upload": SimpleUploadedFile("bl.pdf", PDF),
        **changed,
    }


def test_the_supplier_ships_with_the_document_that_proves_it(
    client, supplier, buyer, shippable_order
):
    day = shippable_order.funded_at.date().isoformat()
    assert "Sent now, this shipment is on time." in words(
        see(client, supplier, shippable_order, "order_ship")
    )
    do(client, supplier, shippable_order, "order_ship", **shipment(claimed_on=day))
    shippable_order.refresh_from_db()
    assert shippable_order.state == "shipped"
    found = shippable_order.shipments.get()
    assert (found.document.name, found.state) == ("bl.pdf", "submitted")
    response = see(client, buyer, shippable_order)
    assert chip_of(response).endswith(", on time")
    assert reverse("attachment", args=[found.document.public_id]) in response.content.decode()


def test_only_documents_of_the_trade_term_are_offered(client, supplier, shippable_order):
    form = see(client, supplier, shippable_order, "order_ship").context["form"]
    kinds = [kind for kind, _label in form.fields["document_type"].choices]
    assert kinds == ["bill_of_lading", "sea_waybill"]
    day = shippable_order.funded_at.date().isoformat()
    response = do(
        client,
        supplier,
        shippable_order,
        "order_ship",
        **shipment(claimed_on=day, document_type="air_waybill"),
    )
    assert response.status_code == 422
    shippable_order.refresh_from_db()
    assert shippable_order.state == "ready_to_ship"


def test_goods_whose_balance_is_open_do_not_leave_and_the_form_keeps_the_text(
    client, supplier, passed_order
):
    day = passed_order.funded_at.date().isoformat()
    response = do(client, supplier, passed_order, "order_ship", **shipment(claimed_on=day))
    assert response.status_code == 422
    assert "The balance is not paid yet. It is due before shipment." in words(response)
    assert 'value="NGB123456"' in response.content.decode()
    assert not passed_order.shipments.exists()


def test_the_buyer_confirms_the_delivery_and_the_checking_time_runs(
    client, buyer, clock, shipped_order
):
    do(client, buyer, shipped_order, "order_delivered")
    shipped_order.refresh_from_db()
    assert shipped_order.state == "delivered"
    assert "The goods count as accepted and the money is released." in words(
        see(client, buyer, shipped_order)
    )


def test_the_release_is_confirmed_on_a_page_that_names_amount_from_and_to(
    client, buyer, delivered_order
):
    said = words(see(client, buyer, delivered_order, "order_accept_goods"))
    assert "Release US$18,600.00 to Ningbo Little Pine Garment?" in said
    assert f"From Held for {delivered_order.code}" in said
    assert "To Ningbo Little Pine Garment Co., Ltd." in said
    assert "This cannot be undone." in said
    delivered_order.refresh_from_db()
    assert delivered_order.state == "delivered"


def test_pressing_release_twice_moves_the_money_once(client, buyer, delivered_order):
    do(client, buyer, delivered_order, "order_accept_goods")
    journals = Journal.objects.count()
    again = do(client, buyer, delivered_order, "order_accept_goods")
    said = words(client.get(again.url))
    assert "This order is “Completed”: that cannot be done now." in said
    assert Journal.objects.count() == journals
    assert Disbursement.objects.get(order=delivered_order).amount == usd("18228.00")
    assert order_position(delivered_order.ref)["released"] == usd("18600.00")


def test_the_supplier_cannot_accept_its_own_goods(client, supplier, delivered_order):
    do(client, supplier, delivered_order, "order_accept_goods")
    delivered_order.refresh_from_db()
    assert delivered_order.state == "delivered"
    assert balance(f"escrow:{delivered_order.ref}") == usd("18600.00")


def test_no_word_says_released_before_the_ledger_does(client, buyer, delivered_order):
    assert "Released on" not in words(see(client, buyer, delivered_order))
    assert "US$0.00 Released" in words(see(client, buyer, delivered_order))
    do(client, buyer, delivered_order, "order_accept_goods")
    response = see(client, buyer, delivered_order)
    assert chip_of(response) == "Accepted, payout on its way"
    assert "US$18,600.00 Released" in words(response)


# --- late


def test_the_buyer_of_a_late_order_is_refunded_by_choice_once_proof_is_closed(
    client, buyer, supplier, clock, run_clock, late_order
):
    said = words(see(client, buyer, late_order, "order_late_choice"))
    assert "Ask for the refund of US$5,580.00?" in said
    assert "This cannot be undone." in said
    do(client, buyer, late_order, "order_late_choice", choice="refund")
    assert balance(f"escrow:{late_order.ref}") == usd("5580.00")
    response = see(client, buyer, late_order)
    assert chip_of(response) == "Late: your refund is being prepared"
    assert "You chose a refund. The supplier may still prove an earlier shipment." in words(
        response
    )
    clock.forward(days=3)
    run_clock()
    response = see(client, buyer, late_order)
    assert chip_of(response) == "Refund decided"
    assert "US$5,580.00 Refunded" in words(response)
    assert "US$13,020.00 Never paid in" in words(response)


def test_the_buyer_of_a_late_order_may_wait(client, buyer, late_order):
    do(client, buyer, late_order, "order_late_choice", choice="wait")
    late_order.refresh_from_db()
    assert late_order.late_choice == "wait"
    assert chip_of(see(client, buyer, late_order)) == "Late: you wait"
    assert balance(f"escrow:{late_order.ref}") == usd("5580.00")


def test_the_supplier_does_not_choose_for_the_buyer(client, supplier, late_order):
    do(client, supplier, late_order, "order_late_choice", choice="wait")
    late_order.refresh_from_db()
    assert late_order.late_choice == ""


# --- the record


def test_the_history_is_one_stream_and_long_ones_have_an_earlier_page(
    client, buyer, supplier, placed_order
):
    for n in range(40):
        send(placed_order, by=supplier, text=f"Message number {n}.")
    newest = see(client, buyer, placed_order)
    assert "Message number 39." in words(newest)
    assert "Message number 9." not in words(newest)
    earlier = see(client, buyer, placed_order, before=newest.context["earlier"])
    assert "Message number 9." in words(earlier)
    assert "Asha Mehta started the order." in words(earlier)
    assert earlier.context["earlier"] is None


def test_what_a_mediator_writes_before_the_ruling_is_not_in_the_history(
    client, buyer, disputed_order, mediator
):
    dispute = disputed_order.disputes.get()
    before = words(see(client, buyer, disputed_order))
    record(dispute, "propose_ruling", by=mediator, facts={"refund": 200000, "fault": "buyer"})
    assert words(see(client, buyer, disputed_order)) == before


def test_the_page_needs_twelve_queries_at_most_however_long_the_history(
    client, buyer, inspection, inspector, django_assert_max_num_queries
):
    order = inspection.order
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    for n in range(60):
        send(order, by=buyer, text=f"Message {n}.")
    client.force_login(buyer)
    client.get(reverse("order", args=[order.code]))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("order", args=[order.code])).status_code == 200


def test_nothing_on_the_page_is_inline(client, buyer, differing_order):
    page = see(client, buyer, differing_order).content.decode()
    assert 'style="' not in page
    assert "<script>" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_an_accepted_report_opens_the_way_to_the_balance(client, buyer, differing_order):
    inspection = differing_order.inspections.get()
    failed = inspection.results.filter(result="differs").values_list("pk", flat=True)
    accept_despite(inspection, by=buyer, waived=list(failed))
    assert decision_of(see(client, buyer, differing_order)) == "Pay US$13,020.00"


def test_silence_after_shipment_counts_as_delivery(client, buyer, shipped_order, clock, run_clock):
    clock.move_to(delivery_deadline(shipped_order.shipped_at, "sea") - timedelta(seconds=1))
    run_clock()
    assert decision_of(see(client, buyer, shipped_order)) == "Confirm when the goods are there"
    clock.forward(seconds=1)
    run_clock()
    assert decision_of(see(client, buyer, shipped_order)) == "Check the goods"


def test_a_late_choice_made_elsewhere_shows_at_once(client, buyer, late_order):
    choose_when_late(late_order, by=buyer, choice="wait")
    response = see(client, buyer, late_order, "order_late_choice")
    assert response.url == reverse("order", args=[late_order.code])
