"""Each provider in its own words: what goes over the wire, and how its answers are read."""

import hashlib
import hmac
import io
import json
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from core import egress
from payments import providers
from payments.providers import base
from payments.providers.base import (
    Answer,
    Ask,
    Chargeback,
    Forged,
    NoAnswer,
    Settlement,
    Status,
    Unsupported,
)
from payments.providers.cashu import CashU
from payments.providers.http_sim import HttpSim
from payments.providers.paypal import PayPal
from payments.providers.stripe import Stripe
from payments.tests.stripe_stand_in import StripeStandIn
from tests.cast import usd

CHARGE = Ask(
    kind="charge",
    idempotency_key="charge-1",
    reference="RF18539007547034",
    amount=usd("6177.00"),
    destination="https://ta.example/orders/TA-1/",
    method="visa",
)


def of(number, kind="charge"):
    return Ask(kind=kind, external_ref=number)


def refund_of(charge, amount="100.00"):
    return Ask(
        kind="refund",
        idempotency_key="refund-1",
        reference="TA-1",
        amount=usd(amount),
        destination=charge,
    )


# --- which provider does what


def test_without_credentials_every_card_and_wallet_is_off_with_the_reason(settings):
    settings.PAYMENT_PROVIDERS, settings.PAYMENT_PROVIDER = {}, ""
    for method, title in [("visa", "Stripe"), ("paypal", "PayPal"), ("cashu", "CashU")]:
        assert providers.for_method(method) is None
        assert title in providers.why_off(method)
    assert not any(provider.is_configured() for provider in providers.every().values())


def test_the_simulator_serves_everything_where_it_is_chosen_and_nowhere_else(settings):
    settings.PAYMENT_PROVIDERS = {
        "http_sim": {"url": "http://127.0.0.1:1", "secret": "c2VjcmV0"},
        "stripe": {"key": "sk_test_1", "webhook_secret": "whsec_1"},
    }
    settings.PAYMENT_PROVIDER = "http_sim"
    assert providers.for_method("visa").code == "http_sim"
    assert providers.for_method("visa", "stripe").code == "stripe"
    assert providers.why_off("cashu") == ""
    settings.PAYMENT_PROVIDER = ""
    assert providers.for_method("visa").code == "stripe"
    assert providers.for_method("cashu") is None
    settings.PAYMENT_PROVIDER, settings.PRODUCTION = "http_sim", True
    assert providers.for_method("visa").code == "stripe"


@pytest.mark.parametrize(
    ("status", "number", "amount"),
    [("succeeded", "x", None), ("succeeded", "x", usd("0")), ("succeeded", "", usd("1")),
     ("pending", "", None)],
)  # fmt: skip
def test_a_success_that_does_not_say_how_much_of_what_is_no_answer(status, number, amount):
    with pytest.raises(NoAnswer):
        Answer(Status(status), number, amount)


# --- the simulator's adapter


@pytest.mark.parametrize("word", ["", "weird", None, "processing"])
def test_an_unknown_word_is_never_a_success(simulator, settings, word):
    settings.EGRESS_ALLOW_LOOPBACK = True
    row = simulator.books.create("charges", {"amount_minor": 1, "currency": "USD"}, "k", "")
    row["status"] = word
    sim = HttpSim({"url": simulator.url, "secret": "c2VjcmV0"})
    assert sim.fetch(of(row["id"])).status == Status.PENDING
    row["currency"] = None
    row["status"] = "succeeded"
    with pytest.raises(NoAnswer):
        sim.fetch(of(row["id"]))
    assert sim.fetch(of("ch_999999")) is None


# --- Stripe, against a stand-in server


@pytest.fixture
def stripe_server():
    with StripeStandIn() as server:
        yield server


@pytest.fixture
def stripe(stripe_server, settings):
    settings.EGRESS_ALLOW_LOOPBACK = True
    return Stripe({"key": "sk_test_1", "webhook_secret": "whsec_1", "api": stripe_server.url})


