"""Every error is an RFC 9457 problem with a stable code, whatever was sent."""

import uuid

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from api.models import KeptAnswer
from payments.models import Payment
from tests.program import problem

pytestmark = pytest.mark.django_db

TRICKY = [
    None, True, 0, -1, 1e308, 10**400, "", " ", "\x00", "a\x00b", "\ud800", "x" * 100_000, "'; --",
    "../../etc", "%00", [], {}, [[]], {"a": {"b": []}}, "TA-2026-000000", "ＴＡ", "\u202e", "NaN",
]  # fmt: skip


def test_what_is_no_address_is_a_problem_too(program, buyer):
    for path in ("/api/", "/api/v1/", "/api/v1/orders", "/api/v2/x", "/api/v1/orders/%00/"):
        for asker in (Client(), program(buyer).client):
            problem(asker.get(path), 404, "not_found")
            problem(asker.post(path, "{}", content_type="application/json"), 404, "not_found")


def test_a_method_that_is_not_there(program, buyer, placed_order):
    path = f"/api/v1/orders/{placed_order.code}/"
    client = program(buyer).client
    for method in ("post", "put", "patch", "delete", "options"):
        problem(getattr(client, method)(path), 405, "method_not_allowed")


def test_only_json_is_read(program, buyer):
    client = program(buyer).client
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post(
            "/api/v1/payments/",
            "order=1",
            content_type=content_type,
            headers={"Idempotency-Key": "k"},
        )
        problem(answer, 415, "unsupported_media_type")


def test_a_client_that_accepts_only_html_still_gets_json(program, buyer, placed_order):
    answer = program(buyer).client.get(
        f"/api/v1/orders/{placed_order.code}/", headers={"Accept": "text/html"}
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"NaN", b'{"order": NaN}', b"[" * 90_000, b"1" * 5_000, b"{'a': 1}"],
    ids=lambda body: repr(body[:12]),
)
def test_malformed_json_is_said_to_be_so(program, buyer, body):
    problem(program(buyer).post("payments/", body), 400, "malformed")
    assert KeptAnswer.objects.count() == 0


def test_json_nested_almost_too_deep_is_no_failure(program, buyer):
    for depth in range(700, 1000, 20):
        body = b'{"order": ' + b"[" * depth + b"]" * depth + b"}"
        assert program(buyer).post("payments/", body).status_code in {400, 422}


def test_a_body_without_end_is_not_read(program, buyer):
    answer = program(buyer).post("payments/", b'"' + b"x" * 300_000 + b'"')
    problem(answer, 413, "too_large")


@pytest.mark.parametrize("body", [[], "text", 5, None, True])
def test_a_body_that_is_no_object(program, buyer, body):
    answer = program(buyer).post("payments/", body)
    problem(answer, 422, "validation")
    if body is not None:
        assert answer.json()["errors"] == [
            {
                "pointer": "#",
                "code": "invalid",
                "detail": "Send a JSON object with the members of the schema.",
            }
        ]


def test_each_wrong_member_is_pointed_at(program, buyer):
    answer = program(buyer).post("payments/", {"order": "", "method": None})
    problem(answer, 422, "validation")
    assert answer.json()["errors"] == [
        {"pointer": "#/order", "code": "blank", "detail": "Send a text here, not an empty one."},
        {"pointer": "#/method", "code": "null", "detail": "Send a text here, not null."},
    ]
    answer = program(buyer).post("payments/", {})
    assert [error["code"] for error in answer.json()["errors"]] == ["required", "required"]


def test_tricky_values_never_fail_us(program, buyer, signed_order):
    asks = program(buyer)
    for value in TRICKY:
        for body in (
            {"order": value, "method": "visa"},
            {"order": signed_order.code, "method": value},
            {value if isinstance(value, str) else "x": value},
        ):
            answer = asks.post("payments/", body)
            assert 400 <= answer.status_code < 500, (value, answer.content)
            assert answer["Content-Type"] == "application/problem+json"
    assert Payment.objects.count() == 0


def test_tricky_questions_never_fail_us(program, buyer, finance):
    for user in (buyer, finance):
        asks = program(user)
        for value in TRICKY:
            text = str(value).encode("utf-8", "replace").decode()[:5_000]
            for name in ("cursor", "limit", "order", "account"):
                answer = asks.get("ledger/entries/", **{name: text})
                assert answer.status_code in {200, 404, 422}, (name, value, answer.content)
            asked = asks.get("ledger/trial-balance/", by=text or "all")
            assert asked.status_code in {403, 422}


def test_tricky_addresses_never_fail_us(program, buyer):
    asks = program(buyer).client
    for tail in ("%00", "%ff", "..%2f", "a" * 300, "%F0%9F%92%A9", "0" * 40, str(uuid.uuid4())):
        for family in ("orders", "payments", "operations"):
            answer = asks.get(f"/api/v1/{family}/{tail}/")
            problem(answer, 404, "not_found")


def test_our_own_failure_is_logged_and_shows_nothing(
    program, buyer, placed_order, monkeypatch, caplog
):
    def fail(order):
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr("orders.api.money_of", fail)
    answer = program(buyer).get(f"orders/{placed_order.code}/")
    problem(answer, 500, "internal_error")
    assert b"1234" not in answer.content
    assert "the password is 1234" in caplog.text


def test_a_database_that_does_not_answer_is_503(program, buyer, placed_order, monkeypatch, caplog):
    def fail(order):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr("orders.api.money_of", fail)
    answer = program(buyer).get(f"orders/{placed_order.code}/")
    problem(answer, 503, "unavailable")
    assert answer["Retry-After"] == "2"


def test_answers_are_kept_by_nobody_on_the_way(program, buyer, placed_order):
    answer = program(buyer).get(f"orders/{placed_order.code}/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_every_view_names_its_scopes():
    views = [
        pattern.callback.cls
        for pattern in get_resolver("api.urls").url_patterns[0].url_patterns
        if pattern.name != "api_schema"
    ]
    assert len(views) >= 8
    assert [view.__name__ for view in views if not view.scopes] == []
