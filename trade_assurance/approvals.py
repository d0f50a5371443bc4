"""Everything that takes two people, in one table (reliability requirement 12)."""

from django.utils.translation import gettext_lazy as _

from workflow.actions import Action

FINANCE = frozenset({"finance"})
HEADS = frozenset({"finance", "administrator"})

APPROVALS = {
    "disbursement.approve": Action(
        _("Send money out"), FINANCE, "payments.disbursing.approve_by_two"
    ),
    "disbursement.cancel": Action(
        _("Cancel a refund or payout"), FINANCE, "payments.disbursing.cancel_by_two"
    ),
    "bankaccount.approve": Action(
        _("Put a bank account in use"), FINANCE, "payments.bank_accounts.approve_by_two"
    ),
    "line.match": Action(
        _("Count a receipt for instalments"), FINANCE, "payments.reviewing.match_by_two"
    ),
    "line.return": Action(
        _("Send a receipt back"), FINANCE, "payments.reviewing.return_line_by_two"
    ),
    "payment.clear": Action(
        _("Count a payment under review"), FINANCE, "payments.reviewing.clear_by_two"
    ),
    "payment.return": Action(
        _("Send a payment under review back"), FINANCE, "payments.reviewing.return_by_two"
    ),
    "line.own": Action(
        _("Book a bank line as our own"), FINANCE, "payments.treasury.book_own_by_two"
    ),
    "treasury.sweep": Action(_("Sweep our own margin"), FINANCE, "payments.treasury.sweep_by_two"),
    "receivable.settle": Action(
        _("Settle what a supplier owes us"), FINANCE, "payments.treasury.settle_debt_by_two"
    ),
    "method.fee": Action(
        _("Change the fee of a payment method"), HEADS, "payments.methods.change_fee_by_two"
    ),
    "limit.change": Action(
        _("Change the limit for four eyes"), HEADS, "payments.methods.change_limit_by_two"
    ),
    "pause.end": Action(_("Let money leave again"), HEADS, "payments.brake.release"),
}
