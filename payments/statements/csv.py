"""CSV statements, read by a mapping that finance confirms once per bank.

The mapping is data, kept as JSON:

    {"account": "0720012345", "bic": "DBSSSGSG", "currency": "USD",
     "columns": {"Date": "booked_on", "Details": "text", "In": "credit_amount", ...},
     "convention": "two_columns",      # or "signed", or "direction"
     "credit_words": ["C", "CR"], "debit_words": ["D", "DR"],   # for "direction"
     "date_format": "%d/%m/%Y", "decimal": ".", "delimiter": ",", "newest_first": false,
     "opening": "1,000.00", "closing": "6,972.00"}     # where no column is the balance
"""

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from core.money import Money
from payments.statements import sentences
from payments.statements.reading import (
    BOOKED,
    MAX_ENTRIES,
    NAME_MAX,
    Entry,
    Statement,
    StatementRefused,
    account_number,
    clean,
    currency_code,
    few_enough,
    lines,
    money,
    reference,
)

CONVENTIONS = {
    "two_columns": {"credit_amount", "debit_amount"},
    "signed": {"amount"},
    "direction": {"amount", "direction"},
}
MEANINGS = {
    "booked_on", "value_on", "amount", "credit_amount", "debit_amount", "direction", "balance",
    "reference_bank", "end_to_end_id", "return_of", "creditor_reference", "payer_name",
    "payer_account", "text",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How one bank's CSV is to be read."""

    account: str
    currency: str
    columns: dict[str, str]
    date_format: str
    convention: str
    bic: str = ""
    decimal: str = "."
    delimiter: str = ","
    credit_words: list[str] = field(default_factory=lambda: ["C", "CR", "CREDIT"])
    debit_words: list[str] = field(default_factory=lambda: ["D", "DR", "DEBIT"])
    newest_first: bool = False
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True)
class _Row:
    """One line of the file: its number, for the people who look it up, and its cells."""

    number: int
    cells: dict[str, list[str]]

    def one(self, meaning: str) -> str:
        return next(iter(self.cells.get(meaning, ())), "").strip()


def read(text: str, mapping: dict) -> list[Statement]:
    """The one statement of a CSV file. Raises StatementRefused."""
    rule = _mapping(mapping)
    rows = _rows(text, rule)
    entries = [_entry(row, rule) for row in rows]
    opening, closing = _balances(rows, entries, rule)
    days = [_date(row, row.one("booked_on"), rule) for row in rows]
    return [
        Statement(
            format="csv",
            account=account_number(rule.account),
            bic=clean(rule.bic).upper(),
            # A CSV has no number of its own; the same file has the same one.
            statement_id=hashlib.sha256(text.encode()).hexdigest()[:16],
            sequence=None,
            currency=rule.currency,
            opening=opening,
            closing=closing,
            opening_date=days[0],
            closing_date=days[-1],
            entries=tuple(entries),
        )
    ]


def _mapping(given: dict) -> Mapping:
    try:
        rule = Mapping(**given)
    except TypeError:
        raise StatementRefused(sentences.MAPPING_INCOMPLETE) from None
    meanings = set(rule.columns.values())
    needed = CONVENTIONS.get(rule.convention)
    correct = (
        needed is not None
        and needed | {"booked_on"} <= meanings <= MEANINGS
        and rule.decimal in {".", ","}
        and len(rule.delimiter) == 1
        and rule.delimiter not in '\r\n"'
    )
    if not correct:
        raise StatementRefused(sentences.MAPPING_WRONG)
    currency_code(rule.currency)
    return rule


