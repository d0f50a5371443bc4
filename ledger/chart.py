"""The chart of accounts: which accounts may exist, and on which side each one lives.

One table (money.md 7.1). A code is either written out (`bank:sg_trust`) or a family with
an owner (`escrow:*`, so `escrow:TA-2026-000187`). The database knows the same table, as
the function `ledger_chart()`; a test and the audit compare the two.
"""

import re
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """The four types of account. Assets and expenses grow by debits, the others by credits."""

    ASSET = "asset", _("asset")
    LIABILITY = "liability", _("liability")
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")


@dataclass(frozen=True)
class Entry:
    """One line of the chart. A guarded account may never go below zero."""

    kind: Kind
    guarded: bool
    title: str | Promise


class UnknownAccount(ValueError):
    """The chart of accounts has no such account."""


CLIENT_MONEY = {
    "escrow:*": _("Held for an order"),
    "hold:*": _("Held for a dispute"),
    "suspense:unidentified": _("Received, not yet matched"),
    "buyer_credit:*": _("Credit of a buyer"),
    "supplier_payable:*": _("Owed to a supplier"),
    "supplier_reserve:*": _("Reserve of a supplier"),
    "refund_payable:*": _("Refund owed to a buyer"),
    "inspection_payable:*": _("Owed to an inspection agency"),
    "payout_transit:*": _("Payout on its way"),
}
ASSETS = {
    "bank:sg_trust": _("Trust account"),
    "psp_receivable:*": _("Owed by a payment provider"),
    "bank:operating": _("Operating account"),
    "receivable_supplier:*": _("Owed by a supplier"),
}
INCOME = {
    "income:escrow_fee": _("Platform fee"),
    "income:payment_fee": _("Payment fee"),
}
EXPENSES = {
    "expense:psp_fee": _("Payment provider fees"),
    "expense:bank_charges": _("Bank charges"),
    "expense:chargeback_fee": _("Chargeback fees"),
    "expense:guarantee_loss": _("Losses on the guarantee"),
}

CHART: dict[str, Entry] = {
    pattern: Entry(kind, kind is Kind.LIABILITY, title)
    for kind, titles in [
        (Kind.ASSET, ASSETS),
        (Kind.LIABILITY, CLIENT_MONEY),
        (Kind.INCOME, INCOME),
        (Kind.EXPENSE, EXPENSES),
    ]
    for pattern, title in titles.items()
}
OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_CODE = 80


def entry(code: str) -> Entry:
    """The chart's line for an account code. Raises UnknownAccount."""
    family, _colon, owner = code.partition(":")
    line = CHART.get(code) if owner != "*" else None
    if line is None and OWNER.fullmatch(owner) and len(code) <= LONGEST_CODE:
        line = CHART.get(f"{family}:*")
    if line is None:
        raise UnknownAccount(f"The chart of accounts has no “{code}”.")
    return line


def sign(kind: str) -> int:
    """+1 where debits raise the balance (assets, expenses), -1 where credits do."""
    return 1 if kind in (Kind.ASSET, Kind.EXPENSE) else -1
