"""The lines that an inspection found to differ, each with the band it should lie in."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts import policies
from contracts.models import ContractLine

MATCH = "match"


@dataclass(frozen=True)
class Measure:
    """A contract line beside what was measured."""

    number: int
    name: str
    agreed: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    mean: str
    readings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Differences:
    """What the buyer decides about: how many lines match, and those that do not."""

    title: str
    measures: list[Measure]


def differences(results, lines) -> Differences | None:
    """The comparison in short, from the rows of the latest report; None when there are none."""
    if not results:
        return None
    found = {line.number: line for line in lines}
    differing = [row for row in results if row["result"] != MATCH]
    return Differences(
        title=_title(len(differing), len(results)),
        measures=[_measure(row, found.get(row["number"])) for row in differing],
    )


def agreed(line) -> str:
    """What a line asks for in one phrase: Organic cotton, 200 g/m² ± 5 %."""
    return " ".join(part for part in (line.requirement, line.unit, _tolerance(line)) if part)


def _tolerance(line):
    minus, plus = line.tolerance_minus, line.tolerance_plus
    if not (minus or plus):
        return ""
    if line.kind == ContractLine.Kind.COLOUR:
        return _("(ΔE at most %(limit)s)") % {"limit": plus}
    text = f"± {plus}" if plus == minus else f"−{minus or 0} +{plus or 0}"
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _measure(row, line):
    limits = policies.limits(line.plain()) if line else None
    return Measure(
        number=row["number"],
        name=row["characteristic"],
        agreed=agreed(line) if line else "",
        unit=row["unit"],
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        mean=row["mean"],
        readings=row["readings"],
    )


def _title(differing, total):
    matching = _("%(n)d of %(all)d contract lines match.") % {
        "n": total - differing,
        "all": total,
    }
    rest = ngettext("One does not.", "%(n)d do not.", differing) % {"n": differing}
    return f"{matching} {rest}" if differing else matching
