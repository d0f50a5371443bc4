"""Escrow: the money of a trade rests in `escrow:<order>` until it is earned or refunded."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.roles import PLATFORM, check_may_commit, the_buyer
from contracts.models import PurchaseContract
from core import clock, days
from core.money import Money
from ledger.operations import Move, post
from orders import policies as order_policies
from orders import shifting
from orders.models import Instalment, Order, Shipment
from orders.operations import close
from payments import policies
from payments.escrow import end_contract, escrow_of, free_reserve, refund, release
from payments.models import Payment, PaymentMethod
from payments.providers import for_method
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

REVIEW_PAUSE = timedelta(days=1)
TRANSFER = "telegraphic_transfer"
PAYABLE = [
    Order.State.AWAITING_INITIAL_PAYMENT,
    Order.State.IN_PRODUCTION,
    Order.State.READY_TO_SHIP,
]


def offers_for(company):
    """Every method with whether this client may use it, and why not (S5, S6)."""
    done = company.purchases.filter(state="completed").count()
    methods = PaymentMethod.objects.all()
    return policies.offer(
        [_as_plain(method) for method in methods],
        policies.client_class(done),
        {method.code for method in methods if _works(method)},
    )


def _works(method):
    """A transfer needs no provider; the others work once one has credentials."""
    return method.code == TRANSFER or bool(for_method(method.code, method.provider))


@operation
def pay_by_transfer(order, *, by):
    """The buyer says that the transfer for the next instalment is on its way."""
    if not the_buyer(order, by):
        raise NotAllowed
    instalment = order.instalments.filter(funded_at=None).first()
    if instalment is None or order.state not in PAYABLE:
        raise Refused(_("Nothing is to be paid for this order now."), code="nothing_due")
    found = instalment.payments.filter(
        method_id=TRANSFER, state__in=[Payment.State.INITIATED, Payment.State.PENDING]
    ).first()
    if found:
        return found
    _check_method(order, TRANSFER)
    payment = Payment.objects.create(
        order=order,
        instalment=instalment,
        method_id=TRANSFER,
        amount_minor=instalment.missing.minor,
        currency=order.currency,
        started_by=by,
    )
    advance(payment.submit, by=by)
    return payment


@operation
def hold(order, *, by, payment, received, from_account, key):
    """Money for an instalment has come: hold it, and start the supplier's clock if it suffices.

    `from_account` is the ledger account it waits in; `key` names the bank line or provider
    event, so that the same money is never counted twice. What is more than due goes to the
    buyer's credit; a shortfall within the tolerance is carried over (money.md 7.2).
    """
    payment.refresh_from_db()
    payment.adopt(order)
    instalment = Instalment.objects.get(pk=payment.instalment_id)
    instalment.order = order
    judged, _funded = _judge(order, instalment, received)
    escrow = received - judged.excess
    reviewed = payment.state == Payment.State.REVIEW
    posted = post(
        "payment.cleared",
        key=f"{key}:held",
        order_ref=order.ref,
        transfers=[
            Move(from_account, f"escrow:{order.ref}", escrow),
            Move(from_account, f"buyer_credit:{order.buyer_id}", judged.excess),
        ],
    )
    if not posted.created:
        return
    advance(
        payment.clear_review if reviewed else payment.clear,
        by=by if reviewed else PLATFORM,
        cleared_at=clock.now(),
        amount_minor=received.minor,
        facts={"due": instalment.missing.minor, "carried": judged.carried.minor},
    )
    count_towards(order, instalment, escrow, by=by)


def count_towards(order, instalment, amount, *, by):
    """Count money that is in the escrow for an instalment, and fund it if it suffices."""
    judged, funded = _judge(order, instalment, amount)
    instalment.received_minor += amount.minor
    if funded:
        _fund(order, instalment, judged.carried)
    instalment.save()
    record(
        order,
        "money_held" if funded else "short_payment",
        by=by,
        facts={"held": amount.minor, "missing": judged.missing.minor, "part": instalment.part},
    )


@operation
def accept_short(order, *, by):
    """The supplier takes an instalment as paid though money is missing (money.md 7.2).

    On an earlier instalment what is missing is carried onto the next one.
    """
    if by.company_id != order.supplier_id:
        raise NotAllowed
    check_may_commit(by)
    instalment = order.instalments.filter(funded_at=None, received_minor__gt=0).first()
    if instalment is None:
        raise Refused(_("No payment of this order is short."), code="nothing_short")
    instalment.order = order
    missing = instalment.missing
    _fund(order, instalment, Money(0) if _is_last(instalment) else missing)
    instalment.save()
    record(order, "accept_short", by=by, facts={"missing": missing.minor, "part": instalment.part})


@operation
def accept_goods(order, *, by):
    """The buyer accepts the goods: the supplier has earned the money."""
    check_may_commit(by)
    _check_nothing_disputed(order)
    advance(order.accept_goods, by=by)
    release_all(order, by)


@operation
def accept_by_silence(order, *, by):
    """The time to check the goods passed (T7): they count as accepted.

    What is disputed stays held; the rest is released as if nothing were (scenario 24).
    """
    if order.disputes.open().exists():
        record(order, "checking_over", by=by, facts={"released": escrow_of(order).minor})
        release(order, escrow_of(order), cause="undisputed", by=by)
        return
    advance(order.auto_accept, by=by)
    release_all(order, by)


@operation
def expire_unpaid(order, *, by):
    """The initial payment did not come in time: the order closes, part money goes back (T3).

    It waits while the bank shows money that is not booked yet, and while staff look at some
    that did come (scenario 14).
    """
    looked_at = [Payment.State.REVIEW, Payment.State.PROCESSING]
    if order.payments.filter(state__in=looked_at).exists():
        deadlines.start("order.pay", order, clock.now() + REVIEW_PAUSE)
        return
    advance(order.expire_unpaid, by=by)
    for payment in order.payments.filter(state__in=["initiated", "pending"]):
        payment.adopt(order)
        advance(payment.expire, by=by)
    refund(order, escrow_of(order), cause="unpaid", by=by)
    end_contract(order, by=by, fulfilled=False)
    close(order)


@operation
def close_claims(order, *, by):
    """The time for claims after release is over (T8): the cover is free again.

    A claim that was filed in time keeps the cover until it has ended.
    """
    if order.disputes.open().exists():
        deadlines.start("order.claim", order, clock.now() + REVIEW_PAUSE)
        return
    record(order, "claims_over", by=by)
    free_reserve(order, by=by)
    close(order)


def release_all(order, by):
    """The goods were accepted: all that is held is released, and the claims' time runs (T8)."""
    deadlines.keep("order.accept", order)
    release(order, escrow_of(order), cause="accepted", by=by)
    end_contract(order, by=by, fulfilled=True)
    for shipment in order.shipments.filter(state=Shipment.State.DELIVERED):
        shipment.adopt(order)
        advance(shipment.accept_lot, by=by)
        if order.in_lots:
            deadlines.keep("shipment.accept", shipment)
    deadlines.start("order.claim", order, order_policies.claims_deadline(order.delivered_at))


