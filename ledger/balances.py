"""How much is where. Guarded balances are read from their row; the others are summed plainly.

The sums read covering indexes (`transfer_debits`, `transfer_credits`) and no closing
snapshots: exact at any instant, some hundreds of milliseconds per million transfers of one
account. Pages and operations only need guarded balances; the sums serve reconciliation,
the trial balance and the audit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum

from core.money import Money
from ledger import chart
from ledger.models import Account

AS_OF = """
    SELECT a.kind, coalesce(sum(CASE WHEN t.debit_id = a.id THEN t.amount_minor
                                     ELSE -t.amount_minor END), 0)::bigint
    FROM ledger_account a
    JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
    JOIN ledger_journal j ON j.id = t.journal_id
    WHERE a.code = %s AND a.currency = %s AND j.effective_at <= %s
    GROUP BY a.id
"""
FAMILIES_AS_OF = """
    SELECT CASE WHEN a.owner_ref = '' THEN a.code ELSE split_part(a.code, ':', 1) || ':*' END,
           min(a.kind), sum(CASE WHEN t.debit_id = a.id THEN t.amount_minor
                                 ELSE -t.amount_minor END)::bigint
    FROM ledger_account a
    JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
    JOIN ledger_journal j ON j.id = t.journal_id
    WHERE a.currency = %s AND j.effective_at <= %s
    GROUP BY 1
"""
STATEMENT = """
    SELECT t.id, t.journal_id, j.kind, j.memo, j.order_ref, j.effective_at, j.posted_at, o.code,
           CASE WHEN t.debit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END, a.kind
    FROM ledger_account a
    CROSS JOIN LATERAL (
        (SELECT * FROM ledger_transfer WHERE debit_id = a.id AND id < %(before)s
         ORDER BY id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT * FROM ledger_transfer WHERE credit_id = a.id AND id < %(before)s
         ORDER BY id DESC LIMIT %(limit)s)
    ) t
    JOIN ledger_journal j ON j.id = t.journal_id
    JOIN ledger_account o ON o.id = CASE WHEN t.debit_id = a.id THEN t.credit_id
                                         ELSE t.debit_id END
    WHERE a.code = %(code)s AND a.currency = %(currency)s
    ORDER BY t.id DESC LIMIT %(limit)s
"""
LINE = (
    "id",
    "journal_id",
    "kind",
    "memo",
    "order_ref",
    "effective_at",
    "posted_at",
    "other_account",
)
NEWEST = 2**63 - 1
TRUST = "bank:sg_trust"
RECEIVABLES = "psp_receivable:"


@dataclass(frozen=True)
class Line:
    """One line of an account's statement; `amount` is positive where the balance grew."""

    id: int
    journal_id: int
    kind: str
    memo: str
    order_ref: str
    effective_at: datetime
    posted_at: datetime
    other_account: str
    amount: Money


@dataclass(frozen=True)
class TrialLine:
    """An account with its balance on one side; the debits and the credits of all add up alike."""

    code: str
    kind: str
    debit: Money
    credit: Money


@dataclass(frozen=True)
class TrustPosition:
    """Is all client money there? `surplus` is the platform's own margin; below zero, a gap."""

    trust: Money
    receivables: Money
    liabilities: Money

    @property
    def surplus(self) -> Money:
        return self.trust + self.receivables - self.liabilities


def balance(code: str, currency: str = "USD") -> Money:
    """The balance of an account, positive on its normal side; zero if it was never used."""
    return balances([code], currency)[code]


