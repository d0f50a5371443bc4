"""Who hears of what, as whole trades go by: exact readers, exact subjects."""

from datetime import timedelta

import pytest

from core.days import end_of
from inspections import operations as inspections
from notifications.tests.conftest import TOO_LIGHT, file_report, ship
from orders import operations as orders
from payments import lateness
from payments import operations as payments
from tests.cast import person, usd
from tests.trades import sign_as
from trade_center.operations import send

pytestmark = pytest.mark.django_db


def test_an_order_request_is_told_to_the_supplier_only(placed_order, told):
    assert told() == [("lin", f"Answer the order request {placed_order.code}, US$18,600.00")]


def test_a_declined_order_is_told_to_the_buyer_with_the_reason(
    placed_order, supplier, told, mailoutbox
):
    told()
    orders.decline(placed_order, by=supplier, reason="Fully booked until January.")
    assert told() == [("asha", f"Ningbo Little Pine Garment cannot take order {placed_order.code}")]
    assert "“Fully booked until January.”" in mailoutbox[0].body


def test_a_request_that_nobody_answers_closes_and_both_are_told(
    placed_order, clock, run_clock, told
):
    told()
    clock.forward(days=8)
    run_clock()
    subject = f"Closed: order {placed_order.code} was not answered in time"
    assert told() == [("asha", subject), ("lin", subject)]


def test_signatures_are_told_to_the_one_who_signed_and_to_the_other(
    proposed_contract, buyer, supplier, told
):
    ref = proposed_contract.order.code
    told()
    sign_as(proposed_contract, supplier)
    assert told() == [
        ("asha", f"Sign the contract for {ref}: Lin Xiaosong has signed"),
        ("lin", f"Signed by Lin Xiaosong: contract for {ref}, version 1"),
    ]
    sign_as(proposed_contract, buyer)
    assert told() == [
        ("asha", f"Pay US$5,580.00 for {ref}"),
        ("asha", f"Signed by both: contract for {ref}, version 1"),
        ("lin", f"Signed by both: contract for {ref}, version 1"),
    ]


def test_a_contract_offered_or_answered_is_told_to_the_other_side(
    proposed_contract, supplier, told
):
    from contracts.operations import counter

    ref = proposed_contract.order.code
    assert ("lin", f"Read and sign: contract for {ref}, version 1") in told()
    counter(proposed_contract, by=supplier)
    assert told() == [("asha", f"Ningbo Little Pine Garment wants changes: contract for {ref}")]


def test_the_deposit_is_a_receipt_for_the_buyer_and_the_start_for_the_supplier(
    signed_order, paid, told
):
    told()
    paid(signed_order.instalments.get(n=1))
    assert told() == [
        ("asha", f"Held: US$5,580.00 for {signed_order.code}"),
        ("lin", f"Start {signed_order.code}: US$5,580.00 is held for you"),
    ]


def test_a_short_deposit_asks_the_buyer_for_the_rest_and_starts_nothing(signed_order, paid, told):
    told()
    paid(signed_order.instalments.get(n=1), usd("5000.00"))
    assert told() == [("asha", f"Pay the missing US$580.00 for {signed_order.code}")]


def test_money_over_the_sum_due_is_told_as_the_buyers_credit(signed_order, paid, told):
    told()
    paid(signed_order.instalments.get(n=1), usd("5615.00"))
    assert ("asha", f"You paid US$35.00 too much for {signed_order.code}") in told()


def test_a_transfer_by_a_stranger_is_told_to_the_buyer_and_the_finance_office(
    signed_order, paid, told
):
    told()
    paid(signed_order.instalments.get(n=1), payer="SOMEBODY ELSE LTD")
    assert told() == [
        ("asha", f"Your transfer for {signed_order.code} arrived, we are checking it"),
        ("daniel", f"Check a transfer for {signed_order.code}"),
        ("farah", f"Check a transfer for {signed_order.code}"),
    ]


def test_a_late_order_asks_both_sides_and_silence_refunds(
    funded_order, clock, run_clock, told, mailoutbox
):
    told()
    ref = funded_order.code
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    assert [(who, subject.split(" by ")[0]) for who, subject in told()] == [
        ("asha", "Choose"),
        ("lin", f"Prove the shipment of {ref}"),
    ]
    assert "Everything held is refunded to the buyer." in mailoutbox[0].body
    clock.move_to(funded_order.ship_deadline + timedelta(days=7))
    run_clock()
    assert told() == [
        ("asha", f"Refund started: {ref} was not shipped in time"),
        ("lin", f"Ended: {ref} was not shipped in time"),
    ]


def test_the_buyers_choice_when_late_is_told_to_the_supplier(
    funded_order, clock, run_clock, buyer, told
):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    told()
    lateness.choose_when_late(funded_order, by=buyer, choice="refund")
    ref = funded_order.code
    assert told() == [("lin", f"Prove the shipment of {ref}: the buyer wants the money back")]
    lateness.choose_when_late(funded_order, by=buyer, choice="wait")
    assert told() == [("lin", f"Ship {ref}: the buyer waits for the goods")]


