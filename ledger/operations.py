"""Moving money: one call, one round trip, once per key."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core import clock
from core.money import Money
from ledger import chart
from ledger.models import Journal

POST = """
    SELECT outcome, journal, account, needed, there FROM ledger_post(
        %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s::bigint[])
"""


@dataclass(frozen=True)
class Move:
    """One transfer: `amount` is debited to one account and credited to another."""

    debit: str
    credit: str
    amount: Money

    def __post_init__(self) -> None:
        chart.entry(self.debit)
        chart.entry(self.credit)
        if self.debit == self.credit:
            raise ValueError(f"A transfer is between two accounts, not within {self.debit}.")
        if self.amount.minor < 0:
            raise ValueError(f"An amount is never negative: {self.amount}. Swap the accounts.")


@dataclass(frozen=True)
class Posted:
    """The journal of a key; `created` is false when it was there already and nothing moved."""

    journal_id: int
    created: bool


class Overdrawn(Exception):
    """A guarded account holds less than a journal takes from it. Nothing moved."""

    def __init__(self, account: str, needed: Money, there: Money) -> None:
        super().__init__(f"{account} holds {there}; {needed} are needed.")
        self.account, self.needed, self.there = account, needed, there


class KeyReused(Exception):
    """The key belongs to a journal with another content. Nothing moved."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The key “{key}” was used for a different posting.")
        self.key = key


class AlreadyReversed(Exception):
    """The journal was reversed before, under another key. Nothing moved."""

    def __init__(self, journal_id: int) -> None:
        super().__init__(f"Journal {journal_id} is reversed already.")
        self.journal_id = journal_id


def post(
    kind: str,
    *,
    key: str,
    transfers: Iterable[Move],
    order_ref: str = "",
    actor_ref: str = "",
    memo: str = "",
    effective_at: datetime | None = None,
) -> Posted:
    """Post a journal in one statement, once per key (money.md 7.1).

    The content of a key is its kind, order and moves; time, actor and memo may differ in a
    repeated call. Moves of zero are dropped. Raises ValueError (nothing to move, or two
    currencies) before any SQL, Overdrawn or KeyReused after it; the caller's transaction
    stays usable and nothing has moved.
    """
    moves = _checked(transfers)
    return _send(kind, key, moves, order_ref, actor_ref, memo, effective_at, reverses=None)


def reverse(
    journal: Journal | int,
    *,
    key: str,
    lines: Sequence[int] | None = None,
    kind: str = "reversal",
    actor_ref: str = "",
    memo: str = "",
    effective_at: datetime | None = None,
) -> Posted:
    """Post the opposite of a journal, or of some of its lines: the only way to correct one.

    A journal is reversed once (AlreadyReversed), a reversal never (ValueError): post the
    event anew instead. Otherwise as `post`.
    """
    original = journal if isinstance(journal, Journal) else Journal.objects.get(pk=journal)
    if original.reverses_id:
        raise ValueError(f"Journal {original.pk} is itself a reversal: post the event anew.")
    rows = list(original.transfers.select_related("debit", "credit"))
    if missing := set(lines or ()) - {row.n for row in rows}:
        raise ValueError(f"Journal {original.pk} has no line {min(missing)}.")
    moves = _checked(
        Move(row.credit.code, row.debit.code, row.amount)
        for row in rows
        if lines is None or row.n in lines
    )
    return _send(
        kind, key, moves, original.order_ref, actor_ref, memo, effective_at, reverses=original.pk
    )


def _checked(transfers: Iterable[Move]) -> list[Move]:
    moves = [move for move in transfers if move.amount]
    if not moves:
        raise ValueError("A journal moves at least one amount above zero.")
    if len(currencies := {move.amount.currency for move in moves}) > 1:
        raise ValueError(f"A journal has one currency, not {' and '.join(sorted(currencies))}.")
    return moves


def _send(
    kind: str,
    key: str,
    moves: list[Move],
    order_ref: str,
    actor_ref: str,
    memo: str,
    effective_at: datetime | None,
    *,
    reverses: int | None,
) -> Posted:
    currency = moves[0].amount.currency
    debits = [move.debit for move in moves]
    credits = [move.credit for move in moves]
    amounts = [move.amount.minor for move in moves]
    content: list = [kind, order_ref, reverses, currency, debits, credits, amounts]
    row: list = [key, kind, order_ref, actor_ref, memo, effective_at or clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(
            POST,
            [
                *row,
                fingerprint(content),
                reverses,
                currency,
                *map(_array, (debits, credits, amounts)),
            ],
        )
        outcome, journal_id, account, needed, there = cursor.fetchone()
    match outcome:
        case "overdrawn":
            raise Overdrawn(account, Money(needed, currency), Money(there, currency))
        case "reused":
            raise KeyReused(key)
        case "reversed":
            raise AlreadyReversed(reverses or 0)
    return Posted(journal_id, outcome == "posted")


def _array(items: list) -> str:
    """A PostgreSQL array as text: codes of the chart and numbers need no quotes."""
    return f"{{{','.join(map(str, items))}}}"


def fingerprint(content: list) -> str:
    """The SHA-256 of what a key stands for, as JSON; the audit recomputes it from the rows."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
