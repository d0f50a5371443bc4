"""How a dispute ends for the money and for the order's clocks."""

from django.utils.translation import gettext as _

from core import clock
from core.days import days_after, platform_date
from ledger.operations import Move, post
from orders import policies, shifting
from orders.models import Order, ShipDateShift
from orders.operations import close
from orders.states import SHIPPABLE
from payments import lateness
from payments.disbursing import reconsider
from payments.escrow import end_contract, escrow_of, refund, refund_payment_fee, release
from payments.guarantee import refund_after_release
from workflow import deadlines
from workflow.engine import advance

LEAST_DAYS_LEFT = 3
CLOCKS = ("resolve", "assign", "evidence", "inspection", "decide", "appeal")


def share_out(dispute, *, refund_part, by, goes_on=False):
    """A dispute ended: `refund_part` of its hold to the buyer, the rest to the supplier.

    With `goes_on` the rest is held for the order again instead, which goes on with it. Money
    that was released before is refunded from what the supplier has, and the guarantee.
    """
    order, source, cause = dispute.order, dispute.hold_account, f"dispute-{dispute.pk}"
    if dispute.after_release:
        refund_after_release(order, refund_part, cause=cause, by=by)
        reconsider(order.disbursements.all())
        return
    left = dispute.claimed - refund_part
    refund(order, refund_part, cause=cause, by=by, source=source)
    if goes_on:
        _hold_for_order(dispute, left, "goes-on")
    else:
        if dispute.payment_fee_back:
            left -= refund_payment_fee(order, left, cause=cause, by=by, source=source)
        release(order, left, cause=cause, by=by, source=source)
    reconsider(order.disbursements.all())
    if escrow_of(order):
        resume_clocks(order)
        return
    all_refunded = refund_part == dispute.claimed
    advance(order.dispute_refunded if all_refunded else order.dispute_settled, by=by)
    end_contract(order, by=by, fulfilled=not all_refunded)
    close(order)


def put_back(dispute, *, why):
    """The claim came to nothing: what was held for it is in escrow again, the clocks go on."""
    stop_clocks(dispute)
    if not dispute.after_release:
        _hold_for_order(dispute, dispute.claimed, why)
    resume_clocks(dispute.order)
    reconsider(dispute.order.disbursements.all())


def stop_clocks(dispute):
    """None of the dispute's own clocks runs on."""
    for kind in CLOCKS:
        deadlines.keep(f"dispute.{kind}", dispute)


def resume_clocks(order):
    """What waited for the dispute goes on, with three days left at least (machines.md 6.0).

    The three days are given for the first dispute of an order, so that filing and
    withdrawing again and again does not put the end off for ever.
    """
    lateness.resume(order)
    if order.in_lots or order.state != Order.State.DELIVERED:
        return
    due = max(
        policies.acceptance_deadline(order.delivered_at),
        deadlines.last_due_at("order.accept", order) or order.delivered_at,
    )
    if order.disputes.exclude(state="draft").count() == 1:
        due = max(due, days_after(clock.now(), LEAST_DAYS_LEFT))
    deadlines.restart("order.accept", order, due)


def give_days_back(dispute, *, by):
    """The supplier won: the ship-by date moves by the days that the dispute took.

    Only while the goods are still to be shipped and were not late before it was filed.
    """
    order = dispute.order
    took = (platform_date(clock.now()) - platform_date(dispute.filed_at)).days
    deadline = order.ship_deadline
    if order.state not in SHIPPABLE or deadline is None or took < 1:
        return
    if deadline <= dispute.filed_at:
        return
    set_ship_deadline(order, policies.shift_deadline(deadline, took))
    reason = _("The supplier won a dispute that took %(days)d days.") % {"days": took}
    shifting.write_down(order, ShipDateShift.Cause.DISPUTE_WON, deadline, by=by, reason=reason)


def set_ship_deadline(order, deadline):
    """Another ship-by instant, signed or given back: an order that turned late is not any more."""
    order.ship_deadline = deadline
    if clock.now() < deadline:
        order.late_since, order.late_choice = None, ""
        deadlines.keep("order.prove_shipment", order)
        deadlines.keep("order.choose_when_late", order)
        deadlines.restart("order.ship", order, deadline)
    order.save(update_fields=["ship_deadline", "late_since", "late_choice"])


def _hold_for_order(dispute, amount, why):
    if not amount:
        return
    post(
        f"dispute.{why}".replace("-", "_"),
        key=f"{dispute.hold_account}:{why}",
        order_ref=dispute.order.ref,
        transfers=[Move(dispute.hold_account, f"escrow:{dispute.order.ref}", amount)],
    )
