"""Tokens: whom they act as, what for, and when they end."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.roles import PLATFORM
from api.models import ApiToken, Scope
from api.tokens import digest_of, issue_token, revoke_token
from core import clock as business
from tests.program import Program, problem
from workflow.errors import NotAllowed, Refused
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(buyer):
    return issue_token(buyer, by=buyer, name="ERP", scopes=[Scope.ORDERS_READ])


def asks(secret, order):
    return Program(secret).get(f"orders/{order.code}/")


def test_the_secret_is_kept_nowhere(issued):
    token, secret = issued
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.startswith("ta_")
    assert len(secret) == 46
    assert secret not in str(row)
    assert row["digest"] == digest_of(secret)
    assert row["prefix"] == secret[:9]


def test_a_token_acts_as_its_person(issued, placed_order):
    answer = asks(issued[1], placed_order)
    assert answer.status_code == 200
    assert answer.json()["code"] == placed_order.code


def test_without_a_token_nobody_is_let_in(placed_order):
    answer = Client().get(f"/api/v1/orders/{placed_order.code}/")
    problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_session_cookie_does_not_count(client, buyer, placed_order):
    client.force_login(buyer)
    answer = client.get(f"/api/v1/orders/{placed_order.code}/")
    problem(answer, 401, "not_authenticated")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer  ", "Bearer ta_no", "Bearer \xff", "bearer x"]
)
def test_a_wrong_token_is_not_in_force(placed_order, header):
    answer = Client(headers={"Authorization": header}).get(f"/api/v1/orders/{placed_order.code}/")
    problem(answer, 401, "token_not_in_force")


@pytest.mark.parametrize("header", ["Basic dTpw", "ta_something", ""])
def test_other_ways_to_sign_in_are_none(placed_order, header):
    answer = Client(headers={"Authorization": header}).get(f"/api/v1/orders/{placed_order.code}/")
    problem(answer, 401, "not_authenticated")


def test_a_revoked_token_is_over_at_once(issued, buyer, placed_order):
    token, secret = issued
    revoke_token(token, by=buyer)
    revoke_token(token, by=buyer)
    problem(asks(secret, placed_order), 401, "token_not_in_force")
    assert Event.objects.filter(trade_ref=token.ref, verb="revoke_token").count() == 1


def test_history_knows_who_made_and_ended_a_token(issued, buyer, run_outbox):
    token, secret = issued
    revoke_token(token, by=buyer)
    made, ended = Event.objects.filter(trade_ref=token.ref)
    assert (made.name, made.actor, ended.name) == (
        "apitoken.issue_token",
        buyer,
        "apitoken.revoke_token",
    )
    assert made.facts == {"scopes": ["orders:read"], "for": buyer.email}
    assert secret not in str(made.facts)
    run_outbox()
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


def test_a_token_ends_at_its_instant(clock, buyer, placed_order):
    ends = business.now() + timedelta(days=30)
    _token, secret = issue_token(
        buyer, by=buyer, name="ERP", scopes=[Scope.ORDERS_READ], expires_at=ends
    )
    clock.move_to(ends - timedelta(seconds=1))
    assert asks(secret, placed_order).status_code == 200
    clock.move_to(ends)
    problem(asks(secret, placed_order), 401, "token_not_in_force")


def test_a_disabled_person_has_no_token(issued, buyer, placed_order):
    buyer.is_active = False
    buyer.save()
    problem(asks(issued[1], placed_order), 401, "token_not_in_force")


def test_a_token_does_only_what_it_was_made_for(issued, signed_order):
    program = Program(issued[1])
    said = problem(
        program.post("payments/", {"order": signed_order.code, "method": "visa"}),
        403,
        "scope_missing",
    )
    assert said == "This token was not made for that: it needs “money:write”."
    assert signed_order.payments.count() == 0


def test_its_use_is_noted_once_a_minute(issued, placed_order, django_assert_num_queries):
    token, secret = issued
    asks(secret, placed_order)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    # The token, the order, its money from the ledger, its instalments, its cover, what leaves.
    with django_assert_num_queries(6):
        asks(secret, placed_order)
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=1))
    asks(secret, placed_order)
    token.refresh_from_db()
    assert token.last_used_at > first


def test_nobody_makes_a_token_for_another(buyer, stranger, finance):
    for other in (stranger, finance):
        with pytest.raises(NotAllowed):
            issue_token(buyer, by=other, name="x", scopes=[Scope.MONEY_WRITE])
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("scopes", [[], ["everything"], [Scope.MONEY_READ, "root"]])
def test_there_are_no_other_scopes(buyer, scopes):
    with pytest.raises(Refused, match="Choose at least one scope of: orders:read, "):
        issue_token(buyer, by=buyer, name="x", scopes=scopes)
    assert ApiToken.objects.count() == 0


def test_a_token_for_a_disabled_person_or_the_past_is_refused(buyer):
    with pytest.raises(Refused, match="in the future"):
        issue_token(buyer, by=buyer, name="x", scopes=[Scope.MONEY_READ], expires_at=business.now())
    buyer.is_active = False
    with pytest.raises(Refused, match="disabled"):
        issue_token(buyer, by=PLATFORM, name="x", scopes=[Scope.MONEY_READ])
    assert ApiToken.objects.count() == 0


def run(*arguments):
    out = StringIO()
    call_command("api_token", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_operator_makes_and_revokes_a_token(buyer, placed_order):
    made = run("--user", buyer.email, "--scope", "orders:read", "--scope", "money:read")
    assert made["user"] == buyer.email
    assert made["scopes"] == ["money:read", "orders:read"]
    assert asks(made["token"], placed_order).status_code == 200
    revoked = run("--revoke", made["id"])
    assert revoked["revoked_at"]
    assert "token" not in revoked
    problem(asks(made["token"], placed_order), 401, "token_not_in_force")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--user", "nobody@example.com", "--scope", "orders:read"],
        ["--user", "asha@kidzone.example", "--scope", "root"],
        ["--user", "asha@kidzone.example"],
        ["--user", "asha@kidzone.example", "--scope", "orders:read", "--expires", "soon"],
        ["--revoke", "1"],
    ],
)
def test_the_operator_is_told_what_was_wrong(buyer, arguments):
    with pytest.raises(CommandError):
        run(*arguments)
    assert ApiToken.objects.count() == 0
