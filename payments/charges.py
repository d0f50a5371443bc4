"""Money through a payment provider: the intent, the call after the commit, the news, the truth.

Nobody is called while a transaction is open. What a provider pushes to us is only a hint: its
state is fetched before a cent is credited, and amount, currency and reference must be those
that were asked for (S18; reliability requirements 4 and 16).
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import the_buyer
from core import clock
from ledger.operations import Move, post
from payments import policies, providers
from payments.models import Payment, ProviderEvent, ProviderOperation
from payments.operations import hold, offers_for
from payments.providers.base import CHARGE, CHARGEBACK, PAYOUT, REFUND, Ask, NoAnswer
from payments.receipts import PAYABLE, SUSPENSE
from workflow import outbox
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused
from workflow.who import PLATFORM

Kind, Status = ProviderOperation.Kind, ProviderOperation.Status
OPEN = [Payment.State.INITIATED, Payment.State.PENDING, Payment.State.PROCESSING]
UNSETTLED = [Status.SENT, Status.PENDING, Status.UNKNOWN]
LOOK_EVERY = timedelta(minutes=15)
LOOK_FOR = timedelta(days=30)


class TooEarly(Exception):
    """News of something whose beginning we have not heard yet: it is tried again later."""


# --- asking


@operation
def start_charge(order, *, by, method):
    """The buyer pays the next instalment by card or wallet: an intent, sent after the commit.

    `method` is the code of a PaymentMethod. Asked again, it is the same payment. Raises
    Refused when the method is not offered or off, or another one is under way (S5, S6).
    """
    if not the_buyer(order, by):
        raise NotAllowed(_("Only the buyer pays this order."))
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
    return instalment.payments.filter(
        state__in=OPEN, provider_operations__kind=Kind.CHARGE
    ).first()


def charge_of(payment):
    """The operation that charges a payment; its `redirect_url` is where the buyer pays."""
    return payment.provider_operations.filter(kind=Kind.CHARGE).first()


@operation
def start_refund(disbursement, *, by, payment, amount):
    """Ask the provider to give back `amount` of a charge; the caller has had it approved.

    Asked again for the same refund and payment, it is the same operation, unless that failed.
    """
    charge = charge_of(payment)
    if charge is None or charge.status != Status.SUCCEEDED:
        raise Refused(_("This payment was not made through a provider."), code="no_charge")
    return _for_disbursement(
        disbursement, Kind.REFUND, charge.provider, amount, charge.external_ref, payment
    )


@operation
def start_payout(disbursement, *, by, provider, destination):
    """Ask a provider to pay a supplier, to the account that the caller has verified."""
    return _for_disbursement(
        disbursement, Kind.PAYOUT, provider, disbursement.amount, destination, None
    )


def _for_disbursement(disbursement, kind, provider, amount, destination, payment):
    if kind not in providers.named(provider).kinds:
        raise Refused(_("This provider cannot do that: use a bank transfer."), code="unsupported")
    earlier = disbursement.provider_operations.filter(kind=kind, payment=payment)
    if found := earlier.exclude(status=Status.FAILED).first():
        return found
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
            preferred = Payment.method.field.related_model.objects.get(pk=code).provider
            if provider := providers.for_method(code, preferred):
                return provider, offer.method
            raise Refused(providers.why_off(code, preferred), code="method_not_offered")
    raise Refused(_("Choose a card or a wallet of the list."), code="method_not_offered")


# --- calling: what the outbox runs, outside any transaction


def send(operation: int) -> None:
    """Send an intent under its stored key. After a first try, look before sending again.

    Raises NoAnswer when it stays unknown, so that the outbox tries again: it is never taken
    for a success, and never for a failure either.
    """
    waiting = ProviderOperation.objects.filter(pk=operation, external_ref="")
    taken = waiting.exclude(status__in=[Status.SUCCEEDED, Status.FAILED]).update(
        status=Status.SENT, attempts=F("attempts") + 1, updated_at=clock.real_now()
    )
    if taken:
        asked = ProviderOperation.objects.get(pk=operation)
        _settle_by(asked, lambda provider: _send(provider, asked))


def look(operation: int) -> None:
    """Ask the provider how an operation stands: its news may have been lost."""
    asked = ProviderOperation.objects.get(pk=operation)
    if asked.status in UNSETTLED:
        _settle_by(asked, lambda provider: _look(provider, asked))


def poll(limit=50) -> int:
    """Owe a look at every operation without news for a while; beat calls it. How many."""
    now = clock.real_now()
    silent = ProviderOperation.objects.filter(
        status__in=UNSETTLED, updated_at__lt=now - LOOK_EVERY, created_at__gt=clock.now() - LOOK_FOR
    ).order_by("updated_at")
    with transaction.atomic():
        found = list(silent.select_for_update(skip_locked=True)[:limit])
        for one in found:
            outbox.owe("provider.look", lane="money", operation=one.pk)
        ProviderOperation.objects.filter(pk__in=[one.pk for one in found]).update(updated_at=now)
    return len(found)


def _send(provider, asked):
    do = {CHARGE: provider.charge, REFUND: provider.refund, PAYOUT: provider.payout}[asked.kind]
    found = provider.find(asked.ask) if asked.attempts > 1 else None
    return found or do(asked.ask)


def _look(provider, asked):
    return provider.fetch(asked.ask) if asked.external_ref else provider.find(asked.ask)


def _settle_by(asked, question):
    try:
        answer = question(providers.named(asked.provider))
    except NoAnswer as error:
        ProviderOperation.objects.filter(pk=asked.pk, status=Status.SENT).update(
            status=Status.UNKNOWN, last_error=str(error)[:500], updated_at=clock.real_now()
        )
        raise
    if answer:
        settle(asked.order, by=PLATFORM, asked=asked, answer=answer)


# --- hearing


@transaction.atomic
def note_news(provider, news, raw_body):
    """Keep a signed message and owe its handling, both or neither; a repeated one adds nothing."""
    event, new = ProviderEvent.objects.get_or_create(
        provider=provider,
        event_id=news.event_id,
        defaults={
            "kind": news.kind,
            "external_ref": news.external_ref,
            "body_sha256": hashlib.sha256(raw_body).hexdigest(),
        },
    )
    if new:
        outbox.owe("provider.news", lane="money", event=event.pk)
    return event


def hear(event: int) -> None:
    """Act on a message by what the provider says when asked, not by what the message says.

    Raises TooEarly or NoAnswer, so that the outbox tries again; handled once, it stays so.
    """
    told = ProviderEvent.objects.get(pk=event)
    if told.handled_at is None:
        outcome = _outcome(told)
        ProviderEvent.objects.filter(pk=event, handled_at=None).update(
            handled_at=clock.now(), outcome=outcome
        )


def _outcome(told):
    if told.kind not in {CHARGE, REFUND, PAYOUT, CHARGEBACK}:
        return "of no concern"
    provider = providers.named(told.provider)
    answer = provider.fetch(Ask(kind=told.kind, external_ref=told.external_ref))
    if answer is None:
        return "unknown to the provider"
    if told.kind == REFUND:
        charge = _find(told.provider, Kind.CHARGE, external_ref=answer.charge_ref)
        if charge and charge.status != Status.SUCCEEDED:
            raise TooEarly(f"The charge {answer.charge_ref} has not cleared yet.")
    asked = _asked(told, answer)
    if asked is None:
        return "not one of ours"
    if told.kind == CHARGEBACK:
        return _charged_back(asked, answer, told)
    return settle(asked.order, by=PLATFORM, asked=asked, answer=answer).status


def _asked(told, answer):
    kind = Kind.CHARGE if told.kind == CHARGEBACK else told.kind
    by_number = _find(told.provider, kind, external_ref=answer.external_ref)
    return by_number or _find(told.provider, kind, idempotency_key=answer.idempotency_key)


def _find(provider, kind, **by):
    if not all(by.values()):
        return None
    return ProviderOperation.objects.filter(provider=provider, kind=kind, **by).first()


def _charged_back(asked, answer, told):
    """The buyer's bank takes a payment back: staff must act. The money is not moved here."""
    if asked.status != Status.SUCCEEDED:
        raise TooEarly(f"The charge {asked.external_ref} has not cleared yet.")
    if not answer.disputed:
        return "not charged back"
    facts = {"amount": asked.amount_minor, "event": told.event_id}
    record(asked.payment, "chargeback_reported", by=PLATFORM, facts=facts)
    return "charged back"
