"""What can be claimed, until when, and who rules on it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money, WrongCurrency
from disputes import policies
from disputes.policies import Fault, Finding, Outcome
from trade_assurance.clocks import DEADLINES


def sgt(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def usd(text: str | int) -> Money:
    return Money.parse(text)


# -- Scope ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "source"),
    [
        ("warranty", "S16"),
        ("replacement", "S16"),
        ("service", "S16"),
        ("paid_elsewhere", "S59–S61"),
        ("port_costs", "S15"),
        ("waived_clause", "S48"),
    ],
)
def test_each_exclusion_names_the_statement_it_rests_on(flag, source):
    assert [row.source for row in policies.screen([flag])] == [source]


def test_a_claim_without_an_exclusion_is_in_scope():
    assert policies.screen([]) == []


def test_an_exclusion_outside_the_catalogue_is_refused():
    with pytest.raises(ValueError, match="“mood” is not in the list of what is not covered"):
        policies.screen(["warranty", "mood"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Warranty repair of 3 pumps", ["warranty"]),
        ("I sent it to their own account by Western Union", ["paid_elsewhere"]),
        ("要求保修", ["warranty"]),
        ("Fabric is 180 g instead of 200 g", []),
    ],
)
def test_the_words_of_a_claim_hint_at_exclusions(text, codes):
    assert [row.code for row in policies.screening_hints("quality", text)] == codes


def test_words_never_cast_doubt_on_goods_that_were_not_shipped():
    assert policies.screening_hints("not_shipped", "Money back or a replacement") == []
    assert policies.screening_hints("late", "Money back or a replacement") == []


def test_buyer_and_supplier_file_for_different_reasons():
    assert {"not_shipped", "late", "quality", "quantity", "wrong_goods"} == policies.BUYER_REASONS
    assert {"balance_unpaid", "abusive_claim"} == policies.SUPPLIER_REASONS


# -- Time -------------------------------------------------------------------------------

LAST_CLAIM = sgt("2026-06-04T00:00")
LAST_CHECK = sgt("2026-05-20T00:00")


def test_a_claim_is_inside_its_window_until_30_days_after_delivery():
    def inside(now):
        return policies.inside_window(sgt(now), funded=True, claims_deadline=LAST_CLAIM)

    assert inside("2026-05-04T09:30")
    assert inside("2026-06-03T23:59:59")
    assert not inside("2026-06-04T00:00")


def test_an_order_that_is_not_funded_cannot_be_disputed():
    assert not policies.inside_window(sgt("2026-02-01T00:00"), funded=False)
    assert policies.inside_window(sgt("2026-02-01T00:00"), funded=True)


def test_at_the_end_of_the_acceptance_window_the_release_wins():
    def holds(now, released=False):
        return policies.holds_money(sgt(now), released=released, acceptance_deadline=LAST_CHECK)

    assert holds("2026-05-19T23:59:59")
    assert not holds("2026-05-20T00:00:00")
    assert not holds("2026-05-10T00:00:00", released=True)
    assert policies.holds_money(sgt("2026-03-01T00:00"), released=False, acceptance_deadline=None)


def test_the_supplier_has_until_the_end_of_day_15():
    deadline = policies.resolution_deadline(sgt("2026-03-02T14:00"))
    assert deadline == sgt("2026-03-18T00:00")
    assert sgt("2026-03-17T23:59:59") < deadline
    assert not sgt("2026-03-18T00:00:00.000") < deadline


def test_an_appeal_is_possible_until_the_end_of_day_7():
    assert policies.appeal_deadline(sgt("2026-04-03T12:00")) == sgt("2026-04-11T00:00")


def test_the_table_of_clocks_says_the_same():
    start = sgt("2026-03-02T14:00")
    assert DEADLINES["dispute.resolve"].due(start) == policies.resolution_deadline(start)
    assert DEADLINES["dispute.appeal"].due(start) == policies.appeal_deadline(start)


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        # Nine days were left: they are left again, however long the dispute took.
        ("2026-05-10T12:00", "2026-06-01T09:00", "2026-06-11T00:00"),
        ("2026-05-10T12:00", "2026-05-10T18:00", "2026-05-20T00:00"),
        # Hardly any time was left: three days.
        ("2026-05-19T23:59:59", "2026-06-01T09:00", "2026-06-05T00:00"),
        ("2026-05-17T08:00", "2026-06-01T09:00", "2026-06-05T00:00"),
        ("2026-05-15T08:00", "2026-06-01T09:00", "2026-06-06T00:00"),
    ],
)
def test_a_paused_clock_resumes_with_the_days_it_had_left_and_at_least_three(paused, resumed, due):
    assert policies.resume_deadline(LAST_CHECK, sgt(paused), sgt(resumed)) == sgt(due)


def test_a_clock_that_was_over_is_not_revived():
    with pytest.raises(ValueError, match="over before the dispute began"):
        policies.resume_deadline(LAST_CHECK, LAST_CHECK, sgt("2026-06-01T09:00"))


@settings(deadline=None)
@given(st.integers(0, 14 * 86400), st.integers(0, 90 * 86400))
def test_a_dispute_never_shortens_a_clock(paused_after, lasted):
    paused = sgt("2026-05-05T00:00") + timedelta(seconds=paused_after)
    resumed = paused + timedelta(seconds=lasted)
    due = policies.resume_deadline(LAST_CHECK, paused, resumed)
    assert due >= LAST_CHECK.astimezone(UTC)
    assert due - resumed >= timedelta(days=3)


# -- Rulings ----------------------------------------------------------------------------


def test_a_split_makes_up_the_hold_exactly():
    policies.check_split(usd("8000"), usd("5000"), usd("3000"))
    policies.check_split(usd("8000"), usd("8000"), usd(0))
    for refund, release in (("5000", "2999.99"), ("5000", "3000.01")):
        with pytest.raises(ValueError, match="together are exactly what is held"):
            policies.check_split(usd("8000"), usd(refund), usd(release))


def test_a_split_has_no_negative_part():
    with pytest.raises(ValueError, match="never below zero"):
        policies.check_split(usd("8000"), usd("9000"), usd("-1000"))


def test_a_split_does_not_mix_currencies():
    with pytest.raises(WrongCurrency):
        policies.check_split(usd("8000"), usd("5000"), Money(300000, "EUR"))


def test_a_second_reader_is_needed_above_the_limit_only():
    assert not policies.needs_second_reader(usd("10000"), usd("10000"))
    assert policies.needs_second_reader(usd("10000.01"), usd("10000"))


def test_the_case_goes_to_the_mediator_with_the_fewest():
    assert policies.least_loaded({7: 3, 4: 1, 9: 1}) == 4
    assert policies.least_loaded({7: 3, 4: 1, 9: 1}, excluded=[4]) == 9
    assert policies.least_loaded({4: 0}, excluded=[4]) is None
    assert policies.least_loaded({}) is None


def test_the_grid_has_one_row_for_every_finding_and_fault():
    pairs = [(row.finding, row.fault) for row in policies.GRID]
    assert len(pairs) == len(set(pairs)) == len(Finding) * len(Fault) == 20


@pytest.mark.parametrize(
    ("finding", "fault", "outcome", "source"),
    [
        ("differs", "supplier", Outcome.REFUND, "S21, S52"),
        ("differs", "none", Outcome.REFUND, "S21, S52"),
        ("differs", "buyer", Outcome.RELEASE, "S24"),
        ("differs", "both", Outcome.SHARE, "S24"),
        ("differs", "carrier", Outcome.RELEASE, "S15"),
        ("conforms", "supplier", Outcome.RELEASE, "S23"),
        ("conforms", "none", Outcome.RELEASE, "S23"),
        ("not_measurable", "supplier", Outcome.STANDARD, "S34"),
        ("not_measurable", "buyer", Outcome.RELEASE, "S45"),
        ("no_clause", "supplier", Outcome.RELEASE, "S29"),
    ],
)
def test_the_grid_suggests_what_the_statements_say(finding, fault, outcome, source):
    row = policies.suggested(finding, fault)
    assert (row.outcome, row.source) == (outcome, source)


def test_the_grid_knows_no_other_finding():
    with pytest.raises(ValueError, match="ugly"):
        policies.suggested("ugly", "supplier")
