"""The provider's books: charges, refunds and payouts, each once per key, and a log of it all."""

from dataclasses import asdict
from datetime import datetime

from core import clock
from payments.simulator.mood import Mood, Wrong
from payments.simulator.store import Store

MADE = {"charges": ("charge", "ch"), "refunds": ("refund", "re"), "payouts": ("payout", "po")}
BASIS_POINTS = 10_000
PAGE = 500  # rows of one listing
LOGGED = ("id", "idempotency_key", "reference", "amount_minor", "currency", "status", "fee_minor")


class Books:
    """What the provider did. `tell(what, row, mood)` hears of everything that is news."""

    def __init__(self, tell, store=None):
        self.tell, self.store, self.mood = tell, store or Store(), Mood()
        self.rows, self.log, self.lock = self.store.rows, self.store.log, self.store.lock

    def find(self, kind, key):
        """What was done under a key, as a list of none or one."""
        return [row for row in self.rows[kind].values() if row["idempotency_key"] == key]

    def since(self, kind, instant="", after=""):
        """The rows of a kind that changed at or after an instant (ISO 8601), a page at a time."""
        try:
            start = datetime.fromisoformat(instant) if instant else None
            rows = [row for row in self.rows[kind].values() if row["id"] > after]
            if start:
                rows = [r for r in rows if datetime.fromisoformat(r["updated_at"]) >= start]
        except (TypeError, ValueError) as error:
            raise Wrong("since is an instant with its zone (ISO 8601)") from error
        return rows[:PAGE], len(rows) > PAGE

    def create(self, kind, body, key, page):
        """Do something once per key. Raises Wrong, also when a key comes with another request."""
        asked = _checked(body)
        with self.lock:
            if found := self.find(kind, key):
                if {name: found[0][name] for name in asked} != asked:
                    raise Wrong("this key was used for a different request")
                return found[0]
            noun, prefix = MADE[kind]
            row = self.new_row(kind, noun, prefix) | asked | {"idempotency_key": key}
            getattr(self, f"_open_{noun}")(row, page)
            self.add(kind, row)
            if noun == "refund" or (noun == "payout" and not self.mood.late):
                self.end(row, "succeeded")
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
            return self.end(row, "succeeded")

    def decline(self, number):
        """The card is declined, or the buyer gives up."""
        with self.lock:
            row = self._open(number)
            row["reason"] = "The card was declined."
            return self.end(row, "failed")

    def arrive(self, number):
        """A payout that was late reaches its payee."""
        with self.lock:
            return self.end(self.get("payouts", number), "succeeded")

    def left_of(self, charge):
        """What of a charge can still be given back, in minor units."""
        taken = charge["chargeback"]["amount_minor"] if charge["disputed"] else 0
        return charge["amount_captured_minor"] - charge["refunded_minor"] - taken

    def get(self, kind, number):
        """A row by its number. Raises Wrong."""
        if number not in self.rows[kind]:
            raise Wrong(f"there is no {number}")
        return self.rows[kind][number]

    def new_row(self, kind, noun, prefix):
        """The beginnings of the next row of a kind."""
        number = f"{prefix}_{len(self.rows[kind]) + 1:06d}"
        row = {"id": number, "object": noun, "status": "pending", "idempotency_key": ""}
        return row | {"reference": "", "reason": "", "fee_minor": 0, "created_at": _now()}

    def add(self, kind, row):
        """Enter a new row. That something was begun is no news to anybody."""
        self.rows[kind][row["id"]] = row
        self.note(f"{row['object']}.created", row)

    def end(self, row, status):
        """Move a row to another status and tell of it."""
        row["status"] = status
        return self.announce(f"{row['object']}.{status}", row)

    def announce(self, what, row):
        """Note what happened to a row, and tell it to the merchant."""
        self.note(what, row)
        self.tell(what, row, asdict(self.mood))
        return row

    def note(self, what, row):
        """Write into the log what happened to a row, and keep it."""
        self.touch(row)
        line = {"n": len(self.log) + 1, "at": row["updated_at"], "did": what}
        self.log.append(line | {name: row[name] for name in LOGGED})
        self.store.keep()

    def touch(self, row):
        """It changed just now."""
        row["updated_at"] = _now()

    def _open_charge(self, row, page):
        row |= {"redirect_url": f"{page}{row['id']}", "amount_captured_minor": 0}
        row |= {"refunded_minor": 0, "disputed": False, "chargeback": None}

    def _open_refund(self, row, page):
        charge = self.get("charges", row["destination"])
        if charge["currency"] != row["currency"] or row["amount_minor"] > self.left_of(charge):
            raise Wrong("a refund is never above what is left of the charge")
        charge["refunded_minor"] += row["amount_minor"]
        self.touch(charge)
        row["charge"] = charge["id"]

    def _open_payout(self, row, page):
        if not row["destination"]:
            raise Wrong("a payout needs a destination")

    def _open(self, number):
        row = self.get("charges", number)
        if row["status"] != "pending":
            raise Wrong("this payment is over")
        return row


def _now():
    return clock.now().isoformat()


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
