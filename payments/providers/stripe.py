"""Cards, UnionPay, WeChat Pay and Alipay through Stripe Checkout, Stripe's own payment page.

A charge is a Checkout Session, so no card number ever reaches us. Stripe's events name a
session, a refund or, for a disputed charge, its payment intent. How its objects are read is in
stripe_words.
"""

from dataclasses import replace
from datetime import timedelta
from functools import cached_property

from core import egress
from payments.providers import base, stripe_words
from payments.providers.base import CHARGE, CHARGEBACK, REFUND, Answer, NoAnswer, Status

EXPAND = "payment_intent.latest_charge.balance_transaction"
RECENT = 100
# Stripe lists by the day of creation: how long after it each may still change.
OPEN_FOR = {CHARGE: timedelta(days=1), REFUND: timedelta(days=30), CHARGEBACK: timedelta(days=120)}


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
        wanted = stripe_words.session_of(ask)
        return self._create(self._sessions.create, wanted, ask, stripe_words.from_session)

    def refund(self, ask):
        session = self._retrieve(ask.destination)
        if session is None:
            why = "Stripe does not know this charge."
            return Answer(Status.FAILED, "", reason=why, kind=REFUND)
        paid = session.get("payment_intent") or {}
        wanted = {
            "payment_intent": paid.get("id"),
            "amount": ask.amount.minor,
            "metadata": stripe_words.marks(ask) | {"charge": ask.destination},
        }
        make = self._client.v1.refunds.create
        return self._create(make, wanted, ask, stripe_words.from_refund)

    def payout(self, ask):
        raise base.Unsupported("Suppliers are paid by bank transfer, not through Stripe.")

    def fetch(self, ask):
        if ask.kind == REFUND:
            found = self._look(self._client.v1.refunds.retrieve, ask.external_ref)
            return found and self._with_charge(found)
        ref = ask.external_ref
        if ask.kind == CHARGEBACK and not ref.startswith(("pi_", "cs_")):
            ref = stripe_words.intent_of(self._look(self._disputes.retrieve, ref) or {})
        if ref.startswith("pi_"):
            ref = self._session_paid_by(ref)
        found = ref and self._retrieve(ref)
        return self._with_chargeback(found) if found else None

    def find(self, ask):
        refunds = ask.kind == REFUND
        table = self._client.v1.refunds if refunds else self._sessions
        recent = self._look(table.list, {"limit": RECENT}) or {}
        for row in recent.get("data", []):
            if (row.get("metadata") or {}).get("key") == ask.idempotency_key:
                read = stripe_words.from_refund if refunds else stripe_words.from_session
                return read(row)
        return None

    def recent(self, since):
        """The pages opened, refunds made and disputes begun since, and those still open then."""
        sessions = self._every(self._sessions.list, _from(since, CHARGE, expand=f"data.{EXPAND}"))
        refunds = self._every(self._client.v1.refunds.list, _from(since, REFUND))
        disputes = self._every(self._disputes.list, _from(since, CHARGEBACK))
        answers = [
            *(self._with_chargeback(session) for session in sessions),
            *(self._with_charge(refund) for refund in refunds),
            *(
                stripe_words.listed_dispute(one, self._session_paid_by(stripe_words.intent_of(one)))
                for one in disputes
            ),
        ]
        return [answer for answer in answers if answer]

    def settlement(self, external_ref):
        """A payout to the bank account, from the balance transactions that it was made of."""
        payout = self._look(self._client.v1.payouts.retrieve, external_ref)
        if payout is None:
            return None
        wanted = {"payout": external_ref, "expand": ["data.source"]}
        every = self._every(self._client.v1.balance_transactions.list, wanted)
        moved = [row for row in every if row.get("type") != "payout"]
        intents = [
            stripe_words.intent_of(row.get("source") or {})
            for row in stripe_words.charges_in(moved)
        ]
        paid = tuple(filter(None, map(self._session_paid_by, intents)))
        return stripe_words.from_payout(payout, moved, paid)

    def read_event(self, headers, raw_body):
        import stripe

        try:
            event = stripe.Webhook.construct_event(
                raw_body, headers.get("Stripe-Signature", ""), self.webhook_secret
            ).to_dict()
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise base.Forged(str(error)) from error
        kind, field = stripe_words.about(event["type"])
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

    @property
    def _disputes(self):
        return self._client.v1.disputes

    def _create(self, create, wanted, ask, read):
        """Create something under the stored key; only a clear refusal is a failure."""
        import stripe

        try:
            made = create(wanted, {"idempotency_key": ask.idempotency_key})
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return Answer(Status.FAILED, "", reason=error.user_message or str(error), kind=ask.kind)
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
        return self._look(self._sessions.retrieve, session, {"expand": [EXPAND]})

    def _every(self, ask_for, wanted):
        """All rows of a list, page by page."""
        rows, more = [], True
        while more:
            after = {"starting_after": rows[-1]["id"]} if rows else {}
            page = self._look(ask_for, wanted | {"limit": RECENT} | after) or {}
            rows += page.get("data", [])
            more = bool(page.get("data") and page.get("has_more"))
        return rows

    def _session_paid_by(self, intent):
        if not intent:
            return ""
        found = self._look(self._sessions.list, {"payment_intent": intent, "limit": 1}) or {}
        return next((row["id"] for row in found.get("data", [])), "")

    def _with_charge(self, refund):
        """A refund made on Stripe's own pages does not name our charge: look it up."""
        answer = stripe_words.from_refund(refund)
        if answer.charge_ref:
            return answer
        return replace(answer, charge_ref=self._session_paid_by(stripe_words.intent_of(refund)))

    def _with_chargeback(self, session):
        """A charge only says that it is disputed; how that stands is asked for."""
        answer = stripe_words.from_session(session)
        if not stripe_words.is_disputed(session):
            return answer
        wanted = {"payment_intent": stripe_words.intent_of(session), "limit": 1}
        newest = (self._look(self._disputes.list, wanted) or {}).get("data") or [None]
        if newest[0] is None:
            raise NoAnswer("Stripe has a disputed charge without its dispute.")
        return replace(answer, chargeback=stripe_words.from_dispute(newest[0]))


def _from(since, kind, expand=""):
    """What to list so that nothing is missed that changed since."""
    start = since - OPEN_FOR[kind]
    return {"created": {"gte": int(start.timestamp())}, **({"expand": [expand]} if expand else {})}
