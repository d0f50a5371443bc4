"""How many pieces an inspector checks, which ones, and how many defects still pass.

Single sampling by attributes after MIL-STD-105E (a public document), whose central tables
ISO 2859-1 and ANSI/ASQ Z1.4 share. The tables are not typed in: along every diagonal of
(code letter, AQL) the same acceptance numbers return, so one rule yields every cell.
Normal inspection is the rule; tightened inspection is used only where both sides agreed
to it. Reduced inspection and the switching rules, which need a series of lots, are left out.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

LETTERS = "ABCDEFGHJKLMNPQRS"
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
AQLS = (
    *map(Decimal, ("0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25")),
    *map(Decimal, ("0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10")),
)
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")

# The largest lot of each row, and the row's code letters in the order of LEVELS (Table I);
# every larger lot falls into the last row.
LAST_ROW = "DEHKNQR"
ROWS = (
    (8, "AAAAAAB"),
    (15, "AAAAABC"),
    (25, "AABBBCD"),
    (50, "ABBCCDE"),
    (90, "BBCCCEF"),
    (150, "BBCDDFG"),
    (280, "BCDEEGH"),
    (500, "BCDEFHJ"),
    (1200, "CCEFGJK"),
    (3200, "CDEGHKL"),
    (10000, "CDFGJLM"),
    (35000, "CDFHKMN"),
    (150000, "DEGJLNP"),
    (500000, "DEGJMPQ"),
)

# Acceptance number 0 in critical defects: one is enough to fail the lot (standards.md 5.2).
DEFAULT_LEVEL = "II"
DEFAULT_CLASSES = {"critical": Decimal(0), "major": Decimal("2.5"), "minor": Decimal("4.0")}


@dataclass(frozen=True)
class Severity:
    """One of the two tables: where its diagonals begin, and what they hold."""

    zero: int  # letter index + AQL index of the cells with acceptance number 0
    up: frozenset[int]  # distances from there at which the arrow points up
    accepts: tuple[int, ...]  # acceptance numbers from distance 3 onwards
    letters: str  # the letters that have a row of their own


SEVERITIES = {
    "normal": Severity(14, frozenset({1}), (1, 2, 3, 5, 7, 10, 14, 21), LETTERS[:-1]),
    # Only the tightened table goes on to S 3150: the first plan below R at AQL 0.025.
    "tightened": Severity(15, frozenset(), (1, 2, 3, 5, 8, 12, 18), LETTERS),
}


@dataclass(frozen=True)
class Plan:
    """Check `sample` pieces; `accept` defective ones still pass, `reject` fail the lot.

    `code` is the letter of the lot, `letter` the one whose sample is used once the arrows
    have been followed; `whole_lot` means that every piece is checked.
    """

    code: str
    letter: str
    sample: int
    accept: int
    reject: int
    whole_lot: bool

    @property
    def arrow(self) -> str:
        """Which way the table sent the reader from the lot's letter: "up", "down" or ""."""
        steps = LETTERS.index(self.letter) - LETTERS.index(self.code)
        return "down" if steps > 0 else "up" if steps < 0 else ""


def code_letter(lot: int, level: str = DEFAULT_LEVEL) -> str:
    """The code letter of a lot of so many pieces (Table I). ValueError for no lot, no level."""
    if lot < 1:
        raise ValueError("A lot has at least one piece.")
    if level not in LEVELS:
        raise ValueError(f"“{level}” is not an inspection level: use {', '.join(LEVELS)}.")
    row = next((letters for largest, letters in ROWS if lot <= largest), LAST_ROW)
    return row[LEVELS.index(level)]


def plan(
    lot: int,
    aql: Decimal | str | float,
    level: str = DEFAULT_LEVEL,
    severity: str = "normal",
) -> Plan:
    """The sampling plan of one defect class (Tables II-A and II-B, standards.md 5.2).

    `aql` is in per cent. AQL 0 accepts no defect in the sample of the code letter itself.
    Raises ValueError for a lot, level, AQL or severity that the standard does not know.
    """
    code, table, exact = code_letter(lot, level), _severity(severity), _exact(aql)
    letter, accept = _read(code, exact, table)
    return _over(lot, code, letter, accept)


