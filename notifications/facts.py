"""What a letter may mention: the facts of a case as values, not yet in anybody's words.

Money, instants and days stay what they are until `notifications.writing` puts them into the
reader's language and time zone. No fact here is an account number or a reference to pay under.
"""

from datetime import datetime, timedelta

from django.conf import settings

from core.days import platform_date
from core.money import Money
from disputes.offers import GOES_ON
from inspections.models import LineResult
from notifications import facts_of_money, phrases
from notifications.cases import name_of, order_of
from notifications.phrases import Choice, Clause
from notifications.readers import last_deadline
from trade_center.models import Message

QUOTE_LENGTH = 200
MOMENT = timedelta(seconds=1)


def facts_of(event, subject, letters):
    """The facts that the letters of an event need."""
    facts = {"code": name_of(subject)} | _of_order(order_of(subject)) | _of_actor(event)
    facts |= _amounts(event, subject)
    for tell in (
        facts_of_money.BY_VERB.get(event.verb),
        BY_MODEL.get(event.subject_type.model),
        BY_EVENT.get(event.name),
    ):
        if tell:
            facts |= tell(event, subject)
    if event.verb == "extend_clock":
        facts |= _more_time(event)
    return facts | _clocks(letters, event.trade_ref)


def facts_of_reminder(reminder, subject):
    """The facts that the letter about an approaching deadline needs."""
    order = order_of(subject)
    due = reminder.due_at - MOMENT
    facts = {"code": name_of(subject), "days": reminder.days, "due": due} | _of_order(order)
    if tell := OF_REMINDER.get(subject._meta.model_name):
        facts |= tell(subject)
    return facts


def _of_order(order):
    if order is None:
        return {}
    return {
        "code": order.ref,
        "title": order.title,
        "total": order.total,
        "buyer": order.buyer.name,
        "supplier": order.supplier.name,
        "ship_deadline": order.ship_deadline - MOMENT if order.ship_deadline else "",
        "ship_day": platform_date(order.ship_deadline - MOMENT) if order.ship_deadline else "",
    }


def _amounts(event, subject):
    """The amounts that an event carries itself, in the currency of what it is about."""
    currency = getattr(subject, "currency", None)
    return {
        name: Money(minor, currency)
        for name, minor in event.facts.items()
        if name in AMOUNTS and isinstance(minor, int)
    }


def _of_actor(event):
    actor = event.actor
    company = actor.company if actor else None
    return {
        "actor": str(actor or ""),
        "company": company.name if company else "",
        "reason": event.reason,
    }


def _clocks(letters, trade_ref):
    """The last instant that is still in time, for each clock that the letters name."""
    kinds = {letter.deadline for letter in letters if letter.deadline}
    found = {kind: last_deadline(kind, trade_ref) for kind in kinds}
    return {"clocks": {kind: row.due_at - MOMENT for kind, row in found.items() if row}}


def _more_time(event):
    """Which clock was given more time, and its last moment before and now."""
    known = {name: datetime.fromisoformat(event.facts[name]) for name in ("due_at", "due_before")}
    title = settings.DEADLINES[event.facts["clock"]].title
    return {
        "clock": title,
        "before": known["due_before"] - MOMENT,
        "until": known["due_at"] - MOMENT,
    }


def _contract(event, contract):
    gaps = list(contract.gaps.values_list("sentence", flat=True))
    return {
        "version": contract.version,
        "fingerprint": contract.sha256[:12],
        "gaps": len(gaps),
        "open_points": "\n".join(gaps)[:QUOTE_LENGTH],
    }


def _standing(event, standing):
    return {"limit": Money(event.facts["limit"], standing.currency)}


def _inspection(event, inspection):
    results = inspection.results.values_list("result", flat=True)
    return {
        "agency": inspection.agency.name if inspection.agency else "",
        "sample": inspection.plan.get("sample", ""),
        "visit_on": inspection.visit_on or "",
        "critical": inspection.critical_found,
        "lines": len(results),
        "differs": sum(result == LineResult.Result.DIFFERS for result in results),
    }


