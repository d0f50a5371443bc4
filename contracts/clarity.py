"""How clearly a contract line says what is promised: a score, and what each gap costs (S22-S45).

A line earns points for what an inspector needs; every point it misses is a gap with its
consequence and a way to repair it (S44: any gap, however small, exposes the buyer). The score
is advice: it never forbids sending, and it reads the same for both sides in every language.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from contracts import gaps as catalogue
from contracts import readings, vague
from contracts.gaps import Gap

WEIGHTS = {
    "name": 15,
    "requirement": 20,
    "not_vague": 15,
    "measurable": 25,
    "bounded": 10,
    "checked": 15,
}
CLEAR_FROM = 90
DETAIL_FROM = 60
MISSING_LINE_COSTS = 5
KINDS = ("number", "range", "colour", "standard", "file", "choice", "compliance", "brand", "text")


@dataclass(frozen=True)
class Line:
    """One thing that was agreed, as its author wrote it; tolerances are texts such as "5 %"."""

    number: int
    characteristic: str = ""
    kind: str = "text"
    requirement: str = ""
    tolerance_minus: str = ""
    tolerance_plus: str = ""
    unit: str = ""
    how_checked: str = ""
    severity: str = "major"
    template_key: str = ""
    attachment_name: str = ""
    attachment_sha256: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """How one line fares: 0 to 100, in words, and everything that is missing."""

    score: int
    level: str
    gaps: tuple[Gap, ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class ContractAssessment:
    """How the whole contract fares; `missing` are template lines left out without a reason."""

    score: int
    level: str
    lines: tuple[Assessment, ...] = ()
    missing: tuple[Gap, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every open gap: those of the lines in order, then the lines that are not there."""
        return tuple(gap for line in self.lines for gap in line.gaps) + self.missing


@dataclass(frozen=True)
class Reading:
    """The facts of a line that the points are given for."""

    text: str
    low: str
    locked_file: bool
    words: list[tuple[str, str]] = field(default_factory=list)

    def shows(self, *names: str) -> bool:
        """Whether the requirement contains any of the named patterns."""
        return any(readings.match(name, self.low) for name in names)

    @property
    def standard(self) -> bool:
        """Whether a standard is named with its number."""
        upper = readings.match("standard_upper", self.text)
        return self.shows("standard") or upper is not None

    @property
    def known_colour(self) -> bool:
        """Whether it names a colour that a book defines; a Pantone number needs its letter."""
        return self.shows("colour") and not readings.unknown_book(self.low)


def assess(line: Line, language: str = "en", template=None) -> Assessment:
    """Judge one line (S44); `language` only orders the words named, never the score."""
    reading = read(line, language)
    points = earned(line, reading)
    score = sum(WEIGHTS[name] for name in points)
    found = tuple(catalogue.of_line(line, reading, points, template))
    return Assessment(score, level_of(score), found, line.number)


def assess_contract(
    lines: Iterable[Line], template=None, language: str = "en", left_out: Collection[str] = ()
) -> ContractAssessment:
    """Judge all lines: their mean, less 5 for each template line missing without a reason.

    `left_out` holds the keys of template lines that the parties left out with a reason.
    """
    lines = list(lines)
    wanted = {row.key: row for row in template.lines} if template else {}
    judged = tuple(assess(line, language, wanted.get(line.template_key)) for line in lines)
    absent = wanted.keys() - {line.template_key for line in lines} - set(left_out)
    missing = tuple(catalogue.missing(row) for key, row in wanted.items() if key in absent)
    total = sum(line.score for line in judged)
    mean = (2 * total + len(judged)) // (2 * len(judged)) if judged else 0
    score = max(0, mean - MISSING_LINE_COSTS * len(missing))
    return ContractAssessment(score, level_of(score), judged, missing)


def level_of(score: int) -> str:
    """ "clear" from 90, "detail" from 60, else "vague"."""
    if score >= CLEAR_FROM:
        return "clear"
    return "detail" if score >= DETAIL_FROM else "vague"


