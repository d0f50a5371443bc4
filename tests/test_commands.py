"""The operator's commands (C1): JSON on stdout, exit 0 or 1, nothing asked."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from api.tokens import digest_of
from core import clock as business
from core.management.commands import show_routes
from dashboard.demo.cast import EMAILS
from ledger.models import Seal
from notifications.models import Notice
from orders.models import Order
from payments import brake
from workflow import deadlines, outbox
from workflow.management.commands import wait_idle
from workflow.models import Deadline, Heartbeat, OutboxMessage


def run(command, *options):
    """The exit code of a command and the JSON that it printed."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(command, *options, "--json", stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


class TestWaitIdle:
    pytestmark = pytest.mark.django_db

    def test_where_nothing_waits_it_ends_at_once(self):
        code, told = run("wait_idle", "--timeout", "5")
        assert (code, told["idle"]) == (0, True)
        assert told["waited"] < 1
        assert set(told) == {
            "idle", "outbox", "deadlines", "provider_calls", "deliveries", "waited",
        }  # fmt: skip

    def test_an_owed_message_and_a_clock_that_is_over_keep_it_waiting(self, placed_order, clock):
        clock.forward(days=8)
        OutboxMessage.objects.update(delivered_at=business.real_now())
        outbox.owe("provider.send", lane="money", operation=1)
        code, told = run("wait_idle", "--timeout", "0.3")
        assert code == 1
        assert told["waited"] == pytest.approx(0.4, abs=0.2)
        assert (told["outbox"], told["provider_calls"], told["deadlines"]) == (1, 1, 1)

    def test_a_delivery_that_waits_for_its_next_try_does_not(self):
        later = business.real_now() + timedelta(hours=1)
        message = OutboxMessage.objects.create(lane="webhooks", kind="webhook.send", try_at=later)
        assert wait_idle.look()["idle"] is True
        OutboxMessage.objects.filter(pk=message.pk).update(try_at=business.real_now())
        assert wait_idle.look() == {
            "idle": False, "outbox": 1, "provider_calls": 0, "deliveries": 1, "deadlines": 0,
        }  # fmt: skip


class TestTick:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_it_fires_clocks_delivers_messages_and_runs_the_tasks_of_beat(
        self, placed_order, clock, settings
    ):
        clock.forward(days=8)
        code, told = run("tick")
        assert (code, told["failed"]) == (0, [])
        assert told["deadlines"] == 1
        assert told["messages"] > 0
        assert set(told["tasks"]) == {
            row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()
        } - {"workflow.tasks.sweep_deadlines", "workflow.tasks.sweep_outbox"}
        assert Order.objects.get().state == "expired"
        assert Notice.objects.filter(reader=placed_order.placed_by).exists()
        assert wait_idle.look()["idle"] is True
        assert brake.last_audit()[1] is True

    def test_it_wakes_no_worker_and_is_no_sign_of_life_of_one(self, placed_order, settings):
        settings.OUTBOX_WAKE = "tests.test_commands.no_broker"
        assert run("tick")[0] == 0
        assert settings.OUTBOX_WAKE == "tests.test_commands.no_broker"
        assert not Heartbeat.objects.filter(name__in=["worker", "beat"]).exists()

    def test_it_seals_what_was_posted(self, funded_order):
        assert Seal.objects.count() == 0
        run("tick")
        assert Seal.objects.count() == 1

    def test_what_fails_is_named_stays_owed_and_makes_it_exit_1(
        self, placed_order, clock, settings
    ):
        clock.forward(days=8)
        broken = Deadline.objects.get()
        gone = replace(settings.DEADLINES[broken.kind], handler="orders.operations.no_such_verb")
        settings.DEADLINES = settings.DEADLINES | {broken.kind: gone}
        message = outbox.owe("no.such.kind", lane="news")
        code, told = run("tick")
        assert code == 1
        assert told["failed"] == [f"deadline {broken.pk}", f"message {message.pk}"]
        assert deadlines.none_due(placed_order) is False
        assert OutboxMessage.objects.get(pk=message.pk).delivered_at is None


def no_broker(lane):
    raise AssertionError("tick woke a worker")


class TestShowRoutes:
    def rows(self):
        code, told = run("show_routes")
        assert code == 0
        return {row["name"] or row["url"]: row for row in told["routes"]}

    def test_it_lists_every_pattern_there_is(self):
        def count(resolver):
            return sum(
                count(pattern) if hasattr(pattern, "url_patterns") else 1
                for pattern in resolver.url_patterns
            )

        assert len(list(show_routes.routes())) == count(get_resolver())

    def test_who_may_open_a_page_is_read_off_its_own_code(self):
        rows = self.rows()
        assert (rows["healthz"]["role"], rows["readyz"]["role"]) == ("public", "public")
        assert rows["webhook"] == {
            "url": "webhooks/<slug:provider>/",
            "methods": ["POST"],
            "view": "payments.webhooks.receive",
            "name": "webhook",
            "role": "public",
        }
        assert rows["order"]["role"] == "signed in"
        assert rows["admin:index"]["role"] == "staff"
        assert rows["admin:login"]["role"] == "public"
        assert rows["api_order_money"]["role"] == "signed in"
        assert rows["api_order_money"]["methods"] == ["GET"]

    @pytest.mark.django_db
    def test_what_it_calls_signed_in_turns_a_visitor_away(self, client):
        """Every page without an argument that a GET may open, asked without signing in."""
        wrong = []
        for row in show_routes.routes():
            if "<" in row["url"] or "(" in row["url"] or not {"GET", "any"} & set(row["methods"]):
                continue
            status = client.get(f"/{row['url']}").status_code
            turned_away = status in {301, 302, 401, 403, 404}
            if row["role"] != "public" and not turned_away:
                wrong.append((row["url"], row["role"], status))
        assert wrong == []


@pytest.mark.django_db
def test_seed_demo_prints_what_a_script_needs_and_asked_again_the_same():
    code, told = run("seed_demo", "--seed", "7")
    assert code == 0
    assert set(told) == {"users", "suppliers", "collection_accounts", "products"}
    assert {user["email"] for user in told["users"]} == set(EMAILS)
    assert all({"id", "role", "token", "password"} <= set(user) for user in told["users"])
    assert {"buyer", "supplier", "inspector", "finance", "mediator", "administrator"} == {
        user["role"] for user in told["users"]
    }
    assert all(set(s["coverage_limit"]) == {"amount", "currency"} for s in told["suppliers"])
    assert [account["bic"][4:6] for account in told["collection_accounts"]] == ["SG"]
    orders = Order.objects.count()
    assert run("seed_demo", "--seed", "7") == (0, told)
    assert Order.objects.count() == orders
    other = run("seed_demo", "--seed", "8")[1]
    assert other["users"][0]["token"] != told["users"][0]["token"]
    _each_token_is_its_persons(told["users"])


def _each_token_is_its_persons(users):
    from api.models import ApiToken

    for user in users:
        token = ApiToken.objects.in_force().get(digest=digest_of(user["token"]))
        assert (token.user.email, str(token.user.public_id)) == (user["email"], user["id"])
