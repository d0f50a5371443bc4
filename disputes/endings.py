"""How a dispute ends for the money and for the order's clocks."""

from core import clock
from core.days import days_after
from orders.models import Order
from orders.operations import close
from orders.policies import acceptance_deadline
from payments import lateness
from payments.escrow import end_contract, escrow_of, refund, release
from workflow import deadlines
from workflow.engine import advance

LEAST_DAYS_LEFT = 3


def share_out(dispute, *, refund_part, by):
    """A dispute ended: `refund_part` of its hold to the buyer, the rest to the supplier."""
    order, source, cause = dispute.order, dispute.hold_account, f"dispute-{dispute.pk}"
    refund(order, refund_part, cause=cause, by=by, source=source)
    release(order, dispute.claimed - refund_part, cause=cause, by=by, source=source)
    if escrow_of(order):
        resume_clocks(order)
        return
    all_refunded = refund_part == dispute.claimed
    advance(order.dispute_refunded if all_refunded else order.dispute_settled, by=by)
    end_contract(order, by=by, fulfilled=not all_refunded)
    close(order)


def resume_clocks(order):
    """What waited for the dispute goes on, with three days left at least (machines.md 6.0).

    The three days are given for the first dispute of an order, so that filing and
    withdrawing again and again does not put the end off for ever.
    """
    lateness.resume(order)
    if order.state != Order.State.DELIVERED:
        return
    due = acceptance_deadline(order.delivered_at)
    if order.disputes.count() == 1:
        due = max(due, days_after(clock.now(), LEAST_DAYS_LEFT))
    deadlines.restart("order.accept", order, due)
