"""What changed from one version of a contract to another: word by word, in both directions."""

import difflib
import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from contracts.views import effects, showing

# A number, one Chinese character, a word, a run of spaces, or any other single sign.
TOKENS = re.compile(r"\d[\d.,]*\d|[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL)


# The terms in the order in which `_named` tells them; `effects` knows them by these names.
TERMS = ("goods", "price", "plan", "ship_by", "inspection", "allowed", "aql_critical", "late")
TERMS += ("account", "law", "holidays", "side_terms")


@dataclass(frozen=True)
class Row:
    """One thing side by side; each side is a list of (text, whether it changed)."""

    title: str
    before: list[tuple[str, bool]]
    after: list[tuple[str, bool]]
    note: str = ""
    effect: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.note) or any(c for _text, c in [*self.before, *self.after])


def compare(old, new, side="") -> list[Row]:
    """Every line and term of two documents side by side, those of the older one first.

    `side` is the reader's: each change says what it means for them.
    """
    return _lines(old, new, side) + _terms(old, new, side)


def words(before: str, after: str):
    """The two texts cut where they differ."""
    one, other = TOKENS.findall(before), TOKENS.findall(after)
    left, right = [], []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        _put(left, "".join(one[i1:i2]), kind != "equal")
        _put(right, "".join(other[j1:j2]), kind != "equal")
    return left, right


def _put(parts, text, changed):
    if text:
        parts.append((text, changed))


def _lines(old, new, side):
    later = {_identity(row, new): row for row in new["lines"]}
    pairs = [(row, later.pop(_identity(row, old), None)) for row in old["lines"]]
    pairs += [(None, row) for row in later.values()]
    rows = [(_line(before, after), before, after) for before, after in pairs]
    return [_said(row, effects.of_line(*pair, side)) for row, *pair in rows]


def _said(row, effect):
    """The row with its effect; what has not changed has none."""
    return replace(row, effect=effect) if row.changed else row


def _identity(row, document):
    """What makes two lines of two versions the same line: its place in the template, or its name.

    Two lines of one name are told apart by which of them comes first.
    """
    key = row["template_key"] or row["characteristic"].casefold()
    same = [
        other["number"]
        for other in document["lines"]
        if (other["template_key"] or other["characteristic"].casefold()) == key
    ]
    return key, same.index(row["number"])


def _line(before, after):
    there = after or before
    left, right = words(_text(before), _text(after))
    title = _("Line %(n)d, %(name)s") % {"n": there["number"], "name": there["characteristic"]}
    if before is None:
        return Row(title, left, right, _("New line"))
    if after is None:
        return Row(title, left, right, _("Line taken out"))
    return Row(title, left, right, " ".join(_notes(before, after)))


def _notes(before, after):
    return filter(None, [_file_note(before, after), _moved(before, after)])


def _text(row):
    if row is None:
        return ""
    parts = [row["characteristic"], showing.agreed(row), row["how_checked"]]
    severities = {"critical": _("Critical"), "major": _("Major"), "minor": _("Minor")}
    return "; ".join(filter(None, [*parts, severities[row["severity"]]]))


def _file_note(before, after):
    one, other = before["attachment_sha256"], after["attachment_sha256"]
    if one == other:
        return ""
    if not one:
        return _("File added: %(name)s.") % {"name": after["attachment_name"]}
    if not other:
        return _("File taken away: %(name)s.") % {"name": before["attachment_name"]}
    return _("A different file: its fingerprint changed.")


def _moved(before, after):
    if before["number"] == after["number"]:
        return ""
    return _("It was line %(n)d.") % {"n": before["number"]}


def _terms(old, new, side):
    return [
        _said(Row(title, *words(one, other)), effects.of_term(key, old, new, side))
        for key, (title, one), (_same, other) in zip(TERMS, _named(old), _named(new), strict=True)
    ]


def _named(document):
    """Every term by its name, in words."""
    goods, inspection = document["goods"][0], document["inspection"]
    remedies, account = document["remedies"], document["platform"]["account"] or {}
    facts = [(row["label"], row["value"]) for row in showing.facts(document)[:5]]
    return [
        *facts,
        (_("Quantity allowed"), f"+ {goods['over_percent']}% − {goods['under_percent']}%"),
        (_("AQL, critical"), inspection["aql_critical"]),
        (
            _("Late shipment"),
            _("%(day)s%% a day, %(cap)s%% at most")
            % {"day": remedies["late_percent_per_day"], "cap": remedies["late_cap_percent"]},
        ),
        (_("Paid into"), ", ".join(filter(None, account.values()))),
        (_("Governing law"), document["governing_law"]),
        (_("Holidays"), document["holiday_rule"]),
        (_("Side terms, not assured"), document["side_terms"]),
    ]
