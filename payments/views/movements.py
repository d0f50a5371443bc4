"""Lists of a company's money, the newest first by keyset: what came in, what leaves, the fees."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money
from ledger.models import Transfer
from orders.models import Order
from payments import holds
from payments.models import Disbursement, Payment

PAGE = 20
IN, OUT, FEES = "in", "out", "fees"
Kind, State = Disbursement.Kind, Disbursement.State
PLATFORM_FEE, PAYMENT_FEE = "income:escrow_fee", "income:payment_fee"
FEES_TAKEN = {
    PLATFORM_FEE: gettext_lazy("Platform fee on what was released"),
    PAYMENT_FEE: gettext_lazy("Payment fee"),
}
BORNE_BY = {
    "supplier": gettext_lazy("borne by the supplier"),
    "buyer": gettext_lazy("borne by the buyer, on top of the price"),
    "split": gettext_lazy("borne by both sides, half each"),
}


@dataclass(frozen=True)
class Chip:
    """How far a movement is: a word, its colour and its icon."""

    word: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Fee:
    """A fee that was taken, for which order, and who bears it."""

    title: str
    order: Order
    at: datetime
    amount: Money
    borne_by: str


def page_of(rows, before):
    """A page of rows and the key of the next one, or None."""
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return shown, shown[-1].pk if len(found) > PAGE else None


def payments_of(company):
    """What was paid for this company's orders, whichever side of them it is on."""
    own = Order.objects.filter(Q(buyer=company) | Q(supplier=company))
    rows = Payment.objects.filter(order__in=own)
    return rows.select_related("order__buyer", "order__supplier", "instalment", "method")


def leaving_of(company):
    """What this company is paid: refunds, payouts, returned money, credit."""
    return Disbursement.objects.filter(payee=company).select_related("order", "bank_account")


def fees_of(company):
    """The fees in the ledger: a supplier's on what was released, a buyer's for paying by card."""
    platform = Q(credit__code=PLATFORM_FEE) | Q(debit__code=PLATFORM_FEE)
    payment = Q(credit__code=PAYMENT_FEE) | Q(debit__code=PAYMENT_FEE)
    sales = Order.objects.filter(supplier=company).values("code")
    purchases = Order.objects.filter(buyer=company).values("code")
    rows = Transfer.objects.filter(
        platform & Q(journal__order_ref__in=sales) | payment & Q(journal__order_ref__in=purchases)
    )
    return rows.select_related("journal", "credit", "debit")


def as_fees(transfers) -> list[Fee]:
    """Transfers as fee lines; what was given back is negative."""
    codes = {row.journal.order_ref for row in transfers}
    orders = {order.code: order for order in Order.objects.filter(code__in=codes)}
    return [_fee(row, orders[row.journal.order_ref]) for row in transfers]


def payment_chip(payment) -> Chip:
    """How far a payment is. Whether it is still held says the order, not the payment."""
    tone, icon = {
        Payment.State.CLEARED: ("brand", "circle-check"),
        Payment.State.REVIEW: ("held outline", "triangle-alert"),
        Payment.State.CB_OPEN: ("bad", "triangle-alert"),
        Payment.State.CB_LOST: ("bad", "circle-x"),
        Payment.State.RETURNED: ("info outline", "undo-2"),
        Payment.State.FAILED: ("", "circle-x"),
        Payment.State.EXPIRED: ("", "circle-x"),
    }.get(payment.state, ("", "hourglass"))
    word = _("Arrived") if payment.state == Payment.State.CLEARED else payment.get_state_display()
    return Chip(word, tone, icon)


def leaving_chip(row) -> Chip:
    """How far money that leaves is: solid only when it has arrived."""
    colour = "ok" if row.kind == Kind.PAYOUT else "info"
    if came_back(row):
        return Chip(_("Came back"), "bad", "undo-2")
    tone, icon = {
        State.ON_HOLD: ("held", "lock"),
        State.CONFIRMED: (colour, "circle-check"),
        State.CANCELLED: ("", "circle-x"),
    }.get(row.state, (f"{colour} outline", "hourglass"))
    return Chip(row.get_state_display(), tone, icon)


def came_back(row) -> bool:
    """Whether it bounced, or the bank had booked it and returned it later."""
    return row.state == State.FAILED or (row.state == State.CONFIRMED and bool(row.failure))


def why_held(row) -> str:
    """Why it may not leave, in words for its payee."""
    return holds.REASONS.get(row.hold_reason, "") if row.state == State.ON_HOLD else ""


def _fee(row, order) -> Fee:
    given_back = row.debit.code in FEES_TAKEN
    account = row.debit.code if given_back else row.credit.code
    return Fee(
        title=str(FEES_TAKEN[account]),
        order=order,
        at=row.journal.effective_at,
        amount=-row.amount if given_back else row.amount,
        borne_by=str(BORNE_BY["buyer" if account == PAYMENT_FEE else order.fee_side]),
    )
