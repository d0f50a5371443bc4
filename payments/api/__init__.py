"""Money over the API."""

from payments.api.accounts import ApproveBankAccountView, BankAccountsView
from payments.api.matching import MatchLineView
from payments.api.paying import PaymentsView, PaymentView
from payments.api.sending import (
    ApprovePayoutView,
    ApproveRefundView,
    DisbursementView,
    RequestPayoutView,
    RequestRefundView,
)
from payments.api.statements import BankStatementsView

__all__ = [
    "ApproveBankAccountView",
    "ApprovePayoutView",
    "ApproveRefundView",
    "BankAccountsView",
    "BankStatementsView",
    "DisbursementView",
    "MatchLineView",
    "PaymentView",
    "PaymentsView",
    "RequestPayoutView",
    "RequestRefundView",
]
