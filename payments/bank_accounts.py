"""The account a company is paid to: asked for by a signer, told to everybody, checked by two.

Nothing is paid to it before 72 hours are over (reliability requirement 13): who took over a
mailbox or a session has to wait, and everybody else of the company reads of it meanwhile.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import bic as bic_numbers
from stdnum import iban

from accounts.reauthentication import confirm_password
from accounts.roles import check_may_commit
from core import clock
from payments import policies
from payments.disbursing import reconsider
from payments.models import BankAccount, Disbursement
from workflow import approvals
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

HOLD = timedelta(hours=72)
State = BankAccount.State


def change_with_password(*, by, password, **details):
    """Ask for another account, having proven again who one is."""
    confirm_password(by, password)
    return change_account(by=by, **details)


@transaction.atomic
def change_account(*, by, holder, account_number, bic, bank, currency="USD"):
    """Ask for another account; the one in use stays until two of our staff approve this one.

    The holder must be the company itself, under a name that we know. Raises Refused.
    """
    if by is None or by.company_id is None:
        raise NotAllowed(_("Only a company has a bank account here."))
    check_may_commit(by)
    number, bic = _number(account_number), _bic(bic)
    names = [by.company.name, by.company.legal_name, by.company.name_local]
    if not policies.payer_matches(holder, names):
        raise Refused(
            _("The holder must be your company: %s.") % by.company.legal_name,
            code="holder_is_another",
        )
    for earlier in BankAccount.objects.filter(
        company=by.company, currency=currency, state=State.PROPOSED
    ):
        advance(earlier.retire, by=None)
    account = BankAccount.objects.create(
        company=by.company,
        currency=currency,
        holder=holder.strip(),
        account_number=number,
        bic=bic,
        bank=bank.strip(),
        country=bic[4:6],
        requested_by=by,
        usable_from=clock.now() + HOLD,
    )
    record(account, "change_account", by=by, facts={"account": account.masked, "bank": bank})
    return account


def ask_to_approve(account, *, by, reason=""):
    """The first of two of the finance office has checked holder and number."""
    if account.state != State.PROPOSED:
        raise Refused(_("This account does not wait to be checked."), code="not_proposed")
    return approvals.propose(account, "bankaccount.approve", by=by, reason=reason)


@operation
def approve_by_two(account, *, by, proposed_by):
    """The second puts it in use; the one before is retired, and held payouts are looked at."""
    in_use = BankAccount.objects.filter(
        company=account.company_id, currency=account.currency, state=State.ACTIVE
    ).first()
    if in_use:
        advance(in_use.retire, by=by)
    advance(account.approve, by=by, proposed_by=proposed_by, approved_by=by)
    reconsider(Disbursement.objects.filter(payee=account.company_id))


@operation
def refuse_account(account, *, by, reason):
    """It cannot be paid to; the company reads why."""
    if not reason.strip():
        raise Refused(_("Say why the account is not accepted."), code="reason_missing")
    advance(account.refuse, by=by, reason=reason)


def _number(text):
    number = "".join(text.split()).replace("-", "").upper()
    if not number.isalnum() or not 4 <= len(number) <= 34:
        raise Refused(_("An account number has 4 to 34 letters and digits."), code="number_wrong")
    looks_like_iban = number[:2].isalpha() and number[2:4].isdigit() and len(number) >= 15
    if looks_like_iban and not iban.is_valid(number):
        raise Refused(
            _("The check digits of this IBAN are wrong. Compare it once more."), code="iban_wrong"
        )
    return number


def _bic(text):
    compact = bic_numbers.compact(text)
    if not bic_numbers.is_valid(compact):
        raise Refused(
            _("A BIC is four letters, a country, and 2 or 5 letters or digits."), code="bic_wrong"
        )
    return compact
