"""What the two sides of a dispute do: claim, offer, settle, give up, hand over."""

from django.utils.translation import gettext as _

from accounts.models import Strike
from accounts.operations import strike
from accounts.roles import PLATFORM, check_may_commit
from core import clock
from disputes import policies
from disputes.claims import check_can_file, check_is_a_side, claimable, may_be_disputed, snapshot
from disputes.endings import put_back, share_out, stop_clocks
from disputes.models import ClaimLine, Dispute
from disputes.offers import GOES_ON, check_offer, keep_promise
from disputes.settlement import computed_for
from inspections.models import Inspection
from ledger.operations import Move, post
from orders.models import Order
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

__all__ = ["claimable", "file", "may_be_disputed"]


@operation
def save_draft(order, *, by, typed):
    """Keep a claim that is not ready yet; nobody but one's own company sees it."""
    check_is_a_side(order, by)
    dispute = _draft(order, by)
    dispute.typed, dispute.filed_by = typed, by
    dispute.save()
    if deadlines.due_at("dispute.draft", dispute) is None:
        deadlines.start("dispute.draft", dispute)
    return dispute


@operation
def discard_draft(dispute, *, by):
    """Throw a claim away that was never sent."""
    advance(dispute.discard_draft, by=by)
    deadlines.keep("dispute.draft", dispute)


@operation
def discard_draft_by_clock(dispute, *, by):
    """A draft is thrown away once its order can be disputed no more; else it is kept on."""
    if may_be_disputed(dispute.order):
        deadlines.start("dispute.draft", dispute)
    else:
        advance(dispute.discard_draft, by=by)


@operation
def file(order, *, by, reason, statement, amount, lines=(), beyond=""):
    """A side disputes `amount` of what is held, naming contract lines (S21, S48).

    Only that part moves to hold; the other side has fifteen days from here (S49). `beyond` is
    what differs without any line about it. Money that was released is claimed without a
    posting, until T8: what is not paid out yet waits (X5).
    """
    check_can_file(order, by, reason, amount, lines, beyond)
    dispute = _draft(order, by)
    dispute.reason, dispute.statement, dispute.typed = reason, statement, {}
    dispute.claimed_minor = amount.minor
    dispute.after_release = order.state == Order.State.COMPLETED
    dispute.snapshot = snapshot(order)
    dispute.inspection = order.inspections.exclude(reported_at=None).last()
    dispute.save()
    ClaimLine.objects.bulk_create(ClaimLine(dispute=dispute, line=line) for line in lines)
    if beyond.strip():
        ClaimLine.objects.create(dispute=dispute, text=beyond.strip())
    if not dispute.after_release:
        post(
            "dispute.filed",
            key=f"{dispute.hold_account}:filed",
            order_ref=order.ref,
            transfers=[Move(f"escrow:{order.ref}", dispute.hold_account, amount)],
        )
    _close_inspection(dispute, by)
    deadlines.keep("dispute.draft", dispute)
    deadlines.start("dispute.resolve", dispute)
    facts = {"claimed": amount.minor, "lines": [line.number for line in lines]}
    advance(dispute.file, by=by, filed_by=by, filed_at=clock.now(), facts=facts)
    return dispute


@operation
def propose(dispute, *, by, refund, note="", remedy=Dispute.Remedy.REFUND, ship_by=None):
    """A side offers to end the dispute: so much back to the buyer, and how it goes on."""
    try:
        policies.check_split(dispute.claimed, refund, dispute.claimed - refund)
    except ValueError as error:
        raise Refused(str(error), code="offer_out_of_range") from error
    check_offer(dispute, remedy, ship_by)
    note_answer(dispute, by)
    advance(
        dispute.propose,
        by=by,
        refund_minor=refund.minor,
        note=note,
        company=by.company,
        remedy=remedy,
        ship_by=ship_by,
    )


@operation
def decline_offer(dispute, *, by):
    """The other side does not take the offer."""
    _check_others_offer(dispute, by)
    note_answer(dispute, by)
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
    check_offer(dispute, dispute.offer_remedy, dispute.offer_ship_by)
    advance(dispute.accept_offer, by=by, facts={"refund": agreed.minor})
    deadlines.keep("dispute.resolve", dispute)
    keep_promise(dispute, by=by)
    goes_on = dispute.offer_remedy in GOES_ON
    share_out(dispute, refund_part=agreed, by=by, goes_on=goes_on)


@operation
def take_computed(dispute, *, by, refund):
    """A side takes what the signed remedies come to: that much back, the order goes on.

    Both signed the schedule, so it needs no answer where it says everything about the claim;
    a claim on quality is more than arithmetic, so the supplier can only offer it then.
    """
    check_may_commit(by)
    found = computed_for(dispute)
    if found is None or found.total != refund:
        raise Refused(
            _("The record comes to something else now. Look at it again first."),
            code="settlement_changed",
        )
    if by.company_id == dispute.respondent_id and dispute.reason not in policies.COMPUTABLE:
        raise Refused(
            _("The remedies do not say everything about this claim: offer it to the other side."),
            code="not_computable",
        )
    note_answer(dispute, by)
    advance(dispute.take_computed, by=by, facts={"refund": refund.minor})
    deadlines.keep("dispute.resolve", dispute)
    share_out(dispute, refund_part=refund, by=by, goes_on=not dispute.after_release)


