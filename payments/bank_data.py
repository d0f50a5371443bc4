"""Account numbers are masked everywhere; who looks at one in full is written down."""

from django.db import transaction
from django.utils.translation import gettext as _

from payments.models import BankAccount, Disbursement, StatementLine
from workflow.engine import record
from workflow.errors import NotAllowed, Refused

DUTIES = {"finance"}


def masked(number):
    """All that a page shows of an account number: its last four characters."""
    return f"•• {number[-4:]}" if number else ""


def has_bank_data(subject):
    """Whether there is a number to look at."""
    return bool(_of(subject).get("account"))


@transaction.atomic
def look(subject, *, by):
    """The account of a disbursement, a company or a payer, in full, for the finance office.

    Returns {name, account, bic, bank}. The look itself is an Event.
    """
    if by is None or not by.is_active or not by.is_staff or not DUTIES & by.duties:
        raise NotAllowed(_("Only the finance office looks at account numbers."))
    data = _of(subject)
    if not data.get("account"):
        raise Refused(_("There is no account number here."), code="no_account")
    record(subject, "look_at_bank_data", by=by, facts={"account": masked(data["account"])})
    return data


def _of(subject):
    if isinstance(subject, StatementLine):
        return {"name": subject.payer_name, "account": subject.payer_account}
    if isinstance(subject, Disbursement | BankAccount):
        return subject.destination
    return {}
