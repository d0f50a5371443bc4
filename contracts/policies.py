"""Rules of the purchase contract that are not about clarity: pure values in, pure values out."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from contracts import readings
from contracts.clarity import DETAIL_FROM, ContractAssessment, Line
from contracts.gaps import Gap


@dataclass(frozen=True)
class Limits:
    """The accepted band of a measured line; None means no limit on that side."""

    low: Decimal | None
    high: Decimal | None
    unit: str = ""

    def accepts(self, measured: Decimal) -> bool:
        """Whether a measured value, in the line's unit, lies inside; the edges belong to it."""
        above = self.low is None or measured >= self.low
        return above and (self.high is None or measured <= self.high)


_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
# "0,5" is a half and "1,000" a thousand: a comma before exactly three digits groups them.
_DECIMAL_COMMA = re.compile(r"(?<=^0),|,(?![0-9]{3}(?![0-9]))")
_UPPER = re.compile(
    r"[<≤]|max|at most|no more|not more|up to|or less|or lower|不大于|不超过|不高于|最多|以下|अधिक"
)
_PLUS_MINUS = re.compile(r"(?:±|\+/-|\+-) ?([0-9.,]+ ?%?)")


def limits(line: Line) -> Limits | None:
    """The band that a measured value must lie in (S31), or None where the line names no band.

    A tolerance without the other side leaves that side open; 0 closes it.
    """
    if line.kind not in {"number", "range", "text"}:
        return None
    text = readings.low(line.requirement)
    body = re.split(readings.PATTERNS["plus_minus"], text, maxsplit=1)[0]
    numbers = [_decimal(found) for found in _NUMBER.findall(body)]
    if len(numbers) == 2 and readings.match("range", body):
        return Limits(min(numbers), max(numbers), line.unit)
    if len(numbers) != 1:
        return None
    return _around(line, text, numbers[0])


def tolerance(text: str, nominal: Decimal) -> Decimal | None:
    """A tolerance as an amount in the line's unit: "0.5" is 0.5, "5 %" of 200 is 10."""
    plain = readings.low(text).lstrip("±+-− ")
    written = _NUMBER.search(_DECIMAL_COMMA.sub(".", plain))
    if not (written and readings.is_tolerance(plain)):
        return None
    amount = _decimal(written.group())
    return nominal * amount / 100 if "%" in plain else amount


def unacknowledged(assessment: ContractAssessment, codes: Collection[str]) -> tuple[Gap, ...]:
    """The gaps that nobody has taken upon himself by name yet (S29, S44)."""
    return tuple(gap for gap in assessment.gaps if gap.code not in codes)


def bars_proposal(assessment: ContractAssessment, codes: Collection[str]) -> tuple[Gap, ...]:
    """The open gaps that keep a contract from being proposed: blocking and not acknowledged."""
    return tuple(gap for gap in unacknowledged(assessment, codes) if gap.blocking)


def vague_lines(assessment: ContractAssessment) -> tuple[int, ...]:
    """The numbers of the lines that cannot be judged: signing needs a tick that names them."""
    return tuple(
        line.line for line in assessment.lines if line.line is not None and line.score < DETAIL_FROM
    )


def _around(line: Line, text: str, nominal: Decimal) -> Limits | None:
    written = _PLUS_MINUS.search(text)
    both = written.group(1) if written else ""
    minus = tolerance(line.tolerance_minus or both, nominal)
    plus = tolerance(line.tolerance_plus or both, nominal)
    if minus is not None or plus is not None:
        low = None if minus is None else nominal - minus
        return Limits(low, None if plus is None else nominal + plus, line.unit)
    if not readings.match("limit", text) or readings.match("better", text):
        return None
    if _UPPER.search(text):
        return Limits(None, nominal, line.unit)
    return Limits(nominal, None, line.unit)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
