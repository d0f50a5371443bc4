"""Where a company's money is, from the ledger: the strip of figures on the home page."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from core.money import Money
from disputes.models import Dispute
from ledger.models import Account
from orders.models import Instalment, Order
from orders.states import ENDED, OrderState
from payments.models import Disbursement

UNDELIVERED = [
    Disbursement.State.REQUESTED,
    Disbursement.State.ON_HOLD,
    Disbursement.State.APPROVED,
    Disbursement.State.SUBMITTED,
    Disbursement.State.FAILED,
]
WITH_A_PLAN = [
    OrderState.AWAITING_INITIAL_PAYMENT,
    OrderState.IN_PRODUCTION,
    OrderState.READY_TO_SHIP,
    OrderState.PARTIALLY_SHIPPED,
]


@dataclass(frozen=True)
class Figure:
    """One amount for each currency, the word that names it, and its colour."""

    label: str
    tone: str
    amounts: list[Money]


def strip(company) -> list[Figure]:
    """Held, in dispute, to pay, and on its way; empty for those who neither buy nor sell."""
    if not company or not (company.buys or company.sells):
        return []
    own = Q(buyer=company) | Q(supplier=company)
    orders = Order.objects.filter(own).exclude(state__in=ENDED)
    figures = [
        Figure(_("Held"), "held", _in_accounts(_escrows(orders))),
        Figure(_("In dispute, blocked"), "bad", _in_accounts(_holds(orders))),
    ]
    if company.buys:
        figures += [
            Figure(_("To pay"), "", _to_pay(company)),
            Figure(_("Refunds on the way"), "info", _leaving(company, "refund")),
        ]
    if company.sells:
        figures.append(Figure(_("Payouts on the way"), "ok", _leaving(company, "payout")))
    return figures


def _escrows(orders):
    return [f"escrow:{code}" for code in orders.values_list("code", flat=True)]


def _holds(orders):
    disputes = Dispute.objects.open().filter(order__in=orders).select_related("order")
    return [dispute.hold_account for dispute in disputes]


def _in_accounts(codes) -> list[Money]:
    return _added(
        Account.objects.filter(code__in=codes)
        .values_list("currency")
        .annotate(total=Sum("balance_minor"))
    )


def _to_pay(company) -> list[Money]:
    totals = defaultdict(int)
    open_parts = Instalment.objects.filter(
        order__buyer=company, order__state__in=WITH_A_PLAN, funded_at=None
    ).select_related("order")
    for part in open_parts:
        totals[part.missing.currency] += part.missing.minor
    return _added(totals.items())


def _leaving(company, kind) -> list[Money]:
    return _added(
        Disbursement.objects.filter(payee=company, kind=kind, state__in=UNDELIVERED)
        .values_list("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency")
    )


def _added(pairs) -> list[Money]:
    return [Money(minor, currency) for currency, minor in sorted(pairs) if minor] or [Money(0)]
