"""Escrow: the money of a trade rests in `escrow:<order>` until it is earned or refunded."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from contracts.models import PurchaseContract
from core import clock
from core.money import Money
from ledger.balances import balance
from ledger.operations import Move, post
from orders import policies as order_policies
from orders.models import Shipment
from orders.operations import close
from payments import policies
from payments.models import Disbursement, Payment, PaymentMethod
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import Refused

PAYOUT_COOL_OFF = timedelta(hours=24)
TRANSFER = "telegraphic_transfer"


def offers_for(company):
    """Every method with whether this client may use it, and why not (S5, S6)."""
    done = company.purchases.filter(state="completed").count()
    methods = PaymentMethod.objects.all()
    return policies.offer(
        [_as_plain(method) for method in methods],
        policies.client_class(done),
        {method.code for method in methods if method.is_set_up},
    )


@operation
def pay_by_transfer(order, *, by):
    """The buyer says that the transfer for the next instalment is on its way."""
    instalment = order.instalments.filter(funded_at=None).first()
    if instalment is None:
        raise Refused(_("Everything is paid already."), code="nothing_due")
    found = instalment.payments.filter(
        state__in=[Payment.State.INITIATED, Payment.State.PENDING]
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
    instalment = payment.instalment
    so_far = Money(instalment.received_minor, order.currency) + received
    judged = policies.judge(so_far, instalment.due, last=_is_last(instalment))
    escrow = received - judged.excess
    post(
        "payment.cleared",
        key=f"{key}:held",
        order_ref=order.ref,
        transfers=[
            Move(from_account, f"escrow:{order.ref}", escrow),
            Move(from_account, f"buyer_credit:{order.buyer_id}", judged.excess),
        ],
    )
    advance(
        payment.clear,
        by=by,
        cleared_at=clock.now(),
        amount_minor=received.minor,
        facts={"due": instalment.missing.minor, "carried": judged.carried.minor},
    )
    instalment.received_minor += escrow.minor
    if judged.funded:
        _fund(order, instalment, judged.carried)
    instalment.save()
    record(
        order,
        "money_held" if judged.funded else "short_payment",
        by=by,
        facts={"held": escrow.minor, "missing": judged.missing.minor, "part": instalment.part},
    )


@operation
def accept_goods(order, *, by):
    """The buyer accepts the goods: the supplier has earned the money."""
    _check_nothing_disputed(order)
    advance(order.accept_goods, by=by)
    _release_all(order, by)


@operation
def accept_by_silence(order, *, by):
    """The time to check the goods passed (T7): they count as accepted."""
    _check_nothing_disputed(order)
    advance(order.auto_accept, by=by)
    _release_all(order, by)


@operation
def expire_unpaid(order, *, by):
    """The initial payment did not come in time: the order closes, part money goes back (T3)."""
    advance(order.expire_unpaid, by=by)
    for payment in order.payments.filter(state__in=["initiated", "pending"]):
        payment.adopt(order)
        advance(payment.expire, by=by)
    refund(order, escrow_of(order), cause="unpaid", by=by)
    end_contract(order, by=by, fulfilled=False)
    close(order)


def refund(order, amount, *, cause, by, source=None):
    """Owe the buyer `amount` of what is held, once per cause."""
    if not amount:
        return None
    post(
        f"refund.{cause}",
        key=f"{order.ref}:refund:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source or f"escrow:{order.ref}", f"refund_payable:{order.buyer_id}", amount)
        ],
    )
    return _disburse(order, Disbursement.Kind.REFUND, order.buyer, amount, cause, by)


def release(order, amount, *, cause, by, source=None):
    """The supplier has earned `amount`: less the platform's fee, it is his (money.md 7.2)."""
    if not amount:
        return None
    fee = amount.share(order.fee_percent)
    source = source or f"escrow:{order.ref}"
    post(
        f"release.{cause}",
        key=f"{order.ref}:release:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source, f"supplier_payable:{order.supplier_id}", amount - fee),
            Move(source, "income:escrow_fee", fee),
        ],
    )
    return _disburse(order, Disbursement.Kind.PAYOUT, order.supplier, amount - fee, cause, by)


def escrow_of(order):
    """What is held for an order and not disputed."""
    return balance(f"escrow:{order.ref}", order.currency)


def end_contract(order, *, by, fulfilled):
    """The contract in force ends with its order."""
    for contract in order.contracts.filter(state=PurchaseContract.State.EFFECTIVE):
        contract.adopt(order)
        advance(contract.fulfil if fulfilled else contract.terminate, by=by)


@operation
def close_claims(order, *, by):
    """The time for claims after release is over (T8): the cover is free again."""
    record(order, "claims_over", by=by)
    close(order)


def _release_all(order, by):
    deadlines.keep("order.accept", order)
    release(order, escrow_of(order), cause="accepted", by=by)
    end_contract(order, by=by, fulfilled=True)
    for shipment in order.shipments.filter(state=Shipment.State.DELIVERED):
        shipment.adopt(order)
        advance(shipment.accept_lot, by=by)
    deadlines.start("order.claim", order, order_policies.claims_deadline(order.delivered_at))


def _fund(order, instalment, carried):
    instalment.funded_at = clock.now()
    following = order.instalments.filter(n__gt=instalment.n).first()
    if carried and following:
        following.carried_minor += carried.minor
        following.save(update_fields=["carried_minor"])
    if order.state == order.State.AWAITING_INITIAL_PAYMENT:
        _start_production(order)


def _start_production(order):
    funded_at = clock.now()
    deadline = (
        order_policies.ship_deadline(order.ship_by)
        if order.ship_by
        else order_policies.ship_deadline_from_funding(funded_at, order.lead_days)
    )
    advance(order.initial_funded, by=PLATFORM, funded_at=funded_at, ship_deadline=deadline)
    deadlines.keep("order.pay", order)
    deadlines.start("order.ship", order, deadline)


def _disburse(order, kind, payee, amount, cause, by):
    now = clock.now()
    return Disbursement.objects.create(
        order=order,
        kind=kind,
        cause=cause,
        payee=payee,
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_by=by,
        requested_at=now,
        not_before=now + PAYOUT_COOL_OFF if kind == Disbursement.Kind.PAYOUT else now,
    )


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
    )
