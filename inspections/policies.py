"""What an inspection found, compared with what was agreed. Plain values in and out.

The comparison knows only the contract's lines: nobody's picture of good quality (S30).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from enum import StrEnum

from core.days import business_days_after, end_of, last_day_before
from inspections.sampling import DEFAULT_CLASSES, DEFAULT_LEVEL, Plan
from orders.policies import PACKED_PERCENT


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translators; whoever shows it translates it."""
    return sentence


# Lines of these kinds are measured with numbers; these the inspector answers yes or no.
MEASURED_KINDS = frozenset({"number", "range"})
ANSWERED_KINDS = frozenset({"compliance", "choice", "brand", "file", "standard"})
SHOWN = Decimal("0.000001")
REPORT_DAYS = 3
LEAD_WORKING_DAYS = 7
# Who bears the visit after a missed one (Inspection.miss: "re-visit fee to the causer").
BORNE_BY = {
    "postponed": "supplier",
    "not_ready": "supplier",
    "no_access": "supplier",
    "buyer": "buyer",
    "no_report": "agency",
}


class Result(StrEnum):
    """What the comparison of one contract line says."""

    MATCH = "match"
    DIFFERS = "differs"
    NOT_MEASURABLE = "not_measurable"


class Verdict(StrEnum):
    """What the whole report says: the states that Inspection.reported leads to."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING_BUYER = "pending_buyer"


SENTENCES = {
    "mean_inside": gettext_noop(
        "The mean of %(count)s readings is %(mean)s %(unit)s: inside what was agreed."
    ),
    "mean_above": gettext_noop(
        "The mean of %(count)s readings is %(mean)s %(unit)s: %(deviation)s over the limit."
    ),
    "mean_below": gettext_noop(
        "The mean of %(count)s readings is %(mean)s %(unit)s: %(deviation)s under the limit."
    ),
    "colour_inside": gettext_noop(
        "The largest colour difference of %(count)s readings is ΔE %(maximum)s: "
        "inside what was agreed."
    ),
    "colour_above": gettext_noop(
        "The largest colour difference of %(count)s readings is ΔE %(maximum)s: "
        "%(deviation)s over the limit."
    ),
    "answer_yes": gettext_noop("The inspector found this as agreed."),
    "answer_no": gettext_noop("The inspector found this not as agreed."),
    "standard_yes": gettext_noop("This meets the industry standard %(standard)s."),
    "standard_no": gettext_noop("This does not meet the industry standard %(standard)s."),
    "not_checked": gettext_noop("The inspector could not check this line."),
    "no_limit": gettext_noop("The contract names no limit for this line."),
    "no_standard": gettext_noop(
        "This line cannot be measured, and no industry standard was found for it."
    ),
}


@dataclass(frozen=True)
class Measured:
    """A contract line and what the inspector found for it.

    `low` and `high` are the agreed limits, both included, either of them absent; for a
    colour `high` is the largest ΔE. `values` are readings in `unit`; `answer` is the
    inspector's yes or no. `standard` names the industry standard that the inspector
    applied to a line which cannot be measured (S34).
    """

    line_no: int
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    values: tuple[Decimal, ...] = ()
    answer: bool | None = None
    standard: str = ""


@dataclass(frozen=True)
class LineVerdict:
    """The result of one line; `code` and `params` make its sentence out of SENTENCES.

    `deviation` is how far the finding lies outside the nearest limit, never negative;
    `outside` counts the single readings beyond the limits, which the mean can hide.
    """

    line_no: int
    result: Result
    code: str
    mean: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    deviation: Decimal = Decimal(0)
    outside: int = 0
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportVerdict:
    """The verdict of a report, and the lines and defect classes that made it."""

    verdict: Verdict
    failed_lines: tuple[int, ...] = ()
    failed_classes: tuple[str, ...] = ()
    unclear_lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class StandardFallback:
    """What counts where the contract is silent; the contract always prevails over it.

    The published default standard (background finding 4, S33, S34).
    """

    sample_pieces: int = 10
    finished_percent: int = 100
    packed_percent: int = PACKED_PERCENT
    packaging_pieces: int = 10
    packaging_defects: int = 0
    appearance_level: str = DEFAULT_LEVEL
    appearance_classes: Mapping[str, Decimal] = field(default_factory=DEFAULT_CLASSES.copy)
    acceptance_range: str = "industry_standard"
    objection_hours: int = 24

    def sample(self, agreed: int | None, lot: int) -> int:
        """How many pieces are measured: what was agreed, else 10, never more than the lot."""
        return min(self.sample_pieces if agreed is None else agreed, lot)


FALLBACK = StandardFallback()


def report_due(visit_on: date) -> datetime:
    """The exclusive end of the third day after the visit (machines.md 6.1)."""
    return end_of(visit_on + timedelta(days=REPORT_DAYS))


def may_book(now: datetime, ship_deadline: datetime | None) -> bool:
    """Whether seven working days are left before the goods leave (machines.md 6.1)."""
    return ship_deadline is None or business_days_after(now, LEAD_WORKING_DAYS) <= ship_deadline


def may_call_off(now: datetime, visit_on: date | None) -> bool:
    """Whether more than one working day is left before the visit (Inspection.cancel)."""
    return visit_on is None or last_day_before(business_days_after(now, 1)) < visit_on


def judge_line(line: Measured) -> LineVerdict:
    """Compare the findings for one contract line with what was agreed (S46, S31).

    A number or range is judged by the mean of its readings, which has to lie within the
    limits; a colour by its worst reading; a yes/no line by the inspector's answer; a text
    by the industry standard the inspector names, and by nothing if there is none (S34).
    ValueError for a kind of line that does not exist.
    """
    if line.kind in MEASURED_KINDS:
        return _judge_readings(line)
    if line.kind == "colour":
        return _judge_colour(line)
    if line.kind in ANSWERED_KINDS:
        return _judge_answer(line)
    if line.kind == "text":
        return _judge_by_standard(line)
    raise ValueError(f"“{line.kind}” is not a kind of contract line.")


def judge_report(
    lines: Sequence[LineVerdict], counts: Mapping[str, int], plans: Mapping[str, Plan]
) -> ReportVerdict:
    """The verdict of a report (machines.md, Inspection; scenario 17).

    It fails on any critical defect, on a class of defects that reaches its rejection
    number, and on a line that differs; what cannot be judged waits for the buyer.
    ValueError if the report counts no defects for a class of the plan, or counts others.
    """
    _check_counts(counts, plans)
    failed = tuple(name for name, rule in plans.items() if counts[name] >= rule.reject)
    if counts.get("critical", 0) and "critical" not in failed:
        failed = ("critical", *failed)
    differing = tuple(line.line_no for line in lines if line.result is Result.DIFFERS)
    unclear = tuple(line.line_no for line in lines if line.result is Result.NOT_MEASURABLE)
    if failed or differing:
        verdict = Verdict.FAILED
    else:
        verdict = Verdict.PENDING_BUYER if unclear else Verdict.PASSED
    return ReportVerdict(verdict, differing, failed, unclear)


def _judge_readings(line: Measured) -> LineVerdict:
    if line.low is None and line.high is None:
        return _unclear(line, "no_limit")
    if not line.values:
        return _unclear(line, "not_checked")
    # Compared as sums, so that no rounding of the mean ever decides.
    total, count = sum(line.values, Decimal(0)), len(line.values)
    over = total - line.high * count if line.high is not None else Decimal(0)
    under = line.low * count - total if line.low is not None else Decimal(0)
    if over > 0:
        return _measured(line, Result.DIFFERS, "mean_above", over / count)
    if under > 0:
        return _measured(line, Result.DIFFERS, "mean_below", under / count)
    return _measured(line, Result.MATCH, "mean_inside", Decimal(0))


def _judge_colour(line: Measured) -> LineVerdict:
    if not line.values:
        return _judge_answer(line)
    if line.high is None:
        return _unclear(line, "no_limit")
    over = max(line.values) - line.high
    if over > 0:
        return _measured(line, Result.DIFFERS, "colour_above", over)
    return _measured(line, Result.MATCH, "colour_inside", Decimal(0))


def _judge_answer(line: Measured) -> LineVerdict:
    if line.answer is None:
        return _unclear(line, "not_checked")
    result = Result.MATCH if line.answer else Result.DIFFERS
    return LineVerdict(line.line_no, result, "answer_yes" if line.answer else "answer_no")


def _judge_by_standard(line: Measured) -> LineVerdict:
    if not line.standard or line.answer is None:
        return _unclear(line, "no_standard")
    result = Result.MATCH if line.answer else Result.DIFFERS
    code = "standard_yes" if line.answer else "standard_no"
    return LineVerdict(line.line_no, result, code, params={"standard": line.standard})


def _unclear(line: Measured, code: str) -> LineVerdict:
    return LineVerdict(line.line_no, Result.NOT_MEASURABLE, code)


def _measured(line: Measured, result: Result, code: str, deviation: Decimal) -> LineVerdict:
    mean = _shown(sum(line.values, Decimal(0)) / len(line.values), ROUND_HALF_EVEN)
    # Rounded up: what is outside never reads as 0 over the limit.
    deviation = _shown(deviation, ROUND_UP)
    lowest, highest = min(line.values), max(line.values)
    params = {
        "count": str(len(line.values)),
        "mean": str(mean),
        "maximum": str(highest),
        "unit": line.unit,
        "deviation": " ".join(filter(None, (str(deviation), line.unit))),
    }
    outside = sum(_is_outside(value, line) for value in line.values)
    return LineVerdict(
        line.line_no, result, code, mean, lowest, highest, deviation, outside, params
    )


def _is_outside(value: Decimal, line: Measured) -> bool:
    below = line.low is not None and value < line.low
    return below or (line.high is not None and value > line.high)


def _shown(value: Decimal, rounding: str) -> Decimal:
    """To six decimals at most, without zeros at the end or an exponent."""
    rounded = value.quantize(SHOWN, rounding).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def _check_counts(counts: Mapping[str, int], plans: Mapping[str, Plan]) -> None:
    for name in plans:
        if name not in counts:
            raise ValueError(f"The report does not count {name} defects.")
    for name, count in counts.items():
        if name != "critical" and name not in plans:
            raise ValueError(f"The sampling plan has no class of {name} defects.")
        if count < 0:
            raise ValueError("A count of defects is never below zero.")
