"""What a buyer has to pay now: the instalment, the methods, the sums, the cover."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.operations import covered
from core.formats.words import money_text
from core.money import Money
from orders import fees
from orders import policies as order_policies
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
    """A way to pay on the page: what it costs, or why this client may not use it.

    `fee` is added to the amount by the provider; `total` is what will be charged.
    """

    code: str
    title: str
    kind: str
    fee_percent: Decimal
    fee: Money
    total: Money
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
    offers = offers_for(order.buyer)
    found = [_choice(offer, preferred[offer.method.code], amount) for offer in offers]
    large = amount.minor > LARGE
    return sorted(
        found, key=lambda c: (bool(c.reason), c.kind != "transfer" if large else c.kind != "card")
    )


def sums(order, part, parts) -> dict:
    """What is paid now, what later, and what of it is the buyer's share of the platform's fee."""
    whole = order.total_minor
    ours = _fee_shares(order, parts)
    price = part.due_minor - ours[part.n].minor
    return {
        "total": order.total,
        "carried": Money(part.carried_minor, order.currency) if part.carried_minor else None,
        "received": Money(part.received_minor, order.currency) if part.received_minor else None,
        "label": part.get_part_display(),
        "planned": Money(price, order.currency),
        "percent": round(100 * price / whole) if whole else 0,
        "our_fee": ours[part.n] or None,
        "our_percent": order.fee_percent,
        "splits": order.fee_side == fees.SPLIT,
        "now": part.missing,
        "later": [other for other in parts if other.n > part.n],
    }


def cover_of(order) -> dict | None:
    """What of the initial payment stays assured once it is released (S56, S57, money.md 7.3)."""
    standing = getattr(order.supplier, "standing", None)
    if standing is None:
        return None
    own = covered(order.ref)
    plan = order_policies.instalments(order.total, order.deposit_percent)
    basis = order_policies.coverage_basis("pre_shipment", plan)
    return {
        "limit": standing.limit_minor,
        "used": max(0, standing.reserved_minor - own.minor),
        "own": own.minor,
        "gold": standing.gold,
        "basis": basis,
        "covered": Money(own.minor, order.currency),
        "missing": order_policies.uncovered(basis, Money(own.minor, order.currency)) or None,
    }


def pay_by(order):
    """Until when the first payment is waited for (T3), or None."""
    found = Deadline.objects.open().filter(trade_ref=order.ref, kind="order.pay").first()
    return found.due_at if found else None


def _fee_shares(order, parts) -> dict[int, Money]:
    """The buyer's share of the platform's fee within each instalment, by its number."""
    plan = order_policies.instalments(order.total, order.deposit_percent)
    shares = fees.on_top(plan, order.fee_percent, order.fee_side)
    nothing = Money(0, order.currency)
    found = dict(enumerate(shares, 1))
    return {part.n: found.get(part.n, nothing) for part in parts}


def _choice(offer, preferred, amount):
    """The method with what the buyer pays on top, and why it is closed if it is."""
    method = offer.method
    reason = _(offer.reason) if offer.reason else ""
    if not reason and method.kind != policies.TRANSFER:
        reason = providers.why_off(method.code, preferred)
    fee = policies.payment_fee(amount, method)
    return Choice(method.code, _(method.title), method.kind, method.fee, fee, amount + fee, reason)
