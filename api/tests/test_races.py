"""Many at once, and processes that are killed: one effect, on real PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from api.idempotency import Asked, is_running
from api.models import KeptAnswer
from ledger.balances import balance
from orders.models import Order
from payments import receipts
from payments.models import Payment, StatementLine
from tests.bank import camt053
from tests.cast import usd
from tests.program import problem
from tests.test_celery import url
from workflow.models import Deadline, Event

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


class Running(threading.Thread):
    """A request in a thread of its own, with its own connection."""

    def __init__(self, ask):
        super().__init__()
        self.ask, self.answer = ask, None
        self.start()

    def run(self):
        try:
            self.answer = self.ask()
        finally:
            connections.close_all()


@pytest.fixture
def body(signed_order):
    return {"order": signed_order.code, "method": "telegraphic_transfer"}


def wait_until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_while_the_first_is_running_the_others_are_told_so(program, buyer, signed_order, body):
    asks = program(buyer)
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=signed_order.pk)
        first = Running(lambda: asks.post("payments/", body, key="k-1"))
        wait_until(lambda: is_running(Asked(buyer, "k-1")))
        second = Running(lambda: asks.post("payments/", body, key="k-1"))
        second.join(timeout=5)
        problem(second.answer, 409, "in_progress")
        assert second.answer["Retry-After"] == "1"
        looked = Running(lambda: asks.get("operations/k-1/"))
        looked.join(timeout=5)
        assert looked.answer.json()["status"] == "in_progress"
    first.join(timeout=10)
    assert first.answer.status_code == 202
    again = asks.post("payments/", body, key="k-1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.answer.content
    assert Payment.objects.count() == 1
    assert not is_running(Asked(buyer, "k-1"))


def test_six_at_once_with_one_key_have_one_effect(program, buyer, body):
    asks, barrier = program(buyer), threading.Barrier(6)

    def ask():
        barrier.wait()
        return asks.post("payments/", body, key="k-1")

    threads = [Running(ask) for _ in range(6)]
    for thread in threads:
        thread.join(timeout=20)
    ends = Counter(
        thread.answer.json().get("code", thread.answer.get("Idempotency-Replayed", "done"))
        for thread in threads
    )
    assert ends["done"] == 1, ends
    assert set(ends) <= {"done", "true", "in_progress"}
    assert Payment.objects.count() == 1
    assert Event.objects.filter(verb="submit").count() == 1
    assert KeptAnswer.objects.count() == 1


KILLED = """
import os, signal, sys, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from unittest import mock

def kill(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

client = Client(headers={"Authorization": "Bearer " + sys.argv[1], "Idempotency-Key": "k-1"})
with mock.patch(sys.argv[2], kill):
    if sys.argv[3] == "pay":
        client.post("/api/v1/payments/", sys.argv[4], content_type="application/json")
    else:
        file = SimpleUploadedFile("statement.xml", open(sys.argv[4], "rb").read())
        client.post("/api/v1/bank-statements/", {"file": file})
"""
AFTER_THE_EFFECT = "api.idempotency._keep"
AFTER_THE_ANSWER = "api.idempotency._as_response"
AFTER_THE_COMMIT = "api.views.ApiView.finalize_response"


def kill_midway(asks, where, what, argument):
    """Send a request from another process, which dies by SIGKILL where it is told to."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, asks.secret, where, what, str(argument)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def until_done(ask, seconds=30):
    """Do what a client does: ask again while it is told that the first is being worked on."""
    answers = []

    def done():
        answers.append(ask())
        return answers[-1].json().get("code") != "in_progress"

    wait_until(done, seconds)
    return answers[-1]


@pytest.mark.parametrize("where", [AFTER_THE_EFFECT, AFTER_THE_ANSWER])
def test_killed_before_the_commit_nothing_was_done_and_the_key_can_be_used_again(
    program, buyer, signed_order, body, where
):
    asks, events = program(buyer), Event.objects.count()
    kill_midway(asks, where, "pay", json.dumps(body))
    assert (Payment.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert Event.objects.count() == events
    answer = until_done(lambda: asks.post("payments/", body, key="k-1"))
    assert answer.status_code == 202
    assert "Idempotency-Replayed" not in answer
    assert Payment.objects.count() == 1


def test_killed_after_the_commit_the_answer_is_there(program, buyer, body):
    asks = program(buyer)
    kill_midway(asks, AFTER_THE_COMMIT, "pay", json.dumps(body))
    payment = Payment.objects.get()
    answer = until_done(lambda: asks.post("payments/", body, key="k-1"))
    assert answer["Idempotency-Replayed"] == "true"
    assert answer.json()["id"] == str(payment.public_id)
    assert Payment.objects.count() == 1


@pytest.fixture
def statement(account, signed_order, tmp_path):
    """A file in which the deposit of US$5,580.00 arrives."""
    first = signed_order.instalments.get(n=1)
    file = tmp_path / "statement.xml"
    file.write_bytes(camt053(account, [(first.reference, first.missing, "KIDZONE RETAIL PVT LTD")]))
    return file


@pytest.mark.parametrize("where", ["payments.matching.match_lines", AFTER_THE_EFFECT])
def test_a_statement_killed_midway_and_sent_again_counts_once(
    program, finance, signed_order, statement, run_outbox, where
):
    asks = program(finance)
    kill_midway(asks, where, "upload", statement)
    assert KeptAnswer.objects.count() == 0

    def upload():
        file = SimpleUploadedFile("statement.xml", statement.read_bytes())
        return asks.upload("bank-statements/", {"file": file}, key="k-1")

    answer = until_done(upload)
    run_outbox()
    assert answer.status_code == 201
    line = answer.json()["imports"][0]["lines"][0]
    assert line["status"] == "duplicate"
    assert line["first_seen"]["n"] == 1
    assert upload()["Idempotency-Replayed"] == "true"
    assert balance(f"escrow:{signed_order.ref}") == usd("5580.00")
    assert balance("bank:sg_trust") == usd("5580.00")
    assert StatementLine.objects.filter(status="matched").count() == 1


def test_a_statement_that_the_worker_matches_at_the_same_moment_is_matched_once(
    program, finance, account, monkeypatch
):
    """The outbox is woken by the commit of the import, which then matches the lines itself."""
    data = camt053(account, [("NONE", usd("1.00"), f"PAYER {n}") for n in range(20)])
    at_once = receipts.matching.match_lines

    def with_the_worker(statement):
        worker = Running(lambda: at_once(statement))
        at_once(statement)
        worker.join(timeout=20)

    monkeypatch.setattr(receipts.matching, "match_lines", with_the_worker)
    answer = program(finance).upload(
        "bank-statements/", {"file": SimpleUploadedFile("statement.xml", data)}
    )
    assert answer.status_code == 201, answer.content
    assert {line["status"] for line in answer.json()["imports"][0]["lines"]} == {"suspense"}
    assert Deadline.objects.open().filter(kind="line.return").count() == 20
    assert balance("suspense:unidentified") == usd("20.00")