def plans(
    lot: int,
    classes: Mapping[str, Decimal | str | float] = DEFAULT_CLASSES,
    level: str = DEFAULT_LEVEL,
    severity: str = "normal",
) -> dict[str, Plan]:
    """The plans of all defect classes over one common sample, the largest any class needs.

    Where classes differ in size, the others' acceptance numbers are read at the letter of
    the largest; if an arrow there leads to a larger sample still, that one is taken and
    all are read again, so no acceptance number is ever used with too small a sample.
    """
    if not classes:
        raise ValueError("A sampling plan needs at least one class of defects.")
    code, table = code_letter(lot, level), _severity(severity)
    exact = {name: _exact(aql) for name, aql in classes.items()}
    letter = _common_letter(code, exact.values(), table)
    return {
        name: _over(lot, code, letter, _read(letter, aql, table)[1]) for name, aql in exact.items()
    }


def pick_list(seed: str, lot: int, sample: int) -> list[int]:
    """Which pieces (numbered 1 to `lot`) are checked: the same for everybody with the seed.

    Draw k = 0, 1, 2 … is 1 + SHA-256("<seed>:<k>") mod lot, the digest read as one big-endian
    number; a piece already drawn is passed over, until `sample` different ones are found.
    A commitment to the seed is published before the visit, so neither side can choose.
    """
    if not 0 <= sample <= lot:
        raise ValueError("A sample is not larger than its lot.")
    if sample == lot:
        return list(range(1, lot + 1))
    chosen: set[int] = set()
    draw = 0
    while len(chosen) < sample:
        digest = hashlib.sha256(f"{seed}:{draw}".encode()).digest()
        chosen.add(1 + int.from_bytes(digest, "big") % lot)
        draw += 1
    return sorted(chosen)


def seed_commitment(seed: str) -> str:
    """What is published before the visit: the SHA-256 of the seed, in hexadecimal.

    It hides the seed only if nobody can guess that: draw it with `secrets.token_hex`.
    """
    return hashlib.sha256(seed.encode()).hexdigest()


def _over(lot: int, code: str, letter: str, accept: int) -> Plan:
    """The plan over the sample of a letter, or over the whole lot if that is not larger."""
    size = SIZES[LETTERS.index(letter)]
    return Plan(code, letter, min(size, lot), accept, accept + 1, size >= lot)


def _common_letter(code: str, aqls: Collection[Decimal], table: Severity) -> str:
    """The letter at which no class is sent on to a larger sample."""
    letter, largest = "", code
    while letter != largest:
        letter = largest
        used = [_read(letter, aql, table)[0] for aql in aqls if aql]
        largest = max(used, key=LETTERS.index, default=letter)
    return letter


def _read(letter: str, aql: Decimal, table: Severity) -> tuple[str, int]:
    """The letter and the acceptance number that a cell gives, its arrow followed."""
    if not aql:
        return letter, 0
    row, column = LETTERS.index(letter), AQLS.index(aql)
    cells = ((at, _accept(at, column, table)) for at in _path(row, column, table))
    return next((LETTERS[at], accept) for at, accept in cells if accept is not None)


def _path(row: int, column: int, table: Severity) -> tuple[int, ...]:
    """The rows along the arrow of a cell, itself first; leaving the table it turns round."""
    distance = row + column - table.zero
    up = distance in table.up or distance >= 3 + len(table.accepts)
    above, below = range(row, -1, -1), range(row, len(table.letters))
    return (*above, *below) if up else (*below, *above)


def _accept(row: int, column: int, table: Severity) -> int | None:
    """The acceptance number of a cell, or None where the cell holds an arrow."""
    distance = row + column - table.zero
    if distance == 0:
        return 0
    if 3 <= distance < 3 + len(table.accepts):
        return table.accepts[distance - 3]
    return None


def _exact(aql: Decimal | str | float) -> Decimal:
    try:
        exact = Decimal(str(aql))
    except InvalidOperation:
        raise ValueError(f"“{aql}” is not an AQL.") from None
    if exact != 0 and exact not in AQLS:
        raise ValueError(f"AQL {aql} is not one of the standard’s: 0, 0.010 … 10 per cent.")
    return exact


def _severity(name: str) -> Severity:
    if name not in SEVERITIES:
        raise ValueError(f"“{name}” is not offered: inspection is normal or tightened.")
    return SEVERITIES[name]
