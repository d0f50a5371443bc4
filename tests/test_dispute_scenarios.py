"""The acceptance scenarios of disputes with their own figures: an order of US$20,000, 30 / 70."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock as business
from disputes import operations as disputes
from disputes import rulings
from ledger.balances import balance
from orders import operations as orders
from tests.cast import both_done, usd
from tests.test_stories import earned, file_report, held, refundable, ship
from tests.trades import goods
from workflow import deadlines
from workflow.errors import Refused

pytestmark = pytest.mark.django_db

SGT = ZoneInfo("Asia/Singapore")


def at(*numbers):
    return datetime(*numbers, tzinfo=SGT)


def again(record):
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def draft_order(clock, buyer, supplier, product):
    """3,200 rompers at US$6.25, started on 1 March 2026: US$20,000.00, deposit US$6,000.00."""
    clock.move_to(at(2026, 3, 1, 10))
    return orders.start_order(
        by=buyer,
        supplier=supplier.company,
        goods=goods(product, quantity=3200, price=usd("6.25")),
        terms={
            "incoterm": "FOB",
            "named_place": "Ningbo",
            "ship_by": business.now().date() + timedelta(days=60),
            "deposit_percent": 30,
        },
    )


@pytest.fixture
def ready(inspection, inspector, paid):
    """Inspected without a fault, paid in full, not shipped yet."""
    file_report(inspection, inspector)
    paid(inspection.order.instalments.get(n=2))
    return again(inspection.order)


@pytest.fixture
def delivered(ready, buyer, supplier, clock):
    """Delivered on 4 May 2026 at 09:30 in Singapore."""
    clock.move_to(at(2026, 4, 10, 12))
    ship(ready, supplier)
    clock.move_to(at(2026, 5, 4, 9, 30))
    orders.confirm_delivery(again(ready), by=buyer)
    return again(ready)


def claim(order, buyer, amount):
    line = order.contracts.get().lines.get(template_key="fabric")
    return disputes.file(
        order, by=buyer, reason="quality", statement="Light.", amount=usd(amount), lines=[line]
    )


def test_scenario_10_four_days_late_comes_to_400_and_one_click_of_the_supplier_settles(
    ready, buyer, supplier, clock, run_clock
):
    clock.move_to(ready.ship_deadline + timedelta(days=3, hours=1))
    run_clock()
    ship(again(ready), supplier)
    dispute = disputes.file(
        again(ready), by=buyer, reason="late", statement="Late.", amount=usd("20000.00")
    )
    disputes.take_computed(dispute, by=supplier, refund=usd("400.00"))
    assert (dispute.state, again(ready).state) == ("settled", "shipped")
    assert (refundable(ready), held(ready), earned(ready)) == (
        usd("400.00"), usd("19600.00"), usd("0"),
    )  # fmt: skip
    assert balance(dispute.hold_account) == usd("0")


def test_scenario_22_in_the_last_second_of_the_window_the_claim_is_held(
    delivered, buyer, clock, run_clock
):
    assert deadlines.due_at("order.accept", delivered) == at(2026, 5, 20)
    clock.move_to(at(2026, 5, 19, 23, 59, 59))
    dispute = claim(delivered, buyer, "20000.00")
    clock.move_to(at(2026, 5, 20))
    run_clock()
    assert (dispute.after_release, balance(dispute.hold_account)) == (False, usd("20000.00"))
    assert (earned(delivered), again(delivered).state) == (usd("0"), "delivered")


def test_scenario_22_at_midnight_the_release_wins_and_the_claim_comes_after_it(
    delivered, buyer, clock
):
    clock.move_to(at(2026, 5, 20))
    dispute = claim(delivered, buyer, "20000.00")
    assert (again(delivered).state, dispute.after_release) == ("completed", True)
    assert (earned(delivered), balance("income:escrow_fee")) == (usd("19600.00"), usd("400.00"))
    assert balance(dispute.hold_account) == usd("0")
    assert deadlines.due_at("order.claim", delivered) == at(2026, 6, 4)


def test_scenario_22_after_the_third_of_june_nothing_can_be_claimed(delivered, buyer, clock):
    clock.move_to(at(2026, 6, 4))
    with pytest.raises(Refused) as refusal:
        claim(delivered, buyer, "20000.00")
    assert refusal.value.code == "not_open"
    assert earned(delivered) == usd("19600.00")
    assert not again(delivered).disputes.exists()


def test_scenario_24_twelve_thousand_goes_its_way_and_the_ruling_splits_the_other_eight(
    delivered, buyer, supplier, mediator, clock, run_clock
):
    dispute = claim(delivered, buyer, "8000.00")
    clock.move_to(at(2026, 5, 20))
    run_clock()
    assert (earned(delivered), balance("income:escrow_fee")) == (usd("11760.00"), usd("240.00"))
    rulings.assign(again(dispute), by=mediator, mediator=mediator)
    dispute = again(dispute)
    both_done(dispute)
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    findings = {row.pk: ("differs", "9 under") for row in dispute.claims.all()}
    rulings.compare(dispute, by=mediator, comparison="Differs.", findings=findings)
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("5000.00"), fault="supplier", reasons="Line 1."
    )
    rulings.decide(dispute, by=mediator)
    clock.move_to(deadlines.due_at("dispute.appeal", dispute))
    run_clock()
    assert again(delivered).state == "settled"
    assert (refundable(delivered), earned(delivered), balance("income:escrow_fee")) == (
        usd("5000.00"), usd("14700.00"), usd("300.00"),
    )  # fmt: skip
    assert (held(delivered), balance(dispute.hold_account)) == (usd("0"), usd("0"))
