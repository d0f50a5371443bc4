"""Readings that are not signed yet: kept in the inspector's session, one set for each visit.

They belong to the person who measures and to nobody else: no side sees a value before the
report is signed. They last as long as the session and are dropped when the report is filed.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal

KEY = "inspection_drafts"


@dataclass(frozen=True)
class Draft:
    """What was found for one contract line so far; the note says why if nothing could be."""

    readings: tuple[str, ...] = ()
    answer: str = ""
    note: str = ""
    standard: str = ""

    @property
    def values(self) -> tuple[Decimal, ...]:
        return tuple(Decimal(reading) for reading in self.readings)

    @property
    def could_not(self) -> bool:
        """The inspector said that this line cannot be measured."""
        return not self.readings and not self.answer


class Drafts:
    """The unsigned findings of one visit, by the number of the contract line."""

    def __init__(self, session, inspection):
        self.session, self.key = session, str(inspection.public_id)
        self.kept = session.get(KEY, {}).get(self.key, {"lines": {}, "defects": None})

    def of(self, number: int) -> Draft | None:
        """The draft of a line; None while it has none."""
        found = self.kept["lines"].get(str(number))
        return Draft(**found | {"readings": tuple(found["readings"])}) if found else None

    @property
    def defects(self) -> dict[str, int] | None:
        """The defective pieces counted, by class; None before they were counted."""
        return self.kept["defects"]

    @property
    def fingerprint(self) -> str:
        """Changes whenever a draft does: whoever signs, signs what the page showed."""
        text = json.dumps(self.kept, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def keep(self, number: int, draft: Draft) -> None:
        """Remember what was found for a line, instead of what was kept before."""
        self.kept["lines"][str(number)] = asdict(draft)
        self._save()

    def keep_defects(self, counts: dict[str, int]) -> None:
        """Remember the defects counted."""
        self.kept["defects"] = counts
        self._save()

    def forget(self) -> None:
        """The report is filed: nothing of the drafts stays."""
        self.session.get(KEY, {}).pop(self.key, None)
        self.session.modified = True

    def _save(self):
        self.session[KEY] = {**self.session.get(KEY, {}), self.key: self.kept}