def _rows(text: str, rule: Mapping) -> list[_Row]:
    """The lines below the one that names the columns, oldest first, blank ones left out."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=rule.delimiter, strict=True)
        first = islice(reader, MAX_ENTRIES + 1)
        table = [(reader.line_num, [cell.strip() for cell in line]) for line in first]
    except csv.Error:
        raise StatementRefused(sentences.DAMAGED_CSV) from None
    few_enough(len(table))
    start = next((i for i, (_n, line) in enumerate(table) if set(rule.columns) <= set(line)), None)
    if start is None:
        raise StatementRefused(sentences.HEADER_MISSING)
    header = table[start][1]
    if any(header.count(name) > 1 for name in rule.columns):
        raise StatementRefused(sentences.COLUMN_TWICE)
    rows = [_row(n, header, line, rule) for n, line in table[start + 1 :] if any(line)]
    if not rows:
        raise StatementRefused(sentences.NO_ENTRIES)
    return rows[::-1] if rule.newest_first else rows


def _row(number: int, header: list[str], line: list[str], rule: Mapping) -> _Row:
    if len(line) != len(header):
        raise _unreadable(number)
    cells: dict[str, list[str]] = {}
    for name, cell in zip(header, line, strict=True):
        if name in rule.columns:
            cells.setdefault(rule.columns[name], []).append(cell)
    return _Row(number, cells)


def _entry(row: _Row, rule: Mapping) -> Entry:
    movement = _movement(row, rule)
    booked_on = _date(row, row.one("booked_on"), rule)
    value = row.one("value_on")
    return Entry(
        reference_bank=reference(row.one("reference_bank")),
        amount=movement if movement.minor >= 0 else -movement,
        credit=movement.minor >= 0,
        status=BOOKED,
        reversal=False,
        booked_on=booked_on,
        value_on=_date(row, value, rule) if value else booked_on,
        payer_name=clean(row.one("payer_name"), NAME_MAX),
        payer_account=account_number(row.one("payer_account")),
        texts=lines(row.cells.get("text", ())),
        end_to_end_id=reference(row.one("end_to_end_id")),
        return_of=reference(row.one("return_of")),
        creditor_reference=reference(row.one("creditor_reference")),
    )


def _movement(row: _Row, rule: Mapping) -> Money:
    """The signed amount of a line, under the bank's convention."""
    if rule.convention == "two_columns":
        credit, debit = (_amount(row, m, rule) for m in ("credit_amount", "debit_amount"))
        if bool(credit) == bool(debit) or credit.minor < 0:
            raise _unreadable(row.number)
        # Some banks print the debit column with a minus, some without.
        return credit or Money(-abs(debit.minor), rule.currency)
    amount = _amount(row, "amount", rule)
    if rule.convention == "signed":
        return amount
    word = row.one("direction").upper()
    known = {w.upper(): 1 for w in rule.credit_words} | {w.upper(): -1 for w in rule.debit_words}
    if word not in known or amount.minor < 0:
        raise _unreadable(row.number)
    return amount * known[word]


def _amount(row: _Row, meaning: str, rule: Mapping) -> Money:
    text = row.one(meaning)
    if not text and rule.convention == "two_columns":
        return Money(0, rule.currency)
    return money(_decimal(text, rule.decimal, row.number), rule.currency)


def _decimal(text: str, decimal: str, number: int) -> Decimal:
    """An amount with well-formed groups (18,600.00 or 4,65,000.00), else a refusal.

    The groups are checked so that "6,00" under the wrong mapping never becomes 600.
    """
    group, point = ("[,' ]", r"\.") if decimal == "." else ("[.' ]", ",")
    whole = rf"[0-9]{{1,15}}|[0-9]{{1,3}}(?:{group}[0-9]{{2,3}}){{0,4}}{group}[0-9]{{3}}"
    found = re.fullmatch(rf"([+-]?)({whole})(?:{point}([0-9]{{1,4}}))?", text)
    if not found:
        raise _unreadable(number)
    digits = re.sub("[^0-9]", "", found[2])
    return Decimal(f"{found[1]}{digits}.{found[3] or '0'}")


def _balances(rows: list[_Row], entries: list[Entry], rule: Mapping) -> tuple[Money, Money]:
    """From the balance column, or as typed in from the paper statement."""
    if rule.opening and rule.closing:
        typed = (_decimal(text, rule.decimal, 0) for text in (rule.opening, rule.closing))
        opening, closing = (money(amount, rule.currency) for amount in typed)
        return opening, closing
    if "balance" not in rule.columns.values():
        raise StatementRefused(sentences.NO_BALANCE_COLUMN)
    after = [_decimal(row.one("balance"), rule.decimal, row.number) for row in rows]
    return (
        money(after[0], rule.currency) - entries[0].signed,
        money(after[-1], rule.currency),
    )


def _date(row: _Row, text: str, rule: Mapping) -> date:
    try:
        return datetime.strptime(text, rule.date_format).date()  # noqa: DTZ007 - a bank's day
    except ValueError:
        raise _unreadable(row.number) from None


def _unreadable(number: int) -> StatementRefused:
    return StatementRefused(sentences.UNREADABLE_LINE, line=number)
