"""Why money may not leave now, in words that its payee reads; and where it is to go."""

from django.utils.translation import gettext_lazy as _

from core import clock
from payments.bank_messages import Party, check_party
from payments.models import BankAccount, Disbursement, Payment

Kind, Route = Disbursement.Kind, Disbursement.Route

REASONS = {
    "compliance": _("Our staff check this order. They tell you as soon as they are done."),
    "dispute": _("This order is in dispute. It is paid out when the dispute has ended."),
    "chargeback": _("The buyer’s bank took a payment back, and we contest it."),
    "no_account": _("We have no checked bank account to pay to. Enter one for your company."),
    "new_account": _("The bank account is new. It is paid to from 72 hours after the change."),
    "unwritable": _("Banks cannot write this name or account. Enter it in Latin letters."),
    "not_enough": _("Part of it was needed for a claim. What is left is being worked out."),
    "finance": _("The finance office looks at it."),
}


def why_held(disbursement):
    """The code of the first reason why it may not leave now; "" if it may."""
    order = disbursement.order if disbursement.order_id else None
    if order and order.compliance_hold:
        return "compliance"
    if order and disbursement.kind == Kind.PAYOUT:
        if order.disputes.open().exists():
            return "dispute"
        if order.payments.filter(state=Payment.State.CB_OPEN).exists():
            return "chargeback"
    if disbursement.route == Route.BANK or disbursement.kind == Kind.PAYOUT:
        return _why_no_account(disbursement)
    return ""


def choose_destination(disbursement):
    """Fix the account it goes to: a refund where the money came from, else a checked account.

    Only in front of an approval: what two people approved is not moved any more.
    """
    if disbursement.route == Route.PROVIDER and disbursement.kind != Kind.PAYOUT:
        return
    source = _came_from(disbursement)
    account = None if source else _checked_account(disbursement)
    disbursement.bank_account = account
    disbursement.destination = source or (account.destination if account else {})
    disbursement.save(update_fields=["bank_account", "destination"])


def is_to_source(disbursement):
    """Whether it goes back the way it came, so that no second account has to be believed."""
    return disbursement.route == Route.PROVIDER or disbursement.bank_account_id is None


def _why_no_account(disbursement):
    account = disbursement.bank_account
    if not disbursement.destination:
        return "no_account"
    if not _can_be_written(disbursement):
        return "unwritable"
    if account is None:
        return ""
    if account.state != BankAccount.State.ACTIVE:
        return "no_account"
    return "new_account" if clock.now() < account.usable_from else ""


def party_of(disbursement):
    """The payee as a payment message names it."""
    to = disbursement.destination
    return Party(to["name"], to["account"], to["bic"], to.get("bank", ""), to.get("country", ""))


def _can_be_written(disbursement):
    """Whether a bank's message can hold this name and account (Latin letters, a true BIC)."""
    try:
        check_party(party_of(disbursement))
    except ValueError:
        return False
    return True


def _came_from(disbursement):
    """The payer's account as the bank named it, for refunds and returns; {} if it did not."""
    if disbursement.kind == Kind.PAYOUT:
        return {}
    line = disbursement.line
    if line is None and disbursement.payment_id:
        line = disbursement.payment.statement_lines.exclude(payer_account="").first()
    if line is None or not line.payer_account:
        return {}
    return {"name": line.payer_name, "account": line.payer_account, "bic": "", "bank": ""}


def _checked_account(disbursement):
    if disbursement.payee_id is None:
        return None
    return BankAccount.objects.filter(
        company=disbursement.payee_id,
        currency=disbursement.currency,
        state=BankAccount.State.ACTIVE,
    ).first()
