"""CashU, and any provider of its kind: a redirect with a keyed digest, and a digest back.

Nothing is called to open a payment: the address of its page says what is asked, and a digest
over those words with the shared secret proves that we asked it. The exact words are ours; an
operator with a contract adapts WORDS to the provider's guide.
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

from core import clock, egress
from core.money import Money
from payments.providers import base
from payments.providers.base import CHARGE, Answer, NoAnswer, Status

WORDS = {  # what each digest covers, in this order, after its own purpose
    "ask": ("merchant_id", "session_id", "amount", "currency", "reference", "return_url"),
    "look": ("merchant_id", "session_id", "time"),
    "tell": (
        "merchant_id", "session_id", "transaction_id", "status", "amount", "currency", "time"
    ),
}  # fmt: skip
TOLERANCE = 5 * 60  # seconds
STATUS = {"paid": Status.SUCCEEDED, "declined": Status.FAILED, "expired": Status.FAILED}


class CashU:
    """Sends the buyer to a page with a signed address; off until an operator sets it up."""

    code = "cashu"
    title = "CashU"
    methods = frozenset({"cashu"})
    kinds = frozenset({CHARGE})

    def __init__(self, credentials):
        self.merchant = credentials.get("merchant", "")
        self.secret = credentials.get("secret", "")
        self.page = credentials.get("url", "")
        self.status_url = credentials.get("status_url", "")

    def is_configured(self):
        return all([self.merchant, self.secret, self.page, self.status_url])

    def charge(self, ask):
        """The key is also the payment's number: no call is made, so none can be lost."""
        words = {
            "merchant_id": self.merchant,
            "session_id": ask.idempotency_key,
            "amount": str(ask.amount.amount),
            "currency": ask.amount.currency,
            "reference": ask.reference,
            "return_url": ask.destination,
        }
        signed = words | {"token": self.digest("ask", words)}
        return Answer(
            Status.PENDING,
            ask.idempotency_key,
            redirect_url=f"{self.page}?{urlencode(signed)}",
            idempotency_key=ask.idempotency_key,
            kind=CHARGE,
        )

    def refund(self, ask):
        raise base.Unsupported("CashU takes no refunds: they go back by bank transfer.")

    def payout(self, ask):
        raise base.Unsupported("CashU pays nobody.")

    def fetch(self, ask):
        words = {"merchant_id": self.merchant, "session_id": ask.external_ref, "time": _now()}
        try:
            answer = egress.call(
                "GET",
                self.status_url,
                params=words | {"token": self.digest("look", words)},
            )
            told = answer.json() if answer.status_code == 200 else {}
        except (egress.Failed, ValueError) as error:
            raise NoAnswer(f"CashU: {error}") from error
        if answer.status_code == 404:
            return None
        if not isinstance(told, dict) or not self._is_signed(told):
            raise NoAnswer("The answer of CashU is not signed.")
        return _from_words(told)

    def find(self, ask):
        return None

    def recent(self, since):
        raise base.Unsupported("CashU lists nothing.")

    def settlement(self, external_ref):
        raise base.Unsupported("CashU does not say what a payment into the bank was made of.")

    def read_event(self, headers, raw_body):
        told = dict(parse_qsl(raw_body.decode("utf-8", "replace")))
        if not self._is_signed(told):
            raise base.Forged("The digest does not match, or is too old.")
        event_id = f"{told.get('transaction_id')}:{told.get('status')}"
        return base.news(event_id, CHARGE, told.get("session_id"))

    def digest(self, purpose, words):
        """The keyed digest over a purpose and its words: what asks never passes for an answer."""
        text = "\n".join([purpose, *(str(words.get(field, "")) for field in WORDS[purpose])])
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _is_signed(self, told):
        token, when = str(told.get("token", "")), str(told.get("time", ""))
        if not when.isascii() or not when.isdigit() or abs(_now() - int(when)) > TOLERANCE:
            return False
        return hmac.compare_digest(token.encode(), self.digest("tell", told).encode())


def _from_words(told):
    try:
        amount = Money.parse(told["amount"], told["currency"])
    except (KeyError, ValueError):
        amount = None
    return Answer(
        status=STATUS.get(told.get("status"), Status.PENDING),
        external_ref=told.get("session_id", ""),
        amount=amount,
        idempotency_key=told.get("session_id", ""),
        kind=CHARGE,
    )


def _now():
    return int(clock.real_now().timestamp())
