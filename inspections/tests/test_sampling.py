"""The sampling tables, cell by cell, against the printed ones of MIL-STD-105E / ISO 2859-1."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import sampling
from inspections.sampling import AQLS, LETTERS, LEVELS, SIZES, Plan, plan, plans

# First and last lot size of a row, then the letters of S-1 S-2 S-3 S-4 I II III.
CODE_LETTERS = """
     2       8  A A A A A A B
     9      15  A A A A A B C
    16      25  A A B B B C D
    26      50  A B B C C D E
    51      90  B B C C C E F
    91     150  B B C D D F G
   151     280  B C D E E G H
   281     500  B C D E F H J
   501    1200  C C E F G J K
  1201    3200  C D E G H K L
  3201   10000  C D F G J L M
 10001   35000  C D F H K M N
 35001  150000  D E G J L N P
150001  500000  D E G J M P Q
500001 9999999  D E H K N Q R
"""

# The columns of both tables; in a cell: the arrow, the letter it ends at, the Ac there.
COLUMNS = "0.065 0.10 0.15 0.25 0.40 0.65 1.0 1.5 2.5 4.0 6.5".split()  # noqa: SIM905
NORMAL = """
A  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  ↓C0  ↓B0  A0
B  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  ↓C0  B0   ↑A0
C  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  C0   ↑B0  ↓D1
D  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  D0   ↑C0  ↓E1  D1
E  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  E0   ↑D0  ↓F1  E1   E2
F  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  F0   ↑E0  ↓G1  F1   F2   F3
G  ↓L0  ↓K0  ↓J0  ↓H0  G0   ↑F0  ↓H1  G1   G2   G3   G5
H  ↓L0  ↓K0  ↓J0  H0   ↑G0  ↓J1  H1   H2   H3   H5   H7
J  ↓L0  ↓K0  J0   ↑H0  ↓K1  J1   J2   J3   J5   J7   J10
K  ↓L0  K0   ↑J0  ↓L1  K1   K2   K3   K5   K7   K10  K14
L  L0   ↑K0  ↓M1  L1   L2   L3   L5   L7   L10  L14  L21
M  ↑L0  ↓N1  M1   M2   M3   M5   M7   M10  M14  M21  ↑L21
N  ↓P1  N1   N2   N3   N5   N7   N10  N14  N21  ↑M21 ↑L21
P  P1   P2   P3   P5   P7   P10  P14  P21  ↑N21 ↑M21 ↑L21
Q  Q2   Q3   Q5   Q7   Q10  Q14  Q21  ↑P21 ↑N21 ↑M21 ↑L21
R  R3   R5   R7   R10  R14  R21  ↑Q21 ↑P21 ↑N21 ↑M21 ↑L21
"""
TIGHTENED = """
A  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  ↓C0  ↓B0
B  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  ↓C0  B0
C  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  ↓D0  C0   ↓E1
D  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  ↓E0  D0   ↓F1  ↓E1
E  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  ↓F0  E0   ↓G1  ↓F1  E1
F  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  ↓G0  F0   ↓H1  ↓G1  F1   F2
G  ↓M0  ↓L0  ↓K0  ↓J0  ↓H0  G0   ↓J1  ↓H1  G1   G2   G3
H  ↓M0  ↓L0  ↓K0  ↓J0  H0   ↓K1  ↓J1  H1   H2   H3   H5
J  ↓M0  ↓L0  ↓K0  J0   ↓L1  ↓K1  J1   J2   J3   J5   J8
K  ↓M0  ↓L0  K0   ↓M1  ↓L1  K1   K2   K3   K5   K8   K12
L  ↓M0  L0   ↓N1  ↓M1  L1   L2   L3   L5   L8   L12  L18
M  M0   ↓P1  ↓N1  M1   M2   M3   M5   M8   M12  M18  ↑L18
N  ↓Q1  ↓P1  N1   N2   N3   N5   N8   N12  N18  ↑M18 ↑L18
P  ↓Q1  P1   P2   P3   P5   P8   P12  P18  ↑N18 ↑M18 ↑L18
Q  Q1   Q2   Q3   Q5   Q8   Q12  Q18  ↑P18 ↑N18 ↑M18 ↑L18
R  R2   R3   R5   R8   R12  R18  ↑Q18 ↑P18 ↑N18 ↑M18 ↑L18
"""
SIZE_OF = dict(zip(LETTERS, SIZES, strict=True))
PRINTED_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)


def rows(literal: str) -> list[list[str]]:
    return [line.split() for line in literal.strip().splitlines()]


def lot_with(letter: str) -> tuple[int, str]:
    """A lot and a level that have this code letter, by the printed table."""
    for _first, last, *letters in rows(CODE_LETTERS):
        for level, found in zip(LEVELS, letters, strict=True):
            if found == letter:
                return int(last), level
    raise AssertionError(f"No lot has the letter {letter}.")


def cells(literal: str) -> list[tuple[str, str, str, int, str]]:
    arrows = {"↓": "down", "↑": "up"}
    return [
        (code, column, cell.lstrip("↓↑")[0], int(cell.lstrip("↓↑")[1:]), arrows.get(cell[0], ""))
        for code, *row in rows(literal)
        for column, cell in zip(COLUMNS, row, strict=True)
    ]


@pytest.mark.parametrize("level", range(7))
@pytest.mark.parametrize("row", rows(CODE_LETTERS))
def test_every_lot_size_has_the_printed_code_letter(row, level):
    first, last, *letters = row
    for lot in (int(first), int(last)):
        assert sampling.code_letter(lot, LEVELS[level]) == letters[level]


@pytest.mark.parametrize(("severity", "literal"), [("normal", NORMAL), ("tightened", TIGHTENED)])
def test_all_176_printed_cells_come_out_of_the_diagonal_rule(severity, literal):
    printed = cells(literal)
    assert len(printed) == 16 * 11
    for code, aql, letter, accept, arrow in printed:
        lot, level = lot_with(code)
        size = SIZE_OF[letter]
        assert plan(lot, Decimal(aql), level, severity) == Plan(
            code, letter, min(size, lot), accept, accept + 1, size >= lot
        ), (code, aql)
        assert plan(lot, Decimal(aql), level, severity).arrow == arrow, (code, aql)


def test_the_letters_stand_for_the_printed_sample_sizes():
    assert SIZES[:16] == PRINTED_SIZES
    assert LETTERS[:16] == "ABCDEFGHJKLMNPQR"
    assert (LETTERS[16], SIZES[16]) == ("S", 3150)


@pytest.mark.parametrize(
    ("lot", "level", "aql", "code", "arrow", "letter", "sample", "accept", "whole_lot"),
    [
        (500, "II", "2.5", "H", "", "H", 50, 3, False),
        (500, "II", "4.0", "H", "", "H", 50, 5, False),
        (1000, "II", "1.0", "J", "", "J", 80, 2, False),
        (5000, "II", "2.5", "L", "", "L", 200, 10, False),
        (5000, "II", "4.0", "L", "", "L", 200, 14, False),
        (5000, "I", "2.5", "J", "", "J", 80, 5, False),
        (5000, "III", "2.5", "M", "", "M", 315, 14, False),
        (90, "II", "1.5", "E", "up", "D", 8, 0, False),
        (90, "II", "2.5", "E", "down", "F", 20, 1, False),
        (20, "II", "0.65", "C", "down", "F", 20, 0, True),
        (40, "II", "0.065", "D", "down", "L", 40, 0, True),
        (1200, "II", "0.25", "J", "up", "H", 50, 0, False),
        (150000, "II", "6.5", "N", "up", "L", 200, 21, False),
    ],
)
def test_the_worked_checks_of_the_standard(
    lot, level, aql, code, arrow, letter, sample, accept, whole_lot
):
    found = plan(lot, Decimal(aql), level)
    assert found == Plan(code, letter, sample, accept, accept + 1, whole_lot)
    assert found.arrow == arrow


@pytest.mark.parametrize(
    ("lot", "level", "aql", "severity", "letter", "sample", "accept"),
    [
        # The finest AQLs: an arrow that would leave the table below turns up again.
        (200000, "III", "0.010", "normal", "Q", 1250, 0),
        (600000, "III", "0.010", "normal", "Q", 1250, 0),
        (600000, "III", "0.015", "normal", "P", 800, 0),
        (600000, "III", "0.025", "normal", "R", 2000, 1),
        (600000, "III", "0.010", "tightened", "R", 2000, 0),
        (600000, "III", "0.015", "tightened", "Q", 1250, 0),
        # Letter S exists for this one plan.
        (600000, "III", "0.025", "tightened", "S", 3150, 1),
        (600000, "III", "0.040", "tightened", "R", 2000, 1),
        # The coarsest: there is nothing above A, so its arrow leads down to C.
        (8, "II", "10", "normal", "C", 5, 1),
        (15, "II", "10", "normal", "C", 5, 1),
        (40, "II", "10", "normal", "D", 8, 2),
        (1200, "II", "10", "normal", "J", 80, 14),
        (3200, "II", "10", "normal", "K", 125, 21),
        (5000, "II", "10", "normal", "K", 125, 21),
    ],
)
def test_the_ends_of_the_range_of_aqls(lot, level, aql, severity, letter, sample, accept):
    found = plan(lot, Decimal(aql), level, severity)
    assert (found.letter, found.sample, found.accept) == (letter, sample, accept)


@pytest.mark.parametrize(
    ("level", "letter", "sample"),
    [("S-1", "C", 5), ("S-2", "D", 8), ("S-3", "F", 20), ("S-4", "G", 32)],
)
def test_special_levels_take_small_samples_of_a_lot_of_5000(level, letter, sample):
    found = plan(5000, Decimal(0), level)
    assert (found.code, found.sample) == (letter, sample)


def test_the_default_classes_of_a_lot_of_5000_share_200_pieces():
    found = plans(5000)
    assert {name: (each.sample, each.accept, each.reject) for name, each in found.items()} == {
        "critical": (200, 0, 1),
        "major": (200, 10, 11),
        "minor": (200, 14, 15),
    }


def test_classes_of_a_lot_of_90_share_the_largest_sample():
    found = plans(90, {"major": 2.5, "minor": 4.0})
    assert found["major"] == Plan("E", "F", 20, 1, 2, False)
    assert found["minor"] == Plan("E", "F", 20, 2, 3, False)
    assert plan(90, "4.0") == Plan("E", "E", 13, 1, 2, False)


def test_a_reading_that_leads_to_a_larger_sample_still_takes_it():
    # Lot 40: 2.5 needs C 5, 4.0 needs E 13; at E the 2.5 column points on to F 20.
    found = plans(40)
    assert {name: (each.sample, each.accept) for name, each in found.items()} == {
        "critical": (20, 0),
        "major": (20, 1),
        "minor": (20, 2),
    }


def test_classes_that_all_point_up_share_the_smaller_sample():
    found = plans(40000, {"major": "4.0", "minor": "6.5"})
    assert found["major"] == Plan("N", "M", 315, 21, 22, False)
    assert found["minor"] == Plan("N", "M", 315, 21, 22, False)


def test_a_lot_smaller_than_its_sample_is_inspected_whole():
    assert [each.sample for each in plans(4).values()] == [4, 4, 4]
    assert all(each.whole_lot for each in plans(4).values())
    assert plan(1, "2.5") == Plan("A", "C", 1, 0, 1, True)


def test_critical_defects_alone_are_read_at_the_letter_of_the_lot():
    assert plans(5000, {"critical": 0}) == {"critical": Plan("L", "L", 200, 0, 1, False)}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: plan(0, "2.5"), "A lot has at least one piece."),
        (lambda: plan(500, "2.7"), "AQL 2.7 is not one of the standard’s: 0, 0.010 … 10 per cent."),
        (lambda: plan(500, "low"), "“low” is not an AQL."),
        (lambda: plan(500, "15"), "AQL 15 is not one of the standard’s: 0, 0.010 … 10 per cent."),
        (lambda: plan(500, "2.5", "IV"), "“IV” is not an inspection level: use S-1"),
        (lambda: plan(500, "2.5", "II", "reduced"), "“reduced” is not offered"),
        (lambda: plans(500, {}), "A sampling plan needs at least one class of defects."),
        (lambda: sampling.pick_list("s", 5, 6), "A sample is not larger than its lot."),
    ],
)
def test_what_the_standard_does_not_know_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        call()


LOTS = st.integers(1, 2_000_000)
SEVERITY = st.sampled_from(["normal", "tightened"])


@settings(max_examples=300, deadline=None)
@given(LOTS, st.sampled_from(AQLS), st.sampled_from(LEVELS), SEVERITY)
def test_every_lot_has_a_plan_with_fewer_accepted_than_checked(lot, aql, level, severity):
    found = plan(lot, aql, level, severity)
    assert 1 <= found.sample <= lot
    assert found.reject == found.accept + 1
    assert found.whole_lot == (found.sample == lot)
    if not found.whole_lot:
        assert found.sample == SIZE_OF[found.letter]
        assert found.accept < found.sample


@settings(max_examples=300, deadline=None)
@given(LOTS, st.lists(st.sampled_from(AQLS), min_size=1, max_size=4), SEVERITY)
def test_no_class_is_ever_checked_on_less_than_its_plan_at_the_common_letter(lot, aqls, severity):
    found = plans(lot, {str(aql): aql for aql in aqls}, "II", severity)
    (letter,) = {each.letter for each in found.values()}
    for aql in aqls:
        own = sampling._read(letter, aql, sampling.SEVERITIES[severity])
        assert SIZE_OF[own[0]] <= SIZE_OF[letter]
        assert found[str(aql)].accept == own[1]
        assert found[str(aql)].sample == min(lot, SIZE_OF[letter])


@settings(max_examples=200, deadline=None)
@given(LOTS, st.sampled_from(AQLS))
def test_tightened_inspection_never_passes_a_share_that_normal_inspection_fails(lot, aql):
    normal, tightened = plan(lot, aql), plan(lot, aql, severity="tightened")
    if normal.sample == tightened.sample:
        assert tightened.accept <= normal.accept
    else:
        assert tightened.accept * normal.sample <= normal.accept * tightened.sample
