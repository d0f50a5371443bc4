"""What the buyer causes moves the ship-by date day for day, on the record and with a bound."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Strike
from core import days
from orders.models import Order, ShipDateShift
from orders.shifting import shift_for_buyer
from orders.tests.reading import see, words
from tests.test_stories import file_report
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting_order(inspection, inspector):
    """Inspected and ready: only the balance is missing."""
    file_report(inspection, inspector)
    return Order.objects.get(pk=inspection.order_id)


def again(order):
    return Order.objects.get(pk=order.pk)


def test_goods_that_wait_for_the_balance_shift_the_clock_a_day_a_row(
    waiting_order, clock, run_clock
):
    before = waiting_order.ship_deadline
    clock.move_to(before)
    run_clock()
    (row,) = ShipDateShift.objects.filter(order=waiting_order)
    assert (row.cause, row.days, row.before, row.after) == (
        "balance_unpaid",
        1,
        before,
        before + timedelta(days=1),
    )
    assert row.reason == "The balance due before shipment is not paid."
    assert deadlines.due_at("order.ship", waiting_order) == row.after


def test_the_wait_for_the_balance_ends_after_ninety_days_and_blames_no_supplier(
    waiting_order, clock, run_clock
):
    original = waiting_order.ship_deadline
    clock.move_to(original + timedelta(days=89))
    for _day in range(90):
        run_clock()
    assert again(waiting_order).late_since is None
    assert again(waiting_order).ship_deadline == original + timedelta(days=90)
    clock.move_to(original + timedelta(days=90))
    run_clock()
    assert again(waiting_order).late_since == original + timedelta(days=90)
    assert waiting_order.shifts.count() == 90
    clock.move_to(original + timedelta(days=97))
    run_clock()
    assert again(waiting_order).state == "refunded"
    assert not Strike.objects.filter(cause="late").exists()


def test_a_balance_that_comes_gives_the_supplier_each_day_that_it_waited(
    waiting_order, clock, paid
):
    before = waiting_order.ship_deadline
    clock.forward(days=12)
    paid(waiting_order.instalments.get(n=2))
    assert again(waiting_order).ship_deadline == before + timedelta(days=12)
    (row,) = waiting_order.shifts.all()
    assert (row.days, row.reason) == (12, "The goods waited 12 days for the balance.")


def test_days_that_the_clock_gave_already_are_not_given_again(
    waiting_order, clock, run_clock, paid
):
    before, since = waiting_order.ship_deadline, days.platform_date(waiting_order.ship_deadline)
    started = Event.objects.get(trade_ref=waiting_order.code, verb="verdict_pass").happened_at
    waited = (since - days.platform_date(started)).days
    clock.move_to(before)
    run_clock()
    paid(waiting_order.instalments.get(n=2))
    assert again(waiting_order).ship_deadline == before + timedelta(days=waited)
    assert sum(row.days for row in waiting_order.shifts.all()) == waited


def test_a_balance_paid_on_the_same_day_moves_nothing(waiting_order, paid):
    before = waiting_order.ship_deadline
    paid(waiting_order.instalments.get(n=2))
    assert again(waiting_order).ship_deadline == before
    assert not waiting_order.shifts.exists()


def test_a_mediator_signs_off_days_that_the_buyer_cost(funded_order, mediator, client, buyer):
    before = funded_order.ship_deadline
    shift_for_buyer(
        funded_order,
        by=mediator,
        cause="approval_late",
        count=4,
        reason="The label came four days late.",
    )
    assert again(funded_order).ship_deadline == before + timedelta(days=4)
    assert deadlines.due_at("order.ship", funded_order) == before + timedelta(days=4)
    page = words(see(client, buyer, funded_order, "order_clocks"))
    assert "The buyer approved artwork or details late : 4 days" in page
    assert "“The label came four days late.”" in page


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"count": 0}, "shifted_too_far"),
        ({"count": 91}, "shifted_too_far"),
        ({"reason": " "}, "reason_missing"),
        ({"cause": "dispute_won"}, "cause_unknown"),
    ],
)
def test_what_is_not_signed_off_moves_nothing(funded_order, mediator, changed, code):
    before = funded_order.ship_deadline
    given = {"cause": "approval_late", "count": 4, "reason": "Late.", **changed}
    with pytest.raises(Refused) as refusal:
        shift_for_buyer(funded_order, by=mediator, **given)
    assert refusal.value.code == code
    assert again(funded_order).ship_deadline == before
    assert not funded_order.shifts.exists()


def test_neither_side_signs_days_off_itself(funded_order, supplier):
    with pytest.raises(NotAllowed):
        shift_for_buyer(
            funded_order, by=supplier, cause="approval_late", count=1, reason="Trust me."
        )


def test_the_back_office_moves_the_date_of_an_order_that_runs(client, funded_order, mediator):
    mediator.is_superuser = True
    mediator.save()
    client.force_login(mediator)
    address = reverse("admin:orders_order_do", args=[funded_order.pk, "shift"])
    client.post(address, {"cause": "inspection_delayed", "count": 2, "reason": "No visa."})
    (row,) = funded_order.shifts.all()
    assert (row.cause, row.days) == ("inspection_delayed", 2)


def test_an_order_that_is_late_by_itself_earns_its_strike(funded_order, clock, run_clock):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    clock.forward(days=7)
    run_clock()
    assert again(funded_order).state == "refunded"
    assert Strike.objects.filter(cause="late", company=funded_order.supplier).count() == 1
