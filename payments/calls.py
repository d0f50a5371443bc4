"""Speaking with payment providers: calls after the commit, news, and the truth behind it.

Nobody is called while a transaction is open. What a provider pushes to us is only a hint: its
state is fetched before a cent is credited (reliability requirements 4 and 16). The outbox
runs `send`, `look` and `hear`, and tries again whatever raises.
"""

import hashlib
import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from core import clock
from payments import providers, treasury
from payments.models import ProviderEvent, ProviderOperation, StatementLine
from payments.providers.base import CHARGE, CHARGEBACK, PAYOUT, REFUND, Ask, NoAnswer, Unsupported
from payments.settling import settle
from workflow import outbox
from workflow.who import PLATFORM

Kind, Status = ProviderOperation.Kind, ProviderOperation.Status
UNSETTLED = [Status.SENT, Status.PENDING, Status.UNKNOWN]
LOOK_EVERY = timedelta(minutes=15)
LOOK_FOR = timedelta(days=30)
log = logging.getLogger(__name__)


class TooEarly(Exception):
    """News of something whose beginning we have not heard yet: it is tried again later."""


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
    """Ask the provider how an operation stands: its news may have been lost.

    Without an answer nothing changes, and the next `poll` owes another look.
    """
    asked = ProviderOperation.objects.get(pk=operation)
    if asked.status not in UNSETTLED:
        return
    try:
        _settle_by(asked, lambda provider: _look(provider, asked))
    except NoAnswer as why:
        log.warning("provider operation %s cannot be looked up now: %s", operation, why)


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
        return _charged_back(asked, answer)
    return settle(asked.order, by=PLATFORM, asked=asked, answer=answer).status


def _asked(told, answer):
    kind = Kind.CHARGE if told.kind == CHARGEBACK else told.kind
    by_number = _find(told.provider, kind, external_ref=answer.external_ref)
    return by_number or _find(told.provider, kind, idempotency_key=answer.idempotency_key)


def _find(provider, kind, **by):
    if not all(by.values()):
        return None
    return ProviderOperation.objects.filter(provider=provider, kind=kind, **by).first()


def _charged_back(asked, answer):
    """A card network takes a payment back: what follows touches disputes too, so it is owed."""
    if asked.status != Status.SUCCEEDED:
        raise TooEarly(f"The charge {asked.external_ref} has not cleared yet.")
    case = answer.chargeback
    if case is None:
        return "not charged back"
    outbox.owe(
        "provider.chargeback",
        lane="money",
        trade_ref=asked.order.ref,
        operation=asked.pk,
        external_ref=case.external_ref,
        status=case.status,
        minor=(case.amount or asked.amount).minor,
        fee_minor=case.fee.minor if case.fee else 0,
    )
    return f"chargeback {case.status}"


def look_up_settlement(line: int, reference: str):
    """Ask the providers which of them paid a bank line out; without an answer staff look at it.

    Raises NoAnswer, so that the outbox asks again.
    """
    waiting = StatementLine.objects.get(pk=line)
    for code, provider in providers.every().items():
        if not provider.is_configured():
            continue
        try:
            found = provider.settlement(reference)
        except Unsupported:
            continue
        if found:
            treasury.settle(waiting, by=PLATFORM, provider=code, found=found)
            return
    treasury.no_settlement(waiting, by=PLATFORM, reference=reference)
