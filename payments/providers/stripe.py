"""Cards, UnionPay, WeChat Pay and Alipay through Stripe Checkout, Stripe's own payment page.

A charge is a Checkout Session, so no card number ever reaches us. Stripe's events name a
session, a refund or, for a disputed charge, its payment intent.
"""

from dataclasses import replace
from functools import cached_property

from core import egress
from payments.providers import base
from payments.providers.base import CHARGE, REFUND, Answer, NoAnswer, Status

TYPES = {"wechat_pay": "wechat_pay", "alipay": "alipay"}  # every card brand is a “card”
EXPAND = ["payment_intent.latest_charge.balance_transaction"]
RECENT = 100
ENDED = {"failed", "canceled"}
UNPAID = {"requires_payment_method", "canceled"}


class Stripe:
    """Speaks to Stripe with its official client, through our door."""

    code = "stripe"
    title = "Stripe"
    methods = base.CARDS | {"wechat_pay", "alipay"}
    kinds = frozenset({CHARGE, REFUND})

    def __init__(self, credentials):
        self.key = credentials.get("key", "")
        self.webhook_secret = credentials.get("webhook_secret", "")
        self.api = credentials.get("api", "")

    def is_configured(self):
        return bool(self.key and self.webhook_secret)

    def charge(self, ask):
        return self._create(self._sessions.create, _session_of(ask), ask, _from_session)

    def refund(self, ask):
        session = self._retrieve(ask.destination)
        if session is None:
            return Answer(Status.FAILED, "", reason="Stripe does not know this charge.")
        paid = session.get("payment_intent") or {}
        wanted = {
            "payment_intent": paid.get("id"),
            "amount": ask.amount.minor,
            "metadata": _marks(ask) | {"charge": ask.destination},
        }
        return self._create(self._client.v1.refunds.create, wanted, ask, _from_refund)

    def payout(self, ask):
        raise base.Unsupported("Suppliers are paid by bank transfer, not through Stripe.")

    def fetch(self, ask):
        if ask.kind == REFUND:
            found = self._look(self._client.v1.refunds.retrieve, ask.external_ref)
            return found and self._with_charge(_from_refund(found), found)
        ref = ask.external_ref
        if ref.startswith("pi_"):
            ref = self._session_paid_by(ref)
        found = ref and self._retrieve(ref)
        return _from_session(found) if found else None

    def find(self, ask):
        refunds = ask.kind == REFUND
        table = self._client.v1.refunds if refunds else self._sessions
        recent = self._look(table.list, {"limit": RECENT}) or {}
        for row in recent.get("data", []):
            if (row.get("metadata") or {}).get("key") == ask.idempotency_key:
                return _from_refund(row) if refunds else _from_session(row)
        return None

    def read_event(self, headers, raw_body):
        import stripe

        try:
            event = stripe.Webhook.construct_event(
                raw_body, headers.get("Stripe-Signature", ""), self.webhook_secret
            ).to_dict()
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise base.Forged(str(error)) from error
        kind, field = _about(event["type"])
        return base.news(event.get("id"), kind, event["data"]["object"].get(field))

    @cached_property
    def _client(self):
        import stripe

        door = stripe.RequestsClient(session=egress.session(), timeout=egress.TIMEOUT)
        where = {"base_addresses": {"api": self.api}} if self.api else {}
        return stripe.StripeClient(self.key, http_client=door, max_network_retries=0, **where)

    @property
    def _sessions(self):
        return self._client.v1.checkout.sessions

    def _create(self, create, wanted, ask, read):
        """Create something under the stored key; only a clear refusal is a failure."""
        import stripe

        try:
            made = create(wanted, {"idempotency_key": ask.idempotency_key})
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return Answer(Status.FAILED, "", reason=error.user_message or str(error))
        except stripe.StripeError as error:
            raise NoAnswer(f"Stripe: {error}") from error
        return read(made.to_dict())

    def _look(self, ask_for, *details):
        """What Stripe has, as a dict; None if it has no such thing."""
        import stripe

        try:
            return ask_for(*details).to_dict()
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                return None
            raise NoAnswer(f"Stripe: {error}") from error
        except stripe.StripeError as error:
            raise NoAnswer(f"Stripe: {error}") from error

    def _retrieve(self, session):
        return self._look(self._sessions.retrieve, session, {"expand": EXPAND})

    def _session_paid_by(self, intent):
        found = self._look(self._sessions.list, {"payment_intent": intent, "limit": 1}) or {}
        return next((row["id"] for row in found.get("data", [])), "")

    def _with_charge(self, answer, refund):
        """A refund made on Stripe's own pages does not name our charge: look it up."""
        if answer.charge_ref or not refund.get("payment_intent"):
            return answer
        return replace(answer, charge_ref=self._session_paid_by(refund["payment_intent"]))


def _marks(ask):
    return {"key": ask.idempotency_key, "reference": ask.reference}


def _session_of(ask):
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
        "metadata": _marks(ask),
        "payment_intent_data": {"metadata": _marks(ask)},
        "success_url": ask.destination,
        "cancel_url": ask.destination,
    }


def _from_session(session):
    paid = session.get("payment_intent")
    paid = paid if isinstance(paid, dict) else {}
    charge = paid.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    cost = charge.get("balance_transaction")
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
        disputed=charge.get("disputed") is True,
    )


def _status_of(session, paid):
    if session.get("payment_status") == "paid":
        return Status.SUCCEEDED
    gone = session.get("status") == "complete" and paid.get("status") in UNPAID
    return Status.FAILED if gone or session.get("status") == "expired" else Status.PENDING


def _from_refund(refund):
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
    )


def _about(word):
    """What an event is about, and the field of its object that names it."""
    if word.startswith("checkout.session."):
        return CHARGE, "id"
    if word.startswith(("refund.", "charge.refund.")):
        return REFUND, "id"
    if word.startswith("charge.dispute."):
        return base.CHARGEBACK, "payment_intent"
    return base.OTHER, "id"
