"""What the facts of a dispute come to in money, by the signed remedies."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from disputes import remedies
from disputes.remedies import Facts, RemedySchedule, computed_settlement


def usd(text: str | int) -> Money:
    return Money.parse(text)


@pytest.mark.parametrize(
    ("days", "amount"),
    [(-3, "0"), (0, "0"), (1, "100"), (4, "400.00"), (20, "2000"), (21, "2000"), (400, "2000")],
)
def test_lateness_costs_half_a_per_cent_a_day_up_to_ten(days, amount):
    assert remedies.late_compensation(usd("20000"), days) == usd(amount)


def test_a_shortage_is_refunded_pro_rata_to_the_cent():
    assert remedies.shortage_refund(usd("18600"), Decimal(3000), Decimal(2900)) == usd("620")
    assert remedies.shortage_refund(usd("100"), Decimal(3), Decimal(2)) == usd("33.33")
    # Half a cent rounds to the even one: 0.25 of 0.10 is 0.02, of 0.30 is 0.08.
    assert remedies.shortage_refund(usd("0.10"), Decimal(4), Decimal(3)) == usd("0.02")
    assert remedies.shortage_refund(usd("0.30"), Decimal(4), Decimal(3)) == usd("0.08")


def test_a_shortage_within_the_tolerance_is_no_shortage():
    def refund(received):
        return remedies.shortage_refund(usd("1000"), Decimal(1000), Decimal(received), Decimal(3))

    assert refund(970) == usd(0)
    assert refund(1020) == usd(0)
    assert refund(969) == usd("31")


def test_a_shortage_of_impossible_quantities_is_refused():
    for ordered, received in ((0, 0), (10, -1)):
        with pytest.raises(ValueError, match="More than nothing is ordered"):
            remedies.shortage_refund(usd("10"), Decimal(ordered), Decimal(received))


def test_a_failed_inspection_costs_the_agreed_share():
    assert remedies.aql_failure_refund(usd("18600"), Decimal("7.5")) == usd("1395")


def amounts(facts, schedule=RemedySchedule()):  # noqa: B008 - frozen
    return [(part.code, part.amount) for part in computed_settlement(facts, schedule)]


def test_four_days_late_computes_a_settlement_of_400():
    facts = Facts(usd("20000"), usd("20000"), days_late=4)
    (part,) = computed_settlement(facts, RemedySchedule())
    assert (part.code, part.amount, part.source) == ("late", usd("400.00"), "S20")
    assert (
        remedies.PART_SENTENCES["late"] % part.params == "4 days late, 0.5 % a day, at most 10 %."
    )


def test_goods_that_never_left_are_refunded_whole():
    facts = Facts(usd("20000"), usd("6000"), never_shipped=True, days_late=8)
    assert amounts(facts) == [("not_shipped", usd("6000"))]


def test_the_parts_add_up_and_a_failed_inspection_counts_on_what_was_received():
    facts = Facts(
        usd("20000"),
        usd("20000"),
        days_late=4,
        ordered=Decimal(1000),
        received=Decimal(900),
        aql_failed=True,
    )
    assert amounts(facts, RemedySchedule(aql_failure=Decimal(5))) == [
        ("late", usd("400")),
        ("shortage", usd("2000")),
        ("aql_failure", usd("900")),
    ]


def test_nothing_is_computed_for_a_remedy_that_was_not_agreed():
    facts = Facts(usd("20000"), usd("20000"), days_late=4, aql_failed=True)
    assert amounts(facts, RemedySchedule(late_per_day=None)) == []
    assert amounts(Facts(usd("20000"), usd("20000"))) == []


@settings(deadline=None)
@given(st.integers(0, 3_000_000), st.integers(0, 40), st.integers(0, 1000), st.booleans())
def test_a_computed_settlement_never_exceeds_the_hold(hold, days, received, failed):
    facts = Facts(
        usd("20000"),
        Money(hold),
        days_late=days,
        ordered=Decimal(1000),
        received=Decimal(received),
        aql_failed=failed,
    )
    parts = computed_settlement(facts, RemedySchedule(aql_failure=Decimal(20)))
    assert sum(part.amount.minor for part in parts) <= hold
    assert all(part.amount.minor > 0 for part in parts)
