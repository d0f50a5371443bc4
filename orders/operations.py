"""What can be done about an order that moves no money. Pages, API, admin and clock come here."""

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.operations import free_coverage, is_eligible
from accounts.roles import PLATFORM
from core import clock
from orders import policies, shipping
from orders.models import Order, OrderLine, Shipment
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

TERMS = [
    "incoterm",
    "named_place",
    "transport_mode",
    "ship_by",
    "lead_days",
    "deposit_percent",
    "inspection_required",
    "partial_shipments",
    "fee_side",
]
# An inspection in one of these states has not begun (machines.md, Inspection.cancel).
VISITS_TO_COME = ["requested", "appointed", "scheduled", "missed"]
QUALITY_BASIS = _(
    "The goods are checked against the quality requirements agreed in the purchase contract, "
    "and against nothing else."
)


@transaction.atomic
def start_order(*, by, supplier, goods, terms):
    """The buyer starts a draft (S12).

    `goods` is a list of dicts (product, description, quantity, unit, price, hs_code);
    `terms` holds the order's own fields (incoterm, named_place, ship_by, deposit_percent …).
    """
    if not by.company or not by.company.buys:
        raise NotAllowed(_("Only a buyer's account can start an order."))
    if by.company_id == supplier.pk:
        raise Refused(_("A company cannot buy from itself."), code="own_goods")
    _check_goods(goods, supplier)
    order = Order.objects.create(
        code=_next_code(),
        buyer=by.company,
        supplier=supplier,
        placed_by=by,
        title=goods[0]["description"],
        fee_percent=settings.ESCROW_FEE_PERCENT,
        **_only(TERMS, terms),
    )
    _write_goods(order, goods)
    record(order, "start", by=by, facts={"supplier": supplier.name})
    return order


@operation
def change_draft(order, *, by, goods, terms):
    """The buyer changes a draft that nobody else has seen."""
    if order.state != Order.State.DRAFT or by.company_id != order.buyer_id:
        raise Refused(_("Only the buyer can change an order, and only while it is a draft."))
    _check_goods(goods, order.supplier)
    for name, value in _only(TERMS, terms).items():
        setattr(order, name, value)
    order.lines.all().delete()
    _write_goods(order, goods)
    record(order, "change_draft", by=by)


@operation
def place(order, *, by, quality_basis):
    """The buyer sends the order to the supplier, having ticked the quality basis (S26, S27)."""
    if not quality_basis:
        raise Refused(
            _("Tick that the order is checked against the contract before you send it."),
            code="quality_basis_missing",
        )
    _check_eligible(order)
    check_ship_date(order)
    if order.currency != order.supplier.standing.currency:
        raise Refused(
            _("Orders are in %s for now: the cover is.") % order.supplier.standing.currency,
            code="currency_not_covered",
        )
    order.quality_basis_text, order.quality_basis_at = QUALITY_BASIS, clock.now()
    advance(order.place, by=by, facts={"quality_basis": QUALITY_BASIS})
    deadlines.start("order.confirm", order)


@operation
def decline(order, *, by, reason):
    """The supplier does not take the order."""
    if not reason.strip():
        raise Refused(_("Say why you cannot take this order."), code="reason_missing")
    advance(order.decline, by=by, reason=reason)
    deadlines.keep_all(order)


@operation
def expire_unconfirmed(order, *, by):
    """The supplier did not answer in time (T1)."""
    advance(order.expire_unconfirmed, by=by)


@operation
def confirm_delivery(order, *, by):
    """The buyer has the goods: the time to check them starts (T7)."""
    if order.in_lots:
        raise Refused(_("These goods come in lots: confirm each lot."), code="comes_in_lots")
    advance(order.confirm_delivery, by=by, delivered_at=clock.now())
    _start_checking(order, by)


@operation
def deliver_by_clock(order, *, by):
    """The carrier's usual time is over: the goods count as delivered (T6).

    The instant is the clock's own, however late the sweep came to it.
    """
    due = shipping.delivery_deadline(order)
    advance(order.auto_delivery, by=by, delivered_at=min(due, clock.now()))
    _start_checking(order, by)


@operation
def withdraw(order, *, by, reason=""):
    """A party leaves before there is a contract draft; `contracts.operations` has the rest."""
    if order.state == Order.State.CONTRACTING:
        raise Refused(_("There is a contract on the table: withdraw that."))
    advance(order.withdraw, by=by, reason=reason)
    deadlines.keep_all(order)


def close(order):
    """An order that has ended runs no clock, waits for no inspector and holds no cover."""
    deadlines.keep_all(order)
    for shipment in order.shipments.filter(state=Shipment.State.DRAFT):
        shipment.adopt(order)
        advance(shipment.discard, by=PLATFORM)
    for inspection in order.inspections.filter(state__in=VISITS_TO_COME):
        inspection.adopt(order)
        advance(inspection.cancel, by=PLATFORM, reason=_("The order is closed."))
    free_coverage(order.ref)


def _start_checking(order, by):
    deadlines.keep("order.deliver", order)
    shipping.settle_checks(order, by=by)
    deadlines.start("order.accept", order, policies.acceptance_deadline(order.delivered_at))
    for shipment in order.shipments.filter(state=Shipment.State.VERIFIED):
        shipment.adopt(order)
        advance(shipment.deliver, by=by, delivered_at=order.delivered_at)


def check_ship_date(order):
    """A promise to ship lies in the future when it is made (S26)."""
    if order.ship_by and policies.ship_deadline(order.ship_by) <= clock.now():
        raise Refused(
            _("The ship-by date has passed. Choose a later one."), code="ship_date_passed"
        )


def _check_goods(goods, supplier):
    for item in goods:
        product = item.get("product")
        if product and product.supplier_id != supplier.pk:
            raise Refused(_("These goods are another supplier's."), code="foreign_goods")
        if item["price"].currency != "USD":
            raise Refused(_("Prices are in US dollars for now."), code="currency_not_covered")
        if item["price"].minor <= 0 or item["quantity"] <= 0:
            raise Refused(_("Price and quantity are more than nothing."), code="goods_empty")


def _only(names, given):
    """The given terms, all of which must be ones that people may set."""
    if unknown := set(given) - set(names):
        raise Refused(
            _("These cannot be set: %s.") % ", ".join(sorted(unknown)), code="not_settable"
        )
    return given


def _check_eligible(order):
    if not is_eligible(order.supplier):
        raise Refused(
            _("%s does not take part in Trade Assurance: its orders are not protected.")
            % order.supplier,
            code="supplier_not_eligible",
        )


def _write_goods(order, goods):
    lines = [
        OrderLine(
            order=order,
            product=item.get("product"),
            description=item["description"],
            quantity=item["quantity"],
            unit=item["unit"],
            price_minor=item["price"].minor,
            hs_code=item.get("hs_code", ""),
        )
        for item in goods
    ]
    OrderLine.objects.bulk_create(lines)
    order.title = goods[0]["description"]
    order.total_minor = sum(line.quantity * line.price_minor for line in lines)
    order.save()


def _next_code():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_code')")
        (number,) = cursor.fetchone()
    return f"TA-{clock.now():%Y}-{number:06d}"