@operation
def concede(dispute, *, by):
    """The other side grants the claim in full: back to the buyer, or on to the supplier."""
    check_may_commit(by)
    advance(dispute.concede, by=by)
    deadlines.keep("dispute.resolve", dispute)
    granted = dispute.claimed - dispute.claimed if dispute.by_supplier else dispute.claimed
    share_out(dispute, refund_part=granted, by=by)


@operation
def withdraw(dispute, *, by):
    """The claimant gives the claim up: what was held for it is in escrow again."""
    advance(dispute.withdraw, by=by)
    put_back(dispute, why="withdrawn")
    _cancel_inspection(dispute)


@operation
def refuse(dispute, *, by, reason):
    """The other side formally refuses: the platform takes over at once."""
    note_answer(dispute, by)
    advance(dispute.refuse, by=by, reason=reason)
    _take_over(dispute)


@operation
def agree_to_hand_over(dispute, *, by):
    """A side agrees that the platform decides now; when both do, it takes over at once."""
    check_is_a_side(dispute.order, by)
    if dispute.state not in {Dispute.State.OPEN, Dispute.State.OFFER_PENDING}:
        raise Refused(_("The platform has this dispute already, or it has ended."))
    if dispute.handover_by_id == by.company_id:
        raise Refused(
            _("You have agreed already. The other side has not yet."), code="agreed_already"
        )
    note_answer(dispute, by)
    if dispute.handover_by_id is None:
        dispute.handover_by = by.company
        dispute.save()
        record(dispute, "agree_hand_over", by=by)
        return
    advance(dispute.joint_escalate, by=by)
    _take_over(dispute)


@operation
def ask_platform(dispute, *, by):
    """A side alone cannot bring the platform in before the fifteen days are over (S49)."""
    until = deadlines.due_at("dispute.resolve", dispute)
    if until is None:
        raise Refused(_("The platform has this dispute already, or it has ended."))
    if dispute.handover_by_id not in {None, by.company_id}:
        agree_to_hand_over(dispute, by=by)
        return
    raise Refused(
        _(
            "%(name)s has until %(until)s to settle this. The platform takes over then, "
            "or at once if both sides agree to it."
        )
        % {"name": dispute.respondent.name, "until": f"{until:%Y-%m-%d %H:%M} UTC"},
        code="too_early",
    )


@operation
def escalate_by_clock(dispute, *, by):
    """The fifteen days are over (T15): the platform takes over. Silence counts (S49, S50)."""
    silent = dispute.answered_at is None
    if silent:
        dispute.adverse_to = "buyer" if dispute.by_supplier else "supplier"
        strike(dispute.respondent_id, Strike.Cause.NO_ANSWER, order_ref=dispute.order.ref)
    advance(dispute.auto_escalate, by=by, facts={"no_answer": silent})
    _take_over(dispute)


def note_answer(dispute, by):
    """The other side has written: nobody can say later that it was silent."""
    if by.company_id == dispute.respondent_id and dispute.answered_at is None:
        dispute.answered_at = clock.now()
        return True
    return False


@operation
def note_ruling_sealed(dispute, *, by, n, path, pdf_sha256):
    """The document of a ruling is drawn, sealed and stored: its fingerprint is on record, once."""
    ruling = dispute.rulings.get(n=n)
    if ruling.sealed_at:
        return
    ruling.pdf.name, ruling.pdf_sha256, ruling.sealed_at = path, pdf_sha256, clock.now()
    ruling.save()
    record(dispute, "seal_ruling", by=by, facts={"n": n, "pdf_sha256": pdf_sha256})


def _draft(order, by):
    """This side's draft of a claim, or a new one."""
    by_supplier = by.company_id == order.supplier_id
    found = order.disputes.filter(state=Dispute.State.DRAFT, by_supplier=by_supplier).first()
    if found:
        found.adopt(order)
        return found
    return Dispute(order=order, filed_by=by, by_supplier=by_supplier, currency=order.currency)


def _take_over(dispute):
    stop_clocks(dispute)
    deadlines.start("dispute.assign", dispute)


def _check_others_offer(dispute, by):
    if dispute.offer is None:
        raise Refused(_("There is no offer on the table."), code="no_offer")
    if by.company_id not in {dispute.buyer_id, dispute.supplier_id}:
        raise NotAllowed
    if dispute.offer_by_id == by.company_id:
        raise NotAllowed(_("This is your own offer: the other side answers it."))


def _close_inspection(dispute, by):
    inspection = dispute.inspection
    open_states = {Inspection.State.FAILED, Inspection.State.PENDING_BUYER}
    if inspection and inspection.state in open_states and not dispute.by_supplier:
        inspection.adopt(dispute.order)
        deadlines.keep("inspection.decide", inspection)
        advance(inspection.dispute, by=by)


def _cancel_inspection(dispute):
    """A visit that a mediator ordered is called off with the claim it was about."""
    ordered = dispute.ordered_inspection
    running = {"requested", "appointed", "scheduled", "missed"}
    if ordered is not None and ordered.state in running:
        ordered.adopt(dispute.order)
        for kind in ("inspection.object", "inspection.report"):
            deadlines.keep(kind, ordered)
        advance(ordered.cancel, by=PLATFORM)
