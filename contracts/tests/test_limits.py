"""Limits that a measured value must keep, and the units it is written in."""

from decimal import Decimal

import pytest

from contracts import policies, units
from contracts.clarity import Line

FABRIC = Line(
    number=1,
    characteristic="Fabric",
    kind="number",
    requirement="Organic cotton, 200",
    tolerance_minus="5 %",
    tolerance_plus="5 %",
    unit="g/m²",
    how_checked="ISO 3801, 5 cuttings per lot",
)


def line(kind, requirement, **fields):
    return Line(number=1, characteristic="Thing", kind=kind, requirement=requirement, **fields)


def test_the_limits_of_a_line_are_its_tolerance():
    assert policies.limits(FABRIC) == policies.Limits(Decimal(190), Decimal(210), "g/m²")
    assert policies.limits(FABRIC).accepts(Decimal(190))
    assert not policies.limits(FABRIC).accepts(Decimal("189.9"))


@pytest.mark.parametrize(
    ("each", "low", "high"),
    [
        (line("number", "26.0", tolerance_minus="0.5", tolerance_plus="0.5"), "25.5", "26.5"),
        (line("number", "20,000", tolerance_minus="3 %"), "19400", None),
        (line("number", "200 ± 5 %"), "190", "210"),
        (line("number", "200 +/- 2"), "198", "202"),
        (line("range", "8 to 12"), "8", "12"),
        (line("range", "≤ 0.5"), None, "0.5"),
        (line("range", "至少 90"), "90", None),
        (line("range", "अधिक से अधिक 5"), None, "5"),
        (line("number", "200", tolerance_minus="0", tolerance_plus="0"), "200", "200"),
    ],
)
def test_limits_are_read_from_requirement_and_tolerance(each, low, high):
    found = policies.limits(each)
    assert (found.low, found.high) == tuple(v and Decimal(v) for v in (low, high))


@pytest.mark.parametrize(
    "each",
    [
        line("number", "200"),
        line("text", "good"),
        line("colour", "RAL 5020"),
        line("standard", "ISO 3801"),
        line("text", "3 of 12 pieces of 5 kg"),
    ],
)
def test_a_line_without_a_band_has_no_limits(each):
    assert policies.limits(each) is None


def test_units_have_one_spelling_and_convert_exactly():
    assert units.normalise("gsm") == units.normalise("g/m2") == "g/m²"
    assert units.normalise("克/平方米") == "g/m²"
    assert units.normalise("सेमी") == "cm"
    assert units.convert(Decimal(1), "in", "cm") == Decimal("2.54")
    assert round(units.convert(Decimal(200), "gsm", "oz/yd²"), 4) == Decimal("5.8987")
    assert units.rec20("gsm") == "GM"
    assert units.rec20("件") == "C62"
    assert not units.comparable("cm", "g")
    assert not units.comparable("pcs", "pairs")
    with pytest.raises(units.NotComparable):
        units.convert(Decimal(1), "cm", "g")
    with pytest.raises(units.UnknownUnit):
        units.normalise("cubit")


def test_the_units_list_has_a_code_for_each_and_no_code_twice():
    assert len(set(units.REC20.values())) == len(units.REC20) == len(units.UNITS)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.5", "0.5"),
        ("0,5", "0.5"),
        ("0,125", "0.125"),
        ("1,000", "1000"),
        ("± 5 %", "10"),
        ("5%", "10"),
        ("0", "0"),
        ("some", None),
        ("", None),
    ],
)
def test_a_tolerance_is_an_amount_or_a_share(text, amount):
    assert policies.tolerance(text, Decimal(200)) == (amount and Decimal(amount))
