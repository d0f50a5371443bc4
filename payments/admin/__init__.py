"""Money in the back office: everything to read, nothing to edit, operations behind buttons."""

from payments.admin import (
    accounts,
    approvals,
    bank_files,
    books,
    brake,
    chargebacks,
    designated,
    disbursements,
    lines,
    methods,
    payments,
    providers,
    statements,
    treasury,
)

__all__ = [
    "accounts",
    "approvals",
    "bank_files",
    "books",
    "brake",
    "chargebacks",
    "designated",
    "disbursements",
    "lines",
    "methods",
    "payments",
    "providers",
    "statements",
    "treasury",
]
