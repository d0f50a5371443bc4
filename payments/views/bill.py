"""What a buyer has to pay now: the instalment, the methods, the sums, the cover."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.operations import covered
from core.formats.words import money_text
from core.money import Money
from orders.facts import INSPECTOR, side_of
from orders.models import Instalment, Order
from orders.pages import find
from payments import policies, providers
from payments.models import Payment, PaymentMethod
from payments.operations import PAYABLE, offers_for
from workflow.models import Deadline

LARGE = 2_000_00  # from US$2,000 on a transfer comes first
UNDER_WAY = [Payment.State.PENDING, Payment.State.PROCESSING, Payment.State.REVIEW]
ICONS = {"card": "credit-card", "wallet": "wallet", "transfer": "landmark"}


@dataclass(frozen=True)
class Choice:
    """A way to pay on the page, with the reason why this client may not use it."""

    code: str
    title: str
    kind: str
    fee_percent: Decimal
    reason: str

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def order_for(code, user):
    """The order and its side for this person. Raises Http404 for strangers and inspectors."""
    orders = Order.objects.select_related("buyer", "supplier", "supplier__standing")
    order = find(code, user, orders)
    side = side_of(order, user)
    if side == INSPECTOR:
        raise Http404
    return order, side


def parts_of(order) -> list[Instalment]:
    """The instalments, each knowing the order that it belongs to."""
    parts = list(order.instalments.all())
    for part in parts:
        part.order = order
    return parts


def due_part(order, parts) -> Instalment | None:
    """The instalment that is to be paid now, or None when nothing is."""
    open_parts = [part for part in parts if part.funded_at is None]
    return open_parts[0] if open_parts and order.state in PAYABLE else None


def under_way(part) -> Payment | None:
    """The payment for an instalment that has been announced and is not held yet."""
    return part.payments.filter(state__in=UNDER_WAY).first()


def title_of(part, parts) -> str:
    """What is paid, with its amount: Pay the deposit, US$5,580.00."""
    amount = {"amount": money_text(part.missing)}
    if part.received_minor:
        return _("Pay what is missing, %(amount)s") % amount
    if len(parts) == 1:
        return _("Pay the whole price, %(amount)s") % amount
    if part.part == Instalment.Part.DEPOSIT:
        return _("Pay the deposit, %(amount)s") % amount
    return _("Pay the balance, %(amount)s") % amount


def choices_for(order, amount) -> list[Choice]:
    """The eight methods for this buyer; a transfer leads above US$2,000, then those allowed."""
    preferred = dict(PaymentMethod.objects.values_list("code", "provider"))
    found = [_choice(offer, preferred[offer.method.code]) for offer in offers_for(order.buyer)]
    large = amount.minor > LARGE
    return sorted(
        found, key=lambda c: (bool(c.reason), c.kind != "transfer" if large else c.kind != "card")
    )


def sums(order, part, parts) -> dict:
    """What is paid now, what later, and what it costs."""
    whole = order.total_minor
    return {
        "total": order.total,
        "carried": Money(part.carried_minor, order.currency) if part.carried_minor else None,
        "received": Money(part.received_minor, order.currency) if part.received_minor else None,
        "label": part.get_part_display(),
        "planned": Money(part.due_minor, order.currency),
        "percent": round(100 * part.due_minor / whole) if whole else 0,
        "fee": Money(0, order.currency),
        "now": part.missing,
        "later": [other for other in parts if other.n > part.n],
    }


def cover_of(order) -> dict | None:
    """How much of the supplier's limit is reserved for this order (S56, S57)."""
    standing = getattr(order.supplier, "standing", None)
    if standing is None:
        return None
    own = covered(order.ref).minor
    used = max(0, standing.reserved_minor - own)
    return {"limit": standing.limit_minor, "used": used, "own": own, "gold": standing.gold}


def pay_by(order):
    """Until when the first payment is waited for (T3), or None."""
    found = Deadline.objects.open().filter(trade_ref=order.ref, kind="order.pay").first()
    return found.due_at if found else None


def _choice(offer, preferred):
    """The method with what the buyer pays on top, and why it is closed if it is."""
    method = offer.method
    reason = _(offer.reason) if offer.reason else ""
    if not reason and method.kind != policies.TRANSFER:
        reason = providers.why_off(method.code, preferred)
    fee = policies.PAYMENT_FEE_PERCENT[method.kind]
    return Choice(method.code, _(method.title), method.kind, fee, reason)
