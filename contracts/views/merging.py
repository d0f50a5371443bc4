"""Two people, or two tabs, in one draft: a text gives way only to its own author's next one.

Every page carries its `base`, the texts of the fields as it last knew them. A field that only
one of the two touched keeps what that one wrote; a field that both touched is asked about. So
nobody is stopped by a change elsewhere in the draft, and no stale field undoes one.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict


@dataclass
class Merge:
    """What was sent, with the fields that only the other person touched as they are stored."""

    data: QueryDict
    clashes: list[dict] = field(default_factory=list)
    lost: list[dict] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether a person has to look: both wrote one field, or wrote in a line taken out."""
        return bool(self.clashes or self.lost)


def base_of(board) -> str:
    """The texts of a draft's fields as its page shows them."""
    return json.dumps({bound.html_name: plain(bound.value()) for _row, bound in fields(board)})


def base_sent(board, data) -> str:
    """The texts that a page holds after it was saved in place: those that it sent."""
    names = [bound.html_name for _row, bound in fields(board) if bound.html_name in data]
    return json.dumps({name: plain(data[name]) for name in names})


def merge(data, stored) -> Merge | None:
    """Put what was typed over `stored`, the board as it is saved; None without a base."""
    base = _read(data.get("base", ""))
    return None if base is None else against(data, stored, base)


def against(data, stored, base) -> Merge:
    """The same with a base that is known."""
    merged = Merge(data.copy())
    for row, bound in fields(stored):
        name = bound.html_name
        if name in data and name in base:
            _put(merged, row, bound, base[name])
    here = {row.form.prefix for row in stored.rows}
    merged.lost = _in_vain(data, base, here)
    return merged


def fields(board):
    """Every field that holds a text, with the row that it belongs to (the terms have none)."""
    rows = [(None, board.terms), *((row, row.form) for row in board.rows)]
    for row, form in rows:
        for bound in form:
            if bound.name != "upload":
                yield row, bound


def plain(value) -> str:
    """A text as browsers send it back: line ends and outer spaces do not count as a change."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _put(merged, row, bound, was):
    name = bound.html_name
    typed, now = plain(merged.data[name]), plain(bound.value())
    if typed == was:
        merged.data[name] = now
    elif now not in {was, typed}:
        clash = {"line": row and row.line, "field": bound.label, "typed": typed, "stored": now}
        merged.clashes.append(clash)


def _in_vain(data, base, here):
    """The lines that were taken out while somebody wrote in them, with all that was typed."""
    typed = {}
    for name, was in base.items():
        line, _sep, _field = name.rpartition("-")
        if line and line not in here and plain(data.get(name, was)) != was:
            typed.setdefault(line, []).append(plain(data[name]))
    return [
        {"characteristic": data.get(f"{line}-characteristic", ""), "typed": "”, “".join(texts)}
        for line, texts in typed.items()
    ]


def _read(text):
    try:
        base = json.loads(text)
    except ValueError:
        return None
    return base if isinstance(base, dict) else None
