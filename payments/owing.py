"""From a decision to a row: who is owed what, and the way it will take back or out.

Called inside an operation, under the order's lock. Sending is `disbursing` and `sending`.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from core import clock
from core.money import Money
from payments import policies
from payments.models import Disbursement, Payment, ProviderOperation
from workflow import deadlines, outbox

Kind, Route, State = Disbursement.Kind, Disbursement.Route, Disbursement.State
PAYOUT_COOL_OFF = timedelta(hours=24)
COUNTS = [Payment.State.CLEARED]


def owe_refund(order, amount, *, cause, by, with_fee=False):
    """Owe the buyer `amount`, the way it came: newest card first, the rest by transfer.

    One Disbursement for each way (money.md 7.2, refund route). `with_fee` lets the buyer's
    payment fee go back too, which only a ruling grants. Returns them.
    """
    route = policies.refund_route(sources_of(order, with_fee=with_fee), amount)
    return [
        _owe(
            order,
            Kind.REFUND,
            order.buyer,
            part,
            cause=cause,
            by=by,
            leg=leg,
            source_account=f"refund_payable:{order.buyer_id}",
            payment=payment,
            route=_way_back(payment),
        )
        for leg, (payment, part) in enumerate(route, 1)
    ]


def owe_payout(order, amount, *, cause, by):
    """Owe the supplier what it earned; it leaves 24 hours later at the earliest."""
    return _owe(
        order,
        Kind.PAYOUT,
        order.supplier,
        amount,
        cause=cause,
        by=by,
        source_account=f"supplier_payable:{order.supplier_id}",
        route=Route.PROVIDER if settings.PAYOUT_PROVIDER else Route.BANK,
        not_before=clock.now() + PAYOUT_COOL_OFF,
    )


def owe_credit(company, amount, *, payment, cause, by):
    """Owe a buyer's credit back, the way the payment came that was too much."""
    return _owe(
        payment.order,
        Kind.CREDIT,
        company,
        amount,
        cause=cause,
        by=by,
        source_account=f"buyer_credit:{company.pk}",
        payment=payment,
    )


def owe_return(line, amount, *, cause, by):
    """Owe a receipt that belongs to nobody back to the account it came from."""
    return _owe(
        None,
        Kind.RETURN,
        None,
        amount,
        cause=cause,
        by=by,
        source_account="suspense:unidentified",
        line=line,
        payee_name=line.payer_name,
    )


def owe_return_of(payment, amount, *, by, cause=""):
    """Owe what a provider took in for nothing back, through that provider."""
    return _owe(
        payment.order,
        Kind.RETURN,
        payment.order.buyer,
        amount,
        cause=cause or f"payment-{payment.pk}",
        by=by,
        source_account="suspense:unidentified",
        payment=payment,
        route=Route.PROVIDER,
    )


def owe_again(disbursement, amount, *, cause, by):
    """Owe (a part of) a disbursement anew: what came back, or what is left of it."""
    same = ("payment", "line", "payee_name", "source_account", "leg", "route")
    return _owe(
        disbursement.order if disbursement.order_id else None,
        disbursement.kind,
        disbursement.payee,
        amount,
        cause=cause,
        by=by,
        **{name: getattr(disbursement, name) for name in same},
    )


def sources_of(order, *, with_fee=False):
    """The payments of an order that money can go back to, newest first."""
    payments = order.payments.filter(state__in=COUNTS).select_related("method")
    fees = {row.payment_id: row.fee for row in charges_of(order)} if with_fee else {}
    nothing = Money(0, order.currency)
    return [
        policies.Source(
            payment, payment.method.kind, refundable(payment, fees.get(payment.pk, nothing))
        )
        for payment in payments.order_by("-cleared_at", "-pk")
    ]


def charges_of(order):
    """What providers charged for an order and hold for us."""
    return ProviderOperation.objects.filter(
        payment__order=order, payment__state__in=COUNTS, kind="charge", status="succeeded"
    )


def refundable(payment, fee=None):
    """What of a payment (and its fee) has not gone back, nor been decided to."""
    gone = payment.refunds.exclude(state=State.CANCELLED)
    minor = gone.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    whole = payment.amount + fee if fee else payment.amount
    return max(Money(0, payment.currency), whole - Money(minor, payment.currency))


def _way_back(payment):
    if payment is None or payment.method.kind == policies.TRANSFER:
        return Route.BANK
    return Route.PROVIDER


def _owe(order, kind, payee, amount, *, cause, by, not_before=None, **details):
    owed = Disbursement.objects.create(
        order=order,
        kind=kind,
        payee=payee,
        cause=cause,
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_by=by,
        not_before=not_before or clock.now(),
        **{"payee_name": payee.legal_name if payee else "", **details},
    )
    deadlines.start("disbursement.send", owed)
    outbox.owe(
        "disbursement.consider", lane="money", trade_ref=owed.trade.ref, disbursement=owed.pk
    )
    return owed
