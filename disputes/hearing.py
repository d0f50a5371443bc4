"""What is heard before a ruling: the evidence of both sides, and an inspection if one is needed."""

from django.utils.translation import gettext as _

from attachments.operations import store
from contracts.canonical import canonical, sha256_hex
from core import clock
from disputes.duty import check_own_case
from disputes.models import ClaimLine, Dispute, Evidence
from disputes.operations import note_answer
from inspections import for_disputes
from inspections.models import Inspection, LineResult
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

State = Dispute.State
TAKING_EVIDENCE = {
    State.OPEN,
    State.OFFER_PENDING,
    State.ESCALATED,
    State.EVIDENCE,
    State.INSPECTION_PENDING,
    State.APPEALED,
}
KEPT_AWAY_BY = {
    Inspection.Cause.POSTPONED: "supplier",
    Inspection.Cause.NOT_READY: "supplier",
    Inspection.Cause.NO_ACCESS: "supplier",
    Inspection.Cause.BUYER: "buyer",
}
JUDGED_FROM_REPORT = {Inspection.State.FAILED, Inspection.State.PENDING_BUYER}


def takes_evidence(dispute):
    """Until the list is sealed; an appeal opens it again until the second comparison."""
    if dispute.state == State.APPEALED:
        return dispute.compared_at is None
    return dispute.state in TAKING_EVIDENCE and not dispute.evidence_sha256


@operation
def add_evidence(dispute, *, by, text, upload=None):
    """A side adds to the case, until the evidence window closes."""
    side = _side(dispute, by)
    if not takes_evidence(dispute):
        raise Refused(_("The time for evidence is over."), code="evidence_closed")
    if dispute.state == State.EVIDENCE and getattr(dispute, f"{side}_done_at"):
        raise Refused(
            _("You said that you have nothing to add. The case goes on without more from you."),
            code="evidence_done",
        )
    order = dispute.order
    if note_answer(dispute, by):
        dispute.save(update_fields=["answered_at"])
    evidence = Evidence.objects.create(
        dispute=dispute,
        company=by.company,
        author=by,
        text=text,
        attachment=store(upload, by=by, shared_with=[order.buyer, order.supplier])
        if upload
        else None,
    )
    record(dispute, "evidence", by=by, facts={"evidence": evidence.pk})
    return evidence


@operation
def say_done(dispute, *, by):
    """A side has nothing to add; when both have not, nobody waits for the end of the time."""
    side = _side(dispute, by)
    if dispute.state != State.EVIDENCE:
        raise Refused(_("The time for evidence is over."), code="evidence_closed")
    if getattr(dispute, f"{side}_done_at"):
        raise Refused(_("You have said that already."), code="said_already")
    setattr(dispute, f"{side}_done_at", clock.now())
    dispute.save()
    record(dispute, "evidence_done", by=by)
    if dispute.buyer_done_at and dispute.supplier_done_at:
        close_evidence(dispute, by=by)


@operation
def close_evidence(dispute, *, by):
    """Both are done, or the time is over (T17): the list is sealed, the case is decided on it."""
    over = deadlines.due_at("dispute.evidence", dispute) is None
    if not (over or (dispute.buyer_done_at and dispute.supplier_done_at)):
        raise Refused(
            _("Both sides have the same time for evidence: it is closed when it is over."),
            code="evidence_open",
        )
    advance(dispute.close_evidence, by=by, sha256=evidence_seal(dispute))
    deadlines.keep("dispute.evidence", dispute)
    deadlines.start("dispute.decide", dispute)


@operation
def close_evidence_by_clock(dispute, *, by):
    """T17 is over. While an inspection is awaited the list is sealed and the case waits on."""
    if dispute.state == State.EVIDENCE:
        close_evidence(dispute, by=by)
    elif not dispute.evidence_sha256:
        dispute.evidence_sha256 = evidence_seal(dispute)
        dispute.save()


@operation
def order_inspection(dispute, *, by, why):
    """No report tells enough: an independent company measures what is disputed (S34, T18).

    The mediator says why; a report that measured every claimed line is enough.
    """
    check_own_case(dispute, by, (State.EVIDENCE, State.UNDER_REVIEW))
    if not why.strip():
        raise Refused(_("Say what is to be measured and why."), code="reason_missing")
    if dispute.ordered_inspection_id:
        raise Refused(_("An inspection was ordered for this case."), code="inspected_already")
    if report_is_enough(dispute):
        raise Refused(
            _("The report measured every claimed line: decide on it."), code="report_is_enough"
        )
    inspection = for_disputes.request(dispute.order, by=by)
    deadlines.keep("dispute.decide", dispute)
    advance(dispute.order_inspection, by=by, ordered_inspection=inspection, reason=why.strip())
    deadlines.start("dispute.inspection", dispute)


def take_report(inspection, *, by):
    """A report was filed: if a mediator waits for it, the case goes on (the report's hook)."""
    waiting = inspection.order.disputes.filter(
        state=State.INSPECTION_PENDING, ordered_inspection=inspection
    )
    for dispute in waiting:
        dispute.adopt(inspection.order)
        if inspection.state in JUDGED_FROM_REPORT:
            deadlines.keep("inspection.decide", inspection)
            advance(inspection.dispute, by=None)
        dispute.inspection = inspection
        _go_on(dispute, report=True)


@operation
def inspection_over_by_clock(dispute, *, by):
    """T18 is over without a report: the case is decided without it.

    Whoever kept the inspector away bears the consequence: the mediator may assume the worst.
    """
    ordered = dispute.ordered_inspection
    if ordered is not None and ordered.state == Inspection.State.MISSED:
        dispute.adverse_to = KEPT_AWAY_BY.get(ordered.missed_because, dispute.adverse_to)
    _go_on(dispute, report=False)


def report_is_enough(dispute):
    """Whether the report at hand measured each claimed line (machines.md, order_inspection)."""
    claims = list(dispute.claims.all())
    if dispute.inspection is None or not claims:
        return False
    told = dispute.inspection.results.exclude(result=LineResult.Result.NOT_MEASURABLE)
    measured = set(told.values_list("line", flat=True))
    return all(claim.line_id in measured for claim in claims)


def evidence_seal(dispute):
    """The SHA-256 of the list of evidence: who, when, what, and each file's own."""
    rows = [
        {
            "company": row.company.name,
            "author": row.author.name,
            "added_at": row.added_at.isoformat(),
            "text": row.text,
            "file": row.attachment.sha256 if row.attachment else "",
        }
        for row in dispute.evidence.select_related("company", "author", "attachment")
    ]
    return sha256_hex(canonical({"evidence": rows}))


def usable_findings(claim):
    """What can be found about a claim: without a clause only the standard speaks (S29, S34)."""
    if claim.line_id is not None:
        return list(ClaimLine.Finding)
    return [ClaimLine.Finding.NOT_MEASURABLE, ClaimLine.Finding.NO_CLAUSE]


def _go_on(dispute, *, report):
    if not dispute.evidence_sha256:
        dispute.evidence_sha256 = evidence_seal(dispute)
    deadlines.keep("dispute.inspection", dispute)
    deadlines.keep("dispute.evidence", dispute)
    advance(dispute.inspection_in, by=None, facts={"report": report})
    deadlines.start("dispute.decide", dispute)


def _side(dispute, by):
    if by.company_id not in {dispute.buyer_id, dispute.supplier_id}:
        raise NotAllowed(_("Only the two sides add evidence."))
    return "buyer" if by.company_id == dispute.buyer_id else "supplier"
