"""The addresses of the API, version 1. Each app's views are in its own api.py."""

from django.urls import include, path, re_path

from api.approvals import ApprovalView
from api.ledger import LedgerEntriesView, TrialBalanceView
from api.lookup import OperationView
from api.schema import SchemaView
from api.views import nothing_here
from orders.api import OrderMoneyView, OrderView
from payments import api as payments

# Named by its code or its public id.
ORDER = "orders/(?P<order>[0-9A-Za-z-]{1,40})"

version_1 = [
    path("schema/", SchemaView.as_view(), name="api_schema"),
    re_path(rf"^{ORDER}/$", OrderView.as_view(), name="api_order"),
    re_path(rf"^{ORDER}/money/$", OrderMoneyView.as_view(), name="api_order_money"),
    path("payments/", payments.PaymentsView.as_view(), name="api_payments"),
    path("payments/<uuid:payment>/", payments.PaymentView.as_view(), name="api_payment"),
    path("bank-statements/", payments.BankStatementsView.as_view(), name="api_bank_statements"),
    path("statement-lines/<uuid:line>/match/", payments.MatchLineView.as_view(), name="api_match"),
    path(
        "disbursements/<uuid:disbursement>/",
        payments.DisbursementView.as_view(),
        name="api_disbursement",
    ),
    path(
        "refunds/<uuid:disbursement>/request/",
        payments.RequestRefundView.as_view(),
        name="api_request_refund",
    ),
    path(
        "refunds/<uuid:disbursement>/approve/",
        payments.ApproveRefundView.as_view(),
        name="api_approve_refund",
    ),
    path(
        "payouts/<uuid:disbursement>/request/",
        payments.RequestPayoutView.as_view(),
        name="api_request_payout",
    ),
    path(
        "payouts/<uuid:disbursement>/approve/",
        payments.ApprovePayoutView.as_view(),
        name="api_approve_payout",
    ),
    path("bank-accounts/", payments.BankAccountsView.as_view(), name="api_bank_accounts"),
    path(
        "bank-accounts/<uuid:account>/approve/",
        payments.ApproveBankAccountView.as_view(),
        name="api_approve_bank_account",
    ),
    path("approvals/<uuid:approval>/", ApprovalView.as_view(), name="api_approval"),
    path("ledger/entries/", LedgerEntriesView.as_view(), name="api_ledger_entries"),
    path("ledger/trial-balance/", TrialBalanceView.as_view(), name="api_trial_balance"),
    re_path(r"^operations/(?P<key>[!-~]{1,255})/$", OperationView.as_view(), name="api_operation"),
]
urlpatterns = [
    path("v1/", include(version_1)),
    re_path(r"", nothing_here),
]
