"""Lines pasted from a spreadsheet: cells in, contract lines out, not a word of them left behind.

A first row of headings (English, Chinese or Hindi) says which column is which; without one the
columns come in the order of COLUMNS. What cannot be read as a unit or a tolerance stays in the
requirement, where the clarity rules find it.
"""

import csv
import io
import re
from dataclasses import dataclass

from contracts import readings, units
from contracts.sentences import noop as _
from contracts.vague import fold

COLUMNS = ("characteristic", "requirement", "tolerance", "unit", "how_checked", "severity")
LONGEST = {"characteristic": 80, "requirement": 300, "how_checked": 200}
MOST_LINES = 100
_HEADINGS = {
    "characteristic": "characteristic|property|item|name|特性|项目|名称|विशेषता|गुण",
    "requirement": "requirement|value|specification|spec|要求|规格|आवश्यकता|मान",
    "tolerance": "tolerance|tolerance ±|tol|±|公差|允差|सहनशीलता",
    "unit": "unit|units|单位|इकाई",
    "how_checked": "how it is checked|how checked|check|test|test method|method|"
    "检验方法|测试方法|जाँच|जांच|परीक्षण",
    "severity": "severity|严重程度|严重性|गंभीरता",
}
_SEVERITIES = {
    "critical": ("critical", "致命", "गंभीर"),
    "major": ("major", "主要", "严重", "मुख्य"),
    "minor": ("minor", "次要", "轻微", "मामूली"),
}
_TWO_SIDED = re.compile(r"^\+ ?([^ /]+(?: ?%)?)[ /,;]+[-−–] ?(.+)$")
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|webp|dwg|ai)$")


@dataclass(frozen=True)
class Unpasteable(ValueError):
    """A row that cannot become a line: an English sentence, and what it names."""

    message: str
    params: dict


def lines(text: str) -> list[dict]:
    """The fields of every line in a pasted block. Raises Unpasteable; nothing is cut short."""
    rows = _rows(text)
    columns = COLUMNS
    if rows and (headings := _headed(rows[0])):
        columns, rows = headings, rows[1:]
    if len(rows) > MOST_LINES:
        raise Unpasteable(
            _("These are %(count)s rows. Paste at most %(most)s at a time."),
            {"count": len(rows), "most": MOST_LINES},
        )
    return [_line(number, columns, row) for number, row in enumerate(rows, 1)]


def kind_of(requirement: str, unit: str = "", tolerance: str = "") -> str:
    """The kind of line that a requirement reads like."""
    low = readings.low(requirement)
    if readings.match("yes_no", low):
        return "compliance"
    if readings.match("colour", low):
        return "colour"
    if readings.match("standard", low) or readings.match("standard_upper", fold(requirement)):
        return "standard"
    if _FILE.search(low):
        return "file"
    if not readings.match("number", low):
        return "text"
    if readings.match("range", low) or readings.match("limit", low):
        return "range"
    measured = unit or tolerance or readings.match("unit_in_text", low)
    return "number" if measured else "text"


def tolerances(text: str) -> tuple[str, str]:
    """Downwards and upwards: "±5 %" is both, "+0.5/-0.2" is each, "-2" and "+2" are one side."""
    plain = fold(text)
    if both := _TWO_SIDED.match(plain):
        return both.group(2).strip(), both.group(1).strip()
    bare = plain.lstrip("±").removeprefix("+/-").strip()
    if bare.startswith("+"):
        return "", bare[1:].strip()
    if bare.startswith(("-", "−")):
        return bare[1:].strip(), ""
    return bare, bare


def _rows(text: str) -> list[list[str]]:
    separator = "\t" if "\t" in text else ";"
    table = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator)
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in table]
    except csv.Error as error:
        raise Unpasteable(_("One cell is too large. Paste fewer rows."), {}) from error
    return [row for row in rows if any(row)]


def _headed(row: list[str]) -> tuple[str, ...]:
    names = {
        fold(word).lower(): column
        for column, words in _HEADINGS.items()
        for word in words.split("|")
    }
    columns = tuple(names.get(fold(cell).lower(), "") for cell in row)
    return columns if sum(map(bool, columns)) > 1 else ()


def _line(number: int, columns: tuple[str, ...], row: list[str]) -> dict:
    cells, more = dict.fromkeys(COLUMNS, ""), []
    for place, cell in enumerate(row):
        column = columns[place] if place < len(columns) else ""
        if column and not cells[column]:
            cells[column] = cell
        elif cell:
            more.append(cell)
    severity = _severity(cells["severity"], more)
    minus, plus = _tolerance(cells["tolerance"], more)
    unit = _unit(cells["unit"], more)
    requirement = " ".join(filter(None, [cells["requirement"], *more]))
    line = {
        "characteristic": cells["characteristic"],
        "requirement": requirement,
        "how_checked": cells["how_checked"],
    }
    _fits(number, line)
    sides = {"tolerance_minus": minus, "tolerance_plus": plus}
    kind = kind_of(requirement, unit, minus or plus)
    return line | sides | {"unit": unit, "severity": severity, "kind": kind}


def _fits(number: int, line: dict) -> None:
    for column, most in LONGEST.items():
        if len(line[column]) > most:
            raise Unpasteable(
                _("Row %(row)s: a cell holds more than %(most)s characters. Shorten it."),
                {"row": number, "most": most},
            )


def _severity(cell: str, more: list[str]) -> str:
    low = fold(cell).lower()
    for severity, words in _SEVERITIES.items():
        if low in {fold(word).lower() for word in words}:
            return severity
    if cell:
        more.append(cell)
    return "major"


def _tolerance(cell: str, more: list[str]) -> tuple[str, str]:
    sides = tolerances(cell)
    if all(len(side) <= 20 and (not side or readings.is_tolerance(side)) for side in sides):
        return sides
    more.append(cell)
    return "", ""


def _unit(cell: str, more: list[str]) -> str:
    if not cell:
        return ""
    try:
        return units.normalise(cell)
    except units.UnknownUnit:
        more.append(cell)
        return ""