@pytest.mark.parametrize(
    ("method", "kind"),
    [("visa", "card"), ("unionpay", "card"), ("alipay", "alipay"), ("wechat_pay", "wechat_pay")],
)
def test_stripe_is_asked_for_its_own_page_in_minor_units(stripe, stripe_server, method, kind):
    from dataclasses import replace

    answer = stripe.charge(replace(CHARGE, method=method))
    ((path, words),) = stripe_server.asked
    assert path == "/v1/checkout/sessions"
    assert words["payment_method_types[0]"] == kind
    assert words["line_items[0][price_data][unit_amount]"] == "617700"
    assert words["line_items[0][price_data][currency]"] == "usd"
    assert words["success_url"] == words["cancel_url"] == CHARGE.destination
    assert words.get("payment_method_options[wechat_pay][client]") == (
        "web" if kind == "wechat_pay" else None
    )
    assert not any("number" in name or "cvc" in name for name in words)
    assert (answer.status, answer.external_ref) == (Status.PENDING, "cs_test_1")
    assert answer.redirect_url == "https://checkout.stripe.com/c/pay/cs_test_1"


def test_a_stripe_payment_is_read_with_what_was_received_and_what_stripe_keeps(
    stripe, stripe_server
):
    stripe.charge(CHARGE)
    assert stripe.fetch(of("cs_test_1")).status == Status.PENDING
    stripe_server.pay("cs_test_1")
    answer = stripe.fetch(of("cs_test_1"))
    assert (answer.status, answer.amount, answer.fee) == (
        Status.SUCCEEDED,
        usd("6177.00"),
        usd("189.00"),
    )
    assert (answer.reference, answer.idempotency_key) == (CHARGE.reference, "charge-1")
    assert "payment_intent.latest_charge.balance_transaction" in stripe_server.asked[-1][1].values()
    assert stripe.fetch(of("cs_none")) is None


def test_a_stripe_charge_after_a_lost_answer_is_found_or_repeated_under_its_key(
    stripe, stripe_server
):
    stripe_server.fail = 1
    with pytest.raises(NoAnswer):
        stripe.charge(CHARGE)
    assert stripe.find(CHARGE).external_ref == "cs_test_1"
    assert stripe.charge(CHARGE).external_ref == "cs_test_1"
    assert len(stripe_server.sessions) == 1


def test_a_stripe_page_that_expired_or_failed_is_a_failure(stripe, stripe_server):
    stripe.charge(CHARGE)
    session = stripe_server.sessions["cs_test_1"]
    session["status"] = "expired"
    assert stripe.fetch(of("cs_test_1")).status == Status.FAILED
    session |= {"status": "complete", "payment_intent": {"id": "pi_1", "status": "processing"}}
    assert stripe.fetch(of("cs_test_1")).status == Status.PENDING
    session["payment_intent"]["status"] = "requires_payment_method"
    assert stripe.fetch(of("cs_test_1")).status == Status.FAILED


def test_a_stripe_refund_names_its_charge_and_may_be_refused(stripe, stripe_server):
    stripe.charge(CHARGE)
    stripe_server.pay("cs_test_1")
    made = stripe.refund(refund_of("cs_test_1"))
    assert (made.status, made.amount, made.charge_ref) == (
        Status.PENDING,
        usd("100.00"),
        "cs_test_1",
    )
    assert stripe.find(refund_of("cs_test_1")).external_ref == "re_1"
    stripe_server.refunds["re_1"] |= {"status": "succeeded", "metadata": {}}
    answer = stripe.fetch(of("re_1", "refund"))
    assert (answer.status, answer.charge_ref) == (Status.SUCCEEDED, "cs_test_1")
    from dataclasses import replace

    refused = stripe.refund(replace(refund_of("cs_test_1", "9999.00"), idempotency_key="r-2"))
    assert (refused.status, refused.reason) == (
        Status.FAILED,
        "Refund amount is greater than charge amount.",
    )
    assert stripe.refund(refund_of("cs_none")).status == Status.FAILED


