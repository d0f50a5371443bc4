"""The provider of the demo and the tests: our simulator, or any server that speaks as it does.

Amounts are in minor units. Bodies hold reference, amount_minor, currency and destination, the
key travels in the header Idempotency-Key, events are signed by Standard Webhooks.
"""

from django.conf import settings
from standardwebhooks import Webhook, WebhookVerificationError

from core import egress
from payments.providers import base
from payments.providers.base import (
    CHARGE,
    CHARGEBACK,
    PAYOUT,
    REFUND,
    Answer,
    Chargeback,
    NoAnswer,
    Settlement,
    Status,
)

PATHS = {CHARGE: "charges", REFUND: "refunds", PAYOUT: "payouts", CHARGEBACK: "chargebacks"}
SUCCESS = {"succeeded", "captured", "paid", "completed", "lost"}
FAILURE = {"failed", "declined", "canceled", "cancelled", "expired", "rejected", "won"}
OUTCOMES = {"open", "won", "lost"}
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
        if ask.kind == CHARGEBACK:
            return self._charged_back(ask.external_ref)
        data = self._row(ask.kind, ask.external_ref)
        return data and _answer(data, ask.kind)

    def find(self, ask):
        where = {"idempotency_key": ask.idempotency_key}
        status, data = self._call("GET", PATHS[ask.kind], params=where)
        rows = data.get("data", [data]) if isinstance(data, dict) else data
        return None if status == 404 or not rows else _answer(rows[0], ask.kind)

    def recent(self, since):
        return [
            _answer(row, kind)
            for kind, path in PATHS.items()
            for row in self._listed(path, since.isoformat())
        ]

    def settlement(self, external_ref):
        status, data = self._call("GET", f"settlements/{external_ref}")
        return None if status == 404 else _settlement(data)

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
            why = str(why or f"refused with {status}")
            return Answer(Status.FAILED, "", reason=why, kind=ask.kind)
        return _answer(data, ask.kind)

    def _charged_back(self, number):
        """The charge behind a chargeback, which may be named by either number."""
        told = self._row(CHARGEBACK, number)
        charge = self._row(CHARGE, told.get("charge") if told else number)
        return charge and _answer(charge, CHARGE)

    def _row(self, kind, number):
        status, data = self._call("GET", f"{PATHS[kind]}/{number}")
        if status != 404 and not isinstance(data, dict):
            raise NoAnswer("The answer cannot be read.")
        return None if status == 404 else data

    def _listed(self, path, since):
        """All rows of a listing, page by page."""
        rows, more = [], True
        while more:
            after = rows[-1]["id"] if rows else ""
            _status, data = self._call("GET", path, params={"since": since, "after": after})
            if not isinstance(data, dict) or not isinstance(data.get("data"), list):
                raise NoAnswer("The list cannot be read.")
            rows += data["data"]
            more = bool(data["data"] and data.get("has_more"))
        return rows

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


def _answer(data, kind):
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
        reason=data.get("reason") or "",
        kind=kind,
        chargeback=_chargeback(_shown(data, kind), currency),
    )


def _shown(data, kind):
    """A charge carries its chargeback; a chargeback is one."""
    return data if kind == CHARGEBACK else data.get("chargeback")


def _chargeback(told, currency):
    if not isinstance(told, dict) or told.get("status") not in OUTCOMES:
        return None
    amounts = (base.money(told.get(f"{name}_minor"), currency) for name in ("amount", "fee"))
    return Chargeback(str(told.get("id")), told["status"], *amounts)


def _settlement(data):
    """Its three amounts must agree. Raises NoAnswer."""
    try:
        gross, fee, net = (
            base.money(data[f"{name}_minor"], data["currency"]) for name in ("gross", "fee", "net")
        )
        charges = tuple(item["id"] for item in data["items"] if item["kind"] == CHARGE)
        found = Settlement(data["id"], gross, fee, net, charges)
    except (KeyError, TypeError) as error:
        raise NoAnswer("The settlement cannot be read.") from error
    if None in (gross, fee, net) or gross - fee != net:
        raise NoAnswer("The settlement does not add up.")
    return found