def read(line: Line, language: str = "en") -> Reading:
    """Read the requirement of a line."""
    return Reading(
        text=vague.fold(line.requirement),
        low=readings.low(line.requirement),
        locked_file=bool(line.attachment_name and line.attachment_sha256),
        words=vague.find(line.requirement, language),
    )


def earned(line: Line, reading: Reading) -> set[str]:
    """The names of the points a line earns."""
    stated = bool(reading.low or line.attachment_name)
    facts = {
        "name": bool(vague.fold(line.characteristic)),
        "requirement": stated,
        "not_vague": stated and not reading.words and not readings.approximation(reading.low),
        "measurable": measurable(line, reading),
        "bounded": bounded(line, reading),
        "checked": bool(vague.fold(line.how_checked)),
    }
    return {name for name, holds in facts.items() if holds}


def measurable(line: Line, reading: Reading) -> bool:
    """Whether an inspector can decide it: a number, standard, file, closed list or yes and no."""
    if reading.locked_file:
        return True
    rule = _MEASURABLE.get(line.kind, _open_text)
    return rule(line, reading)


def bounded(line: Line, reading: Reading) -> bool:
    """Whether it says how far is too far: a tolerance, a limit, or a value that is closed."""
    if tolerance_given(line) or reading.locked_file:
        return True
    if line.kind in {"compliance", "choice", "brand", "standard"}:
        return measurable(line, reading)
    if line.kind == "range":
        return reading.shows("range", "limit", "plus_minus")
    closed = reading.standard or reading.known_colour or reading.shows("yes_no", "delta_e")
    number = reading.shows("number")
    limited = number and reading.shows("range", "limit", "plus_minus")
    return limited or (closed and line.kind != "number")


def tolerance_given(line: Line) -> bool:
    """Whether at least one tolerance is written as a number."""
    return any(readings.is_tolerance(text) for text in (line.tolerance_minus, line.tolerance_plus))


def table_for_browser(language: str = "en") -> dict:
    """The rules as data for static/js/clarity.js: the same words, patterns and weights.

    The messages are English sources; `contracts.wording.table_for_browser` translates them.
    """
    order = sorted(vague.WORDS, key=lambda name: name != language[:2])
    return {
        "weights": WEIGHTS,
        "levels": {"clear": CLEAR_FROM, "detail": DETAIL_FROM},
        "missing_line_costs": MISSING_LINE_COSTS,
        "words": [row for name in order for row in vague.table(name)],
        "exceptions": list(vague.EXCEPTIONS),
        "invisible": vague.INVISIBLE,
        "patterns": readings.PATTERNS,
        "books": list(readings.BOOKS),
        "messages": {kind: entry.message for kind, entry in catalogue.CATALOGUE.items()},
        "consequences": {kind: entry.consequence for kind, entry in catalogue.CATALOGUE.items()},
    }


def _number(line: Line, reading: Reading) -> bool:
    return reading.shows("number") and (bool(line.unit) or reading.shows("unit_in_text"))


def _range(line: Line, reading: Reading) -> bool:
    limited = reading.shows("range", "limit", "plus_minus") or tolerance_given(line)
    return limited and _number(line, reading)


def _choice(line: Line, reading: Reading) -> bool:
    return reading.low in readings.folded_choices(line.choices)


def _brand(line: Line, reading: Reading) -> bool:
    return bool(reading.low) and not reading.words


def _open_text(line: Line, reading: Reading) -> bool:
    return reading.standard or reading.shows("number", "colour", "yes_no")


_MEASURABLE = {
    "number": _number,
    "range": _range,
    "colour": lambda line, reading: reading.shows("colour"),
    "standard": lambda line, reading: reading.standard,
    "file": lambda line, reading: False,
    "choice": _choice,
    "compliance": lambda line, reading: reading.shows("yes_no"),
    "brand": _brand,
    "text": _open_text,
}
