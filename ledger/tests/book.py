"""Short words for postings in tests: `post("T/T", (TRUST, ESCROW, "6,000.00"))`."""

from itertools import count

from django.db import connection

from core.money import Money
from ledger import operations
from ledger.operations import Move

TRUST, OPERATING, PSP = "bank:sg_trust", "bank:operating", "psp_receivable:card"
ORDER = "TA-2026-000187"
ESCROW, HOLD = f"escrow:{ORDER}", "hold:D-1"
SUPPLIER, RESERVE = "supplier_payable:7", "supplier_reserve:7"
REFUND, CREDIT = "refund_payable:3", "buyer_credit:3"
OWED_BY_SUPPLIER = "receivable_supplier:7"
FEE = "income:escrow_fee"
fresh = count(1)


def usd(text):
    return Money.parse(text)


def moves(*lines):
    return [Move(debit, credit, usd(text)) for debit, credit, text in lines]


def post(kind, *lines, key=None, order_ref=ORDER, **more):
    return operations.post(
        kind,
        key=key or f"test-{next(fresh)}",
        transfers=moves(*lines),
        order_ref=order_ref,
        **more,
    )


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, list(values) or None)
        return cursor.fetchall() if cursor.description else None


def as_superuser(text, *values):
    """What a superuser can do who switches the triggers off: the audit must notice."""
    sql("SET session_replication_role = replica")
    try:
        return sql(text, *values)
    finally:
        sql("SET session_replication_role = origin")
