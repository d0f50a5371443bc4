"""MT940 statements (SWIFT), several to a file, each beginning with its own :20:."""

import logging
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from mt940.models import Transaction, Transactions
from mt940.options import Options

from core.money import Money
from payments.statements import sentences
from payments.statements.reading import (
    BOOKED,
    NAME_MAX,
    TEXT_MAX,
    Entry,
    Statement,
    StatementRefused,
    Told,
    account_number,
    clean,
    few_enough,
    lines,
    money,
    reference,
)

# On a line it cannot read the library logs the line, with the payer's name in it.
logging.getLogger("mt940").addHandler(logging.NullHandler())
logging.getLogger("mt940").propagate = False

_FIELD = re.compile(r"(?m)^:([0-9]{2}[A-Z]?):")
_ONCE = {"20", "25", "25P", "28", "28C", "60F", "60M", "62F", "62M"}
_PARSED = _ONCE | {"61"}
_LINE = 65
_STRUCTURED = re.compile(r"^[0-9]{3}\?")
_CODEWORD = re.compile(r"/([A-Z]{3,5})/")
_PLUSWORD = re.compile(r"(?<![A-Z])([A-Z]{4})\+")
# How a bank marks a payment that comes back: the type of the line, the business code, codewords.
_RETURN_TYPE, _RETURN_CODE, _RETURN_WORDS = "NRTI", "159", {"RTRN", "RETN", "REJT"}
_OPENING = ("final_opening_balance", "intermediate_opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance")

Fields = list[tuple[str, str]]


def read(text: str) -> list[Statement]:
    """Every statement of an MT940 file. Raises StatementRefused."""
    # The library merges what follows a second :20: into the first statement.
    blocks = re.split(r"(?m)^(?=:20:)", text.replace("\r\n", "\n"))
    blocks = [block for block in blocks if block.startswith(":20:")]
    few_enough(text.count("\n:61:"))
    return [_statement(_fields(block)) for block in blocks]


def _fields(block: str) -> Fields:
    """The fields of one statement in order, without the SWIFT envelope around it."""
    lines = (line for line in block.split("\n") if not line.startswith(("{", "-}", "}")))
    parts = _FIELD.split("\n".join(line for line in lines if line.strip() != "-"))
    fields = list(zip(parts[1::2], parts[2::2], strict=True))
    tags = [tag for tag, _value in fields]
    if any(tags.count(tag) > 1 for tag in _ONCE):
        raise StatementRefused(sentences.FIELD_TWICE)
    return fields


def _statement(fields: Fields) -> Statement:
    parsed = _parsed(fields)
    texts = _texts_of_entries(fields)
    if len(parsed.transactions) != len(texts):
        raise StatementRefused(sentences.LINES_MIXED)
    opening, opening_date = _balance(parsed, _OPENING)
    closing, closing_date = _balance(parsed, _CLOSING)
    data = parsed.data
    bank, _slash, account = str(data.get("account_identification") or "").rpartition("/")
    return Statement(
        format="mt940",
        account=_without_currency(account_number(account), opening.currency),
        bic=clean(bank).upper(),
        statement_id=clean(data.get("transaction_reference")),
        sequence=int(data["statement_number"]) if data.get("statement_number") else None,
        currency=opening.currency,
        opening=opening,
        closing=closing,
        opening_date=opening_date,
        closing_date=closing_date,
        entries=tuple(
            _entry(line, text, opening.currency)
            for line, text in zip(parsed.transactions, texts, strict=True)
        ),
        page=int(data.get("sequence_number") or 1),
    )


def _parsed(fields: Fields) -> Transactions:
    """The library's reading of the balances and lines; the free texts are ours to read."""
    statement = Transactions(options=Options.all())
    try:
        statement.parse("".join(f":{tag}:{value}" for tag, value in fields if tag in _PARSED))
    except Exception:  # it names no error of its own: whatever it trips over, we cannot read
        raise StatementRefused(sentences.UNREADABLE_FIELD) from None
    return statement


def _texts_of_entries(fields: Fields) -> list[str]:
    """The :86: that follows each :61: at once; one after the balances belongs to no entry."""
    following = [*fields[1:], ("", "")]
    return [
        next_value if next_tag == "86" else ""
        for (tag, _value), (next_tag, next_value) in zip(fields, following, strict=True)
        if tag == "61"
    ]