def test_a_proposed_inspection_is_told_to_both_sides_and_the_agency(
    funded_order, supplier, inspector, clock, run_clock, told
):
    told()
    ref = funded_order.code
    inspections.declare_ready(funded_order, by=supplier)
    assert told() == [
        ("asha", f"Inspection proposed for {ref}: Clearlot Inspection"),
        ("asha", f"Pay US$13,020.00: the goods of {ref} are ready"),
        ("grace", f"You are proposed for the inspection of {ref}"),
        ("lin", f"Inspection proposed for {ref}: Clearlot Inspection"),
    ]
    clock.forward(hours=24)
    run_clock()
    assert told() == [
        ("asha", f"Inspection agreed for {ref}: Clearlot Inspection"),
        ("grace", f"Inspect {ref}: the visit is agreed"),
        ("lin", f"Inspection agreed for {ref}: Clearlot Inspection"),
    ]


def test_an_objection_asks_the_mediators_for_another_agency(
    funded_order, supplier, buyer, inspector, mediator, told
):
    found = inspections.declare_ready(funded_order, by=supplier)
    told()
    inspections.object_to(found, by=buyer, reason="They work for the supplier.")
    ref = funded_order.code
    assert told() == [
        ("lin", f"Inspection of {ref}: Kidzone Retail objects"),
        ("meera", f"Appoint an inspection company for {ref}"),
    ]


def test_the_result_of_an_inspection_is_told_to_both(inspection, inspector, told, mailoutbox):
    told()
    file_report(inspection, inspector, **TOO_LIGHT)
    ref = inspection.order.code
    (buyers, suppliers) = told()
    assert buyers[0] == "asha"
    assert buyers[1].startswith("Decide by ")
    assert buyers[1].endswith(f": {ref} differs from the contract")
    assert suppliers == ("lin", f"Inspection of {ref}: the goods differ from the contract")
    assert "Lines that differ: 1 of 9. Critical defects: 0." in mailoutbox[0].body


def test_a_trade_that_ends_well_is_told_step_by_step(
    inspection, clock, paid, buyer, supplier, inspector, finance, told, mailoutbox
):
    order = inspection.order
    ref = order.code
    told()
    file_report(inspection, inspector)
    assert told() == [(who, f"All matches: inspection of {ref}") for who in ("asha", "lin")]
    paid(order.instalments.get(n=2))
    assert told() == [
        ("asha", f"Held: US$13,020.00 for {ref}"),
        ("lin", f"Ship {ref}: everything is paid"),
    ]
    ship(order, supplier)
    assert told() == [("asha", f"Shipped on time: {ref}")]
    clock.forward(days=25)
    orders.confirm_delivery(order, by=buyer)
    assert told() == [("lin", f"Delivered: {ref}")]
    payments.accept_goods(order, by=buyer)
    assert told() == [
        ("asha", f"Released: US$18,600.00 to Ningbo Little Pine Garment for {ref}"),
        ("lin", f"Released to you: US$18,228.00 for {ref}"),
    ]
    bodies = {mail.to[0]: mail.body for mail in mailoutbox}
    assert "US$18,600.00 less our fee of US$372.00" in bodies[supplier.email]
    assert "Two people of our staff approve it before it leaves." in bodies[supplier.email]


def test_goods_delivered_by_the_clock_ask_the_buyer_to_check_them(
    inspection, clock, run_clock, paid, supplier, inspector, told
):
    order = inspection.order
    file_report(inspection, inspector)
    paid(order.instalments.get(n=2))
    ship(order, supplier)
    told()
    clock.forward(days=61)
    run_clock()
    (buyers, suppliers) = told()
    assert buyers[0] == "asha"
    assert buyers[1].startswith(f"Check the goods of {order.code} by ")
    assert suppliers == ("lin", f"Delivered: {order.code}")


def test_colleagues_hear_too_and_those_who_left_or_have_no_part_do_not(
    placed_order, supplier, stranger, inspector, told
):
    person("bo@littlepine.example", "Bo Chen", supplier.company)
    person("gone@littlepine.example", "Gone", supplier.company, is_active=False)
    assert [who for who, _ in told()] == ["bo", "lin"]


def test_the_author_of_a_message_is_not_told_of_it(placed_order, supplier, buyer, told):
    told()
    send(placed_order, by=supplier, text="Which colour?")
    assert told() == [("asha", f"Message on {placed_order.code} from Lin Xiaosong")]


def test_the_end_of_a_deadline_is_shown_as_the_last_moment_that_is_in_time(
    funded_order, told, mailoutbox
):
    assert funded_order.ship_deadline == end_of(funded_order.ship_by)
    told()
    start = next(mail for mail in mailoutbox if mail.subject.startswith("Start "))
    assert ", 23:59 China time." in start.body
