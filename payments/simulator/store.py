"""What the simulator remembers: in memory and, if a file is named, in that file too."""

import json
import threading
from pathlib import Path

KINDS = ("charges", "refunds", "payouts", "chargebacks", "settlements")


class Store:
    """The provider's rows and log and the bank's account, as plain JSON, under one lock.

    `life` names what the books belong to. Books of another life are put aside, not continued:
    their numbers would mean something else.
    """

    def __init__(self, file=None, life=""):
        self.file, self.lock = Path(file) if file else None, threading.RLock()
        self.rows: dict[str, dict[str, dict]] = {kind: {} for kind in KINDS}
        self.log: list[dict] = []
        self.bank: dict = {}
        self.life = life
        if self.file and self.file.exists():
            self._take_over(json.loads(self.file.read_text()))

    def keep(self):
        """Write everything down before anybody is told of it."""
        if self.file:
            kept = {name: getattr(self, name) for name in ("life", "rows", "log", "bank")}
            draft = self.file.with_suffix(".new")
            draft.write_text(json.dumps(kept))
            draft.replace(self.file)

    def _take_over(self, kept):
        if self.life and kept.get("life") != self.life:
            self.file.replace(self.file.with_suffix(".old"))
            return
        self.rows |= kept["rows"]
        self.log, self.bank = kept["log"], kept.get("bank", {})
        self.life = kept.get("life", "")
