"""/healthz speaks for one process, /readyz for the installation (contract C8)."""

import threading
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from core import clock
from payments import brake
from trade_assurance import health
from workflow.models import Heartbeat, OutboxMessage

CLEAN = {"ok": True, "age": 1200}
ALIVE = {"ages": {"worker": 3, "beat": 4}, "outbox_lag": 0, "audit": CLEAN, "paused": False}
ANSWERS = {"ok": True}


def seen(name, seconds_ago):
    at = clock.real_now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": at})


def test_everything_alive_is_ready():
    assert health.readiness(ALIVE, ANSWERS) == {
        "ok": True,
        "reasons": [],
        "checks": {
            "database": "ok",
            "broker": "ok",
            "worker": 3,
            "beat": 4,
            "outbox_lag": 0,
            "audit": {"ok": True, "age": 1200},
            "paused": False,
        },
    }


def test_a_failed_audit_is_a_reason_and_a_pause_alone_is_none():
    report = health.readiness(ALIVE | {"paused": True}, ANSWERS)
    assert (report["ok"], report["checks"]["paused"]) == (True, True)
    report = health.readiness(ALIVE | {"audit": {"ok": False, "age": 3}, "paused": True}, ANSWERS)
    assert report["ok"] is False
    assert report["reasons"] == ["The last audit failed: payouts and refunds are paused."]


def test_before_the_first_audit_nothing_is_wrong():
    report = health.readiness(ALIVE | {"audit": {"ok": None, "age": None}}, ANSWERS)
    assert (report["ok"], report["checks"]["audit"]) == (True, {"ok": None, "age": None})


def test_a_heartbeat_of_90_seconds_is_in_time_and_one_of_91_is_not():
    in_time = {"ages": {"worker": 90, "beat": 4}, "outbox_lag": 0}
    late = {"ages": {"worker": 91, "beat": 4}, "outbox_lag": 0}
    assert health.readiness(in_time, ANSWERS)["ok"] is True
    report = health.readiness(late, ANSWERS)
    assert report["ok"] is False
    assert report["reasons"] == ["The worker was last seen 91 seconds ago."]


def test_a_process_that_never_came_up_is_named():
    report = health.readiness({"ages": {"worker": 1}, "outbox_lag": 0}, ANSWERS)
    assert report["reasons"] == ["The beat has never been seen."]
    assert report["checks"]["beat"] is None


def test_without_a_database_only_the_database_is_blamed():
    report = health.readiness({"error": "OperationalError"}, ANSWERS)
    assert report["reasons"] == ["The database does not answer: OperationalError."]
    assert report["checks"]["worker"] is None


def test_a_question_without_an_answer_is_given_up_and_asked_by_one_thread_only(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    silence, asked = threading.Event(), []

    def ask():
        asked.append(1)
        silence.wait(10)
        return {"ok": True}

    question = health.Question(ask)
    assert question.answer() == {"error": "no answer within 0.05 seconds"}
    assert question.answer() == {"error": "no answer within 0.05 seconds"}
    assert len(asked) == 1
    silence.set()
    question.pending.join()
    assert question.answer() == {"ok": True}
    assert len(asked) == 2


def test_healthz_asks_nobody(client):
    answer = client.get(reverse("healthz"))
    assert answer.status_code == 200
    assert answer.content == b"ok\n"


@pytest.mark.django_db(transaction=True)
def test_readyz_is_200_with_fresh_heartbeats_and_tells_the_outbox_lag(client):
    seen("worker", 20)
    seen("beat", 10)
    OutboxMessage.objects.create(
        lane="mail", kind="mail", created_at=clock.real_now() - timedelta(seconds=40)
    )
    answer = client.get(reverse("readyz"))
    report = answer.json()
    assert answer.status_code == 200, report
    # The worker runs the sweep that is beat's sign of life, so it was seen then as well.
    assert report["checks"]["worker"] == pytest.approx(10, abs=2)
    assert report["checks"]["beat"] == pytest.approx(10, abs=2)
    assert report["checks"]["outbox_lag"] == pytest.approx(40, abs=2)


@pytest.mark.django_db(transaction=True)
def test_readyz_is_503_when_beat_is_silent(client):
    seen("worker", 5)
    seen("beat", 120)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["The beat was last seen 120 seconds ago."]


@pytest.mark.django_db(transaction=True)
def test_readyz_is_503_from_a_failed_audit_on_until_a_clean_one(client):
    seen("worker", 5)
    seen("beat", 5)
    bad = {"ok": False, "checks": [{"id": "x.y", "ok": False, "sample": ["row 7 is wrong"]}]}
    brake.heed(bad)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["audit"]["ok"] is False
    assert answer.json()["checks"]["audit"]["age"] == pytest.approx(0, abs=2)
    assert answer.json()["checks"]["paused"] is True
    brake.heed({"ok": True})
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 200
    assert answer.json()["checks"]["audit"]["ok"] is True
    assert answer.json()["checks"]["paused"] is True


@pytest.mark.django_db(transaction=True)
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_readyz_is_503_without_a_broker(client):
    seen("worker", 5)
    seen("beat", 5)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "ConnectionError"
