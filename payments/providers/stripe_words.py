"""Stripe's words: what we ask for, and how its objects are read."""

from payments.providers import base
from payments.providers.base import (
    CHARGE,
    REFUND,
    Answer,
    Chargeback,
    NoAnswer,
    Settlement,
    Status,
)

TYPES = {"wechat_pay": "wechat_pay", "alipay": "alipay"}  # every card brand is a “card”
ENDED = {"failed", "canceled"}
UNPAID = {"requires_payment_method", "canceled"}
# A bank asks, or the network has settled it beforehand: no money is taken.
INQUIRIES = {"warning_needs_response", "warning_under_review", "warning_closed", "prevented"}


def marks(ask):
    return {"key": ask.idempotency_key, "reference": ask.reference}


def session_of(ask):
    """The payment page that we ask Stripe for."""
    kind = TYPES.get(ask.method, "card")
    return {
        "mode": "payment",
        "payment_method_types": [kind],
        **({"payment_method_options": {kind: {"client": "web"}}} if kind == "wechat_pay" else {}),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": ask.amount.currency.lower(),
                    "unit_amount": ask.amount.minor,
                    "product_data": {"name": f"Payment {ask.reference}"},
                },
            }
        ],
        "adaptive_pricing": {"enabled": False},  # the contract's currency, no other
        "client_reference_id": ask.reference,
        "metadata": marks(ask),
        "payment_intent_data": {"metadata": marks(ask)},
        "success_url": ask.destination,
        "cancel_url": ask.destination,
    }


def from_session(session):
    paid = session.get("payment_intent")
    paid = paid if isinstance(paid, dict) else {}
    cost = charge_of(session).get("balance_transaction")
    cost = cost if isinstance(cost, dict) else {}
    marks = session.get("metadata") or {}
    return Answer(
        status=_status_of(session, paid),
        external_ref=session["id"],
        amount=base.money(
            paid.get("amount_received", session.get("amount_total")), session.get("currency")
        ),
        fee=base.money(cost.get("fee"), cost.get("currency")),
        redirect_url=session.get("url") or "",
        idempotency_key=marks.get("key", ""),
        reference=marks.get("reference", ""),
        kind=CHARGE,
    )


def is_disputed(session):
    """Whether a session's charge is, or was, taken back by the buyer's bank."""
    return charge_of(session).get("disputed") is True


def charge_of(session):
    """The charge of a session that was fetched with it; empty if there is none."""
    paid = session.get("payment_intent")
    charge = paid.get("latest_charge") if isinstance(paid, dict) else None
    return charge if isinstance(charge, dict) else {}


def intent_of(thing):
    """The number of the payment intent that something belongs to."""
    intent = thing.get("payment_intent") or ""
    return intent.get("id", "") if isinstance(intent, dict) else intent


def from_dispute(dispute):
    """A chargeback, or None for an inquiry: that moves no money."""
    word, currency = dispute.get("status"), dispute.get("currency")
    if word in INQUIRIES:
        return None
    kept = sum(row.get("fee") or 0 for row in dispute.get("balance_transactions") or [])
    return Chargeback(
        external_ref=dispute["id"],
        status=word if word in {"won", "lost"} else "open",
        amount=base.money(dispute.get("amount"), currency),
        fee=base.money(kept, currency),
    )


def listed_dispute(dispute, charge_ref):
    """A chargeback as it stands in a list; None for an inquiry."""
    told = from_dispute(dispute)
    status = {"won": Status.FAILED, "lost": Status.SUCCEEDED}
    return told and Answer(
        status=status.get(told.status, Status.PENDING),
        external_ref=told.external_ref,
        amount=told.amount,
        fee=told.fee,
        charge_ref=charge_ref,
        kind=base.CHARGEBACK,
        chargeback=told,
    )


def from_payout(payout, moved, charge_refs):
    """A settlement from the movements that one payout was made of. Raises NoAnswer."""
    currency = payout.get("currency")
    net, fee = sum(row["net"] for row in moved), sum(row["fee"] for row in charges_in(moved))
    if net != payout.get("amount"):
        raise NoAnswer("Stripe's payout does not add up.")
    gross, kept, paid = (base.money(minor, currency) for minor in (net + fee, fee, net))
    return Settlement(payout["id"], gross, kept, paid, charge_refs)


def charges_in(moved):
    """The movements that are payments of buyers."""
    return [row for row in moved if row.get("type") in {"charge", "payment"}]


def _status_of(session, paid):
    if session.get("payment_status") == "paid":
        return Status.SUCCEEDED
    gone = session.get("status") == "complete" and paid.get("status") in UNPAID
    return Status.FAILED if gone or session.get("status") == "expired" else Status.PENDING


def from_refund(refund):
    marks = refund.get("metadata") or {}
    word = refund.get("status")
    status = Status.SUCCEEDED if word == "succeeded" else Status.PENDING
    return Answer(
        status=Status.FAILED if word in ENDED else status,
        external_ref=refund["id"],
        amount=base.money(refund.get("amount"), refund.get("currency")),
        idempotency_key=marks.get("key", ""),
        reference=marks.get("reference", ""),
        charge_ref=marks.get("charge", ""),
        reason=refund.get("failure_reason") or "",
        kind=REFUND,
    )


def about(word):
    """What an event is about, and the field of its object that names it."""
    if word.startswith("checkout.session."):
        return CHARGE, "id"
    if word.startswith(("refund.", "charge.refund.")):
        return REFUND, "id"
    if word.startswith("charge.dispute."):
        return base.CHARGEBACK, "payment_intent"
    return base.OTHER, "id"
