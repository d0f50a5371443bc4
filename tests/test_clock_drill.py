"""The drill of the clocks: workers down, two beats at once, daylight saving and leap day.

Each clock fires once, never early, however it comes to be looked at.
"""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from contracts.operations import accept_order
from core import clock as business
from ledger.balances import balance
from ledger.models import Journal
from orders.models import Order
from orders.operations import place, start_order
from tests.cast import usd
from tests.trades import goods
from workflow import deadlines
from workflow.clocks import Clock
from workflow.errors import Refused
from workflow.models import Deadline, Event
from workflow.tasks import sweep_deadlines

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def state(order):
    return Order.objects.get(pk=order.pk).state


def times(order, verb):
    return Event.objects.filter(trade_ref=order.code, verb=verb).count()


def placed_at(instant, clock, buyer, supplier, product):
    clock.move_to(instant)
    order = start_order(
        by=buyer,
        supplier=supplier.company,
        goods=goods(product),
        terms={
            "incoterm": "FOB",
            "named_place": "Ningbo",
            "ship_by": business.now().date() + timedelta(days=60),
            "deposit_percent": 30,
        },
    )
    place(order, by=buyer, quality_basis=True)
    return order


# --- workers down across a deadline


def test_nobody_acts_late_while_no_worker_runs(placed_order, supplier, account, clock):
    clock.move_to(deadlines.due_at("order.confirm", placed_order))
    with pytest.raises(Refused):
        accept_order(placed_order, by=supplier)
    assert state(placed_order) == "expired"
    assert times(placed_order, "expire_unconfirmed") == 1
    assert sweep_deadlines() == 0


def test_a_month_without_workers_is_caught_up_in_order_and_once(funded_order, clock):
    clock.move_to(funded_order.ship_deadline + timedelta(days=30))
    while sweep_deadlines():
        pass
    assert state(funded_order) == "refunded"
    assert [times(funded_order, verb) for verb in ("late", "no_proof", "late_refund")] == [1, 1, 1]
    assert balance(f"refund_payable:{funded_order.buyer_id}") == usd("5580.00")
    found = Event.objects.filter(trade_ref=funded_order.code).order_by("pk")
    verbs = list(found.values_list("verb", flat=True))
    assert verbs.index("late") < verbs.index("no_proof") < verbs.index("late_refund")
    assert sweep_deadlines() == 0


def test_what_the_sweep_missed_counts_from_its_own_instant(shipped_order, clock):
    clock.forward(hours=48)
    sweep_deadlines()
    due = deadlines.due_at("order.deliver", shipped_order)
    clock.move_to(due + timedelta(days=9))
    sweep_deadlines()
    shipped_order.refresh_from_db()
    assert shipped_order.delivered_at == due
    accept = Deadline.objects.get(trade_ref=shipped_order.code, kind="order.accept")
    assert accept.due_at == due + timedelta(days=16)


@pytest.fixture
def shipped_order(inspection, paid, supplier, inspector):
    from tests.test_stories import file_report, ship

    order = inspection.order
    file_report(inspection, inspector)
    paid(order.instalments.get(n=2))
    ship(order, supplier)
    return Order.objects.get(pk=order.pk)


# --- two beats


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_beats_at_the_same_moment_fire_each_clock_once(clock, buyer, supplier, product):
    start = datetime(2026, 5, 4, 4, tzinfo=UTC)
    orders = [placed_at(start, clock, buyer, supplier, product) for _n in range(24)]
    clock.move_to(deadlines.due_at("order.confirm", orders[0]))
    gate, fired = Barrier(4), []

    def beat():
        gate.wait()
        fired.append(sweep_deadlines())
        connection.close()

    beats = [Thread(target=beat) for _n in range(4)]
    for one in beats:
        one.start()
    for one in beats:
        one.join()
    assert sum(fired) == 24
    assert [state(order) for order in orders] == ["expired"] * 24
    assert [times(order, "expire_unconfirmed") for order in orders] == [1] * 24


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_beats_and_a_person_refund_a_late_order_once(funded_order, clock, buyer):
    from payments.lateness import choose_when_late

    clock.move_to(funded_order.ship_deadline + timedelta(days=7))
    gate = Barrier(3)

    def run(act):
        gate.wait()
        try:
            act()
        except Refused:
            pass  # the refund was first: the order is not late any more
        finally:
            connection.close()

    choose = lambda: choose_when_late(  # noqa: E731
        Order.objects.get(pk=funded_order.pk), by=buyer, choice="refund"
    )
    threads = [Thread(target=run, args=[act]) for act in (sweep_deadlines, sweep_deadlines, choose)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while sweep_deadlines():
        pass
    assert state(funded_order) == "refunded"
    assert times(funded_order, "late_refund") == 1
    refunds = Journal.objects.filter(order_ref=funded_order.code, kind="refund.late")
    assert refunds.count() == 1


# --- daylight saving and leap day


@pytest.mark.parametrize(
    ("started", "due"),
    [
        # Clocks go forward in New York on 8 March 2026 and in London on 29 March 2026.
        ("2026-03-05T12:00+00:00", "2026-03-13T00:00+08:00"),
        ("2026-03-27T23:30+00:00", "2026-04-05T00:00+08:00"),
        # They go back in London on 25 October 2026 and in New York on 1 November 2026.
        ("2026-10-24T23:30+00:00", "2026-11-02T00:00+08:00"),
        # A leap year has its 29 February, and the year after has none.
        ("2028-02-22T04:00+00:00", "2028-03-01T00:00+08:00"),
        ("2028-02-29T04:00+00:00", "2028-03-08T00:00+08:00"),
        ("2027-02-22T04:00+00:00", "2027-03-02T00:00+08:00"),
    ],
)
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Asia/Kolkata"])
def test_days_end_in_singapore_whatever_the_clocks_of_the_reader_do(
    started, due, zone, clock, buyer, supplier, product
):
    with timezone.override(ZoneInfo(zone)):
        order = placed_at(datetime.fromisoformat(started), clock, buyer, supplier, product)
        instant = deadlines.due_at("order.confirm", order)
        assert instant == datetime.fromisoformat(due)
        clock.move_to(instant - MOMENT)
        assert sweep_deadlines() == 0
        assert state(order) == "placed"
        clock.move_to(instant)
        assert sweep_deadlines() == 1
        assert sweep_deadlines() == 0
        assert (state(order), times(order, "expire_unconfirmed")) == ("expired", 1)


@pytest.mark.parametrize(
    "started",
    ["2026-03-08T06:30+00:00", "2026-11-01T05:30+00:00", "2028-02-28T12:00+00:00"],
)
def test_hours_are_exact_across_every_change_of_the_clocks(started):
    since = datetime.fromisoformat(started).astimezone(ZoneInfo("America/New_York"))
    due = Clock("T", "", "", "", hours=24).due(since.astimezone(UTC))
    assert due - since.astimezone(UTC) == timedelta(hours=24)


def test_a_working_day_after_a_leap_friday_is_the_monday():
    friday = datetime(2036, 2, 29, 4, tzinfo=UTC)
    due = Clock("T", "", "", "", business_days=1).due(friday)
    assert due == datetime.fromisoformat("2036-03-04T00:00+08:00")
