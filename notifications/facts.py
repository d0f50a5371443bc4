"""What a letter may mention: the facts of a case as values, not yet in anybody's words.

Money, instants and days stay what they are until `notifications.writing` puts them into the
reader's language and time zone. No fact here is an account number or a payment reference.
"""

from datetime import timedelta

from django.db.models import Sum

from core.money import Money
from inspections.models import LineResult
from ledger.models import Transfer
from notifications.readers import last_deadline
from payments.models import Disbursement
from trade_center.models import Message

QUOTE_LENGTH = 200
MOMENT = timedelta(seconds=1)


def facts_of(event, subject, letters):
    """The facts that the letters of an event need."""
    order = subject.trade
    amounts = {
        name: Money(event.facts[name], order.currency)
        for name in ("held", "missing", "refund")
        if name in event.facts
    }
    facts = _of_order(order) | _of_actor(event) | amounts
    for tell in (BY_MODEL.get(event.subject_type.model), BY_EVENT.get(event.name)):
        if tell:
            facts |= tell(event, subject)
    return facts | _clocks(letters, event.trade_ref)


def facts_of_reminder(reminder, subject):
    """The facts that the letter about an approaching deadline needs."""
    order = subject.trade
    facts = _of_order(order) | {"days": reminder.days, "due": reminder.due_at - MOMENT}
    if subject is not order:
        facts["claimed"] = subject.claimed
        return facts
    return facts | {"to_pay_first": _first_unpaid(order)}


def _of_order(order):
    return {
        "code": order.ref,
        "title": order.title,
        "total": order.total,
        "buyer": order.buyer.name,
        "supplier": order.supplier.name,
        "ship_deadline": order.ship_deadline - MOMENT if order.ship_deadline else "",
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


def _contract(event, contract):
    return {"version": contract.version, "fingerprint": contract.sha256[:12]}


def _inspection(event, inspection):
    results = inspection.results.values_list("result", flat=True)
    return {
        "agency": inspection.agency.name if inspection.agency else "",
        "sample": inspection.plan.get("sample", ""),
        "critical": inspection.critical_found,
        "lines": len(results),
        "differs": sum(result == LineResult.Result.DIFFERS for result in results),
    }


def _dispute(event, dispute):
    """What is claimed and how it is split: by the event's own numbers where it has some."""
    known = event.facts
    minor = known.get("refund", known.get("refund_minor", dispute.refund_minor))
    if event.verb == "concede":
        minor = dispute.claimed_minor
    facts = {
        "claimed": dispute.claimed,
        "dispute_reason": Choice(dispute, "reason"),
        "mediator": str(dispute.mediator or ""),
        "note": known.get("note", ""),
    }
    if minor is not None:
        refund = Money(minor, dispute.currency)
        facts |= {"refund": refund, "release": dispute.claimed - refund}
    return facts


def _disbursement(event, disbursement):
    return {"amount": disbursement.amount}


def _first_payment(event, order):
    return {"first_payment": order.instalments.first().due}


def _balance(event, order):
    return {"to_pay": _sum((part.missing for part in order.instalments.all()), order.currency)}


def _shipment(event, order):
    shipment = order.shipments.last()
    return {"document": str(shipment), "carrier": shipment.carrier}


def _received(event, payment):
    received = Money(event.facts["amount_minor"], payment.currency)
    due = Money(event.facts["due"], payment.currency)
    return {"received": received, "due_amount": due, "excess": received - due}


def _refunded(event, order):
    return _waiting(event, order) | {
        "refund": _sum(
            (d.amount for d in order.disbursements.filter(kind="refund", cause="late")),
            order.currency,
        )
    }


def _released(event, order):
    """What left the escrow for the supplier, by the ledger, and what of it is his."""
    moved = Transfer.objects.filter(journal__key=f"{order.ref}:release:accepted")
    released = Money(moved.aggregate(sum=Sum("amount_minor"))["sum"] or 0, order.currency)
    payout = order.disbursements.filter(kind="payout", cause="accepted").first()
    earned = payout.amount if payout else Money(0, order.currency)
    return _waiting(event, order) | {
        "released": released,
        "payout": earned,
        "fee": released - earned,
        "payout_from": payout.not_before if payout else "",
    }


def _waiting(event, subject):
    """What the finance office has to approve."""
    order = subject.trade
    waiting = order.disbursements.filter(state=Disbursement.State.REQUESTED)
    return {"waiting": [part for d in waiting for part in (Choice(d, "kind"), d.amount)]}


def _said(event, order):
    message = Message.objects.get(pk=event.facts["message"])
    texts = [message.text[:QUOTE_LENGTH], message.translation[:QUOTE_LENGTH]]
    return {"message": "\n".join(filter(None, texts))}


def _first_unpaid(order):
    part = order.instalments.filter(funded_at=None).first()
    return part.missing if part else Money(0, order.currency)


def _sum(amounts, currency):
    return sum(amounts, Money(0, currency))


class Choice:
    """The label of a choice field, which each reader reads in another language."""

    def __init__(self, record, field):
        self.record, self.field = record, field

    def __str__(self):
        return str(getattr(self.record, f"get_{self.field}_display")())


BY_MODEL = {
    "purchasecontract": _contract,
    "inspection": _inspection,
    "dispute": _dispute,
    "disbursement": _disbursement,
}
BY_EVENT = {
    "order.contract_effective": _first_payment,
    "order.declare_ready": _balance,
    "order.ship_full": _shipment,
    "order.message": _said,
    "order.late_refund": _refunded,
    "order.accept_goods": _released,
    "order.auto_accept": _released,
    "order.expire_unpaid": _waiting,
    "payment.clear": _received,
    "dispute.accept_offer": _waiting,
    "dispute.concede": _waiting,
    "dispute.enforce": _waiting,
}
