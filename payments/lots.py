"""The money of lots: each is released when it is accepted; what never ships is refunded (X3)."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.models import Strike
from accounts.operations import strike
from accounts.roles import check_may_commit, the_buyer
from core import clock
from core.money import Money
from orders import lots, policies
from orders.models import Order, Shipment
from payments import operations
from payments.escrow import escrow_of, refund, release
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

AGAIN = timedelta(days=1)


@operation
def accept_lot(shipment, *, by):
    """The buyer accepts a lot: the supplier has earned its value."""
    if not the_buyer(shipment, by):
        raise NotAllowed
    check_may_commit(by)
    if shipment.order.disputes.open().exists():
        raise Refused(_("This order is in dispute: settle that first."), code="in_dispute")
    _accept(shipment, by)


@operation
def accept_lot_by_silence(shipment, *, by):
    """The time to check a lot passed (T7): it counts as accepted, unless there is a dispute."""
    if shipment.order.disputes.open().exists():
        deadlines.start("shipment.accept", shipment, clock.now() + AGAIN)
        return
    _accept(shipment, by)


def close_short(order, *, by):
    """The rest was not shipped in time: its value goes back, the lots go on (money.md 7.2)."""
    left, back = lots.open_quantity(order), short_refund(order)
    last = max(lot.shipped_at or lot.submitted_at for lot in lots.live(order))
    facts = {"unshipped": left, "refund": back.minor}
    advance(order.close_short, by=by, shipped_at=last, facts=facts)
    for kind in ("order.ship", "order.prove_shipment", "order.choose_when_late"):
        deadlines.keep(kind, order)
    refund(order, back, cause="short", by=by)
    strike(order.supplier_id, Strike.Cause.LATE, order_ref=order.ref)
    lots.follow(order, by=None)
    _complete(order, by=None)


def short_refund(order):
    """What goes back if the order is closed short now."""
    every = lots.live(order)
    waiting = [lot for lot in every if lot.state != Shipment.State.ACCEPTED]
    shipped = _sum((lots.value_of(lot) for lot in waiting), order.currency)
    unshipped = order.total - _sum((lots.value_of(lot) for lot in every), order.currency)
    return policies.short_close_refund(escrow_of(order), unshipped, shipped)


def _accept(lot, by):
    """Release what the escrow holds beyond the value of what is not accepted yet."""
    order = lot.order
    advance(lot.accept_lot, by=by)
    deadlines.keep("shipment.accept", lot)
    if _is_last(order):
        _complete(order, by=by)
        return
    others = [row for row in lots.live(order) if row.state != Shipment.State.ACCEPTED]
    rest = policies.lot_value(order.total, lots.ordered(order), lots.open_quantity(order))
    kept = _sum((lots.value_of(row) for row in others), order.currency)
    if order.state == Order.State.PARTIALLY_SHIPPED:
        kept += rest
    amount = max(Money(0, order.currency), escrow_of(order) - kept)
    record(order, "lot_accepted", by=by, facts={"released": amount.minor})
    release(order, amount, cause=f"lot-{lot.pk}", by=by)


def _is_last(order):
    done = all(row.state == Shipment.State.ACCEPTED for row in lots.live(order))
    return done and order.state == Order.State.DELIVERED


def _complete(order, *, by):
    """The last lot was accepted: the order is, and all that is still held is released."""
    if _is_last(order):
        advance(order.accept_goods if by else order.auto_accept, by=by)
        operations.release_all(order, by)


def _sum(amounts, currency):
    return sum(amounts, Money(0, currency))
