"""What can be done about a dispute by its parties and its clocks; rulings are next door."""

from django.utils.translation import gettext as _

from accounts.roles import check_may_commit
from attachments.operations import store
from contracts.models import ContractLine, PurchaseContract
from core import clock
from core.money import Money
from disputes import policies
from disputes.endings import resume_clocks, share_out
from disputes.models import ClaimLine, Dispute, Evidence
from inspections.models import Inspection
from ledger.operations import Move, post
from orders.states import UNDER_WAY
from payments.escrow import escrow_of
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

TAKING_EVIDENCE = {
    Dispute.State.OPEN,
    Dispute.State.OFFER_PENDING,
    Dispute.State.ESCALATED,
    Dispute.State.EVIDENCE,
}


@operation
def file(order, *, by, reason, statement, amount, lines=()):
    """The buyer disputes `amount` of what is held, naming contract lines (S21, S48).

    Only that part moves to hold; the supplier has fifteen days from here (S49).
    """
    _check_can_file(order, by, reason, amount, lines)
    dispute = Dispute(
        order=order,
        filed_by=by,
        filed_at=clock.now(),
        reason=reason,
        statement=statement,
        claimed_minor=amount.minor,
        currency=amount.currency,
        snapshot=_snapshot(order),
        inspection=order.inspections.exclude(reported_at=None).last(),
    )
    dispute.save()
    ClaimLine.objects.bulk_create(ClaimLine(dispute=dispute, line=line) for line in lines)
    post(
        "dispute.filed",
        key=f"{dispute.hold_account}:filed",
        order_ref=order.ref,
        transfers=[Move(f"escrow:{order.ref}", dispute.hold_account, amount)],
    )
    _close_inspection(dispute, by)
    deadlines.start("dispute.resolve", dispute)
    record(
        dispute,
        "file",
        by=by,
        facts={"claimed": amount.minor, "lines": [line.number for line in lines]},
    )
    return dispute


@operation
def propose(dispute, *, by, refund, note=""):
    """A side offers to end the dispute with `refund` for the buyer and the rest released."""
    try:
        policies.check_split(dispute.claimed, refund, dispute.claimed - refund)
    except ValueError as error:
        raise Refused(str(error), code="offer_out_of_range") from error
    _note_answer(dispute, by)
    advance(dispute.propose, by=by, refund_minor=refund.minor, note=note, company=by.company)


@operation
def decline_offer(dispute, *, by):
    """The other side does not take the offer."""
    _check_others_offer(dispute, by)
    _note_answer(dispute, by)
    advance(dispute.decline_offer, by=by)


@operation
def accept_offer(dispute, *, by, refund):
    """The other side takes the offer; the money is split in the same transaction.

    `refund` is the offer that the person saw: another one is not accepted unseen.
    """
    check_may_commit(by)
    _check_others_offer(dispute, by)
    agreed = dispute.offer
    if agreed != refund:
        raise Refused(
            _("The offer changed while you were reading. Look at the new one first."),
            code="offer_changed",
        )
    advance(dispute.accept_offer, by=by, facts={"refund": agreed.minor})
    deadlines.keep("dispute.resolve", dispute)
    share_out(dispute, refund_part=agreed, by=by)


@operation
def concede(dispute, *, by):
    """The supplier grants the claim in full."""
    check_may_commit(by)
    advance(dispute.concede, by=by)
    deadlines.keep("dispute.resolve", dispute)
    share_out(dispute, refund_part=dispute.claimed, by=by)


@operation
def withdraw(dispute, *, by):
    """The buyer gives the claim up: what was held for it is in escrow again."""
    advance(dispute.withdraw, by=by)
    _stop_clocks(dispute)
    order = dispute.order
    post(
        "dispute.withdrawn",
        key=f"{dispute.hold_account}:withdrawn",
        order_ref=order.ref,
        transfers=[Move(dispute.hold_account, f"escrow:{order.ref}", dispute.claimed)],
    )
    resume_clocks(order)


@operation
def refuse(dispute, *, by, reason):
    """The supplier formally refuses: the platform takes over at once."""
    _note_answer(dispute, by)
    advance(dispute.refuse, by=by, reason=reason)
    _take_over(dispute)


