"""What a payment provider is to do: intents, written with what causes them, sent afterwards.

Nothing here calls anybody (payments/calls.py does, after the commit), so an intent stands or
falls with its payment (S18; reliability requirement 4).
"""

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.roles import check_may_commit, the_buyer
from core import clock
from core.money import Money
from payments import policies, providers
from payments.models import Disbursement, Payment, PaymentMethod, ProviderOperation
from payments.operations import offers_for
from payments.receipts import PAYABLE
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


@operation
def start_refund(disbursement, *, by, payment, amount):
    """Ask the provider to give back `amount` of a charge, for an approved refund.

    Asked again for the same refund and payment, it is the same operation, unless that failed.
    Raises Refused for a disbursement that is not approved, or for more than is left of it.
    """
    charge = charge_of(payment)
    if charge is None or charge.status != Status.SUCCEEDED:
        raise Refused(_("This payment was not made through a provider."), code="no_charge")
    return _for_disbursement(
        disbursement, Kind.REFUND, charge.provider, amount, charge.external_ref, payment
    )


@operation
def start_payout(disbursement, *, by, provider, destination):
    """Ask a provider to pay a supplier, for an approved payout whose cool-off is over.

    `destination` is an account that the caller has verified.
    """
    return _for_disbursement(
        disbursement, Kind.PAYOUT, provider, disbursement.amount, destination, None
    )


def _for_disbursement(disbursement, kind, provider, amount, destination, payment):
    if kind not in providers.every()[provider].kinds:
        raise Refused(_("This provider cannot do that: use a bank transfer."), code="unsupported")
    earlier = disbursement.provider_operations.filter(kind=kind, payment=payment)
    if found := earlier.exclude(status=Status.FAILED).first():
        return found
    _check_may_leave(disbursement, amount)
    nth = earlier.count() + 1
    source = f"-{payment.pk}" if payment else ""
    return _intend(
        disbursement.order,
        kind=kind,
        provider=provider,
        key=f"{kind}-{disbursement.public_id}{source}-{nth}",
        reference=disbursement.order.ref,
        amount=amount,
        destination=destination,
        payment=payment,
        disbursement=disbursement,
    )


def _check_may_leave(disbursement, amount):
    """Money leaves once a second person has approved it, in time, and never more than that."""
    if disbursement.state != Disbursement.State.APPROVED:
        raise Refused(_("This is not approved."), code="not_approved")
    if disbursement.not_before and clock.now() < disbursement.not_before:
        raise Refused(_("The waiting time before a payout is not over."), code="cool_off")
    under_way = disbursement.provider_operations.exclude(status=Status.FAILED)
    asked = under_way.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    if amount > disbursement.amount - Money(asked, disbursement.currency):
        raise Refused(_("This is more than was approved."), code="above_approved")


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
