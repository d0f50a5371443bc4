"""The real worker and beat, on the real broker: what the clock owes happens by itself."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from ledger.balances import balance
from notifications.models import Notice
from orders.models import Order
from tests.cast import usd
from workflow.models import Heartbeat, OutboxMessage

pytestmark = [
    pytest.mark.celery,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
PATIENCE = 60


def until(done, log):
    """Wait for something that other processes do; fail with their log when it does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.3)
    pytest.fail(f"It did not happen within a minute:\n{log.read_text()[-3000:]}")


def url():
    """The address of the test database, for other processes."""
    database = connection.settings_dict
    host = quote(database["HOST"] or "", safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{database['USER']}@{host}{port}/{database['NAME']}"


@pytest.fixture
def processes(clock, tmp_path):
    """A Celery worker and a beat that share the test's database, clock and files."""
    environment = os.environ | {
        "TA_ENV": "test",
        "DATABASE_URL": url(),
        "TA_TEST_CLOCK_FILE": str(clock.file),
        "TA_SWEEP_SECONDS": "1",
        "TA_OUTBOX_SWEEP_SECONDS": "1",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "EMAIL_URL": "dummy:",
    }
    celery = [sys.executable, "-m", "celery", "-A", "trade_assurance"]
    queues = ",".join(["clocks", *sorted(set(settings.OUTBOX_LANES.values()))])
    commands = [
        [*celery, "worker", "-Q", queues, "-c", "1", "-l", "warning"],
        [*celery, "beat", "-s", str(tmp_path / "beat"), "-l", "warning"],
    ]
    with (tmp_path / "celery.log").open("wb") as log:
        running = [
            subprocess.Popen(
                command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log
            )
            for command in commands
        ]
        yield tmp_path / "celery.log"
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(30)


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_a_late_order_is_refunded_told_and_mailed_without_anybody_asking(
    funded_order, clock, processes
):
    clock.move_to(funded_order.ship_deadline)
    until(lambda: Order.objects.get(pk=funded_order.pk).late_since, processes)
    assert balance(f"escrow:{funded_order.ref}") == usd("5580.00")

    clock.move_to(funded_order.ship_deadline + timedelta(days=7))
    until(lambda: state(funded_order) == "refunded", processes)
    assert balance(f"refund_payable:{funded_order.buyer_id}") == usd("5580.00")
    until(lambda: not OutboxMessage.objects.filter(delivered_at=None).exists(), processes)
    told = Notice.objects.filter(event__verb="late_refund")
    assert sorted(told.values_list("reader__email", flat=True)) == [
        "asha@kidzone.example",
        "lin@littlepine.example",
    ]
    assert {beat.name for beat in Heartbeat.objects.all()} == {
        "beat",
        "beat up",
        "worker",
        "worker up",
    }


def test_the_contract_that_both_signed_is_drawn_and_sealed_by_the_worker(signed_order, processes):
    contract = signed_order.contracts.get()
    until(lambda: type(contract).objects.get(pk=contract.pk).sealed_at, processes)
    contract.refresh_from_db()
    assert contract.seal_progress == "sealed"
    assert len(contract.pdf_sha256) == 64
    with contract.pdf.open() as pdf:
        assert pdf.read(5) == b"%PDF-"
