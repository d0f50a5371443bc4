"""A contract line beside what was found for it, ready for a page: band, value, words.

The report, the dispute and the mediator's decision all read the comparison from here, so that
they can never tell three stories about one measurement.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts import policies as contract_policies
from contracts.models import ContractLine
from core.formats.words import measure_text
from inspections import policies
from inspections.drafts import Draft
from inspections.models import LineResult

COLOUR_UNIT = "ΔE"


@dataclass(frozen=True)
class Finding:
    """One line of the comparison; `value` is what is judged: the mean, or the worst colour."""

    line: ContractLine
    result: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    value: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    readings: tuple[str, ...] = ()
    answer: str = ""
    note: str = ""
    standard: str = ""
    waived: bool = False
    pk: int | None = None

    @property
    def has_band(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def differs(self) -> bool:
        return self.result == LineResult.Result.DIFFERS

    @property
    def label(self) -> str:
        """Matches, Differs, Not measurable; nothing while nothing was found."""
        return LineResult.Result(self.result).label if self.result else ""

    @property
    def agreed(self) -> str:
        """What the contract asks for, with its limits where it names some."""
        return " · ".join(filter(None, (self.line.requirement, self.limits)))

    @property
    def limits(self) -> str:
        """190 to 210 g/m², at most 1.5 ΔE; nothing where the line names no limit."""
        low, high = (None if v is None else measure_text(v) for v in (self.low, self.high))
        named = {"low": low, "high": high, "unit": self.unit}
        if low and high:
            return (_("%(low)s to %(high)s %(unit)s") % named).strip()
        if high:
            return (_("at most %(high)s %(unit)s") % named).strip()
        return (_("at least %(low)s %(unit)s") % named).strip() if low else ""

    @property
    def measured(self) -> str:
        """181 g/m²; nothing where nothing was measured."""
        return "" if self.value is None else f"{measure_text(self.value)} {self.unit}".strip()

    @property
    def words(self) -> str:
        """How far the finding lies from what was agreed: 9 g/m² under the limit."""
        if not self.result:
            return _("No finding yet")
        if self.value is not None and self.has_band:
            return self._distance()
        if self.result == LineResult.Result.NOT_MEASURABLE:
            return _("Could not be judged by the contract")
        if self.standard:
            return self._by_standard()
        return _("Found not as agreed") if self.differs else _("Found as agreed")

    def _by_standard(self):
        named = {"standard": self.standard}
        if self.differs:
            return _("Does not meet the industry standard %(standard)s") % named
        return _("Meets the industry standard %(standard)s") % named

    def _distance(self):
        if self.high is not None and self.value > self.high:
            by = measure_text(self.value - self.high)
            return _("%(by)s over the limit") % {"by": f"{by} {self.unit}".strip()}
        if self.low is not None and self.value < self.low:
            by = measure_text(self.low - self.value)
            return _("%(by)s under the limit") % {"by": f"{by} {self.unit}".strip()}
        return _("Inside what was agreed")


def band(line: ContractLine) -> contract_policies.Limits | None:
    """The limits that a line's readings are judged by; None where it is judged by yes or no."""
    if line.kind == ContractLine.Kind.COLOUR and line.tolerance_plus:
        most = contract_policies.tolerance(line.tolerance_plus, Decimal(0))
        return contract_policies.Limits(None, most, COLOUR_UNIT) if most is not None else None
    return contract_policies.limits(line.plain()) if is_measured(line) else None


def is_measured(line: ContractLine) -> bool:
    """Whether a line asks for readings; all others are answered yes or no."""
    by_colour = line.kind == ContractLine.Kind.COLOUR and bool(line.tolerance_plus)
    return line.kind in policies.MEASURED_KINDS or by_colour


def of_draft(line: ContractLine, draft: Draft | None) -> Finding:
    """What the unsigned readings of a line come to, by the same rules as the report."""
    limits = band(line)
    low, high = (limits.low, limits.high) if limits else (None, None)
    unit = limits.unit if limits else line.unit
    if draft is None:
        return Finding(line, low=low, high=high, unit=unit)
    verdict = policies.judge_line(
        policies.Measured(
            line_no=line.number,
            kind=line.kind,
            low=low,
            high=high,
            unit=line.unit,
            values=draft.values,
            answer={"yes": True, "no": False}.get(draft.answer),
            standard=draft.standard,
        )
    )
    worst = verdict.maximum if line.kind == ContractLine.Kind.COLOUR else verdict.mean
    return Finding(
        line,
        result=verdict.result.value,
        low=low,
        high=high,
        unit=unit,
        value=worst,
        lowest=verdict.minimum,
        highest=verdict.maximum,
        readings=draft.readings,
        answer=draft.answer,
        note=draft.note,
        standard=draft.standard,
    )


def of_result(found: LineResult) -> Finding:
    """What the signed report says of a line."""
    line, limits = found.line, band(found.line)
    judged = found.highest if line.kind == ContractLine.Kind.COLOUR else found.mean
    return Finding(
        line,
        result=found.result,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        unit=limits.unit if limits else line.unit,
        value=_number(judged),
        lowest=_number(found.lowest),
        highest=_number(found.highest),
        readings=tuple(found.readings),
        answer=found.answer,
        note=found.note,
        standard=found.standard,
        waived=found.waived,
        pk=found.pk,
    )


def of_report(inspection) -> list[Finding]:
    """The whole comparison of a filed report, in the order of the contract's lines."""
    return [of_result(row) for row in inspection.results.select_related("line__attachment")]


def _number(text):
    return Decimal(text) if text else None
