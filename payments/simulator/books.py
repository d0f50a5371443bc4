"""The simulator's books: charges, refunds and payouts, each once per key, and a log of it all."""

import json
import threading
from dataclasses import asdict, dataclass, fields
from pathlib import Path

KINDS = {"charges": ("charge", "ch"), "refunds": ("refund", "re"), "payouts": ("payout", "po")}
BASIS_POINTS = 10_000


class Wrong(Exception):
    """The request makes no sense; the message says why."""


@dataclass
class Mood:
    """How the simulator misbehaves. The numbers count down where they say “next”."""

    slow: int | float = 0  # seconds before each answer, after the work is done
    fail_before: int = 0  # the next n requests answer 500 and do nothing
    fail_after: int = 0  # the next n requests do their work and answer 500
    garbage: int = 0  # the next n requests do their work and answer nonsense
    duplicate: int = 0  # each event is sent n times more
    reorder: int = 0  # events are held back n at a time and sent in the opposite order
    forge: int = 0  # in per cent: forged events in addition to the true ones
    delay: int | float = 0  # seconds before each event
    decline: bool = False  # nobody's payment goes through
    partial: int = 0  # minor units missing from the next payment
    late: bool = False  # payouts stay pending until they are told to arrive
    fee_basis_points: int = 270  # what the provider keeps of a charge

    def change(self, wanted):
        """Take over the named settings. Raises Wrong for an unknown one or a wrong type."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in wanted.items():
            number = type(value) in (int, float) and value >= 0
            if name not in known or (type(known[name]) is bool) != (type(value) is bool):
                raise Wrong(f"unknown setting: {name}")
            if type(value) is not bool and not number:
                raise Wrong(f"not a number: {name}")
        for name, value in wanted.items():
            setattr(self, name, value)

    def take(self, name):
        """Use up one of the next n."""
        left = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0


class Books:
    """What was done, in memory and, if a file is named, in that file too."""

    def __init__(self, tell, file=None):
        self.tell, self.file = tell, Path(file) if file else None
        self.mood, self.lock = Mood(), threading.RLock()
        self.rows: dict[str, dict[str, dict]] = {kind: {} for kind in KINDS}
        self.log: list[dict] = []
        if self.file and self.file.exists():
            kept = json.loads(self.file.read_text())
            self.rows, self.log = kept["rows"], kept["log"]

    def find(self, kind, key):
        """What was done under a key, as a list of none or one."""
        return [row for row in self.rows[kind].values() if row["idempotency_key"] == key]

    def create(self, kind, body, key, page):
        """Do something once per key. Raises Wrong, also when a key comes with another request."""
        asked = _checked(body)
        with self.lock:
            if found := self.find(kind, key):
                if {name: found[0][name] for name in asked} != asked:
                    raise Wrong("this key was used for a different request")
                return found[0]
            noun, prefix = KINDS[kind]
            number = f"{prefix}_{len(self.rows[kind]) + 1:06d}"
            row = {"id": number, "object": noun, "status": "pending", **asked}
            row |= {"idempotency_key": key, "reason": "", "fee_minor": 0}
            getattr(self, f"_open_{noun}")(row, page)
            self.rows[kind][number] = row
            self._did(f"{noun}.created", row)
            if noun == "refund" or (noun == "payout" and not self.mood.late):
                self._end(row, "succeeded")
            return row

    def pay(self, number):
        """The buyer presses “Pay”: all of it comes, or what the mood lets through."""
        with self.lock:
            row = self._open(number)
            if self.mood.decline:
                return self.decline(number)
            row["amount_captured_minor"] = row["amount_minor"] - self.mood.partial
            self.mood.partial = 0
            captured, keeps = row["amount_captured_minor"], self.mood.fee_basis_points
            row["fee_minor"] = captured * keeps // BASIS_POINTS
            return self._end(row, "succeeded")

    def decline(self, number):
        """The card is declined, or the buyer gives up."""
        with self.lock:
            row = self._open(number)
            row["reason"] = "The card was declined."
            return self._end(row, "failed")

    def charge_back(self, number):
        """The buyer's bank takes a payment back."""
        with self.lock:
            row = self._get("charges", number)
            row["disputed"] = True
            self._did("chargeback.opened", row)
            return row

    def arrive(self, number):
        """A payout that was late reaches its payee."""
        with self.lock:
            return self._end(self._get("payouts", number), "succeeded")

    def _open_charge(self, row, page):
        row |= {"redirect_url": f"{page}{row['id']}", "amount_captured_minor": 0}
        row |= {"refunded_minor": 0, "disputed": False}

    def _open_refund(self, row, page):
        charge = self._get("charges", row["destination"])
        left = charge["amount_captured_minor"] - charge["refunded_minor"]
        if charge["currency"] != row["currency"] or row["amount_minor"] > left:
            raise Wrong("a refund is never above what is left of the charge")
        charge["refunded_minor"] += row["amount_minor"]
        row["charge"] = charge["id"]

    def _open_payout(self, row, page):
        if not row["destination"]:
            raise Wrong("a payout needs a destination")

    def _open(self, number):
        row = self._get("charges", number)
        if row["status"] != "pending":
            raise Wrong("this payment is over")
        return row

    def _get(self, kind, number):
        if number not in self.rows[kind]:
            raise Wrong(f"there is no {number}")
        return self.rows[kind][number]

    def _end(self, row, status):
        row["status"] = status
        self._did(f"{row['object']}.{status}", row)
        return row

    def _did(self, what, row):
        names = ("id", "idempotency_key", "reference", "amount_minor", "currency")
        self.log.append({"n": len(self.log) + 1, "did": what, **{n: row[n] for n in names}})
        if self.file:
            draft = self.file.with_suffix(".new")
            draft.write_text(json.dumps({"rows": self.rows, "log": self.log}))
            draft.replace(self.file)
        if not what.endswith(".created"):
            self.tell(what, row, asdict(self.mood))


def _checked(body):
    """The four fields of a request. Raises Wrong."""
    if not isinstance(body, dict):
        raise Wrong("the body is a JSON object")
    amount, currency = body.get("amount_minor"), body.get("currency")
    if type(amount) is not int or amount <= 0:
        raise Wrong("amount_minor is a whole number above zero")
    if not isinstance(currency, str) or len(currency) != 3 or not currency.isupper():
        raise Wrong("currency is an ISO 4217 code")
    return {
        "reference": str(body.get("reference") or ""),
        "amount_minor": amount,
        "currency": currency,
        "destination": str(body.get("destination") or ""),
    }
