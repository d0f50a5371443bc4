"""Who among the staff may work on a case: nobody with ties to a side, nobody twice."""

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from disputes.models import CLOSED, Dispute
from workflow.errors import NotAllowed, Refused

State = Dispute.State


def mediators_for(dispute):
    """The mediators on duty without ties to either side, and for an appeal none of the first."""
    return (
        User.objects.filter(is_staff=True, is_active=True, groups__name="mediator")
        .exclude(company_id__in=[dispute.buyer_id, dispute.supplier_id])
        .exclude(pk__in=first_deciders(dispute))
        .order_by("name", "pk")
    )


def least_loaded(dispute):
    """The one with the fewest open cases, the lowest number among equals; None if nobody (T16)."""
    open_cases = Dispute.objects.exclude(state__in=CLOSED).values("mediator")
    load = {row["mediator"]: row["n"] for row in open_cases.annotate(n=Count("pk"))}
    fit = mediators_for(dispute)
    return min(fit, key=lambda user: (load.get(user.pk, 0), user.pk), default=None)


def first_deciders(dispute):
    """Who made the ruling that is appealed: its mediator and who gave it. Nobody before."""
    rows = dispute.rulings.values_list("mediator", "given_by") if dispute.appealed_at else []
    return {pk for row in rows for pk in row}


def check_on_duty(dispute, by):
    """Raise NotAllowed unless this mediator is fit for the case."""
    if by is None or "mediator" not in by.duties:
        raise NotAllowed(_("Only a mediator can do this."))
    if by.company_id in {dispute.buyer_id, dispute.supplier_id}:
        raise NotAllowed(
            _("You belong to one of the two sides: a colleague decides this."),
            code="conflict_of_interest",
        )
    if by.pk in first_deciders(dispute):
        raise NotAllowed(
            _("You decided this before: another mediator decides the appeal."),
            code="decided_before",
        )


def check_own_case(dispute, by, states=(State.UNDER_REVIEW, State.APPEALED)):
    """Raise Refused unless the case is this mediator's, and in one of these states."""
    check_on_duty(dispute, by)
    if dispute.state not in states:
        raise Refused(_("The case is not being decided now."))
    if by.pk != dispute.mediator_id:
        raise NotAllowed(_("This case is another mediator's."), code="not_your_case")
