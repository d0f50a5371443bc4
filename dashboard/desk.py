"""What waits for our own staff, by duty: how many, and the list in the back office."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _

from disputes.models import Dispute, DisputeState
from payments.models import Disbursement, StatementLine


@dataclass(frozen=True)
class Tray:
    """A pile of records that wait for staff."""

    what: str
    count: int
    url: str


def trays(user) -> list[Tray]:
    """The piles of this person's duties that are not empty."""
    found = []
    if "mediator" in user.duties:
        found += _of_a_mediator(user)
    if "finance" in user.duties:
        found += _of_the_finance_office()
    return [tray for tray in found if tray.count]


def _of_a_mediator(user):
    unassigned = Dispute.objects.filter(state=DisputeState.ESCALATED)
    mine = Dispute.objects.filter(mediator=user, state=DisputeState.UNDER_REVIEW)
    return [
        Tray(_("Disputes without a mediator"), unassigned.count(), _list(Dispute)),
        Tray(_("Disputes for you to decide"), mine.count(), _list(Dispute)),
    ]


def _of_the_finance_office():
    requested = Disbursement.objects.filter(state=Disbursement.State.REQUESTED)
    unmatched = StatementLine.objects.filter(status=StatementLine.Status.SUSPENSE)
    return [
        Tray(_("Payouts and refunds to approve"), requested.count(), _list(Disbursement)),
        Tray(_("Transfers that match no order"), unmatched.count(), _list(StatementLine)),
    ]


def _list(model):
    """The model's list in the back office, or the front of it where there is no such list."""
    if not admin.site.is_registered(model):
        return reverse("admin:index")
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