def _fund(order, instalment, carried):
    instalment.funded_at = clock.now()
    following = order.instalments.filter(n__gt=instalment.n, funded_at=None).first()
    if carried and following:
        following.carried_minor += carried.minor
        following.save(update_fields=["carried_minor"])
    if order.state == Order.State.AWAITING_INITIAL_PAYMENT and instalment.n == 1:
        _start_production(order)
    elif order.state == Order.State.READY_TO_SHIP and order.may_ship() and _is_last(instalment):
        shifting.give_waiting_back(order, by=PLATFORM)


def _start_production(order):
    funded_at = clock.now()
    deadline = _ship_deadline(order, funded_at)
    advance(order.initial_funded, by=PLATFORM, funded_at=funded_at, ship_deadline=deadline)
    deadlines.keep("order.pay", order)
    deadlines.start("order.ship", order, deadline)


def _ship_deadline(order, funded_at):
    """The contract's date, or its days after funding.

    Money that comes when the date has passed shifts it: the supplier keeps the days that
    the contract gave it from its signing (machines.md 6.0).
    """
    if not order.ship_by:
        return order_policies.ship_deadline_from_funding(funded_at, order.lead_days)
    deadline = order_policies.ship_deadline(order.ship_by)
    if funded_at < deadline:
        return deadline
    signed = order.contracts.get(state=PurchaseContract.State.EFFECTIVE).effective_at
    given = (order.ship_by - days.platform_date(signed)).days
    return order_policies.ship_deadline_from_funding(funded_at, max(given, 1))


def _judge(order, instalment, received):
    """What an amount does to an instalment, and whether it is funded by it.

    What is too little on the last instalment is topped up or accepted, never written off.
    """
    last = _is_last(instalment)
    so_far = Money(instalment.received_minor, order.currency) + received
    judged = policies.judge(so_far, instalment.due, last=last)
    return judged, judged.funded and not (last and judged.missing)


def _is_last(instalment):
    return not instalment.order.instalments.filter(n__gt=instalment.n).exists()


def _check_nothing_disputed(order):
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute: settle that first."), code="in_dispute")


def _check_method(order, code):
    for offer in offers_for(order.buyer):
        if offer.method.code == code and not offer.allowed:
            raise Refused(offer.reason, code="method_not_offered")


def _as_plain(method):
    classes = {"new": method.for_new, "existing": method.for_existing}
    return policies.Method(
        code=method.code,
        title=method.title,
        kind=method.kind,
        classes=frozenset(name for name, offered in classes.items() if offered),
        fee_percent=method.fee_percent,
    )
