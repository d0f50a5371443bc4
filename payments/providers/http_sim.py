"""The provider of the demo and the tests: our simulator, or any server that speaks as it does.

Amounts are in minor units. Bodies hold reference, amount_minor, currency and destination, the
key travels in the header Idempotency-Key, events are signed by Standard Webhooks.
"""

from django.conf import settings
from standardwebhooks import Webhook, WebhookVerificationError

from core import egress
from payments.providers import base
from payments.providers.base import CHARGE, PAYOUT, REFUND, Answer, NoAnswer, Status

PATHS = {CHARGE: "charges", REFUND: "refunds", PAYOUT: "payouts", base.CHARGEBACK: "charges"}
SUCCESS = {"succeeded", "captured", "paid", "completed"}
FAILURE = {"failed", "declined", "canceled", "cancelled", "expired", "rejected"}
REFUSALS = {400, 402, 404, 422}  # the provider understood, and did not do it


class HttpSim:
    """Speaks to the simulator. Production never does."""

    code = "http_sim"
    title = "the payment simulator"
    methods = base.CARDS | {"paypal", "cashu", "wechat_pay", "alipay"}
    kinds = frozenset({CHARGE, REFUND, PAYOUT})

    def __init__(self, credentials):
        self.url = credentials.get("url", "").rstrip("/")
        self.secret = credentials.get("secret", "")
        self.timeout = credentials.get("timeout", egress.TIMEOUT)

    def is_configured(self):
        return bool(self.url and self.secret) and not settings.PRODUCTION

    def charge(self, ask):
        return self._do(ask)

    def refund(self, ask):
        return self._do(ask)

    def payout(self, ask):
        return self._do(ask)

    def fetch(self, ask):
        status, data = self._call("GET", f"{PATHS[ask.kind]}/{ask.external_ref}")
        return None if status == 404 else _answer(data)

    def find(self, ask):
        where = {"idempotency_key": ask.idempotency_key}
        status, data = self._call("GET", PATHS[ask.kind], params=where)
        rows = data.get("data", [data]) if isinstance(data, dict) else data
        return None if status == 404 or not rows else _answer(rows[0])

    def read_event(self, headers, raw_body):
        try:
            event = Webhook(self.secret).verify(raw_body, dict(headers))
        except (WebhookVerificationError, ValueError) as error:
            raise base.Forged(str(error)) from error
        event = event if isinstance(event, dict) else {}
        about = event.get("data")
        number = about.get("id") if isinstance(about, dict) else None
        kind = str(event.get("type", "")).partition(".")[0]
        kind = kind if kind in PATHS else base.OTHER
        return base.news(headers.get("webhook-id"), kind, number)

    def _do(self, ask):
        body = {
            "reference": ask.reference,
            "amount_minor": ask.amount.minor,
            "currency": ask.amount.currency,
            "destination": ask.destination,
        }
        status, data = self._call(
            "POST", PATHS[ask.kind], json=body, headers={"Idempotency-Key": ask.idempotency_key}
        )
        if status in REFUSALS:
            why = data.get("error") if isinstance(data, dict) else ""
            return Answer(Status.FAILED, "", reason=str(why or f"refused with {status}"))
        return _answer(data)

    def _call(self, method, path, **request):
        """The status and the JSON of an answer. Raises NoAnswer for anything unclear."""
        try:
            answer = egress.call(method, f"{self.url}/v1/{path}", timeout=self.timeout, **request)
            data = answer.json()
        except (egress.Failed, ValueError) as error:
            raise NoAnswer(f"{method} {path}: {error}") from error
        if answer.status_code >= 300 and answer.status_code not in REFUSALS:
            raise NoAnswer(f"{method} {path} answered {answer.status_code}.")
        return answer.status_code, data


def _answer(data):
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise NoAnswer("The answer cannot be read.")
    word = data.get("status")
    status = Status.SUCCEEDED if word in SUCCESS else Status.PENDING
    status = Status.FAILED if word in FAILURE else status
    currency = data.get("currency")
    return Answer(
        status=status,
        external_ref=data["id"],
        amount=base.money(data.get("amount_captured_minor", data.get("amount_minor")), currency),
        fee=base.money(data.get("fee_minor"), currency),
        redirect_url=data.get("redirect_url") or "",
        idempotency_key=data.get("idempotency_key") or "",
        reference=data.get("reference") or "",
        charge_ref=data.get("charge") or "",
        disputed=data.get("disputed") is True,
        reason=data.get("reason") or "",
    )
