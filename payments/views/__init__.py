"""The payment pages: how to pay, into which account, and how far the money is."""

from payments.views.checking import check_account
from payments.views.checkout import pay, pay_sheet, pay_transfer
from payments.views.following import pay_status

__all__ = ["check_account", "pay", "pay_sheet", "pay_status", "pay_transfer"]
