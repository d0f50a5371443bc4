"""The one stream of an order: what happened and what was said, newest first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from attachments.models import Attachment
from core.formats.words import money_text
from core.money import Money
from orders.addresses import path_to
from orders.sentences import AMOUNTS, SENTENCES
from payments.models import Disbursement
from trade_center.models import Message
from workflow.models import Event

LENGTH = 30
# What is written down about money may name an account or a suspicion: it stays with our staff.
REASONS_OF_OUR_OWN = {"payment", "disbursement"}


@dataclass(frozen=True)
class Item:
    """One line of the stream; a message carries its words, an event its reason."""

    who: str
    text: str
    tone: str
    icon: str
    at: datetime
    quote: str = ""
    quote_lang: str = ""
    translation: str = ""
    pays_elsewhere: bool = False
    files: list[dict] = field(default_factory=list)


def stream(order, *, before=None, length=LENGTH):
    """The newest items of an order's history, and the key of the earlier ones or None."""
    events = Event.objects.filter(_told(), trade_ref=order.ref).select_related("actor")
    if before:
        events = events.filter(n__lt=before)
    found = list(events.order_by("-n")[: length + 1])
    shown = found[:length]
    said = _messages([event.facts["message"] for event in shown if event.verb == "message"])
    money = _money_that_leaves(shown)
    items = [_item(event, order, said.get(event.facts.get("message")), money) for event in shown]
    return items, shown[-1].n if len(found) > length else None


def messages_of(order, *, before=None, length=LENGTH):
    """The newest messages of an order, oldest of them first, and the key of the earlier ones."""
    rows = Message.objects.filter(order=order)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(_with_files(rows).order_by("-pk")[: length + 1])
    shown = found[:length]
    return shown[::-1], shown[-1].pk if len(found) > length else None


def files_of(message) -> list[dict]:
    """The files of a message that was loaded with them."""
    return [file | {"url": path_to("attachment", file["id"])} for file in message.the_files]


def _item(event, order, message, money):
    tone, icon, sentence = SENTENCES[_model(event), event.verb]
    who = event.actor.name if _by_a_person(event) else _("Trade Assurance")
    if message is None:
        told = {**event.facts, **_amounts(event.facts, order.currency)}
        if _model(event) == "disbursement":
            told["what"] = money[event.subject_id]
        if event.verb == "extend_clock":
            told["what"] = settings.DEADLINES[event.facts["clock"]].title
        text = str(sentence) % told if "%(" in str(sentence) else sentence
        reason = event.reason if event.actor and _model(event) not in REASONS_OF_OUR_OWN else ""
        return Item(who, text, tone, icon, event.happened_at, quote=reason)
    return Item(
        who,
        sentence,
        tone,
        icon,
        event.happened_at,
        quote=message.text,
        quote_lang=message.language,
        translation=message.translation,
        pays_elsewhere=message.pays_elsewhere,
        files=files_of(message),
    )


def _by_a_person(event):
    """The platform appoints the inspector, whoever gave the occasion for it (S46)."""
    appointed = event.verb == "appoint" and event.actor and not event.actor.is_staff
    return bool(event.actor) and not appointed


def _money_that_leaves(events):
    """What each disbursement of these events is called, in front of both sides: {key: words}.

    What the supplier is paid after what it owes us, and what the buyer has too much, is theirs
    alone; a refund both have agreed to or been told.
    """
    keys = {event.subject_id for event in events if _model(event) == "disbursement"}
    rows = Disbursement.objects.filter(pk__in=keys) if keys else ()
    return {
        row.pk: str(row.get_kind_display())
        if row.kind != Disbursement.Kind.REFUND
        else f"{row.get_kind_display()} {money_text(row.amount)}"
        for row in rows
    }


def _amounts(facts, currency):
    return {
        name: money_text(Money(facts[name], currency))
        for name in AMOUNTS
        if isinstance(facts.get(name), int)
    }


def _told():
    """The events that have a sentence; the others are not for the parties' eyes."""
    told = Q()
    for model in {model for model, _verb in SENTENCES}:
        verbs = [verb for of, verb in SENTENCES if of == model]
        told |= Q(subject_type=_type(model), verb__in=verbs)
    return told


def _model(event):
    return ContentType.objects.get_for_id(event.subject_type_id).model


def _type(model):
    return ContentType.objects.get_by_natural_key(APPS[model], model)


def _messages(keys):
    return {row.pk: row for row in _with_files(Message.objects.filter(pk__in=keys))} if keys else {}


def _with_files(rows):
    files = Attachment.objects.filter(message=OuterRef("pk"))
    described = JSONObject(name="name", size="size", id=Cast("public_id", CharField()))
    return rows.select_related("author", "company").annotate(
        the_files=ArraySubquery(files.values(json=described))
    )


APPS = {
    "order": "orders",
    "shipment": "orders",
    "purchasecontract": "contracts",
    "payment": "payments",
    "disbursement": "payments",
    "inspection": "inspections",
    "dispute": "disputes",
}
