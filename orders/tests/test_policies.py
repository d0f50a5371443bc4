"""The arithmetic of an order: instalments, exact instants, coverage."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from orders import policies
from orders.policies import Funding
from trade_assurance.clocks import DEADLINES, DELIVERY_DAYS


def sgt(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def usd(text: str | int) -> Money:
    return Money.parse(text)


# -- Payment plan -----------------------------------------------------------------------


def test_an_order_of_20000_is_paid_6000_and_14000():
    assert policies.deposit(usd("20000")) == usd("6000")
    assert policies.instalments(usd("20000")) == [usd("6000"), usd("14000")]


def test_a_deposit_of_all_is_one_instalment():
    assert policies.instalments(usd("20000"), 100) == [usd("20000")]


def test_a_deposit_too_small_to_pay_leaves_one_instalment():
    assert policies.instalments(Money(1), 30) == [Money(1)]


@pytest.mark.parametrize("percent", [0, -5, 101])
def test_a_deposit_outside_0_to_100_per_cent_is_refused(percent):
    with pytest.raises(ValueError, match="more than 0 % and at most 100 %"):
        policies.deposit(usd("20000"), percent)


@pytest.mark.parametrize("minor", [0, -1])
def test_an_order_worth_nothing_has_no_plan(minor):
    with pytest.raises(ValueError, match="worth more than nothing"):
        policies.instalments(Money(minor))


@settings(deadline=None)
@given(st.integers(1, 10**12), st.decimals("0.01", "100", places=2))
def test_instalments_add_up_to_the_total_exactly(minor, percent):
    parts = policies.instalments(Money(minor, "INR"), percent)
    assert sum(part.minor for part in parts) == minor
    assert all(part.minor > 0 for part in parts)
    assert 1 <= len(parts) <= 2


@pytest.mark.parametrize(
    ("received", "funding"),
    [
        ("0", Funding.NONE),
        ("0.01", Funding.PART_INITIAL),
        ("5999.99", Funding.PART_INITIAL),
        ("6000", Funding.INITIAL),
        ("6000.01", Funding.PART),
        ("19999.99", Funding.PART),
        ("20000", Funding.FULL),
        ("20100", Funding.FULL),
    ],
)
def test_funding_follows_from_the_money_received(received, funding):
    assert policies.funding(usd(received), [usd("6000"), usd("14000")]) is funding


def test_a_shortfall_carried_to_the_balance_leaves_the_deposit_funded():
    assert policies.funding(usd("5972"), [usd("5972"), usd("14028")]) is Funding.INITIAL
    assert policies.funding(usd("20000"), [usd("5972"), usd("14028")]) is Funding.FULL


def test_a_plan_of_one_instalment_is_full_or_not_at_all_initial():
    assert policies.funding(usd("10"), [usd("20")]) is Funding.PART_INITIAL
    assert policies.funding(usd("20"), [usd("20")]) is Funding.FULL


# -- Shipping on time -------------------------------------------------------------------

DEADLINE = sgt("2026-04-01T00:00")


def test_a_lead_time_counts_from_the_platforms_date_of_funding():
    funded = datetime.fromisoformat("2026-02-10T23:50+05:30")
    deadline = policies.ship_deadline_from_funding(funded, 30)
    assert deadline == sgt("2026-03-14T00:00")
    assert deadline == datetime.fromisoformat("2026-03-13T21:30+05:30")


def test_goods_to_ship_by_31_march_are_late_at_midnight_in_singapore():
    deadline = policies.ship_deadline(date(2026, 3, 31))
    assert deadline == DEADLINE
    assert not policies.is_late(sgt("2026-03-31T23:59:59.999999"), deadline)
    assert policies.is_late(DEADLINE, deadline)


@pytest.mark.parametrize(
    ("ship_by", "exclusive_end", "proof_until"),
    [
        (date(2028, 2, 28), "2028-02-29 00:00", "2028-03-03 00:00"),
        (date(2028, 2, 29), "2028-03-01 00:00", "2028-03-04 00:00"),
        (date(2027, 2, 28), "2027-03-01 00:00", "2027-03-04 00:00"),
        (date(2026, 10, 24), "2026-10-25 00:00", "2026-10-28 00:00"),
    ],
    ids=["before a leap day", "on a leap day", "no leap day", "over Europe's change of clocks"],
)
def test_leap_days_and_changes_of_clocks_elsewhere_take_no_hour_from_a_deadline(
    ship_by, exclusive_end, proof_until
):
    deadline = policies.ship_deadline(ship_by)
    assert deadline == sgt(exclusive_end)
    assert policies.proof_deadline(deadline) == sgt(proof_until)


def test_the_windows_after_the_deadline_count_from_the_last_day_in_time():
    assert policies.proof_deadline(DEADLINE) == sgt("2026-04-04T00:00")
    assert policies.choice_deadline(DEADLINE) == sgt("2026-04-08T00:00")


@pytest.mark.parametrize(
    ("shipped", "days"),
    [
        ("2026-03-20T12:00", 0),
        ("2026-03-31T23:59:59", 0),
        ("2026-04-01T00:00", 1),
        ("2026-04-01T23:59:59", 1),
        ("2026-04-04T12:00", 4),
    ],
)
def test_days_late_are_counted_from_the_last_day_in_time(shipped, days):
    assert policies.days_late(sgt(shipped), DEADLINE) == days


def test_a_confirmed_document_counts_from_its_own_date():
    submitted = sgt("2026-04-03T10:00")
    confirmed = policies.shipment_instant(date(2026, 3, 30), confirmed=True, submitted_at=submitted)
    assert confirmed == sgt("2026-03-30T00:00")
    assert not policies.is_late(confirmed, DEADLINE)
    last_day = policies.shipment_instant(date(2026, 3, 31), confirmed=True, submitted_at=submitted)
    assert not policies.is_late(last_day, DEADLINE)
    day_after = policies.shipment_instant(date(2026, 4, 1), confirmed=True, submitted_at=submitted)
    assert policies.is_late(day_after, DEADLINE)


def test_an_unconfirmed_document_counts_from_its_submission():
    submitted = sgt("2026-04-03T10:00")
    shipped = policies.shipment_instant(date(2026, 3, 30), confirmed=False, submitted_at=submitted)
    assert shipped == submitted
    assert policies.is_late(shipped, DEADLINE)


def test_a_document_dated_in_the_future_is_refused():
    with pytest.raises(ValueError, match="dated after the day on which it was submitted"):
        policies.shipment_instant(
            date(2026, 4, 4), confirmed=True, submitted_at=sgt("2026-04-03T10:00")
        )


def test_an_extension_to_15_april_ends_when_that_day_does():
    extended = policies.extend_ship_deadline(DEADLINE, DEADLINE, date(2026, 4, 15))
    assert extended == sgt("2026-04-16T00:00")
    assert not policies.is_late(sgt("2026-03-31T23:59"), DEADLINE)
    assert policies.is_late(sgt("2026-04-01T00:05"), DEADLINE)


def test_all_extensions_together_are_at_most_90_days():
    current = policies.extend_ship_deadline(DEADLINE, DEADLINE, date(2026, 4, 15))
    ninety, too_far = date(2026, 6, 29), date(2026, 6, 30)
    assert policies.extension_days(DEADLINE, ninety) == 90
    assert policies.extend_ship_deadline(DEADLINE, current, ninety) == sgt("2026-06-30T00:00")
    assert policies.extension_days(DEADLINE, too_far) == 91
    with pytest.raises(ValueError, match="together are at most 90 days"):
        policies.extend_ship_deadline(DEADLINE, current, too_far)


@pytest.mark.parametrize("proposed", [date(2026, 3, 30), date(2026, 3, 31)])
def test_an_extension_lies_after_the_present_date(proposed):
    with pytest.raises(ValueError, match="after the present one"):
        policies.extend_ship_deadline(DEADLINE, DEADLINE, proposed)


def test_waiting_for_the_buyer_shifts_the_deadline_day_for_day():
    assert policies.shift_deadline(DEADLINE, 5) == sgt("2026-04-06T00:00")
    assert policies.shift_deadline(DEADLINE, 0) == DEADLINE


# -- Delivery, acceptance, claims -------------------------------------------------------

DELIVERED = sgt("2026-05-04T09:30")


def test_goods_delivered_on_4_may_are_checked_until_the_20th_and_claimed_until_4_june():
    assert policies.acceptance_deadline(DELIVERED) == sgt("2026-05-20T00:00")
    assert policies.claims_deadline(DELIVERED) == sgt("2026-06-04T00:00")


def test_the_time_to_check_is_1_to_30_days():
    assert policies.acceptance_deadline(DELIVERED, 1) == sgt("2026-05-06T00:00")
    assert policies.acceptance_deadline(DELIVERED, 30) == sgt("2026-06-04T00:00")
    for days in (0, 31):
        with pytest.raises(ValueError, match="1 to 30 days"):
            policies.acceptance_deadline(DELIVERED, days)


def test_money_released_on_shipment_cools_off_three_days():
    assert policies.cool_off_deadline(sgt("2026-03-30T08:00")) == sgt("2026-04-03T00:00")


@pytest.mark.parametrize(
    ("mode", "extensions", "deadline"),
    [
        ("express", 0, "2026-04-20T00:00"),
        ("air", 0, "2026-04-30T00:00"),
        ("road", 0, "2026-05-15T00:00"),
        ("rail", 0, "2026-05-15T00:00"),
        ("sea", 0, "2026-05-30T00:00"),
        ("sea", 1, "2026-06-14T00:00"),
        ("sea", 2, "2026-06-29T00:00"),
    ],
)
def test_goods_count_as_delivered_after_the_usual_time_of_their_transport(
    mode, extensions, deadline
):
    shipped = sgt("2026-03-30T12:00")
    assert policies.delivery_deadline(shipped, mode, extensions) == sgt(deadline)


def test_each_party_extends_the_delivery_once():
    with pytest.raises(ValueError, match="once"):
        policies.delivery_deadline(DELIVERED, "sea", 3)
    with pytest.raises(ValueError, match="“camel” is not a transport mode"):
        policies.delivery_deadline(DELIVERED, "camel")


def test_the_table_of_clocks_says_the_same():
    assert DEADLINES["order.accept"].due(DELIVERED) == policies.acceptance_deadline(DELIVERED)
    assert DEADLINES["order.claim"].due(DELIVERED) == policies.claims_deadline(DELIVERED)
    assert DEADLINES["order.prove_shipment"].days == policies.PROOF_DAYS
    assert DEADLINES["order.choose_when_late"].days == policies.CHOICE_DAYS
    assert DELIVERY_DAYS == policies.TRANSPORT_MODES


# -- Quantity ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shipped", "within", "full"),
    [
        (949, False, False),
        (950, True, True),
        (1000, True, True),
        (1050, True, True),
        (1051, False, True),
    ],
)
def test_a_quantity_may_differ_by_its_tolerance(shipped, within, full):
    ordered, percent = Decimal(1000), Decimal(5)
    assert policies.quantity_within_tolerance(ordered, Decimal(shipped), percent) is within
    assert policies.is_full_shipment(ordered, Decimal(shipped), percent) is full


def test_an_inspector_comes_when_all_is_finished_and_80_per_cent_packed():
    def ready(finished, packed):
        return policies.is_ready_to_inspect(Decimal(1000), Decimal(finished), Decimal(packed))

    assert ready(1000, 800)
    assert not ready(1000, 799)
    assert not ready(999, 900)


# -- Coverage ---------------------------------------------------------------------------

LIMIT = usd("30000")


def test_the_coverage_of_three_orders_of_one_supplier():
    order_a = policies.coverage(usd("15000"), LIMIT, usd(0))
    assert order_a == usd("15000")
    assert policies.headroom(LIMIT, order_a) == usd("15000")
    order_b = policies.coverage(usd("20000"), LIMIT, order_a)
    assert order_b == usd("15000")
    assert policies.uncovered(usd("20000"), order_b) == usd("5000")
    assert policies.headroom(LIMIT, order_a + order_b) == usd(0)
    assert policies.coverage(usd("20000"), LIMIT, order_a + order_b) == usd(0)
    assert policies.headroom(LIMIT, order_b) == usd("15000")


def test_a_limit_cut_below_what_is_reserved_leaves_no_headroom():
    assert policies.headroom(usd("10000"), usd("15000")) == usd(0)
    assert policies.coverage(usd("500"), usd("10000"), usd("15000")) == usd(0)


def test_an_order_may_have_a_cap_of_its_own():
    assert policies.coverage(usd("15000"), LIMIT, usd(0), usd("9000")) == usd("9000")
    assert policies.coverage(usd("15000"), LIMIT, usd(0), usd("90000")) == usd("15000")


def test_coverage_is_about_the_initial_or_the_whole_payment():
    plan = [usd("1500"), usd("1500")]
    assert policies.coverage_basis("pre_shipment", plan) == usd("1500")
    assert policies.coverage_basis("post_delivery", plan) == usd("3000")
    with pytest.raises(ValueError, match="“forever” is not a kind of coverage"):
        policies.coverage_basis("forever", plan)


MONEY = st.integers(0, 10**8).map(Money)


@settings(deadline=None)
@given(MONEY, MONEY, MONEY)
def test_coverage_never_exceeds_basis_or_limit(basis, limit, reserved):
    covered = policies.coverage(basis, limit, reserved)
    assert Money(0) <= covered <= basis
    assert covered.minor == 0 or covered + reserved <= limit