def _balance(parsed: Transactions, names: tuple[str, ...]) -> tuple[Money, date]:
    found: Any = next((parsed.data[name] for name in names if name in parsed.data), None)
    if found is None:
        raise StatementRefused(sentences.BALANCES_MISSING)
    return money(found.amount.amount, found.amount.currency), _plain(found.date)


def _without_currency(account: str, currency: str) -> str:
    """Some banks write the currency behind the account number; it is no part of it."""
    bare = account.removesuffix(currency)
    return bare if bare.isdigit() else account


def _entry(line: Transaction, text: str, currency: str) -> Entry:
    data = line.data
    mark = data["status"].upper()
    told = _told(text)
    extra = clean(data.get("extra_details"), TEXT_MAX)
    number = told.end_to_end_id or reference(data.get("customer_reference"))
    returned = mark.startswith("R") or data.get("id") == _RETURN_TYPE or _says_return(text)
    fields = vars(told) | {
        "texts": (extra, *told.texts) if extra else told.texts,
        "end_to_end_id": number,
        "return_of": told.return_of or (number if returned else ""),
    }
    return Entry(
        **fields,
        reference_bank=reference(data.get("bank_reference")),
        amount=money(abs(data["amount"].amount), currency),
        credit=mark in {"C", "RD"},  # a reversed debit brings money back
        status=BOOKED,
        reversal=mark.startswith("R"),
        booked_on=_plain(data.get("entry_date") or data["date"]),
        value_on=_plain(data["date"]),
    )


def _says_return(text: str) -> bool:
    words = set(_CODEWORD.findall(text.replace("\n", "")))
    return text.startswith(f"{_RETURN_CODE}?") or bool(words & _RETURN_WORDS)


def _plain(day: date) -> date:
    return date(day.year, day.month, day.day)


def _told(text: str) -> Told:
    """What an :86: says: numbered subfields (?20...), codewords (/EREF/...) or plain lines."""
    raw = text.split("\n")
    if _STRUCTURED.match(raw[0]):
        return _from_subfields("".join(raw))
    # A full line was cut by the bank, maybe inside a word; a shorter one ends a word.
    found = _CODEWORD.split("".join(n if len(n) == _LINE else f"{n} " for n in raw))
    return _from_codewords(_words(zip(found[1::2], found[2::2], strict=True)), lines(raw))


def _from_subfields(joined: str) -> Told:
    parts = re.split(r"\?([0-9]{2})", joined)
    subfields = list(zip(parts[1::2], parts[2::2], strict=True))
    named = dict(subfields)
    words = _plus_words("".join(value for number, value in subfields if number[0] in "26"))
    return Told(
        payer_name=clean(named.get("32", "") + named.get("33", ""), NAME_MAX),
        payer_account=account_number(named.get("31")),
        texts=lines(value for number, value in subfields if number[0] in "26"),
        end_to_end_id=reference(words.get("EREF")),
    )


def _plus_words(text: str) -> dict[str, str]:
    """Words as in EREF+PO0000000001 SVWZ+..., each with what follows up to the next one."""
    parts = _PLUSWORD.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _words(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first value of each codeword, leaving out what is said of the beneficiary: us."""
    words: dict[str, str] = {}
    party = ""
    for word, value in pairs:
        party = word if word in {"ORDP", "BENM"} else party
        if not (party == "BENM" and word in {"NAME", "ACCT", "IBAN"}):
            words.setdefault(word, value)
    return words


def _from_codewords(words: dict[str, str], texts: tuple[str, ...]) -> Told:
    name = words.get("NAME", "") or words.get("ORDP", "")
    account = words.get("ACCT", "") or words.get("IBAN", "")
    return Told(
        payer_name=clean(name.strip("/ "), NAME_MAX),
        payer_account=account_number(account.strip("/ ")),
        texts=texts,
        end_to_end_id=reference(words.get("EREF", "").strip("/ ")),
        creditor_reference=clean(words.get("ROC", "").strip("/ ")),
        instructed_amount=_optional(words.get("OCMT", "")),
        charges=_optional(words.get("CHGS", "")),
        uetr=clean(words.get("UETR", "").strip("/ ")),
    )


def _optional(text: str) -> Money | None:
    """An amount behind a codeword, as in /OCMT/USD6000,00/. Information: unread if malformed."""
    found = re.match(r"([A-Z]{3})([0-9]{1,12}),([0-9]{0,3})(?![0-9])", text)
    if not found:
        return None
    try:
        return money(f"{found[2]}.{found[3] or '0'}", found[1])
    except StatementRefused:
        return None
