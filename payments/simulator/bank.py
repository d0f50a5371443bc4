"""The simulator's bank: one account, the orders it was given, and statements that follow on."""

import hashlib
from dataclasses import asdict, dataclass

from core import clock
from core.money import Money
from payments.bank_messages import CAMT, StatementEntry, camt053
from payments.simulator.mood import Clash, Wrong
from payments.simulator.orders import read_order

ENTRIES = 1000  # of one statement
STATEMENTS = 8  # of one answer
CLOSED, OTHER_CURRENCY = "AC04", "AM03"  # ISO 20022 reasons for a rejection
BOOKED, PENDING = "BOOK", "PDNG"
DONE, UNDER_WAY, REJECTED = "ACSC", "ACSP", "RJCT"


@dataclass(frozen=True)
class BankAccount:
    """The designated account as its bank knows it."""

    account_number: str
    bic: str
    currency: str = "USD"
    name: str = ""


class Bank:
    """Keeps the account. What is booked stands on exactly one statement, in order.

    `entries` wait for the next statement, `returns` for the one after it, `late` debits for
    the word to arrive. Balances are minor units.
    """

    def __init__(self, store, mood, account=None):
        self.store, self.mood, self.lock, self.kept = store, mood, store.lock, store.bank
        fresh = {"account": None, "balance": 0, "sequence": 0, "booked": 0, "entries": []}
        fresh |= {"returns": [], "late": [], "statements": [], "orders": {}}
        for name, value in fresh.items():
            self.kept.setdefault(name, value)
        if account and not self.account:
            self.kept["account"] = asdict(account)

    @property
    def account(self):
        """The account, or None as long as nobody has named it."""
        return BankAccount(**self.kept["account"]) if self.kept["account"] else None

    @property
    def is_used(self):
        """Whether anything was booked or stated yet."""
        return bool(self.kept["booked"] or self.kept["statements"])

    @property
    def balance(self):
        """What is on the account, statements and later bookings together."""
        booked = sum(_entry(entry).minor for entry in self.kept["entries"])
        return Money(self.kept["balance"] + booked, self.account_or_wrong().currency)

    def account_or_wrong(self):
        if self.account is None:
            raise Wrong("this bank does not know the account yet")
        return self.account

    def open(self, account, balance, sequence):
        """Take the account over where its past ended; only before anything else is booked."""
        with self.lock:
            if self.is_used:
                raise Clash("this account has bookings already")
            self.kept |= {"account": asdict(account), "balance": balance, "sequence": sequence}
            self.store.keep()

    def receive(self, asked):
        """Book a transfer of somebody else. Raises Wrong."""
        amount, currency = asked.get("amount_minor"), self.account_or_wrong().currency
        if type(amount) is not int or amount <= 0:
            raise Wrong("amount_minor is a whole number above zero")
        if asked.get("currency", currency) != currency:
            raise Wrong(f"this account is kept in {currency}")
        words = {name: str(asked.get(name) or "") for name in ("account", "text", "end_to_end_id")}
        with self.lock:
            booked = self.book(amount, credit=True, name=str(asked.get("payer") or ""), **words)
            self.store.keep()
            return booked

    def book(self, amount_minor, **words):
        """Enter a movement; the next statement shows it."""
        self.kept["booked"] += 1
        entry = {"amount_minor": amount_minor, "currency": self.account.currency, **words}
        entry["bank_ref"] = f"{self.account.bic[:4]}{self.kept['booked']:08d}"
        self.kept["entries"].append(entry)
        return entry

    def pay(self, data):
        """Carry out an order once per message id; whether it is new, and its report.

        Raises Clash when the id comes with another message, Wrong for one that makes no sense.
        """
        order, digest = read_order(data), hashlib.sha256(data).hexdigest()
        with self.lock:
            if known := self.kept["orders"].get(order.message_id):
                if known["sha256"] != digest:
                    raise Clash("this message id came before with another order")
                return False, known["report"]
            self._check_debtor(order)
            transfers = [self._execute(transfer) for transfer in order.transfers]
            report = {"id": order.message_id, "transfers": transfers}
            report["created_at"] = clock.now().isoformat()
            self.kept["orders"][order.message_id] = {"sha256": digest, "report": report}
            self.store.keep()
            return True, report

    def report(self, message_id):
        """What became of an order, transfer by transfer (as in pain.002); None if unknown."""
        known = self.kept["orders"].get(message_id)
        return known and known["report"]

    def arrive(self, _wanted=True):
        """Book the debits that were late."""
        with self.lock:
            late, self.kept["late"] = self.kept["late"], []
            for debit in late:
                self._debit(debit)
            for known in self.kept["orders"].values():
                for told in known["report"]["transfers"]:
                    told["status"] = DONE if told["status"] == UNDER_WAY else told["status"]
            self.store.keep()

    def cut(self, _wanted=True):
        """Write a statement of what was booked since the last one; it may be empty."""
        with self.lock:
            account, kept = self.account_or_wrong(), self.kept
            batch, rest = kept["entries"][:ENTRIES], kept["entries"][ENTRIES:]
            entries = [_entry(entry) for entry in batch]
            number = kept["sequence"] + 1
            statement = {"n": number, "id": f"{account.bic[:4]}-{number:05d}", "format": CAMT}
            content = camt053(
                account,
                entries,
                opening=Money(kept["balance"], account.currency),
                at=clock.now(),
                statement_id=statement["id"],
                sequence=number,
            )
            kept["statements"].append(statement | {"content": content.decode()})
            kept["balance"] += sum(entry.minor for entry in entries)
            kept["sequence"] = number
            kept["entries"] = rest
            if not rest:
                self._return()
            self.store.keep()
            return statement

    def statements(self, after):
        """The statements numbered above `after`, a few at a time; new bookings make a new one."""
        with self.lock:
            for _ in range(0, len(self.kept["entries"]), ENTRIES):
                self.cut()
            return [one for one in self.kept["statements"] if one["n"] > after][:STATEMENTS]

    def last(self, count):
        """The newest movements that no statement shows yet, newest first."""
        return [_entry(entry) for entry in self.kept["entries"][: -count - 1 : -1]]

    def _check_debtor(self, order):
        debtor = order.debtor
        if self.account is None:
            ours = BankAccount(debtor.account, debtor.bic, order.currency, debtor.name)
            self.kept["account"] = asdict(ours)
        if self.account.account_number.replace(" ", "") != debtor.account:
            raise Wrong(f"{debtor.account} is not an account of this bank")

    def _execute(self, transfer):
        """Debit a transfer, now or later, or reject it. What the report says of it."""
        told = {"end_to_end_id": transfer.end_to_end_id, "reason": ""}
        told |= {"amount_minor": transfer.amount.minor, "currency": transfer.amount.currency}
        if transfer.amount.currency != self.account.currency:
            return told | {"status": REJECTED, "reason": OTHER_CURRENCY}
        if self.mood.take("bank_reject"):
            return told | {"status": REJECTED, "reason": CLOSED}
        payee = transfer.creditor
        debit = {"amount_minor": transfer.amount.minor, "credit": False, "name": payee.name}
        debit |= {"account": payee.account, "text": transfer.remittance}
        debit["end_to_end_id"] = transfer.end_to_end_id
        if self.mood.bank_late:
            self.kept["late"].append(debit)
            self.book(**debit, status=PENDING)
            return told | {"status": UNDER_WAY}
        self._debit(debit)
        return told | {"status": DONE}

    def _debit(self, debit):
        """Book a debit; in a bad mood it comes back, less what the bank keeps of it."""
        self.book(**debit)
        if self.mood.take("bank_bounce"):
            amount = debit["amount_minor"]
            kept = min(self.mood.bank_bounce_fee, amount - 1)
            back = {"amount_minor": amount - kept, "credit": True, "text": "RETURNED: CLOSED"}
            back |= {"name": debit["name"], "account": debit["account"]}
            self.kept["returns"].append(back | {"return_of": debit["end_to_end_id"]})

    def _return(self):
        """What comes back is booked once the debit itself has stood on a statement."""
        returns, self.kept["returns"] = self.kept["returns"], []
        for back in returns:
            self.book(**back)


def _entry(kept):
    words = dict(kept)
    amount = Money(words.pop("amount_minor"), words.pop("currency"))
    return StatementEntry(amount, **words)
