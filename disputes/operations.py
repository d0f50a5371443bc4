"""What can be done about a dispute by its parties and its clocks; rulings are next door."""

from django.utils.translation import gettext as _

from attachments.operations import store
from core import clock
from core.money import Money
from disputes import policies
from disputes.models import ClaimLine, Dispute, Evidence
from inspections.models import Inspection
from ledger.operations import Move, post
from orders.models import Order
from orders.operations import close
from orders.policies import acceptance_deadline
from orders.states import UNDER_WAY
from payments.operations import end_contract, escrow_of, refund, release
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

TAKING_EVIDENCE = {
    Dispute.State.OPEN,
    Dispute.State.OFFER_PENDING,
    Dispute.State.ESCALATED,
    Dispute.State.EVIDENCE,
}
PAUSED = ("order.accept", "order.choose_when_late", "order.prove_shipment")


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
    for kind in PAUSED:
        deadlines.keep(kind, order)
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
    if by and by.company_id == dispute.supplier_id:
        dispute.supplier_answered_at = clock.now()
    advance(dispute.propose, by=by, refund_minor=refund.minor, note=note, company=by.company)


@operation
def decline_offer(dispute, *, by):
    """The other side does not take the offer."""
    _check_others_offer(dispute, by)
    advance(dispute.decline_offer, by=by)


@operation
def accept_offer(dispute, *, by):
    """The other side takes the offer; the money is split in the same transaction."""
    _check_others_offer(dispute, by)
    agreed = dispute.offer
    advance(dispute.accept_offer, by=by, facts={"refund": agreed.minor})
    deadlines.keep("dispute.resolve", dispute)
    share_out(dispute, refund_part=agreed, by=by)


@operation
def concede(dispute, *, by):
    """The supplier grants the claim in full."""
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
    resume_clocks(order, dispute)


@operation
def refuse(dispute, *, by, reason):
    """The supplier formally refuses: the platform takes over at once."""
    dispute.supplier_answered_at = clock.now()
    advance(dispute.refuse, by=by, reason=reason)
    _take_over(dispute)


@operation
def ask_platform(dispute, *, by):
    """A side alone cannot bring the platform in before the fifteen days are over (S49)."""
    until = deadlines.due_at("dispute.resolve", dispute)
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


def share_out(dispute, *, refund_part, by):
    """A dispute ended: `refund_part` of its hold to the buyer, the rest to the supplier."""
    order, source, cause = dispute.order, dispute.hold_account, f"dispute-{dispute.pk}"
    refund(order, refund_part, cause=cause, by=by, source=source)
    release(order, dispute.claimed - refund_part, cause=cause, by=by, source=source)
    if escrow_of(order):
        resume_clocks(order, dispute)
        return
    all_refunded = refund_part == dispute.claimed
    advance(order.dispute_refunded if all_refunded else order.dispute_settled, by=by)
    end_contract(order, by=by, fulfilled=not all_refunded)
    close(order)


def resume_clocks(order, dispute):
    """What the dispute paused runs on, with at least three days left (machines.md 6.0)."""
    if order.state == Order.State.DELIVERED:
        old = acceptance_deadline(order.delivered_at)
        deadlines.start(
            "order.accept",
            order,
            policies.resume_deadline(old, dispute.filed_at, clock.now()),
        )


def _take_over(dispute):
    _stop_clocks(dispute)
    deadlines.start("dispute.assign", dispute)


def _stop_clocks(dispute):
    for kind in ("resolve", "assign", "evidence", "decide", "appeal"):
        deadlines.keep(f"dispute.{kind}", dispute)


def _check_can_file(order, by, reason, amount, lines):
    if by.company_id != order.buyer_id:
        raise NotAllowed(_("Only the buyer of this order can dispute it."))
    if order.state not in UNDER_WAY:
        raise Refused(_("A dispute needs an order that is paid and not ended."), code="not_open")
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute already."), code="in_dispute")
    if reason == Dispute.Reason.QUALITY and not lines:
        raise Refused(
            _("Name the contract lines that differ. Only these can be compared (S31)."),
            code="claim_names_no_line",
        )
    if not Money(0, order.currency) < amount <= escrow_of(order):
        raise Refused(
            _("Claim more than nothing and at most the %s that is held.") % escrow_of(order),
            code="claim_out_of_range",
        )


def _check_others_offer(dispute, by):
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
        "messages": list(order.messages.values("author__name", "text", "sent_at")),
        "report": list(report.results.values("line__number", "readings", "result", "mean"))
        if report
        else [],
    }
