"""What letters about money may mention: amounts, ways, references of ours, never an account."""

from datetime import date

from django.conf import settings

from core.money import Money
from notifications import phrases
from notifications.phrases import Choice, Several
from notifications.releases import moved_to, release_of
from payments import holds
from payments.disbursing import NOT_SENT, needs_two
from payments.models import Chargeback, Disbursement

UNDECIDED = {Disbursement.State.REQUESTED, Disbursement.State.ON_HOLD}
OF_THE_SUPPLIER = {"supplier_payable", "supplier_reserve", "receivable_supplier"}


def _disbursement(event, disbursement):
    """The kind and the amount of what leaves, the reference of ours, why it waits."""
    known = event.facts
    why = known.get("hold_reason") or disbursement.hold_reason
    expected = known.get("expected_on")
    return {
        "kind": Choice(disbursement, "kind"),
        "amount": disbursement.amount,
        "reference": known.get("end_to_end_id", disbursement.end_to_end_id),
        "expected_on": date.fromisoformat(expected) if expected else "",
        "why": holds.REASONS.get(why, ""),
    }


def _payment(event, payment):
    return {"amount": payment.amount, "method": str(payment.method)}


def _received(event, payment):
    received = Money(event.facts["amount_minor"], payment.currency)
    due = Money(event.facts["due"], payment.currency)
    return {"received": received, "due_amount": due, "excess": received - due}


def _credit_back(event, payment):
    return {"credit": Money(event.facts["amount"], payment.order.currency)}


def _charged_back(event, payment):
    """What the buyer's bank took, and what of it was taken from the supplier's own money."""
    case = Chargeback.objects.get(payment=payment, external_ref=event.facts["number"])
    nothing = Money(0, case.currency)
    taken = [
        Money(minor, case.currency)
        for account, minor in case.taken.items()
        if account.partition(":")[0] in OF_THE_SUPPLIER
    ]
    return {"charged_back": case.amount, "from_supplier": sum(taken, nothing)}


def _bank_account(event, account):
    return {"usable_from": account.usable_from}


def _proposal(event, subject):
    """What two people decide on: the title of the action, and its amount if it has one."""
    what = [settings.APPROVALS[event.facts["action"]].title]
    if event.facts.get("amount") is not None:
        what.append(Money(event.facts["amount"], getattr(subject, "currency", "USD")))
    return {"what": Several(*what)}


def _late_refund(event, order):
    return {"refund": moved_to(order, "refund:late")} | _approval(order)


def _released(event, order):
    """What left the escrow for the supplier, by the ledger, and what of it is his."""
    release = release_of(order, "accepted")
    return {
        "released": release.released,
        "fee": release.fee,
        "kept": release.kept,
        "set_off": release.set_off,
        "payout": release.payout,
        "payout_from": release.payout_from,
    } | _approval(order)


def _of_dispute(event, dispute):
    return _approval(dispute.order)


def _approval(order):
    """Whether two people let go what the order owes now, or it leaves by itself."""
    owed = list(order.disbursements.filter(state__in=NOT_SENT))
    two = any(row.needs_two or (row.state in UNDECIDED and needs_two(row)) for row in owed)
    return {"approval": phrases.BY_TWO if two else phrases.AT_ONCE}


BY_VERB = {"ask_approval": _proposal, "refuse_approval": _proposal}
BY_MODEL = {"disbursement": _disbursement, "payment": _payment, "bankaccount": _bank_account}
BY_EVENT = {
    "payment.clear": _received,
    "payment.clear_review": _received,
    "payment.return_overpayment": _credit_back,
    "payment.chargeback_open": _charged_back,
    "payment.chargeback_won": _charged_back,
    "payment.chargeback_lost": _charged_back,
    "order.late_refund": _late_refund,
    "order.accept_goods": _released,
    "order.auto_accept": _released,
    "dispute.accept_offer": _of_dispute,
    "dispute.concede": _of_dispute,
    "dispute.enforce": _of_dispute,
}
