"""What an offer can promise besides money, and how the promise is kept when it is taken."""

from django.utils.translation import gettext as _

from core.days import end_of
from disputes.endings import set_ship_deadline
from disputes.models import Dispute
from orders import policies
from orders.models import Order
from orders.states import SHIPPABLE
from workflow.engine import record
from workflow.errors import Refused

Remedy = Dispute.Remedy
# With these the order goes on, and what is not refunded is held for it.
GOES_ON = {Remedy.CONTINUE, Remedy.REWORK, Remedy.EXTENSION}
AFTER_SHIPMENT = {Order.State.SHIPPED, Order.State.DELIVERED, Order.State.COMPLETED}


def remedies_of(dispute):
    """The remedies that make sense for this order now."""
    state = dispute.order.state
    fits = {
        Remedy.REFUND: True,
        Remedy.CONTINUE: state != Order.State.COMPLETED,
        Remedy.REWORK: state in SHIPPABLE,
        Remedy.EXTENSION: state in SHIPPABLE,
        Remedy.RETURN: state in AFTER_SHIPMENT,
    }
    return [remedy for remedy in Remedy if fits[remedy]]


def check_offer(dispute, remedy, ship_by):
    """Raise Refused, with what to do, unless this can be promised now."""
    if remedy not in remedies_of(dispute):
        raise Refused(
            _("This cannot be offered where the order stands now. Choose another way."),
            code="remedy_not_possible",
        )
    if remedy != Remedy.EXTENSION:
        return
    if ship_by is None:
        raise Refused(_("Name the new ship-by date."), code="ship_by_missing")
    try:
        _extended(dispute.order, ship_by)
    except ValueError as error:
        raise Refused(str(error), code="extension_out_of_range") from error


def keep_promise(dispute, *, by):
    """What the accepted offer changes about the order, besides its money."""
    order = dispute.order
    if dispute.offer_remedy == Remedy.EXTENSION:
        set_ship_deadline(order, _extended(order, dispute.offer_ship_by))
        facts = {"ship_deadline": order.ship_deadline, "ship_by": str(dispute.offer_ship_by)}
        record(order, "extend_by_offer", by=by, facts=facts)
    elif dispute.offer_remedy == Remedy.REWORK:
        order.shipment_cleared = False
        order.save(update_fields=["shipment_cleared"])


def _extended(order, ship_by):
    """The deadline that a later ship-by day sets: all extensions together at most 90 days (X2)."""
    if order.ship_by:
        original = end_of(order.ship_by)
    else:
        original = policies.ship_deadline_from_funding(order.funded_at, order.lead_days)
    return policies.extend_ship_deadline(original, order.ship_deadline, ship_by)
