"""How the platform decides: first the contract, then the report, then the split (S50-S52)."""

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from core.money import Money
from disputes import policies
from disputes.duty import check_on_duty, check_own_case, least_loaded, mediators_for
from disputes.hearing import usable_findings
from disputes.models import ClaimLine, Dispute
from disputes.written import write_down
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

State = Dispute.State
Finding = ClaimLine.Finding


@operation
def assign(dispute, *, by, mediator=None):
    """Give the case to a mediator: the named one, else the one with the fewest cases (T16).

    On appeal it is one who had no part in the ruling.
    """
    mediator = mediator or least_loaded(dispute)
    if mediator is None:
        raise Refused(_("There is no mediator to assign."), code="no_mediator")
    if not mediators_for(dispute).filter(pk=mediator.pk).exists():
        raise Refused(
            _("Choose a mediator without ties to either side, and on appeal another one."),
            code="conflict_of_interest",
        )
    if dispute.state == State.APPEALED:
        if by is not None:
            check_on_duty(dispute, by)
        give_appeal_to(dispute, mediator, by=by)
        return
    advance(dispute.assign, by=by, mediator=mediator)
    deadlines.keep("dispute.assign", dispute)
    deadlines.start("dispute.evidence", dispute)


@operation
def assign_by_clock(dispute, *, by):
    """Nobody assigned a mediator in time: the platform does, as soon as there is one."""
    if least_loaded(dispute) is None:
        record(dispute, "no_mediator", by=by)
        deadlines.start("dispute.assign", dispute)
        return
    assign(dispute, by=by)


def give_appeal_to(dispute, mediator, *, by):
    """The second mediator of an appeal, whom the first ruling does not bind."""
    dispute.mediator = mediator
    dispute.save()
    deadlines.keep("dispute.assign", dispute)
    record(dispute, "assign_appeal", by=by, facts={"mediator": mediator.name})


@operation
def review_contract(dispute, *, by, review):
    """Step one: what the contract says about each claimed line (S51)."""
    check_own_case(dispute, by)
    if not review.strip():
        raise Refused(_("Write down what the contract says."), code="review_empty")
    dispute.contract_review, dispute.contract_reviewed_at = review, clock.now()
    dispute.compared_at = None
    take_proposal_back(dispute)
    dispute.save()
    record(dispute, "review_contract", by=by)


@operation
def compare(dispute, *, by, comparison, findings):
    """Step two, only after step one: the report against the contract, line by line.

    `findings` maps a ClaimLine's pk to (finding, note).
    """
    check_own_case(dispute, by)
    if dispute.contract_reviewed_at is None:
        raise Refused(
            _("Review the contract first. The comparison comes after it."),
            code="contract_review_missing",
        )
    claims = list(dispute.claims.all())
    for claim in claims:
        if claim.pk not in findings:
            raise Refused(_("Every claimed line needs a finding."), code="finding_missing")
        claim.finding, claim.finding_note = findings[claim.pk]
        _check_finding(claim)
    ClaimLine.objects.bulk_update(claims, ["finding", "finding_note"])
    dispute.comparison, dispute.compared_at = comparison, clock.now()
    take_proposal_back(dispute)
    dispute.save()
    record(dispute, "compare", by=by)


@operation
def propose_ruling(dispute, *, by, refund, fault, reasons, payment_fee_back=False):
    """Step three: how the held money is split, whose fault it is, and why.

    `payment_fee_back`: the supplier, being at fault, bears what paying by card cost the buyer.
    """
    check_own_case(dispute, by)
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
    if fault not in Dispute.Fault.values:
        raise Refused(_("Choose whose fault it is."), code="fault_unknown")
    if payment_fee_back and fault != Dispute.Fault.SUPPLIER:
        raise Refused(
            _("Only a supplier that is at fault bears the payment fee."), code="not_at_fault"
        )
    if refund and _has_no_ground(dispute):
        raise Refused(
            _(
                "No claimed line was found to differ: without a clause and a difference "
                "nothing is refunded (S23, S29)."
            ),
            code="no_ground",
        )
    if not reasons.strip():
        raise Refused(_("Give the reasons: both sides read them."), code="reasons_missing")
    dispute.refund_minor, dispute.release_minor = refund.minor, released.minor
    dispute.fault, dispute.reasons, dispute.proposed_by = fault, reasons, by
    dispute.payment_fee_back = payment_fee_back
    dispute.save()
    record(dispute, "propose_ruling", by=by, facts={"refund": refund.minor, "fault": fault})


@operation
def decide(dispute, *, by):
    """The ruling is given; above the limit only by a second reader (T19 starts)."""
    check_may_give(dispute, by)
    advance(dispute.decide, by=by, **given_now(by), facts=split_facts(dispute))
    deadlines.keep("dispute.decide", dispute)
    deadlines.start("dispute.appeal", dispute)
    write_down(dispute)


@operation
def report_slow_ruling(dispute, *, by):
    """The ruling takes longer than promised: both sides and the head mediator see it."""
    advance(dispute.review_sla, by=by)


def check_may_give(dispute, by):
    """Raise Refused unless there is a ruling and this mediator may give it."""
    check_on_duty(dispute, by)
    if dispute.proposed_by_id is None:
        raise Refused(_("There is no ruling to give yet."), code="ruling_missing")
    if needs_another_reader(dispute, by):
        raise NotAllowed(
            _("A second mediator reads rulings of this size. Ask a colleague to give it."),
            code="second_reader_needed",
        )


def needs_another_reader(dispute, by):
    """Above the limit, whoever proposed the ruling does not give it (X15)."""
    limit = Money(settings.SECOND_READER_FROM_MINOR, dispute.currency)
    is_own = dispute.proposed_by_id == by.pk
    return is_own and policies.needs_second_reader(dispute.claimed, limit)


def given_now(by):
    """Who gives a ruling, and when."""
    return {"decided_by": by, "decided_at": clock.now()}


def split_facts(dispute):
    """What history keeps of a ruling."""
    return {"refund": dispute.refund_minor, "release": dispute.release_minor}


def take_proposal_back(dispute):
    """What a proposed ruling rested on has changed: it is proposed again."""
    dispute.refund_minor = dispute.release_minor = dispute.proposed_by = None
    dispute.fault, dispute.reasons, dispute.payment_fee_back = "", "", False


def _check_finding(claim):
    if claim.finding not in usable_findings(claim):
        raise Refused(
            _(
                "No clause is behind “%s”: let the industry standard decide, "
                "or find that no clause covers it (S29)."
            )
            % claim,
            code="finding_unknown",
        )
    if claim.finding == Finding.NOT_MEASURABLE and not claim.finding_note.strip():
        raise Refused(
            _("Name the industry standard that decides about “%s” (S34).") % claim,
            code="standard_missing",
        )


def _has_no_ground(dispute):
    found = [claim.finding for claim in dispute.claims.all()]
    about_goods = dispute.reason == Dispute.Reason.QUALITY
    return about_goods and bool(found) and set(found) <= {Finding.CONFORMS, Finding.NO_CLAUSE}