def _dispute(event, dispute):
    """What is claimed and how it is split: by the event's own numbers where it has some."""
    known = event.facts
    minor = known.get("refund", known.get("refund_minor", dispute.refund_minor))
    if event.verb == "concede":
        minor = 0 if dispute.by_supplier else dispute.claimed_minor
    facts = {
        "claimed": dispute.claimed,
        "dispute_reason": Choice(dispute, "reason"),
        "mediator": str(dispute.mediator or ""),
        "note": known.get("note", ""),
        "where": _where(dispute),
    }
    if minor is not None:
        refund = Money(minor, dispute.currency)
        facts |= _split(dispute, refund, dispute.claimed - refund, _goes_on(event, dispute))
    return facts


def _where(dispute):
    """Where the disputed money is: held, or with the supplier already."""
    return phrases.RELEASED if dispute.after_release else phrases.HELD


def _goes_on(event, dispute):
    """Whether what is not refunded stays held for the order, which goes on."""
    if event.verb in {"propose", "accept_offer"}:
        return dispute.offer_remedy in GOES_ON
    return event.verb == "take_computed"


def _split(dispute, refund, release, goes_on=False):
    split = {"refund": refund, "release": release}
    text = phrases.SPLIT_GOES_ON if goes_on else phrases.SPLIT
    if dispute.after_release:
        text = phrases.SPLIT_AFTER_RELEASE
    names = {"buyer": dispute.order.buyer.name, "supplier": dispute.order.supplier.name}
    return split | {"split": Clause(text, **split, **names)}


def _first_payment(event, order):
    return {"first_payment": order.instalments.first().due}


def _balance(event, order):
    return {"to_pay": _sum((part.missing for part in order.instalments.all()), order.currency)}


def _shipment(event, order):
    shipment = order.shipments.last()
    return {"document": str(shipment), "carrier": shipment.carrier}


def _document(event, shipment):
    """The document, since when the goods count as shipped, or what is wrong with it."""
    return {
        "document": str(shipment),
        "shipped_at": shipment.shipped_at or "",
        "because": Choice(shipment, "rejected_because") if shipment.rejected_because else "",
    }


def _said(event, order):
    message = Message.objects.get(pk=event.facts["message"])
    texts = [message.text[:QUOTE_LENGTH], message.translation[:QUOTE_LENGTH]]
    return {"message": "\n".join(filter(None, texts))}


def _first_unpaid(order):
    part = order.instalments.filter(funded_at=None).first()
    return part.missing if part else Money(0, order.currency)


def _sum(amounts, currency):
    return sum(amounts, Money(0, currency))


OF_REMINDER = {
    "order": lambda order: {"to_pay_first": _first_unpaid(order)},
    "inspection": lambda inspection: _inspection(None, inspection),
    "dispute": lambda dispute: {
        "claimed": dispute.claimed,
        "where": _where(dispute),
        "mediator": str(dispute.mediator or ""),
    },
    "statementline": lambda line: {"amount": line.amount},
    "payment": lambda payment: {"amount": payment.amount},
}
AMOUNTS = {
    "held", "missing", "left", "refund", "released", "refunded", "guarantee", "uncovered",
    "returned",    "bank_fee", "there", "charged_back",
}  # fmt: skip
BY_MODEL = {
    "apitoken": lambda event, token: {"code": str(token)},
    "purchasecontract": _contract,
    "supplierstanding": _standing,
    "inspection": _inspection,
    "dispute": _dispute,
    "shipment": _document,
    **facts_of_money.BY_MODEL,
}
BY_EVENT = {
    "order.contract_effective": _first_payment,
    "order.declare_ready": _balance,
    "order.ship_full": _shipment,
    "order.ship_partial": _shipment,
    "order.message": _said,
    **facts_of_money.BY_EVENT,
}
