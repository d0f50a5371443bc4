"""A report is judged by the contract's lines and the sampling plan, and by nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import policies
from inspections.policies import FALLBACK, Measured, Result, Verdict, judge_line, judge_report
from inspections.sampling import plans


def numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def width(*readings: str) -> Measured:
    """Body width 26.0 ± 0.5 cm, line 4 of the contract."""
    return Measured(4, "number", Decimal("25.5"), Decimal("26.5"), "cm", numbers(*readings))


def sentence(verdict: policies.LineVerdict) -> str:
    return policies.SENTENCES[verdict.code] % verdict.params


def test_a_mean_above_the_limit_differs_and_says_by_how_much():
    verdict = judge_line(width("27.0", "27.1", "27.2"))
    assert verdict.result is Result.DIFFERS
    assert (verdict.mean, verdict.minimum, verdict.maximum) == numbers("27.1", "27.0", "27.2")
    assert verdict.deviation == Decimal("0.6")
    assert verdict.outside == 3
    assert sentence(verdict) == "The mean of 3 readings is 27.1 cm: 0.6 cm over the limit."


def test_a_mean_below_the_limit_differs():
    verdict = judge_line(width("25.0", "25.2"))
    assert (verdict.result, verdict.code, verdict.deviation) == (
        Result.DIFFERS,
        "mean_below",
        Decimal("0.4"),
    )
    assert sentence(verdict) == "The mean of 2 readings is 25.1 cm: 0.4 cm under the limit."


@pytest.mark.parametrize("edge", ["25.5", "26.5"])
def test_the_limits_themselves_are_inside(edge):
    verdict = judge_line(width(edge))
    assert (verdict.result, verdict.deviation, verdict.outside) == (Result.MATCH, 0, 0)


def test_the_mean_decides_and_single_readings_outside_are_counted():
    verdict = judge_line(width("25.0", "26.0", "27.0"))
    assert (verdict.result, verdict.mean, verdict.outside) == (Result.MATCH, Decimal(26), 2)


def test_a_mean_outside_by_less_than_is_shown_still_differs():
    verdict = judge_line(width("26.5", "26.5", "26.5000003"))
    assert verdict.result is Result.DIFFERS
    assert verdict.mean == Decimal("26.5")
    assert verdict.deviation == Decimal("0.000001")


def test_a_mean_that_never_ends_is_shown_with_six_decimals():
    verdict = judge_line(width("26.0", "26.0", "26.1"))
    assert verdict.mean == Decimal("26.033333")
    assert judge_line(width("26.0")).params["mean"] == "26"


def test_a_range_may_be_open_on_one_side():
    at_least = Measured(2, "range", Decimal(100), None, "g", numbers("140"))
    at_most = Measured(2, "range", None, Decimal(100), "g", numbers("140"))
    assert judge_line(at_least).result is Result.MATCH
    assert judge_line(at_most).deviation == Decimal(40)
    assert judge_line(at_most).params["deviation"] == "40 g"


def test_a_number_without_a_limit_cannot_be_measured():
    verdict = judge_line(Measured(3, "number", unit="g", values=numbers("200")))
    assert (verdict.result, verdict.code) == (Result.NOT_MEASURABLE, "no_limit")


def test_a_number_without_a_reading_is_not_judged():
    verdict = judge_line(width())
    assert (verdict.result, verdict.code) == (Result.NOT_MEASURABLE, "not_checked")


def test_a_colour_is_judged_by_its_worst_reading():
    def pantone(*readings):
        return Measured(2, "colour", None, Decimal("1.5"), values=numbers(*readings))

    assert judge_line(pantone("0.8", "1.5")).result is Result.MATCH
    worst = judge_line(pantone("0.1", "0.1", "1.7"))
    assert (worst.result, worst.deviation, worst.outside) == (Result.DIFFERS, Decimal("0.2"), 1)
    assert sentence(worst) == (
        "The largest colour difference of 3 readings is ΔE 1.7: 0.2 over the limit."
    )


def test_a_colour_compared_by_eye_is_the_inspectors_answer():
    assert judge_line(Measured(2, "colour", answer=True)).result is Result.MATCH
    assert judge_line(Measured(2, "colour", answer=False)).result is Result.DIFFERS
    no_limit = judge_line(Measured(2, "colour", values=numbers("0.4")))
    assert (no_limit.result, no_limit.code) == (Result.NOT_MEASURABLE, "no_limit")


@pytest.mark.parametrize("kind", ["compliance", "choice", "brand", "file", "standard"])
def test_the_inspectors_answer_decides_what_is_not_a_number(kind):
    assert judge_line(Measured(7, kind, answer=True)).result is Result.MATCH
    assert judge_line(Measured(7, kind, answer=False)).result is Result.DIFFERS
    unanswered = judge_line(Measured(7, kind))
    assert (unanswered.result, unanswered.code) == (Result.NOT_MEASURABLE, "not_checked")


def test_a_text_is_judged_only_by_a_standard_that_the_inspector_names():
    assert judge_line(Measured(9, "text", answer=False)).code == "no_standard"
    assert judge_line(Measured(9, "text", answer=False)).result is Result.NOT_MEASURABLE
    named = judge_line(Measured(9, "text", answer=False, standard="ISO 105-C06"))
    assert named.result is Result.DIFFERS
    assert sentence(named) == "This does not meet the industry standard ISO 105-C06."
    met = judge_line(Measured(9, "text", answer=True, standard="ISO 105-C06"))
    assert met.result is Result.MATCH


def test_an_unknown_kind_of_line_is_refused():
    with pytest.raises(ValueError, match="“smell” is not a kind of contract line"):
        judge_line(Measured(1, "smell", answer=True))


@pytest.mark.parametrize("code", policies.SENTENCES)
def test_every_sentence_can_be_filled_in(code):
    params = dict.fromkeys(["count", "mean", "maximum", "unit", "deviation", "standard"], "1")
    assert "%(" not in policies.SENTENCES[code] % params


READINGS = st.lists(st.decimals("0", "60", places=2), min_size=1, max_size=30)


@settings(deadline=None)
@given(READINGS)
def test_a_line_matches_exactly_when_the_mean_lies_within_the_limits(readings):
    verdict = judge_line(width(*map(str, readings)))
    total, count = sum(readings), len(readings)
    inside = Decimal("25.5") * count <= total <= Decimal("26.5") * count
    assert (verdict.result is Result.MATCH) == inside
    assert (verdict.deviation == 0) == inside
    assert verdict.minimum <= verdict.maximum


GOOD = judge_line(width("26.0"))
BAD = judge_line(width("27.1"))
UNCLEAR = judge_line(Measured(9, "text"))


@pytest.mark.parametrize(
    ("critical", "major", "minor", "verdict", "failed"),
    [
        (0, 10, 14, Verdict.PASSED, ()),
        (0, 11, 14, Verdict.FAILED, ("major",)),
        (0, 10, 15, Verdict.FAILED, ("minor",)),
        (1, 0, 0, Verdict.FAILED, ("critical",)),
        (2, 11, 15, Verdict.FAILED, ("critical", "major", "minor")),
    ],
)
def test_a_lot_of_5000_passes_with_10_major_and_14_minor_defects(
    critical, major, minor, verdict, failed
):
    counts = {"critical": critical, "major": major, "minor": minor}
    judged = judge_report([GOOD], counts, plans(5000))
    assert (judged.verdict, judged.failed_classes) == (verdict, failed)


NO_DEFECTS = {"critical": 0, "major": 0, "minor": 0}


def test_one_line_out_of_tolerance_fails_the_report():
    judged = judge_report([GOOD, BAD, UNCLEAR], NO_DEFECTS, plans(5000))
    assert judged.verdict is Verdict.FAILED
    assert (judged.failed_lines, judged.unclear_lines) == ((4,), (9,))


def test_a_line_that_cannot_be_judged_waits_for_the_buyer():
    judged = judge_report([GOOD, UNCLEAR], NO_DEFECTS, plans(5000))
    assert judged.verdict is Verdict.PENDING_BUYER
    assert (judged.failed_lines, judged.unclear_lines) == ((), (9,))


def test_a_critical_defect_fails_even_where_the_plan_has_no_class_for_it():
    judged = judge_report([GOOD], {"critical": 1, "major": 0}, plans(500, {"major": "2.5"}))
    assert (judged.verdict, judged.failed_classes) == (Verdict.FAILED, ("critical",))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"critical": 0, "major": 0}, "The report does not count minor defects."),
        (NO_DEFECTS | {"cosmetic": 1}, "The sampling plan has no class of cosmetic defects."),
        (NO_DEFECTS | {"minor": -1}, "A count of defects is never below zero."),
    ],
)
def test_a_report_with_other_counts_than_the_plan_is_refused(counts, sentence):
    with pytest.raises(ValueError, match=sentence):
        judge_report([GOOD], counts, plans(5000))


def test_the_published_fallback_standard():
    assert (FALLBACK.finished_percent, FALLBACK.packed_percent) == (100, 80)
    assert (FALLBACK.packaging_pieces, FALLBACK.packaging_defects) == (10, 0)
    assert (FALLBACK.appearance_level, FALLBACK.objection_hours) == ("II", 24)
    assert FALLBACK.appearance_classes == {
        "critical": Decimal(0),
        "major": Decimal("2.5"),
        "minor": Decimal("4.0"),
    }


def test_the_contract_prevails_over_the_fallback_sample_of_ten():
    assert FALLBACK.sample(None, 5000) == 10
    assert FALLBACK.sample(32, 5000) == 32
    assert FALLBACK.sample(None, 6) == 6
