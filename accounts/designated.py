"""The designated account: proposed by one, approved by another, only in Singapore (S19)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import DesignatedAccount
from core.references import sg_bic
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused


@transaction.atomic
def propose_account(*, by, beneficiary, bank, account_number, bic, bank_address="", currency="USD"):
    """A person of the finance office proposes an account; it is not used until approved."""
    if "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office keeps the designated account."))
    try:
        bic = sg_bic(bic)
    except ValueError as error:
        raise Refused(str(error), code="account_not_in_singapore") from error
    account = DesignatedAccount.objects.create(
        beneficiary=beneficiary,
        bank=bank,
        account_number=account_number.replace(" ", ""),
        bic=bic,
        bank_address=bank_address,
        currency=currency,
        proposed_by=by,
    )
    record(account, "propose_account", by=by)
    return account


@operation
def approve_account(account, *, by):
    """A second person puts it in use; the one before is retired."""
    if account.proposed_by_id == by.pk:
        raise NotAllowed(
            _("You proposed this account: somebody else approves it."), code="own_proposal"
        )
    before = DesignatedAccount.objects.filter(
        state=DesignatedAccount.State.ACTIVE, currency=account.currency
    ).first()
    if before:
        advance(before.retire, by=by)
    advance(account.approve, by=by, approver=by)


def the_account(currency="USD"):
    """The account that buyers pay into now, or None."""
    return DesignatedAccount.objects.filter(
        state=DesignatedAccount.State.ACTIVE, currency=currency
    ).first()


def account_as_text(currency="USD"):
    """The account as a contract and a payment sheet name it, or None while there is none."""
    account = the_account(currency)
    if account is None:
        return None
    return {
        "beneficiary": account.beneficiary,
        "bank": account.bank,
        "account_number": account.account_number,
        "bic": account.bic,
    }
