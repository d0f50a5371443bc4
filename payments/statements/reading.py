"""What a bank statement says, whichever file format it came in."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies

from core.money import Money
from core.references import find_rf
from payments.statements import sentences
from workflow.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 10_000
REFERENCE_MAX = 60
ACCOUNT_MAX = 40
NAME_MAX = 140
TEXT_MAX = 1000
TEXTS_MAX = 100

BOOKED, PENDING, INFO = "booked", "pending", "info"
_CURRENCIES = frozenset(list_currencies())


class StatementRefused(Refused):
    """The file is not a statement that can be read safely; `sentence` says why."""

    def __init__(self, template: str, **values):
        self.sentence = sentences.Sentence(template, **values)
        super().__init__(self.sentence, code="statement_refused")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the payer's bank passed on about one transfer. Empty where it told nothing.

    `return_of` is the end-to-end id of the payment that comes back with it, where one does.
    """

    payer_name: str = ""
    payer_account: str = ""
    texts: tuple[str, ...] = ()
    end_to_end_id: str = ""
    return_of: str = ""
    creditor_reference: str = ""
    instructed_amount: Money | None = None
    charges: Money | None = None
    uetr: str = ""


@dataclass(frozen=True, kw_only=True)
class Detail(Told):
    """One transfer inside an entry. Its amount is information: the entry's amount is money."""

    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Entry(Told):
    """One movement on the account: a positive amount, and whether it came in."""

    reference_bank: str
    amount: Money
    credit: bool
    status: str
    reversal: bool
    booked_on: date | None
    value_on: date | None
    details_count: int = 1
    details: tuple[Detail, ...] = ()
    dedupe_key: str = ""

    @property
    def is_receipt(self) -> bool:
        """Whether it may credit anybody: booked money that came in and undoes nothing."""
        undoes = self.reversal or bool(self.return_of)
        return self.status == BOOKED and self.credit and not undoes and bool(self.amount)

    @property
    def is_batch(self) -> bool:
        """Whether several transfers hide in it, so that no single reference explains it."""
        return self.details_count > 1

    @property
    def signed(self) -> Money:
        """The amount with the sign it has for the account."""
        return self.amount if self.credit else -self.amount

    @property
    def references(self) -> list[str]:
        """Every platform reference (RF) it carries; exactly one is needed to match it."""
        # The bar keeps the end of one field from joining the beginning of the next.
        fields = (self.creditor_reference, self.end_to_end_id, "\n".join(self.texts))
        return find_rf(" | ".join(fields))

    @property
    def deducted(self) -> Money | None:
        """What banks kept on the way, when the statement proves it (InstdAmt - Amt, Chrgs)."""
        sent = self.instructed_amount
        if sent and sent.currency == self.amount.currency and sent > self.amount:
            return sent - self.amount
        return self.charges


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One account's movements between two balances."""

    format: str
    account: str
    bic: str
    statement_id: str
    sequence: int | None
    currency: str
    opening: Money
    closing: Money
    opening_date: date
    closing_date: date
    entries: tuple[Entry, ...]
    page: int = 1


def keyed(statements: list[Statement]) -> list[Statement]:
    """The same statements, each entry with the key that makes a second import add nothing.

    The key is (account, bank reference or content, amount, value date). Equal entries of
    one statement are told apart by a running number, because the balances count both.
    """
    result: list[Statement] = []
    met: Counter[tuple] = Counter()
    for statement in statements:
        if not (result and _continues(result[-1], statement)):
            met = Counter()
        entries = tuple(_with_key(statement.account, entry, met) for entry in statement.entries)
        result.append(replace(statement, entries=entries))
    return result


def _continues(previous: Statement, statement: Statement) -> bool:
    """Whether it is the next page of the same statement, so that equal entries are two."""
    same = (previous.account, previous.sequence) == (statement.account, statement.sequence)
    return same and statement.page == previous.page + 1


def _with_key(account: str, entry: Entry, met: Counter) -> Entry:
    content = (
        account,
        entry.reference_bank or _content(entry),
        str(entry.amount.minor),
        entry.amount.currency,
        "C" if entry.credit else "D",
        entry.status,  # a pending line must not hide the booked one that follows it
        str(entry.value_on),
    )
    met[content] += 1
    text = "\x1f".join((*content, str(met[content])))
    return replace(entry, dedupe_key=hashlib.sha256(text.encode()).hexdigest())


def _content(entry: Entry) -> str:
    return "\x1e".join(
        (
            str(entry.booked_on),
            entry.payer_name,
            entry.payer_account,
            entry.end_to_end_id,
            entry.creditor_reference,
            *entry.texts,
        )
    )


def clean(text: str | None, limit: int = REFERENCE_MAX) -> str:
    """One line of printable text. Refuses what is longer than any bank writes."""
    printable = "".join(c if c.isprintable() else " " for c in text or "")
    line = " ".join(printable.split())
    if len(line) > limit:
        raise StatementRefused(sentences.TOO_LONG, length=len(line), limit=limit)
    return line


def lines(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The free texts of an entry, without the empty ones."""
    found = tuple(filter(None, (clean(text, TEXT_MAX) for text in texts)))
    if len(found) > TEXTS_MAX:
        raise StatementRefused(sentences.TOO_MANY_TEXTS, limit=TEXTS_MAX)
    return found


def reference(text: str | None) -> str:
    """A reference, or nothing where the bank only says that there is none."""
    line = clean(text)
    return "" if line.upper() in {"NONREF", "NOTPROVIDED", "NONE"} else line


def account_number(text: str | None) -> str:
    """An account number as it is compared: without spaces and dashes."""
    return re.sub(r"[\s\-]", "", clean(text, ACCOUNT_MAX)).upper()


def currency_code(text: str | None) -> str:
    """A known ISO 4217 code."""
    code = clean(text)
    if code not in _CURRENCIES:
        raise StatementRefused(sentences.NOT_A_CURRENCY, code=code)
    return code


def money(amount: str | Decimal, currency: str | None) -> Money:
    """An exact amount of a known currency. Refuses fractions of its smallest unit."""
    code = currency_code(currency)
    try:
        return Money.parse(amount, code)
    except ValueError:
        raise StatementRefused(
            sentences.NOT_AN_AMOUNT_IN, amount=str(amount)[:40], currency=code
        ) from None


def within_limits(data: bytes) -> None:
    """Refuse an empty file, and one larger than a statement can be."""
    if not data.strip():
        raise StatementRefused(sentences.EMPTY)
    if len(data) > MAX_BYTES:
        raise StatementRefused(sentences.TOO_LARGE)


def decoded(data: bytes) -> str:
    """The text of a file that does not say its encoding: UTF-8, else Western European."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\x00" in text:
        raise StatementRefused(sentences.NOT_TEXT)
    return text


def few_enough(count: int) -> None:
    """Refuse a statement with more entries than an import may hold."""
    if count > MAX_ENTRIES:
        raise StatementRefused(sentences.TOO_MANY_ENTRIES, limit=MAX_ENTRIES)
