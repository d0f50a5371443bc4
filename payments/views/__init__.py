"""The money pages: how to pay, into which account, how far the money is, and where all of it is."""

from payments.views.bank import company_bank
from payments.views.checking import check_account, check_sheet
from payments.views.checkout import pay, pay_sheet, pay_transfer
from payments.views.following import pay_status
from payments.views.money import money, money_credit, money_credit_back, money_credit_use
from payments.views.statement import (
    money_statement,
    money_statement_csv,
    money_statement_draw,
    money_statement_file,
)
from payments.views.tracker import refund, refund_arrived, refund_nudge

__all__ = [
    "check_account",
    "check_sheet",
    "company_bank",
    "money",
    "money_credit",
    "money_credit_back",
    "money_credit_use",
    "money_statement",
    "money_statement_csv",
    "money_statement_draw",
    "money_statement_file",
    "pay",
    "pay_sheet",
    "pay_status",
    "pay_transfer",
    "refund",
    "refund_arrived",
    "refund_nudge",
]
