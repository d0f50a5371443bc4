"""What a payment provider is to do: intents, written with what causes them, sent afterwards.

Nothing here calls anybody (payments/calls.py does, after the commit), so an intent stands or
falls with its payment (S18; reliability requirement 4).
"""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.roles import check_may_commit, the_buyer
from payments import policies, providers
from payments.models import Disbursement, Payment, PaymentMethod, ProviderOperation
from payments.operations import PAYABLE, offers_for
from workflow import outbox
from workflow.engine import advance, operation
from workflow.errors import NotAllowed, Refused

Kind, Status = ProviderOperation.Kind, ProviderOperation.Status
OPEN = [Payment.State.INITIATED, Payment.State.PENDING, Payment.State.PROCESSING]


@operation
def start_charge(order, *, by, method):
    """The buyer pays the next instalment by card or wallet: an intent, sent after the commit.

    `method` is the code of a PaymentMethod. Asked again, it is the same payment. Raises
    Refused when the method is not offered or off, or another one is under way (S5, S6).
    """
    if not the_buyer(order, by):
        raise NotAllowed(_("Only the buyer pays this order."))
    check_may_commit(by)
    instalment = order.instalments.filter(funded_at=None).first()
    if instalment is None or order.state not in PAYABLE:
        raise Refused(_("Nothing is due on this order now."), code="nothing_due")
    instalment.order = order
    if under_way := open_charge(instalment):
        return _the_same(under_way, method)
    provider, offered = _provider_of(order, method)
    payment = Payment.objects.create(
        order=order,
        instalment=instalment,
        method_id=method,
        amount_minor=instalment.missing.minor,
        currency=order.currency,
        started_by=by,
    )
    advance(payment.submit, by=by)
    fee = policies.payment_fee(payment.amount, offered)
    _intend(
        order,
        kind=Kind.CHARGE,
        provider=provider.code,
        key=f"charge-{payment.public_id}",
        reference=instalment.reference,
        amount=payment.amount + fee,
        fee_minor=fee.minor,
        destination=f"{settings.BASE_URL}{order.get_absolute_url()}",
        payment=payment,
    )
    return payment


def open_charge(instalment):
    """The payment of an instalment that is under way at a provider, if there is one."""
    return instalment.payments.filter(state__in=OPEN, provider_operations__kind=Kind.CHARGE).first()


def charge_of(payment):
    """The operation that charges a payment; its `redirect_url` is where the buyer pays."""
    return payment.provider_operations.filter(kind=Kind.CHARGE).first()


def intend_for(disbursement):
    """Ask a provider to carry out a disbursement that was just handed over; the intent's row.

    A refund goes back through the provider that charged it, a payout through the one that the
    platform pays suppliers by. Called in the transaction that sends it (payments.sending).
    """
    if disbursement.kind == Disbursement.Kind.PAYOUT:
        provider, destination = settings.PAYOUT_PROVIDER, disbursement.destination["account"]
        kind = Kind.PAYOUT
    else:
        charge = charge_of(disbursement.payment)
        provider, destination, kind = charge.provider, charge.external_ref, Kind.REFUND
    return _intend(
        disbursement.order,
        kind=kind,
        provider=provider,
        key=f"{kind}-{disbursement.end_to_end_id}",
        reference=disbursement.order.ref,
        amount=disbursement.amount,
        destination=destination,
        payment=disbursement.payment,
        disbursement=disbursement,
    )


def _intend(order, *, key, amount, **intent):
    made = ProviderOperation.objects.create(
        idempotency_key=key, amount_minor=amount.minor, currency=amount.currency, **intent
    )
    outbox.owe("provider.send", lane="money", trade_ref=order.ref, operation=made.pk)
    return made


def _the_same(payment, method):
    if payment.method_id != method:
        raise Refused(
            _("You have started to pay by %s. Finish or cancel that on its page first.")
            % payment.method,
            code="payment_open",
        )
    return payment


def _provider_of(order, code):
    """The provider of a method and the method as offered. Raises Refused if it may not be used."""
    for offer in offers_for(order.buyer):
        if offer.method.code == code and offer.method.kind != policies.TRANSFER:
            if not offer.allowed:
                raise Refused(offer.reason, code="method_not_offered")
            preferred = PaymentMethod.objects.get(pk=code).provider
            if provider := providers.for_method(code, preferred):
                return provider, offer.method
            raise Refused(providers.why_off(code, preferred), code="method_not_offered")
    raise Refused(_("Choose a card or a wallet of the list."), code="method_not_offered")
