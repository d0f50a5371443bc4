"""The ledger's entries as a list to page through, and its trial balance by family."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core.money import Money
from ledger import chart
from ledger.balances import NEWEST, TrialLine

# Each transfer has two entries; 2 * transfer + side is their place: newest first, unique.
COLUMNS = """
    SELECT 2 * t.id + t.debit, t.journal_id, j.key, t.n, t.debit, a.code, a.currency,
           CASE WHEN t.debit = 1 THEN t.amount_minor ELSE -t.amount_minor END,
           j.kind, j.order_ref, j.effective_at, j.posted_at
"""
SIDES = """
    (SELECT t.*, side.account_id, side.debit FROM ledger_transfer t
     CROSS JOIN LATERAL (VALUES (1, t.debit_id), (0, t.credit_id)) AS side (debit, account_id)
    ) AS t
"""
OF_ALL = f"""{COLUMNS} FROM {SIDES}
    JOIN ledger_journal j ON j.id = t.journal_id
    JOIN ledger_account a ON a.id = t.account_id
    WHERE t.id <= %(before)s / 2 AND 2 * t.id + t.debit < %(before)s
    ORDER BY t.id DESC, t.debit DESC LIMIT %(limit)s
"""
OF_ORDER = f"""{COLUMNS} FROM ledger_journal j
    JOIN {SIDES} ON t.journal_id = j.id
    JOIN ledger_account a ON a.id = t.account_id
    WHERE j.order_ref = %(order_ref)s AND 2 * t.id + t.debit < %(before)s
      AND (%(codes)s::text[] IS NULL OR a.code = ANY(%(codes)s))
    ORDER BY t.id DESC, t.debit DESC LIMIT %(limit)s
"""
OF_ACCOUNTS = f"""{COLUMNS} FROM ledger_account a
    CROSS JOIN LATERAL (
        (SELECT *, 1 AS debit FROM ledger_transfer
         WHERE debit_id = a.id AND id <= (%(before)s - 2) / 2 ORDER BY id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT *, 0 AS debit FROM ledger_transfer
         WHERE credit_id = a.id AND id <= (%(before)s - 1) / 2 ORDER BY id DESC LIMIT %(limit)s)
    ) t
    JOIN ledger_journal j ON j.id = t.journal_id
    WHERE a.code = ANY(%(codes)s)
    ORDER BY t.id DESC, t.debit DESC LIMIT %(limit)s
"""  # noqa: S608 (only our own words are put together)
FAMILIES = """
    SELECT CASE WHEN code = ANY(%s) THEN code ELSE split_part(code, ':', 1) || ':*' END AS family,
           min(kind), sum(greatest(debit_minor, 0)), sum(greatest(-debit_minor, 0))
    FROM ledger_balance WHERE currency = %s GROUP BY family ORDER BY family
"""


@dataclass(frozen=True)
class LedgerEntry:
    """One side of a transfer; `amount` is positive for a debit, negative for a credit.

    `id` and `journal` can be told to anyone: they are made from the journal's key, not from
    the running numbers that would show how much else there is.
    """

    place: int
    seq: int
    key: str
    n: int
    debit: int
    account: str
    amount: Money
    kind: str
    order: str
    effective_at: datetime
    posted_at: datetime

    @property
    def journal(self) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"journal:{self.key}")

    @property
    def id(self) -> uuid.UUID:
        return uuid.uuid5(self.journal, f"{self.n}:{self.debit}")


def entries(
    *,
    codes: Collection[str] | None = None,
    order_ref: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[LedgerEntry]:
    """Entries, newest first: of all accounts or of some, of all orders or of one.

    `before` is the place of the last entry already seen. Each page costs the same, however
    many entries there are.
    """
    values = {
        "codes": None if codes is None else list(codes),
        "order_ref": order_ref,
        "before": NEWEST if before is None else before,
        "limit": limit,
    }
    sql = OF_ORDER if order_ref else OF_ALL if codes is None else OF_ACCOUNTS
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_entry(*row) for row in cursor.fetchall()]


def trial_balance_by_family(currency: str = "USD") -> list[TrialLine]:
    """The trial balance with `escrow:*` and the like as one line each: short at any size."""
    fixed = [code for code in chart.CHART if not code.endswith(":*")]
    with connection.cursor() as cursor:
        cursor.execute(FAMILIES, [fixed, currency])
        return [
            TrialLine(family, kind, Money(int(debit), currency), Money(int(credit), currency))
            for family, kind, debit, credit in cursor.fetchall()
        ]


def _entry(place, seq, key, n, debit, code, currency, minor, *rest):
    return LedgerEntry(place, seq, key, n, debit, code, Money(minor, currency), *rest)