def stripe_signed(event, secret="whsec_1", when=None):
    body = json.dumps(event).encode()
    when = when or int(time.time())
    signed = hmac.new(secret.encode(), b"%d.%b" % (when, body), hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={when},v1={signed}"}, body


@pytest.mark.parametrize(
    ("word", "about", "news"),
    [
        ("checkout.session.completed", {"id": "cs_1"}, ("charge", "cs_1")),
        ("checkout.session.async_payment_failed", {"id": "cs_1"}, ("charge", "cs_1")),
        ("refund.updated", {"id": "re_1"}, ("refund", "re_1")),
        ("charge.dispute.created", {"payment_intent": "pi_1"}, ("chargeback", "pi_1")),
        ("charge.dispute.closed", {"payment_intent": "pi_1"}, ("chargeback", "pi_1")),
        ("customer.created", {"id": "cus_1"}, ("other", "cus_1")),
    ],
)  # fmt: skip
def test_stripe_events_are_read_after_their_signature(stripe, word, about, news):
    event = {"id": "evt_1", "object": "event", "type": word, "data": {"object": about}}
    told = stripe.read_event(*stripe_signed(event))
    assert (told.event_id, told.kind, told.external_ref) == ("evt_1", *news)
    for forged in (
        stripe_signed(event, secret="whsec_2"),
        stripe_signed(event, when=int(time.time()) - 301),
        ({}, b"{}"),
    ):
        with pytest.raises(Forged):
            stripe.read_event(*forged)


def test_a_stripe_dispute_leads_to_the_charge(stripe, stripe_server):
    stripe.charge(CHARGE)
    stripe_server.pay("cs_test_1")
    assert stripe.fetch(of("cs_test_1")).chargeback is None
    stripe_server.dispute("du_1")
    for number in ("pi_1", "du_1", "cs_test_1"):
        answer = stripe.fetch(of(number, "chargeback"))
        assert (answer.kind, answer.external_ref, answer.disputed) == ("charge", "cs_test_1", True)
        told = Chargeback("du_1", "open", usd("6177.00"), usd("15.00"))
        assert answer.chargeback == told
    assert stripe.fetch(of("du_none", "chargeback")) is None


@pytest.mark.parametrize(
    ("word", "status", "disputed"),
    [("under_review", "open", True), ("lost", "lost", True), ("won", "won", False)],
)
def test_a_stripe_dispute_is_open_until_it_is_won_or_lost(
    stripe, stripe_server, word, status, disputed
):
    stripe.charge(CHARGE)
    stripe_server.pay("cs_test_1")
    stripe_server.dispute("du_1", word)
    answer = stripe.fetch(of("pi_1", "chargeback"))
    assert (answer.chargeback.status, answer.disputed) == (status, disputed)


def test_an_inquiry_takes_no_money_and_a_dispute_that_is_not_shown_is_no_answer(
    stripe, stripe_server
):
    stripe.charge(CHARGE)
    stripe_server.pay("cs_test_1")
    stripe_server.dispute("du_1", "warning_needs_response")
    assert stripe.fetch(of("pi_1", "chargeback")).chargeback is None
    stripe_server.disputes.clear()
    with pytest.raises(NoAnswer):
        stripe.fetch(of("pi_1", "chargeback"))


SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def test_stripe_lists_what_is_recent_page_by_page(stripe, stripe_server):
    from dataclasses import replace

    stripe.charge(CHARGE)
    stripe.charge(replace(CHARGE, idempotency_key="charge-2"))
    stripe_server.pay("cs_test_1")
    stripe.refund(refund_of("cs_test_1"))
    stripe_server.dispute("du_1", "lost")
    stripe_server.dispute("du_2", "warning_closed", intent="pi_2")
    stripe_server.page = 1
    stripe_server.asked.clear()
    found = {(a.kind, a.external_ref): a for a in stripe.recent(SINCE)}
    assert {key: a.status for key, a in found.items()} == {
        ("charge", "cs_test_1"): Status.SUCCEEDED,
        ("charge", "cs_test_2"): Status.PENDING,
        ("refund", "re_1"): Status.PENDING,
        ("chargeback", "du_1"): Status.SUCCEEDED,
    }
    assert found["charge", "cs_test_1"].fee == usd("189.00")
    assert found["charge", "cs_test_1"].disputed
    assert found["refund", "re_1"].charge_ref == "cs_test_1"
    lost = found["chargeback", "du_1"]
    assert (lost.charge_ref, lost.amount, lost.fee) == ("cs_test_1", usd("6177.00"), usd("15.00"))
    words = stripe_server.asked[0][1]
    assert words["created[gte]"] == str(int(SINCE.timestamp()) - 86400)
    assert words["expand[0]"] == "data.payment_intent.latest_charge.balance_transaction"


def moved(number, kind, amount, fee, source=None):
    return {
        "id": number,
        "object": "balance_transaction",
        "type": kind,
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "payout": "po_1",
        "source": source or {},
    }


def test_a_stripe_payout_is_what_is_owed_less_the_fees_of_its_charges(stripe, stripe_server):
    stripe.charge(CHARGE)
    stripe_server.pay("cs_test_1")
    stripe_server.payouts["po_1"] = {"id": "po_1", "amount": 5873_00, "currency": "usd"}
    stripe_server.movements = [
        moved("txn_0", "payout", -5873_00, 0),
        moved("txn_1", "charge", 6177_00, 189_00, {"id": "ch_1", "payment_intent": "pi_1"}),
        moved("txn_2", "refund", -100_00, 0, {"id": "re_1", "payment_intent": "pi_1"}),
        moved("txn_3", "adjustment", 0, 15_00, {"id": "du_1", "payment_intent": "pi_1"}),
    ]
    assert stripe.settlement("po_1") == Settlement(
        "po_1", usd("6062.00"), usd("189.00"), usd("5873.00"), ("cs_test_1",)
    )
    assert stripe.settlement("po_none") is None
    stripe_server.movements.pop()
    with pytest.raises(NoAnswer):
        stripe.settlement("po_1")


def test_a_provider_that_lists_nothing_says_so(cashu, paypal):
    for provider in (cashu, paypal):
        with pytest.raises(Unsupported):
            provider.recent(SINCE)
        with pytest.raises(Unsupported):
            provider.settlement("x")


def test_stripe_that_cannot_be_reached_is_no_answer_and_pays_nobody(stripe, settings):
    settings.EGRESS_ALLOW_LOOPBACK = False
    with pytest.raises(NoAnswer):
        stripe.charge(CHARGE)
    with pytest.raises(Unsupported):
        stripe.payout(CHARGE)


# --- PayPal, on recorded shapes


class Recorded(BaseAdapter):
    """Answers each call with what was recorded for it, and keeps what was asked."""

    def __init__(self, answers):
        super().__init__()
        self.answers, self.asked = answers, []

    def send(self, request, **_options):
        path = urlsplit(request.url).path
        self.asked.append((request.method, path, request.headers, request.body))
        status, data = self.answers[request.method, path]
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = status, request.url, request
        answer.headers["Content-Type"] = "application/json"
        answer.raw = io.BytesIO(json.dumps(data).encode())
        return answer

    def close(self):
        pass


TOKEN = {"access_token": "A21", "token_type": "Bearer", "expires_in": 32400}
UNIT = {
    "reference_id": CHARGE.reference,
    "custom_id": "charge-1",
    "amount": {"currency_code": "USD", "value": "6177.00"},
}
ORDER = {
    "id": "5O190127TN364715T",
    "status": "PAYER_ACTION_REQUIRED",
    "purchase_units": [UNIT],
    "links": [
        {"rel": "self", "href": "https://api-m.sandbox.paypal.com/v2/checkout/orders/5O"},
        {"rel": "payer-action", "href": "https://www.sandbox.paypal.com/checkoutnow?token=5O"},
    ],
}
CAPTURE = {
    "id": "3C679366HH908993F",
    "status": "COMPLETED",
    "custom_id": "charge-1",
    "amount": {"currency_code": "USD", "value": "6177.00"},
    "seller_receivable_breakdown": {"paypal_fee": {"currency_code": "USD", "value": "210.50"}},
}
PAID = ORDER | {
    "status": "COMPLETED",
    "purchase_units": [UNIT | {"payments": {"captures": [CAPTURE]}}],
}
REFUND = {
    "id": "1JU08902781691411",
    "status": "COMPLETED",
    "custom_id": "refund-1",
    "amount": {"currency_code": "USD", "value": "100.00"},
}
ORDERS = "/v2/checkout/orders"
THE_ORDER = f"{ORDERS}/{ORDER['id']}"


@pytest.fixture
def recorded(monkeypatch):
    """PayPal answering from a table; the door to the real one is shut."""
    adapter = Recorded({("POST", "/v1/oauth2/token"): (200, TOKEN)})

    def session(**_limits):
        made = requests.Session()
        made.mount("https://", adapter)
        return made

    monkeypatch.setattr(egress, "session", session)
    return adapter


@pytest.fixture
def paypal(recorded):
    return PayPal({"client_id": "id", "secret": "s", "webhook_id": "WH1"})


def test_a_paypal_order_is_asked_for_under_the_key_and_leads_to_paypals_page(paypal, recorded):
    recorded.answers["POST", ORDERS] = (201, ORDER)
    answer = paypal.charge(CHARGE)
    _method, _path, headers, body = recorded.asked[-1]
    assert headers["PayPal-Request-Id"] == "charge-1"
    wanted = json.loads(body)
    assert wanted["intent"] == "CAPTURE"
    assert wanted["purchase_units"] == [UNIT]
    assert (answer.status, answer.external_ref) == (Status.PENDING, ORDER["id"])
    assert answer.redirect_url == "https://www.sandbox.paypal.com/checkoutnow?token=5O"


def test_an_approved_paypal_order_is_captured_once_when_it_is_looked_at(paypal, recorded):
    recorded.answers["GET", THE_ORDER] = (200, ORDER)
    assert paypal.fetch(of(ORDER["id"])).status == Status.PENDING
    recorded.answers["GET", THE_ORDER] = (200, ORDER | {"status": "APPROVED"})
    recorded.answers["POST", f"{THE_ORDER}/capture"] = (201, PAID)
    answer = paypal.fetch(of(ORDER["id"]))
    assert recorded.asked[-1][2]["PayPal-Request-Id"] == f"{ORDER['id']}-capture"
    assert (answer.status, answer.amount, answer.fee) == (
        Status.SUCCEEDED,
        usd("6177.00"),
        usd("210.50"),
    )
    assert (answer.idempotency_key, answer.reference) == ("charge-1", CHARGE.reference)


@pytest.mark.parametrize(
    ("capture", "status"),
    [("PENDING", "pending"), ("DECLINED", "failed"), ("SOMETHING_NEW", "pending")],
)
def test_a_paypal_order_is_paid_when_its_capture_is(paypal, recorded, capture, status):
    unit = UNIT | {"payments": {"captures": [CAPTURE | {"status": capture}]}}
    recorded.answers["GET", THE_ORDER] = (200, PAID | {"purchase_units": [unit]})
    assert paypal.fetch(of(ORDER["id"])).status == status


def test_a_paypal_payment_that_was_reversed_is_lost(paypal, recorded):
    unit = UNIT | {"payments": {"captures": [CAPTURE | {"status": "REVERSED"}]}}
    recorded.answers["GET", THE_ORDER] = (200, PAID | {"purchase_units": [unit]})
    answer = paypal.fetch(of(ORDER["id"], "chargeback"))
    assert (answer.status, answer.disputed) == (Status.SUCCEEDED, True)
    assert answer.chargeback == Chargeback(CAPTURE["id"], "lost", usd("6177.00"))


def test_a_capture_that_paypal_refuses_is_a_failure_and_a_race_is_not(paypal, recorded):
    recorded.answers["GET", THE_ORDER] = (200, ORDER | {"status": "APPROVED"})
    issue = {"issue": "INSTRUMENT_DECLINED", "description": "The card was declined by the bank."}
    recorded.answers["POST", f"{THE_ORDER}/capture"] = (422, {"details": [issue]})
    answer = paypal.fetch(of(ORDER["id"]))
    assert (answer.status, answer.reason, answer.idempotency_key) == (
        Status.FAILED,
        "The card was declined by the bank.",
        "charge-1",
    )
    raced = {"details": [{"issue": "ORDER_ALREADY_CAPTURED"}]}
    recorded.answers["POST", f"{THE_ORDER}/capture"] = (422, raced)
    with pytest.raises(NoAnswer):
        paypal.fetch(of(ORDER["id"]))


def test_a_paypal_refund_goes_to_the_capture_and_is_found_by_its_key(paypal, recorded):
    recorded.answers["GET", THE_ORDER] = (200, PAID)
    where = f"/v2/payments/captures/{CAPTURE['id']}/refund"
    recorded.answers["POST", where] = (201, REFUND)
    answer = paypal.refund(refund_of(ORDER["id"]))
    assert json.loads(recorded.asked[-1][3])["amount"] == REFUND["amount"]
    assert (answer.status, answer.amount, answer.charge_ref) == (
        Status.SUCCEEDED,
        usd("100.00"),
        ORDER["id"],
    )
    assert paypal.find(refund_of(ORDER["id"])) is None
    unit = UNIT | {"payments": {"captures": [CAPTURE], "refunds": [REFUND]}}
    recorded.answers["GET", THE_ORDER] = (200, PAID | {"purchase_units": [unit]})
    assert paypal.find(refund_of(ORDER["id"])).external_ref == REFUND["id"]


@pytest.mark.parametrize(("status", "known"), [(500, True), (429, True), (404, False)])
def test_paypal_in_trouble_is_no_answer_and_an_unknown_order_is_none(
    paypal, recorded, status, known
):
    recorded.answers["GET", THE_ORDER] = (status, {"name": "X", "message": "Y", "debug_id": "Z"})
    if known:
        with pytest.raises(NoAnswer):
            paypal.fetch(of(ORDER["id"]))
    else:
        assert paypal.fetch(of(ORDER["id"])) is None
    with pytest.raises(Unsupported):
        paypal.payout(CHARGE)


PAYPAL_HEADERS = {
    "PayPal-Auth-Algo": "SHA256withRSA",
    "PayPal-Cert-Url": "https://api.paypal.com/v1/notifications/certs/CERT-1",
    "PayPal-Transmission-Id": "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
    "PayPal-Transmission-Sig": "sig",
    "PayPal-Transmission-Time": "2026-11-01T00:00:00Z",
}
VERIFY = ("POST", "/v1/notifications/verify-webhook-signature")


@pytest.mark.parametrize(
    ("word", "resource", "news"),
    [
        ("CHECKOUT.ORDER.APPROVED", {"id": "5O"}, ("charge", "5O")),
        ("PAYMENT.CAPTURE.COMPLETED",
         {"id": "3C", "supplementary_data": {"related_ids": {"order_id": "5O"}}}, ("charge", "5O")),
        ("PAYMENT.CAPTURE.REFUNDED", {"id": "1J"}, ("refund", "1J")),
        ("PAYMENT.CAPTURE.REVERSED",
         {"supplementary_data": {"related_ids": {"order_id": "5O"}}}, ("chargeback", "5O")),
        ("CATALOG.PRODUCT.CREATED", {"id": "P1"}, ("other", "P1")),
    ],
)  # fmt: skip
def test_paypal_vouches_for_its_events_letter_for_letter(paypal, recorded, word, resource, news):
    raw = json.dumps({"id": "WH-1", "event_type": word, "resource": resource}, indent=3).encode()
    recorded.answers[VERIFY] = (200, {"verification_status": "SUCCESS"})
    told = paypal.read_event(PAYPAL_HEADERS, raw)
    assert (told.event_id, told.kind, told.external_ref) == ("WH-1", *news)
    sent = recorded.asked[-1][3]
    assert raw in sent
    assert json.loads(sent)["webhook_id"] == "WH1"


def test_what_paypal_does_not_vouch_for_is_forged(paypal, recorded):
    raw = b'{"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "5O"}}'
    recorded.answers[VERIFY] = (200, {"verification_status": "FAILURE"})
    for headers, body in [(PAYPAL_HEADERS, raw), ({}, raw), (PAYPAL_HEADERS, b"no JSON")]:
        with pytest.raises(Forged):
            paypal.read_event(headers, body)
    recorded.answers[VERIFY] = (503, {})
    with pytest.raises(Forged):
        paypal.read_event(PAYPAL_HEADERS, raw)


# --- CashU: a redirect with a keyed digest


@pytest.fixture
def cashu():
    return CashU(
        {
            "merchant": "ta",
            "secret": "keyword",
            "url": "https://cashu.example/pay",
            "status_url": "https://cashu.example/status",
        }
    )


def told_by(cashu, **changed):
    words = {
        "merchant_id": "ta",
        "session_id": "charge-1",
        "transaction_id": "T9",
        "status": "paid",
        "amount": "6177.00",
        "currency": "USD",
        "time": str(int(time.time())),
    } | changed
    return words | {"token": cashu.digest("tell", words)}


def test_cashu_sends_the_buyer_to_a_signed_address_without_calling_anybody(cashu):
    answer = cashu.charge(CHARGE)
    words = {k: v[0] for k, v in parse_qs(urlsplit(answer.redirect_url).query).items()}
    assert (words["amount"], words["currency"]) == ("6177.00", "USD")
    assert words["token"] == cashu.digest("ask", words)
    assert words["token"] != cashu.digest("ask", words | {"amount": "1.00"})
    assert (answer.status, answer.external_ref) == (Status.PENDING, "charge-1")


def test_cashu_news_needs_its_digest_and_a_recent_time(cashu):
    told = told_by(cashu)
    news = cashu.read_event({}, urlencode(told).encode())
    assert (news.event_id, news.kind, news.external_ref) == ("T9:paid", "charge", "charge-1")
    old = told_by(cashu, time=str(int(time.time()) - 301))
    for forged in (told | {"amount": "1.00"}, told | {"token": ""}, old, {}, told | {"time": "²"}):
        with pytest.raises(Forged):
            cashu.read_event({}, urlencode(forged).encode())


def test_cashu_is_believed_only_under_a_digest(cashu, recorded):
    recorded.answers["GET", "/status"] = (200, told_by(cashu))
    answer = cashu.fetch(of("charge-1"))
    assert (answer.status, answer.amount) == (Status.SUCCEEDED, usd("6177.00"))
    recorded.answers["GET", "/status"] = (200, told_by(cashu) | {"status": "paid", "amount": "9"})
    with pytest.raises(NoAnswer):
        cashu.fetch(of("charge-1"))
    recorded.answers["GET", "/status"] = (404, {})
    assert cashu.fetch(of("charge-1")) is None
    for verb in (cashu.refund, cashu.payout):
        with pytest.raises(Unsupported):
            verb(CHARGE)


def test_a_number_that_is_no_plain_text_names_nothing():
    assert base.news("evt", "charge", "a\x00b").kind == base.OTHER
    assert base.news("evt", "charge", {"id": 1}).external_ref == ""
    with pytest.raises(Forged):
        base.news("e" * 201, "charge", "x")
    assert dict(parse_qsl("")) == {}
