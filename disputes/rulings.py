"""How the platform decides: first the contract, then the report, then the split (S50-S52)."""

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import PLATFORM
from core import clock
from core.money import Money
from disputes import policies
from disputes.endings import share_out
from disputes.models import CLOSED, Dispute
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused


@operation
def assign(dispute, *, by, mediator=None):
    """Give the case to a mediator: the named one, else the one with the fewest cases (T16)."""
    mediator = mediator or _least_loaded(dispute)
    if mediator is None:
        raise Refused(_("There is no mediator to assign."), code="no_mediator")
    if "mediator" not in mediator.duties or _has_ties(mediator, dispute):
        raise Refused(
            _("Choose a mediator without ties to either side."), code="conflict_of_interest"
        )
    advance(dispute.assign, by=by, mediator=mediator)
    deadlines.keep("dispute.assign", dispute)
    deadlines.start("dispute.evidence", dispute)


@operation
def assign_by_clock(dispute, *, by):
    """Nobody assigned a mediator in time: the platform does, as soon as there is one."""
    if _least_loaded(dispute) is None:
        record(dispute, "no_mediator", by=by)
        deadlines.start("dispute.assign", dispute)
        return
    assign(dispute, by=by)


@operation
def close_evidence(dispute, *, by):
    """The evidence is complete, or its time is over (T17): the case is decided on the record."""
    advance(dispute.close_evidence, by=by)
    deadlines.keep("dispute.evidence", dispute)
    deadlines.start("dispute.decide", dispute)


@operation
def close_evidence_by_clock(dispute, *, by):
    """T17 is over."""
    close_evidence(dispute, by=by)


@operation
def review_contract(dispute, *, by, review):
    """Step one: what the contract says about each claimed line (S51)."""
    _check_mediator(dispute, by)
    if not review.strip():
        raise Refused(_("Write down what the contract says."), code="review_empty")
    dispute.contract_review, dispute.contract_reviewed_at = review, clock.now()
    dispute.save()
    record(dispute, "review_contract", by=by)


@operation
def compare(dispute, *, by, comparison, findings):
    """Step two, only after step one: the report against the contract, line by line.

    `findings` maps a ClaimLine's pk to (finding, note).
    """
    _check_mediator(dispute, by)
    if dispute.contract_reviewed_at is None:
        raise Refused(
            _("Review the contract first. The comparison comes after it."),
            code="contract_review_missing",
        )
    for claim in dispute.claims.all():
        if claim.pk not in findings:
            raise Refused(_("Every claimed line needs a finding."), code="finding_missing")
        claim.finding, claim.finding_note = findings[claim.pk]
        claim.save()
    dispute.comparison, dispute.compared_at = comparison, clock.now()
    dispute.save()
    record(dispute, "compare", by=by)


@operation
def propose_ruling(dispute, *, by, refund, fault, reasons):
    """Step three: how the held money is split, whose fault it is, and why."""
    _check_mediator(dispute, by)
    if dispute.compared_at is None:
        raise Refused(
            _("Review the contract and compare it with the report before you rule."),
            code="comparison_missing",
        )
    released = dispute.claimed - refund
    try:
        policies.check_split(dispute.claimed, refund, released)
    except ValueError as error:
        raise Refused(str(error), code="split_out_of_range") from error
    if not reasons.strip():
        raise Refused(_("Give the reasons: both sides read them."), code="reasons_missing")
    dispute.refund_minor, dispute.release_minor = refund.minor, released.minor
    dispute.fault, dispute.reasons, dispute.proposed_by = fault, reasons, by
    dispute.save()
    record(dispute, "propose_ruling", by=by, facts={"refund": refund.minor, "fault": fault})


@operation
def decide(dispute, *, by):
    """The ruling is given; above the limit only by a second reader (T19 starts)."""
    limit = Money(settings.SECOND_READER_FROM_MINOR, dispute.currency)
    if dispute.proposed_by_id is None:
        raise Refused(_("There is no ruling to give yet."), code="ruling_missing")
    if policies.needs_second_reader(dispute.claimed, limit) and dispute.proposed_by_id == by.pk:
        raise NotAllowed(
            _("A second mediator reads rulings of this size. Ask a colleague to give it."),
            code="second_reader_needed",
        )
    advance(
        dispute.decide,
        by=by,
        decided_by=by,
        decided_at=clock.now(),
        facts={"refund": dispute.refund_minor, "release": dispute.release_minor},
    )
    deadlines.keep("dispute.decide", dispute)
    deadlines.start("dispute.appeal", dispute)


@operation
def finalise_by_clock(dispute, *, by):
    """Nobody appealed (T19): the ruling is final, and the money follows it at once."""
    advance(dispute.finalise, by=by)
    advance(dispute.enforce, by=PLATFORM)
    share_out(dispute, refund_part=Money(dispute.refund_minor, dispute.currency), by=by)


@operation
def report_slow_ruling(dispute, *, by):
    """The ruling takes longer than promised: both sides and the head mediator see it."""
    record(dispute, "review_sla", by=by)


def _check_mediator(dispute, by):
    if by is None or "mediator" not in by.duties:
        raise NotAllowed(_("Only a mediator can do this."))
    if dispute.state != Dispute.State.UNDER_REVIEW:
        raise Refused(_("The case is not being decided now."))
    if by.pk != dispute.mediator_id:
        raise NotAllowed(_("This case is another mediator's."), code="not_your_case")


def _has_ties(user, dispute):
    return user.company_id in {dispute.buyer_id, dispute.supplier_id}


def _least_loaded(dispute):
    open_cases = Dispute.objects.exclude(state__in=CLOSED).values("mediator")
    load = {row["mediator"]: row["n"] for row in open_cases.annotate(n=Count("pk"))}
    mediators = User.objects.filter(is_staff=True, is_active=True, groups__name="mediator").exclude(
        company_id__in=[dispute.buyer_id, dispute.supplier_id]
    )
    return min(mediators, key=lambda user: (load.get(user.pk, 0), user.pk), default=None)
