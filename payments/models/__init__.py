"""Money in and money out, as rows: what is owed, asked for, said by the bank, and decided."""

from payments.models.accounts import BankAccount
from payments.models.books import ClientMoneyStatement, Difference, Pause, Reconciliation
from payments.models.chargebacks import Chargeback
from payments.models.disbursements import ApprovalLimit, BankFile, Disbursement
from payments.models.external import ProviderEvent, ProviderOperation
from payments.models.methods import MethodChange, PaymentMethod
from payments.models.payment import Payment
from payments.models.statements import LineShare, StatementImport, StatementLine
from payments.models.treasury import ProviderSettlement, TreasuryTransfer

__all__ = [
    "ApprovalLimit",
    "BankAccount",
    "BankFile",
    "Chargeback",
    "ClientMoneyStatement",
    "Difference",
    "Disbursement",
    "LineShare",
    "MethodChange",
    "Pause",
    "Payment",
    "PaymentMethod",
    "ProviderEvent",
    "ProviderOperation",
    "ProviderSettlement",
    "Reconciliation",
    "StatementImport",
    "StatementLine",
    "TreasuryTransfer",
]
