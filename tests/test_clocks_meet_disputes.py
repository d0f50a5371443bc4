"""Clocks and disputes on one order: none stalls it, none is lost, none is put off for ever."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core import days
from disputes import operations as disputes
from disputes import rulings
from inspections import operations as inspections
from ledger.balances import balance
from orders import operations as orders
from payments import lateness
from payments import operations as payments
from tests.cast import open_deadlines, usd
from tests.test_stories import earned, file_report, held, refundable, ship
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db


def claim(order, buyer, amount, reason="not_shipped", lines=()):
    return disputes.file(
        order, by=buyer, reason=reason, statement="See the report.", amount=usd(amount), lines=lines
    )


def again(record):
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def shipped_order(inspection, paid, supplier, inspector):
    file_report(inspection, inspector)
    paid(inspection.order.instalments.get(n=2))
    ship(inspection.order, supplier)
    return again(inspection.order)


@pytest.fixture
def delivered_order(shipped_order, buyer, clock):
    clock.forward(days=25)
    orders.confirm_delivery(shipped_order, by=buyer)
    return again(shipped_order)


def test_a_dispute_that_is_open_when_the_order_turns_late_holds_the_refund_back_and_stalls_nothing(
    funded_order, buyer, clock, run_clock
):
    dispute = claim(funded_order, buyer, "2000.00")
    clock.move_to(funded_order.ship_deadline + timedelta(days=8))
    run_clock()
    assert Deadline.objects.exclude(last_error="").count() == 0
    assert Event.objects.filter(verb="late_refund_waits").count() == 1
    assert refundable(funded_order) == usd("0")

    disputes.withdraw(dispute, by=buyer)
    assert open_deadlines(funded_order) == ["order.choose_when_late"]
    clock.forward(days=4)
    run_clock()
    assert again(funded_order).state == "refunded"
    assert refundable(funded_order) == usd("5580.00")


def test_a_refund_that_the_buyer_chose_is_not_undone_by_shipping_late(
    inspection, paid, buyer, supplier, inspector, clock, run_clock
):
    file_report(inspection, inspector)
    order = inspection.order
    paid(order.instalments.get(n=2))
    clock.move_to(again(order).ship_deadline)
    run_clock()
    lateness.choose_when_late(order, by=buyer, choice="refund")
    clock.forward(days=1)
    with pytest.raises(Refused) as refusal:
        ship(order, supplier)
    assert refusal.value.code == "refund_chosen"
    clock.forward(days=2)
    run_clock()
    assert again(order).state == "refunded"
    assert refundable(order) == usd("18600.00")


def test_goods_that_wait_for_the_balance_do_not_turn_late(inspection, inspector, clock, run_clock):
    order = inspection.order
    file_report(inspection, inspector)
    deadline = again(order).ship_deadline
    clock.move_to(deadline)
    run_clock()
    assert again(order).late_since is None
    assert again(order).ship_deadline == deadline + timedelta(days=1)
    assert Event.objects.get(verb="shift_ship_clock").reason == (
        "The balance due before shipment is not paid."
    )


def test_what_is_not_disputed_is_released_when_the_check_is_over(
    delivered_order, buyer, clock, run_clock
):
    line = delivered_order.contracts.get().lines.first()
    claim(delivered_order, buyer, "8000.00", "quality", [line])
    clock.move_to(days.days_after(delivered_order.delivered_at, 15))
    run_clock()
    assert held(delivered_order) == usd("0")
    assert earned(delivered_order) == usd("10388.00")
    assert balance("income:escrow_fee") == usd("212.00")
    assert again(delivered_order).state == "delivered"


def test_withdrawing_near_the_end_leaves_three_days_to_check(delivered_order, buyer, clock):
    clock.move_to(days.days_after(delivered_order.delivered_at, 15) - timedelta(seconds=1))
    dispute = claim(delivered_order, buyer, "1.00", "quantity")
    clock.forward(hours=1)
    disputes.withdraw(dispute, by=buyer)
    due = deadlines.due_at("order.accept", delivered_order)
    assert due == days.days_after(dispute.filed_at + timedelta(hours=1), 3)


def test_filing_and_withdrawing_again_does_not_put_the_end_off_again(delivered_order, buyer, clock):
    end = days.days_after(delivered_order.delivered_at, 15)
    clock.forward(days=10)
    disputes.withdraw(claim(delivered_order, buyer, "1.00", "quantity"), by=buyer)
    disputes.withdraw(claim(delivered_order, buyer, "1.00", "quantity"), by=buyer)
    assert deadlines.due_at("order.accept", delivered_order) == end


def test_goods_that_arrive_during_a_dispute_are_checked_in_their_own_time(
    shipped_order, buyer, supplier, clock
):
    dispute = claim(shipped_order, buyer, "5000.00", "late")
    orders.confirm_delivery(again(shipped_order), by=buyer)
    disputes.concede(dispute, by=supplier)
    assert refundable(shipped_order) == usd("5000.00")
    assert held(shipped_order) == usd("13600.00")
    assert open_deadlines(shipped_order) == ["order.accept"]


def test_without_a_mediator_the_case_waits_and_the_parties_can_still_act(
    funded_order, buyer, supplier, clock, run_clock
):
    dispute = claim(funded_order, buyer, "2000.00")
    disputes.refuse(dispute, by=supplier, reason="We shipped nothing yet.")
    clock.forward(days=5)
    run_clock()
    assert Event.objects.filter(verb="no_mediator").count() >= 1
    disputes.withdraw(dispute, by=buyer)
    assert held(funded_order) == usd("5580.00")


def test_a_case_is_ruled_by_its_own_mediator_without_ties(
    funded_order, buyer, supplier, mediator, finance
):
    dispute = claim(funded_order, buyer, "2000.00")
    disputes.refuse(dispute, by=supplier, reason="No.")
    for unfit in (buyer, finance):
        with pytest.raises(Refused) as refusal:
            rulings.assign(dispute, by=mediator, mediator=unfit)
        assert refusal.value.code == "conflict_of_interest"
    assert again(dispute).state == "escalated"


def test_money_that_comes_during_a_dispute_waits_for_staff(funded_order, paid, buyer):
    claim(funded_order, buyer, "5580.00")
    paid(funded_order.instalments.get(n=2))
    assert held(funded_order) == usd("0")
    assert balance("suspense:unidentified") == usd("13020.00")


def test_a_payment_being_looked_at_keeps_the_order_open(signed_order, paid, clock, run_clock):
    paid(signed_order.instalments.get(n=1), payer="UNKNOWN UNCLE")
    clock.forward(days=15)
    run_clock()
    assert again(signed_order).state == "awaiting_initial_payment"
    assert open_deadlines(signed_order) == ["order.pay"]


def test_a_short_last_instalment_stays_open_until_the_supplier_accepts_it(
    funded_order, paid, supplier, stranger
):
    balance_due = funded_order.instalments.get(n=2)
    paid(balance_due, usd("12960.00"))
    assert again(balance_due).missing == usd("60.00")
    with pytest.raises(NotAllowed):
        payments.accept_short(funded_order, by=stranger)
    payments.accept_short(funded_order, by=supplier)
    assert again(balance_due).funded_at is not None
    assert held(funded_order) == usd("18540.00")


def test_a_member_without_the_right_to_pay_releases_nothing(delivered_order, buyer):
    buyer.company_role = buyer.Role.MEMBER
    buyer.save()
    with pytest.raises(NotAllowed):
        payments.accept_goods(delivered_order, by=buyer)
    assert held(delivered_order) == usd("18600.00")


def test_a_failed_inspection_is_repeated_at_most_twice_and_never_by_choice_of_the_supplier(
    inspection, inspector, buyer, supplier, clock, run_clock
):
    file_report(inspection, inspector, fabric=([Decimal(150)], "", ""))
    with pytest.raises(Refused) as refusal:
        inspections.request_again(inspection.order, by=supplier)
    assert refusal.value.code == "inspection_open"
    clock.forward(days=8)
    run_clock()
    second = inspections.request_again(inspection.order, by=supplier)
    assert (second.n, second.state) == (2, "appointed")


def test_lines_that_the_buyer_accepted_as_they_are_cannot_be_claimed(inspection, inspector, buyer):
    file_report(inspection, inspector, fabric=([Decimal(150)], "", ""))
    result = inspection.results.get(line__template_key="fabric")
    inspections.accept_despite(inspection, by=buyer, waived=[result.pk])
    with pytest.raises(Refused) as refusal:
        claim(inspection.order, buyer, "100.00", "quality", [result.line])
    assert refusal.value.code == "line_not_claimable"
    assert held(inspection.order) == usd("5580.00")
