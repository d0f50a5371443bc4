"""The gaps a contract line can have: what is missing, what it costs, how to repair it (S44)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts import readings
from contracts.sentences import noop as _
from contracts.vague import SUGGESTIONS

NO_CLAIM = _("You could not claim on this.")
STANDARD_DECIDES = _("The inspection company’s industry standard decides instead of this line.")
METHOD_DECIDES = _("The inspector chooses the method, and the result may not be the one you meant.")


@dataclass(frozen=True)
class Entry:
    """What a kind of gap says, in English with named places, and what it costs."""

    message: str
    consequence: str


@dataclass(frozen=True)
class Repair:
    """A way out: a sentence, and where there is one the text that a click puts into a field."""

    message: str
    params: dict[str, str] = field(default_factory=dict)
    field_name: str = ""
    value: str = ""


@dataclass(frozen=True)
class Gap:
    """One thing that is not agreed: message and consequence are English sources (see wording)."""

    kind: str
    message: str
    consequence: str
    repairs: tuple[Repair, ...] = ()
    params: dict[str, str] = field(default_factory=dict)
    line: int | None = None
    template_key: str = ""

    @property
    def code(self) -> str:
        """The name a party acknowledges it by: "2.vague_word", "care_label.missing"."""
        return f"{self.template_key if self.line is None else self.line}.{self.kind}"

    @property
    def blocking(self) -> bool:
        """Whether nobody could claim on it: a proposal needs the buyer's tick for it by name."""
        return self.consequence == NO_CLAIM


CATALOGUE: dict[str, Entry] = {
    "name": Entry(_("The line has no name."), NO_CLAIM),
    "requirement": Entry(_("%(name)s: nothing is required."), NO_CLAIM),
    "vague_word": Entry(_("“%(words)s” cannot be measured."), NO_CLAIM),
    "approximate": Entry(
        _("“About %(number)s” does not say how far is too far."), STANDARD_DECIDES
    ),
    "measurable": Entry(_("%(name)s: there is nothing an inspector can measure."), NO_CLAIM),
    "unit": Entry(_("%(name)s: the number has no unit."), NO_CLAIM),
    "file": Entry(_("%(name)s: the file is not attached."), NO_CLAIM),
    "choice": Entry(_("%(name)s: the requirement is not on the list of allowed values."), NO_CLAIM),
    "answer": Entry(_("%(name)s: say yes or no."), NO_CLAIM),
    "colour_code": Entry(_("%(name)s: the colour has no code."), NO_CLAIM),
    "standard_number": Entry(_("%(name)s: no standard is named with its number."), NO_CLAIM),
    "limits": Entry(_("%(name)s: the range has no limits."), NO_CLAIM),
    "pantone_book": Entry(
        _("Pantone %(number)s exists in several books. C, U or TCX?"), STANDARD_DECIDES
    ),
    "tolerance": Entry(_("%(name)s: no tolerance says how far is too far."), STANDARD_DECIDES),
    "tolerance_unreadable": Entry(
        _("%(name)s: the tolerance is not a number or a percentage."), STANDARD_DECIDES
    ),
    "how_checked": Entry(_("%(name)s: nothing says how it is checked."), METHOD_DECIDES),
    "missing": Entry(_("No line for %(name)s. The template expects one."), NO_CLAIM),
}
_UNMEASURED = {
    "file": "file",
    "choice": "choice",
    "compliance": "answer",
    "colour": "colour_code",
    "standard": "standard_number",
}


def of_line(line, reading, points: set[str], template=None) -> Iterator[Gap]:
    """Every gap of a line, the gravest first; `template` suggests its own values."""
    if "name" not in points:
        yield _gap("name", line)
    if "requirement" not in points:
        yield _gap("requirement", line, *_from_template(template, "requirement"))
    else:
        yield from _wording(line, reading)
        if "measurable" not in points:
            yield _unmeasured(line, reading)
        yield from _bounds(line, reading, points, template)
    if "checked" not in points:
        yield _gap("how_checked", line, *_from_template(template, "how_checked"))


def missing(row) -> Gap:
    """The gap of a template line that the contract leaves out without a reason."""
    entry = CATALOGUE["missing"]
    add = Repair(_("Add the line “%(name)s”."), {"name": row.characteristic})
    params = {"name": row.characteristic}
    return Gap("missing", entry.message, entry.consequence, (add,), params, None, row.key)


def _wording(line, reading) -> Iterator[Gap]:
    number = readings.approximation(reading.low)
    if number:
        value = f"{number} ± 5 %"
        repair = Repair(_("Write %(value)s"), {"value": value}, "requirement", value)
        yield _gap("approximate", line, repair, number=number)
    words = [row for row in reading.words if not (number and row[1] == "approximate")]
    if words:
        kinds = dict.fromkeys(kind for _word, kind in words)
        repairs = [Repair(SUGGESTIONS[kind]) for kind in kinds]
        yield _gap("vague_word", line, *repairs, words=", ".join(word for word, _kind in words))


def _unmeasured(line, reading) -> Gap:
    if line.kind == "range" and reading.shows("number"):
        return _gap("limits", line, Repair(_("Write the lowest and the highest value.")))
    if line.kind in {"number", "range"} and reading.shows("number"):
        return _gap("unit", line, Repair(_("Choose the unit.")))
    kind = _UNMEASURED.get(line.kind, "measurable")
    return _gap(kind, line, Repair(SUGGESTIONS["measure"]))


def _bounds(line, reading, points: set[str], template) -> Iterator[Gap]:
    if number := readings.unknown_book(reading.low):
        yield _gap("pantone_book", line, *_books(number), number=number)
    written = [text for text in (line.tolerance_minus, line.tolerance_plus) if text.strip()]
    if not all(readings.is_tolerance(text) for text in written):
        yield _gap("tolerance_unreadable", line, Repair(_("Write a number, such as 0.5 or 5 %.")))
    elif {"bounded", "measurable"} & points == {"measurable"} and not _is_about(reading):
        yield _gap("tolerance", line, *_tolerance(line, template))


def _is_about(reading) -> bool:
    return bool(readings.approximation(reading.low))


def _books(number: str) -> tuple[Repair, ...]:
    value = f"Pantone {number} "
    textile = _("For dyed cotton, name the TCX colour of the Pantone textile book.")
    return (
        Repair(_("Write %(value)s"), {"value": value + "C"}, "requirement", value + "C"),
        Repair(_("Write %(value)s"), {"value": value + "U"}, "requirement", value + "U"),
        Repair(textile),
    )


def _tolerance(line, template) -> tuple[Repair, ...]:
    if line.kind == "colour":
        return (Repair(_("Add the largest colour difference, such as ΔE 1.5.")),)
    value = getattr(template, "tolerance_plus", "") or "5 %"
    return (Repair(_("Add ± %(value)s"), {"value": value}, "tolerance_plus", value),)


def _from_template(template, name: str) -> tuple[Repair, ...]:
    value = getattr(template, name, "")
    if not value:
        return ()
    return (Repair(_("Write “%(value)s”."), {"value": value}, name, value),)


def _gap(kind: str, line, *repairs: Repair, **params: str) -> Gap:
    entry = CATALOGUE[kind]
    name = line.characteristic or str(line.number)
    named = params or {"name": name}
    return Gap(
        kind, entry.message, entry.consequence, repairs, named, line.number, line.template_key
    )
