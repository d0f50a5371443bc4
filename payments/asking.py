"""What the providers say of our operations, asked one after the other, outside a transaction."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from core import clock
from core.money import Money
from ledger.models import Transfer
from payments import providers
from payments.models import Chargeback, Difference, ProviderOperation
from payments.providers.base import CHARGEBACK, NoAnswer, Unsupported

SINCE = timedelta(days=3)
Status = ProviderOperation.Status
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A difference as it is found: the key that it keeps, and what it says."""

    key: str
    side: str
    text: str
    amount: Money | None = None


def ask_providers():
    """The differences with every provider that is set up."""
    found = []
    for code, provider in providers.every().items():
        if not provider.is_configured():
            continue
        try:
            found += _compare(code, _their_list(code, provider))
        except NoAnswer as why:
            log.warning("%s cannot be reconciled now: %s", code, why)
            text = _("%s does not answer: it could not be compared.") % provider.title
            found.append(_difference(f"provider:{code}:silent", text))
    return found


def _their_list(code, provider):
    """What the provider says of the last days: its own list, or our operations one by one."""
    since = clock.real_now() - SINCE
    try:
        return {(answer.kind, answer.external_ref): answer for answer in provider.recent(since)}
    except Unsupported:
        ours = _ours(code).exclude(external_ref="")
        answers = [(op.kind, op.external_ref, provider.fetch(op.ask)) for op in ours]
        return {(kind, ref): answer for kind, ref, answer in answers if answer}


def _ours(code):
    since = clock.real_now() - SINCE
    return ProviderOperation.objects.filter(provider=code, updated_at__gte=since)


def _compare(code, theirs):
    ours = {(op.kind, op.external_ref): op for op in _ours(code).exclude(external_ref="")}
    known = _known(code, [ref for _kind, ref in theirs])
    for key, operation in ours.items():
        yield from _one(code, operation, theirs.get(key))
    for key, answer in theirs.items():
        if key not in known and answer.amount:
            text = _("%(code)s has %(ref)s of %(amount)s, which we do not know.")
            told = text % {"code": code, "ref": key[1], "amount": answer.amount}
            yield _difference(f"provider:{code}:{key[1]}:unknown", told, answer.amount)


def _known(code, numbers):
    """Which of a provider's numbers we know, each with its kind."""
    of_theirs = {"provider": code, "external_ref__in": numbers}
    ours = ProviderOperation.objects.filter(**of_theirs).values_list("kind", "external_ref")
    taken = Chargeback.objects.filter(**of_theirs).values_list("external_ref", flat=True)
    return {*ours, *((CHARGEBACK, ref) for ref in taken)}


def _one(code, operation, answer):
    key = f"provider:{code}:{operation.external_ref}"
    if answer is None:
        text = _("%(code)s does not know %(ref)s any more.")
        told = text % {"code": code, "ref": operation.external_ref}
        yield _difference(f"{key}:gone", told, operation.amount)
        return
    if answer.status != operation.status and answer.status != Status.PENDING:
        text = _("%(ref)s is “%(theirs)s” at %(code)s and “%(ours)s” with us.")
        told = text % {
            "ref": operation.external_ref,
            "theirs": answer.status,
            "code": code,
            "ours": operation.status,
        }
        yield _difference(f"{key}:status", told, operation.amount)
    elif operation.status == Status.SUCCEEDED and not _as_booked(operation, answer.amount):
        text = _("%(ref)s is %(theirs)s at %(code)s and %(ours)s with us.")
        told = text % {
            "ref": operation.external_ref,
            "theirs": answer.amount,
            "code": code,
            "ours": operation.amount,
        }
        yield _difference(f"{key}:amount", told, _gap(answer.amount, operation.amount))


def _as_booked(operation, amount):
    """Whether it is what was asked for, or was booked as it came and put before our staff."""
    key = f"{operation.provider}:{operation.external_ref}:review"
    came = Transfer.objects.filter(journal__key=key).first()
    return amount == operation.amount or (came is not None and came.amount == amount)


def _gap(theirs, ours):
    return theirs - ours if theirs.currency == ours.currency else Money(0, ours.currency)


def _difference(key, text, amount=None):
    return Found(key, Difference.Side.PROVIDER, text, amount)
