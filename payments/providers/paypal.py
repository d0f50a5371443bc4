"""PayPal through its official client: an order that the buyer approves on PayPal's page.

PayPal keeps a request key for hours only. An order whose number never reached us was shown
to nobody and cannot be approved, so making it anew later moves no money twice; refunds are
looked up in their order first.
"""

import json
from dataclasses import replace
from functools import cached_property

from core import egress
from core.money import Money
from payments.providers import base
from payments.providers.base import CHARGE, REFUND, Answer, Chargeback, NoAnswer, Status

HOSTS = {True: "https://api-m.paypal.com", False: "https://api-m.sandbox.paypal.com"}
SIGNED = {
    "auth_algo": "PayPal-Auth-Algo",
    "cert_url": "PayPal-Cert-Url",
    "transmission_id": "PayPal-Transmission-Id",
    "transmission_sig": "PayPal-Transmission-Sig",
    "transmission_time": "PayPal-Transmission-Time",
}
REFUSALS = {400, 422}
WHOLE = "return=representation"


class PayPal:
    """Speaks to PayPal with its official client, through our door."""

    code = "paypal"
    title = "PayPal"
    methods = frozenset({"paypal"})
    kinds = frozenset({CHARGE, REFUND})

    def __init__(self, credentials):
        self.client_id = credentials.get("client_id", "")
        self.secret = credentials.get("secret", "")
        self.webhook_id = credentials.get("webhook_id", "")
        self.live = bool(credentials.get("live"))

    def is_configured(self):
        return bool(self.client_id and self.secret and self.webhook_id)

    def charge(self, ask):
        wanted = {
            "intent": "CAPTURE",
            "purchase_units": [
                {
                    "reference_id": ask.reference,
                    "custom_id": ask.idempotency_key,
                    "amount": _amount(ask.amount),
                }
            ],
            "payment_source": {
                "paypal": {
                    "experience_context": {
                        "return_url": ask.destination,
                        "cancel_url": ask.destination,
                        "user_action": "PAY_NOW",
                        "shipping_preference": "NO_SHIPPING",
                    }
                }
            },
        }
        status, data = self._do(
            self._client.orders.create_order,
            body=wanted,
            paypal_request_id=ask.idempotency_key,
            prefer=WHOLE,
        )
        return _refusal(data) if status in REFUSALS else _from_order(data)

    def refund(self, ask):
        _status, order = self._do(self._client.orders.get_order, id=ask.destination)
        captures = _payments(order).get("captures") or []
        if not captures:
            return Answer(Status.FAILED, "", reason="PayPal holds no captured payment for it.")
        status, data = self._do(
            self._client.payments.refund_captured_payment,
            capture_id=captures[0]["id"],
            paypal_request_id=ask.idempotency_key,
            prefer=WHOLE,
            body={"amount": _amount(ask.amount), "custom_id": ask.idempotency_key},
        )
        return _refusal(data) if status in REFUSALS else _from_refund(data, ask.destination)

    def payout(self, ask):
        raise base.Unsupported("Suppliers are paid by bank transfer, not through PayPal.")

    def fetch(self, ask):
        """The present state; an order that the buyer has approved is captured on the way."""
        if ask.kind == REFUND:
            status, data = self._do(self._client.payments.get_refund, refund_id=ask.external_ref)
            return None if status == 404 else _from_refund(data, _order_of(data))
        status, data = self._do(self._client.orders.get_order, id=ask.external_ref)
        if status == 404:
            return None
        return self._capture(data) if data.get("status") == "APPROVED" else _from_order(data)

    def find(self, ask):
        if ask.kind != REFUND:
            return None
        _status, order = self._do(self._client.orders.get_order, id=ask.destination)
        for refund in _payments(order).get("refunds") or []:
            if refund.get("custom_id") == ask.idempotency_key:
                return _from_refund(refund, ask.destination)
        return None

    def recent(self, since):
        raise base.Unsupported("PayPal's client lists no transactions.")

    def settlement(self, external_ref):
        raise base.Unsupported("PayPal's client does not say what a withdrawal was made of.")

    def read_event(self, headers, raw_body):
        """Ask PayPal itself whether it signed this; its client has no check of its own."""
        signed = {field: headers.get(name, "") for field, name in SIGNED.items()}
        try:
            event = json.loads(raw_body)
            body = json.dumps(signed | {"webhook_id": self.webhook_id})
            # The event goes back letter for letter: written anew it would not match.
            body = f'{body[:-1]}, "webhook_event": {raw_body.decode()}}}'
        except ValueError as error:
            raise base.Forged(str(error)) from error
        if not all(signed.values()) or not self._vouches_for(body):
            raise base.Forged("PayPal did not sign this.")
        return base.news(event.get("id"), *_about(event))

    @cached_property
    def _client(self):
        from paypalserversdk.configuration import Environment
        from paypalserversdk.http.auth.o_auth_2 import ClientCredentialsAuthCredentials
        from paypalserversdk.paypal_serversdk_client import PaypalServersdkClient

        return PaypalServersdkClient(
            http_client_instance=egress.session(),
            timeout=egress.TIMEOUT,
            environment=Environment.PRODUCTION if self.live else Environment.SANDBOX,
            client_credentials_auth_credentials=ClientCredentialsAuthCredentials(
                o_auth_client_id=self.client_id, o_auth_client_secret=self.secret
            ),
        )

    def _capture(self, order):
        status, data = self._do(
            self._client.orders.capture_order,
            id=order["id"],
            paypal_request_id=f"{order['id']}-capture",
            prefer=WHOLE,
        )
        if status in REFUSALS and _issue(data) == "ORDER_ALREADY_CAPTURED":
            raise NoAnswer("PayPal captured this order meanwhile: look again.")
        return _refusal(data, order) if status in REFUSALS else _from_order(data)

    def _do(self, ask_for, **options):
        """The status and the JSON of a call. Raises NoAnswer for anything unclear."""
        from paypalserversdk.exceptions.api_exception import ApiException

        try:
            answer = ask_for(options)
            return answer.status_code, json.loads(answer.text)
        except ApiException as error:
            if error.response_code in REFUSALS | {404}:
                return error.response_code, _json_or_empty(error.response.text)
            raise NoAnswer(f"PayPal answered {error.response_code}.") from error
        except Exception as error:  # whatever its client raises: we do not know what was done
            raise NoAnswer(f"PayPal: {error!r}") from error

    def _vouches_for(self, body):
        where = HOSTS[self.live]
        try:
            token = egress.call(
                "POST",
                f"{where}/v1/oauth2/token",
                auth=(self.client_id, self.secret),
                data={"grant_type": "client_credentials"},
            ).json()["access_token"]
            verdict = egress.call(
                "POST",
                f"{where}/v1/notifications/verify-webhook-signature",
                data=body.encode(),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            return verdict.json().get("verification_status") == "SUCCESS"
        except (egress.Failed, ValueError, KeyError, AttributeError) as error:
            raise NoAnswer(f"PayPal: {error!r}") from error


def _amount(money):
    return {"currency_code": money.currency, "value": str(money.amount)}


def _money(amount):
    try:
        return Money.parse(amount["value"], amount["currency_code"])
    except (TypeError, KeyError, ValueError):
        return None


def _payments(order):
    unit = (order.get("purchase_units") or [{}])[0]
    return unit.get("payments") or {}


def _from_order(order):
    unit = (order.get("purchase_units") or [{}])[0]
    capture = (_payments(order).get("captures") or [{}])[0]
    links = {link.get("rel"): link.get("href") for link in order.get("links") or []}
    kept = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
    return Answer(
        status=_status_of(order, capture),
        external_ref=order["id"],
        amount=_money(capture.get("amount") or unit.get("amount")),
        fee=_money(kept),
        redirect_url=links.get("payer-action") or links.get("approve") or "",
        idempotency_key=unit.get("custom_id") or capture.get("custom_id") or "",
        reference=unit.get("reference_id") or "",
        kind=CHARGE,
        chargeback=_reversal(capture),
    )


def _reversal(capture):
    """PayPal tells of a chargeback when the money is gone for good, and not what it cost."""
    if capture.get("status") != "REVERSED":
        return None
    return Chargeback(capture.get("id", ""), "lost", _money(capture.get("amount")))


def _status_of(order, capture):
    """An order is paid when its capture is; a completed order may hold a pending capture."""
    word = capture.get("status")
    if word in {"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED", "REVERSED"}:
        return Status.SUCCEEDED
    if word in {"DECLINED", "FAILED"} or order.get("status") == "VOIDED":
        return Status.FAILED
    return Status.PENDING


def _from_refund(refund, order):
    word = refund.get("status")
    status = Status.SUCCEEDED if word == "COMPLETED" else Status.PENDING
    return Answer(
        status=Status.FAILED if word in {"FAILED", "CANCELLED"} else status,
        external_ref=refund["id"],
        amount=_money(refund.get("amount")),
        idempotency_key=refund.get("custom_id") or "",
        charge_ref=order,
        kind=REFUND,
    )


def _order_of(resource):
    """The order that a capture or refund belongs to, as its supplementary data name it."""
    related = (resource.get("supplementary_data") or {}).get("related_ids") or {}
    return related.get("order_id", "")


def _refusal(data, order=None):
    """A clear no; for an order that exists, with what makes it recognisable."""
    details = data.get("details") or [{}]
    why = details[0].get("description") or data.get("message") or "PayPal refused it."
    known = _from_order(order) if order else Answer(Status.FAILED, "")
    return replace(known, status=Status.FAILED, reason=why)


def _issue(data):
    return (data.get("details") or [{}])[0].get("issue", "")


def _json_or_empty(text):
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _about(event):
    """What an event is about, and which number of ours names it."""
    word, about = str(event.get("event_type", "")), event.get("resource") or {}
    if word.startswith("CHECKOUT.ORDER."):
        return CHARGE, about.get("id")
    if word == "PAYMENT.CAPTURE.REFUNDED":
        return REFUND, about.get("id")
    if word == "PAYMENT.CAPTURE.REVERSED":
        return base.CHARGEBACK, _order_of(about)
    if word.startswith("PAYMENT.CAPTURE."):
        return CHARGE, _order_of(about)
    return base.OTHER, about.get("id")
