"""Goods that leave in lots: how much is open, and each lot's own clocks (X3, machines.md).

From the first lot on nothing is delivered or accepted for the order as a whole: each lot is, and
the order follows when the last one has.
"""

from django.utils.translation import gettext as _

from accounts.roles import the_buyer
from core import clock
from orders import policies
from orders.models import Order, Shipment
from workflow import deadlines
from workflow.engine import advance, operation
from workflow.errors import NotAllowed, Refused

State = Shipment.State
LIVE = [State.SUBMITTED, State.VERIFIED, State.DELIVERED, State.ACCEPTED]


@operation
def confirm_lot(shipment, *, by):
    """The buyer has this lot: the time to check it starts (T7)."""
    if not the_buyer(shipment, by):
        raise NotAllowed
    _deliver(shipment, clock.now(), by)


@operation
def deliver_by_clock(shipment, *, by):
    """The carrier's usual time for this lot is over: it counts as delivered (T6)."""
    due = deadlines.last_due_at("shipment.deliver", shipment)
    _deliver(shipment, min(due, clock.now()), by)


def live(order):
    """The lots whose document was not rejected."""
    return list(order.shipments.filter(state__in=LIVE).order_by("pk"))


def ordered(order):
    return sum(line.quantity for line in order.lines.all())


def open_quantity(order):
    """How much has not been shipped yet."""
    return ordered(order) - sum(lot.quantity for lot in live(order))


def completes(order, quantity):
    """Whether nothing is left to ship after this quantity, but for the contract's tolerance."""
    whole = ordered(order)
    found = order.contracts.filter(state="effective").values_list("under_percent", flat=True)
    shipped = whole - open_quantity(order) + quantity
    return policies.is_full_shipment(whole, shipped, found.first() or 0)


def check_quantity(order, quantity):
    """Raises Refused for more than is open, or for a lot where the sides agreed on none."""
    left = open_quantity(order)
    if not 0 < quantity <= left:
        raise Refused(
            _("Enter a quantity of 1 to %(left)d: that much is open.") % {"left": left},
            code="more_than_open",
        )
    if not order.partial_shipments and not completes(order, quantity):
        raise Refused(
            _("These goods are shipped all at once: lots were not agreed."), code="no_lots"
        )


def value_of(lot):
    """What a lot is worth."""
    order = lot.order
    return policies.lot_value(order.total, ordered(order), lot.quantity)


def start_delivery(lot, shipped_at):
    """Run the lot's own delivery clock from the moment that counts as its shipment (T6)."""
    due = policies.delivery_deadline(shipped_at, lot.order.transport_mode)
    deadlines.restart("shipment.deliver", lot, due)


def follow(order, *, by):
    """The order is delivered when its last lot is, if nothing is left to ship."""
    if order.state != Order.State.SHIPPED or any(
        lot.state in (State.SUBMITTED, State.VERIFIED) for lot in live(order)
    ):
        return
    step = order.confirm_delivery if by else order.auto_delivery
    advance(step, by=by, delivered_at=max(lot.delivered_at for lot in live(order)))


def _deliver(lot, at, by):
    if lot.state == State.SUBMITTED:
        advance(lot.verify, by=None, shipped_at=lot.submitted_at)
        deadlines.keep("shipment.check", lot)
    advance(lot.deliver, by=by, delivered_at=at)
    deadlines.keep("shipment.deliver", lot)
    deadlines.start("shipment.accept", lot, policies.acceptance_deadline(at))
    follow(lot.order, by=by)
