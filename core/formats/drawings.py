"""The geometry of the small pictures: pure arithmetic, percentages as text for SVG attributes.

A strict content security policy forbids `style="width: 30%"`, so widths and positions are
written into `x`, `width` and `stroke-dasharray`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MONEY_PARTS = ("held", "disputed", "released", "refunded")
MARGIN = Fraction(1, 4)


@dataclass(frozen=True)
class Segment:
    """A coloured stretch of a bar, as percentages of its length."""

    key: str
    x: str
    width: str


@dataclass(frozen=True)
class Band:
    """A tolerance band with what was measured, placed on a line of 100 percent."""

    state: str
    low: str
    high: str
    start: str
    width: str
    pin: str
    pin_anchor: str
    readings: tuple[str, ...]
    excess: Decimal


def percent(share: Fraction | float) -> str:
    """Two decimals and a percent sign, whatever the language: `30.00%`."""
    hundredths = round(Fraction(share) * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def segments(amounts: Sequence[tuple[str, int]], total: int) -> list[Segment]:
    """Lay the amounts (minor units) one behind the other; amounts of nothing draw nothing."""
    placed, before = [], 0
    for key, minor in amounts:
        if minor > 0 and total > 0:
            x, width = Fraction(before, total), Fraction(minor, total)
            placed.append(Segment(key, percent(x), percent(width)))
            before += minor
    return placed


def share(part: int, whole: int) -> str:
    """A part of a whole as a percentage, at most all of it."""
    return percent(min(Fraction(part, whole), Fraction(1))) if whole > 0 else "0.00%"


def verdict(low: Decimal | None, high: Decimal | None, value: Decimal | None) -> str:
    """Where a value lies: `inside` (the limits belong to it), `above`, `below` or `unmeasured`."""
    if value is None:
        return "unmeasured"
    if high is not None and value > high:
        return "above"
    return "below" if low is not None and value < low else "inside"


def band(
    low: Decimal | None,
    high: Decimal | None,
    value: Decimal | None,
    readings: Iterable[Decimal] = (),
) -> Band:
    """Place limits, mean and readings; a side without a limit runs to the end of the line."""
    readings = tuple(readings)
    known = [Fraction(v) for v in (low, high, value, *readings) if v is not None]
    bottom, top = (min(known), max(known)) if known else (Fraction(0), Fraction(1))
    room = (top - bottom) * MARGIN or max(abs(top) / 10, Fraction(1, 10))
    bottom, top = bottom - room, top + room

    def at(number: Decimal) -> Fraction:
        return (Fraction(number) - bottom) / (top - bottom)

    start = at(low) if low is not None else Fraction(0)
    end = at(high) if high is not None else Fraction(1)
    state = verdict(low, high, value)
    limit = {"above": high, "below": low}.get(state)
    pin = at(value) if value is not None else Fraction(0)
    return Band(
        state=state,
        low=percent(start),
        high=percent(end),
        start=percent(start),
        width=percent(end - start),
        pin=percent(pin),
        pin_anchor=_anchor(pin),
        readings=tuple(percent(at(reading)) for reading in readings),
        excess=abs(value - limit) if value is not None and limit is not None else Decimal(0),
    )


def _anchor(place: Fraction) -> str:
    """Labels near an end grow towards the middle, so that they are never cut off."""
    if place < Fraction(1, 4):
        return "start"
    return "end" if place > Fraction(3, 4) else "middle"
