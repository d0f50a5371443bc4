"""What waits for our own staff, by duty: how many, and the list in the back office."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _

from disputes.models import Dispute, DisputeState
from payments import brake
from payments.admin.approvals import waiting_for_person
from payments.admin.bank_files import TO_CARRY
from payments.admin.disbursements import HELD_LONG, TO_PROPOSE, with_piles
from payments.models import (
    BankAccount,
    BankFile,
    Difference,
    Disbursement,
    Pause,
    Payment,
    StatementLine,
    TreasuryTransfer,
)
from workflow.models import Approval

HEADS = {"finance", "administrator"}
HOT, WARM = "hot", "warm"


@dataclass(frozen=True)
class Tray:
    """A pile of records that wait for staff; `tone` says how loud, `detail` adds a sentence."""

    what: str
    count: int
    url: str
    tone: str = ""
    detail: str = ""


def trays(user) -> list[Tray]:
    """The piles of this person's duties that are not empty; a pulled brake comes first."""
    found = []
    if HEADS & user.duties:
        found += [*_brake(), _approvals(user)]
    if "mediator" in user.duties:
        found += _of_a_mediator(user)
    if "finance" in user.duties:
        found += [*_money_out(), *_money_in(), *_books()]
    return [tray for tray in found if tray.count]


def _of_a_mediator(user):
    unassigned = Dispute.objects.filter(state=DisputeState.ESCALATED)
    mine = Dispute.objects.filter(mediator=user, state=DisputeState.UNDER_REVIEW)
    return [
        Tray(_("Disputes without a mediator"), unassigned.count(), _list(Dispute)),
        Tray(_("Disputes for you to decide"), mine.count(), _list(Dispute)),
    ]


def _brake():
    if pause := brake.is_paused():
        yield Tray(_("The brake is pulled"), 1, _list(Pause), HOT, pause.reason[:120])


def _approvals(user):
    waiting = len(waiting_for_person(user))
    return Tray(
        _("Approvals for you to decide"), waiting, _list(Approval, "decision__exact=waiting")
    )


def _money_out():
    rows = with_piles(Disbursement.objects)
    propose, old = rows.filter(TO_PROPOSE), rows.filter(HELD_LONG)
    back = rows.filter(state=Disbursement.State.FAILED)
    accounts = BankAccount.objects.filter(state=BankAccount.State.PROPOSED)
    files = BankFile.objects.filter(TO_CARRY)
    ordered = TreasuryTransfer.objects.filter(state=TreasuryTransfer.State.ORDERED)
    return [
        Tray(_("Payouts and refunds to propose"), propose.count(), _pile(Disbursement, "propose")),
        Tray(_("On hold for more than a week"), old.count(), _pile(Disbursement, "old"), WARM),
        Tray(_("Payments that came back"), back.count(), _pile(Disbursement, "back"), HOT),
        Tray(_("Bank accounts to check"), accounts.count(), _pile(BankAccount, "check")),
        Tray(_("Files to hand to the bank"), files.count(), _pile(BankFile, "carry")),
        Tray(
            _("Treasury transfers to carry out"),
            ordered.count(),
            _pile(TreasuryTransfer, "ordered"),
        ),
    ]


def _money_in():
    waiting = StatementLine.objects.filter(status=StatementLine.Status.SUSPENSE)
    lines = waiting.exclude(payment__state=Payment.State.REVIEW)
    payments = Payment.objects.filter(state=Payment.State.REVIEW)
    return [
        Tray(_("Bank lines that match nothing"), lines.count(), _pile(StatementLine, "in")),
        Tray(_("Payments under review"), payments.count(), _pile(Payment, "review")),
    ]


def _books():
    differences = Difference.objects.filter(gone_at=None)
    return [Tray(_("Differences open"), differences.count(), _pile(Difference, "open"), HOT)]


def _pile(model, queue):
    return _list(model, f"queue={queue}")


def _list(model, query=""):
    """The model's list in the back office, or the front of it where there is no such list."""
    if not admin.site.is_registered(model):
        return reverse("admin:index")
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{url}?{query}" if query else url