@operation
def ask_platform(dispute, *, by):
    """A side alone cannot bring the platform in before the fifteen days are over (S49)."""
    until = deadlines.due_at("dispute.resolve", dispute)
    if until is None:
        raise Refused(_("The platform has this dispute already, or it has ended."))
    raise Refused(
        _("The supplier has until %s to settle this. The platform takes over then.")
        % f"{until:%Y-%m-%d %H:%M} UTC",
        code="too_early",
    )


@operation
def escalate_by_clock(dispute, *, by):
    """The fifteen days are over (T15): the platform takes over."""
    advance(
        dispute.auto_escalate,
        by=by,
        facts={"no_answer": dispute.supplier_answered_at is None},
    )
    _take_over(dispute)


@operation
def add_evidence(dispute, *, by, text, upload=None):
    """A side adds to the case, until the evidence window closes."""
    if by.company_id not in {dispute.buyer_id, dispute.supplier_id}:
        raise NotAllowed(_("Only the two sides add evidence."))
    if dispute.state not in TAKING_EVIDENCE:
        raise Refused(_("The time for evidence is over."), code="evidence_closed")
    order = dispute.order
    if _note_answer(dispute, by):
        dispute.save(update_fields=["supplier_answered_at"])
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


def _note_answer(dispute, by):
    """The supplier has written: nobody can say later that it was silent."""
    if by.company_id == dispute.supplier_id:
        dispute.supplier_answered_at = clock.now()
        return True
    return False


def _take_over(dispute):
    _stop_clocks(dispute)
    deadlines.start("dispute.assign", dispute)


def _stop_clocks(dispute):
    for kind in ("resolve", "assign", "evidence", "decide", "appeal"):
        deadlines.keep(f"dispute.{kind}", dispute)


def _check_can_file(order, by, reason, amount, lines):
    if by.company_id != order.buyer_id:
        raise NotAllowed(_("Only the buyer of this order can dispute it."))
    if reason not in Dispute.Reason.values:
        raise Refused(_("Choose one of the reasons."), code="reason_unknown")
    if order.state not in UNDER_WAY:
        raise Refused(_("A dispute needs an order that is paid and not ended."), code="not_open")
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute already."), code="in_dispute")
    if reason == Dispute.Reason.QUALITY and not lines:
        raise Refused(
            _("Name the contract lines that differ. Only these can be compared (S31)."),
            code="claim_names_no_line",
        )
    _check_lines(order, lines)
    if not Money(0, order.currency) < amount <= escrow_of(order):
        raise Refused(
            _("Claim more than nothing and at most the %s that is held.") % escrow_of(order),
            code="claim_out_of_range",
        )


def _check_lines(order, lines):
    """Only lines of the contract in force can be claimed, and none that the buyer waived."""
    ours = ContractLine.objects.filter(
        pk__in=[line.pk for line in lines],
        contract__order=order,
        contract__state=PurchaseContract.State.EFFECTIVE,
    ).exclude(results__waived=True)
    if ours.count() != len(set(lines)):
        raise Refused(
            _("Claim only lines of this contract that you have not accepted as they are."),
            code="line_not_claimable",
        )


def _check_others_offer(dispute, by):
    if dispute.offer is None:
        raise Refused(_("There is no offer on the table."), code="no_offer")
    if by.company_id not in {dispute.buyer_id, dispute.supplier_id}:
        raise NotAllowed
    if dispute.offer_by_id == by.company_id:
        raise NotAllowed(_("This is your own offer: the other side answers it."))


def _close_inspection(dispute, by):
    inspection = dispute.inspection
    if inspection and inspection.state in {
        Inspection.State.FAILED,
        Inspection.State.PENDING_BUYER,
    }:
        inspection.adopt(dispute.order)
        deadlines.keep("inspection.decide", inspection)
        advance(inspection.dispute, by=by)


def _snapshot(order):
    """What both sides can rely on later: the contract, the messages, the report as they were."""
    contract = order.contracts.filter(state="effective").first()
    report = order.inspections.exclude(reported_at=None).last()
    return {
        "contract": contract.document if contract else None,
        "contract_sha256": contract.sha256 if contract else "",
        "messages": [
            {"author": name, "text": text, "sent_at": sent_at.isoformat()}
            for name, text, sent_at in order.messages.values_list("author__name", "text", "sent_at")
        ],
        "report": list(report.results.values("line__number", "readings", "result", "mean"))
        if report
        else [],
    }