def balances(which: str | Collection[str], currency: str = "USD") -> dict[str, Money]:
    """The balances of some codes (each answered, at least with zero), or of all with a prefix.

    `balances("escrow:")` are all escrows. An unknown code raises UnknownAccount.
    """
    if isinstance(which, str):
        rows = _rows(
            "SELECT code, kind, debit_minor FROM ledger_balance"
            " WHERE starts_with(code, %s) AND currency = %s ORDER BY code",
            [which, currency],
        )
        return {code: _normal(kind, debit, currency) for code, kind, debit in rows}
    found = {code: Money(0, currency) for code in which if chart.entry(code)}
    rows = _rows(
        "SELECT code, kind, debit_minor FROM ledger_balance WHERE code = ANY(%s) AND currency = %s",
        [list(found), currency],
    )
    return found | {code: _normal(kind, debit, currency) for code, kind, debit in rows}


def balance_as_of(code: str, instant: datetime, currency: str = "USD") -> Money:
    """The balance after everything effective up to and including an instant."""
    chart.entry(code)
    for kind, debit in _rows(AS_OF, [code, currency, instant]):
        return _normal(kind, debit, currency)
    return Money(0, currency)


def families_as_of(
    patterns: Collection[str], instant: datetime, currency: str = "USD"
) -> dict[str, Money]:
    """What all accounts of each line of the chart held together at an instant."""
    found = {
        pattern: _normal(kind, debit, currency)
        for pattern, kind, debit in _rows(FAMILIES_AS_OF, [currency, instant])
    }
    return {pattern: found.get(pattern, Money(0, currency)) for pattern in patterns}


def statement(
    code: str, currency: str = "USD", *, after: int | None = None, limit: int = 50
) -> list[Line]:
    """The lines of an account, newest first; `after` is the id of the last line already seen."""
    chart.entry(code)
    before = NEWEST if after is None else after
    rows = _rows(STATEMENT, {"code": code, "currency": currency, "before": before, "limit": limit})
    return [
        Line(**dict(zip(LINE, row, strict=False)), amount=_normal(row[-1], row[-2], currency))
        for row in rows
    ]


def order_position(order_ref: str, currency: str = "USD") -> dict[str, Money]:
    """Where an order's money is, from its transfers (money.md 7.1).

    received = released + refunded + held, and held = escrow + hold. `released` is what the
    supplier earned, the platform's `fee` included. A reversal counts as minus the original.
    """
    rows = _rows(
        "SELECT received, escrow, hold, released, refunded, fee FROM ledger_order_position"
        " WHERE order_ref = %s AND currency = %s",
        [order_ref, currency],
    )
    minors = rows[0] if rows else (0, 0, 0, 0, 0, 0)
    received, escrow, hold, released, refunded, fee = (Money(m, currency) for m in minors)
    return {
        "received": received,
        "held": escrow + hold,
        "escrow": escrow,
        "hold": hold,
        "released": released,
        "refunded": refunded,
        "fee": fee,
    }


def trial_balance(currency: str = "USD") -> list[TrialLine]:
    """Every account of a currency on the side where its balance is."""
    zero = Money(0, currency)
    rows = _rows(
        "SELECT code, kind, debit_minor FROM ledger_balance WHERE currency = %s ORDER BY code",
        [currency],
    )
    return [
        TrialLine(code, kind, max(Money(debit, currency), zero), max(Money(-debit, currency), zero))
        for code, kind, debit in rows
    ]


def trust_position(currency: str = "USD") -> TrustPosition:
    """Trust cash and provider receivables against all client money owed (money.md 7.1)."""
    zero = Money(0, currency)
    receivables = sum(balances(RECEIVABLES, currency).values(), zero)
    owed = Account.objects.filter(guarded=True, currency=currency)
    owed_minor = owed.aggregate(total=Sum("balance_minor", default=0))["total"]
    return TrustPosition(balance(TRUST, currency), receivables, Money(int(owed_minor), currency))


def currencies() -> list[str]:
    """The currencies that have accounts."""
    return sorted(Account.objects.order_by().values_list("currency", flat=True).distinct())


def _normal(kind: str, debit_minor: int, currency: str) -> Money:
    return Money(chart.sign(kind) * debit_minor, currency)


def _rows(sql: str, values: list | dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
