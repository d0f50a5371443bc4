"""kill -9 of worker and web in the middle of what they do: each intent is carried out once.

Before each kill the provider or the bank has just done something and not answered yet.
`TA_KILLS` is how many kills (requirements 4, 5 and 28).
"""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests
from django.conf import settings
from django.db.models import Sum

from core import clock as business
from disputes import operations as disputes
from ledger.balances import balance
from payments import bank_channel, calls, charges, disbursing, sending
from payments.calls import LOOK_EVERY
from payments.escrow import release
from payments.models import BankFile, Disbursement, Payment, ProviderOperation
from payments.simulator import BankAccount, Simulator
from tests.cast import usd
from tests.money.contested import copies
from tests.money.stands import wrong_but_for_history
from tests.provider import SECRET
from tests.test_celery import url
from workflow import approvals
from workflow.engine import operation
from workflow.models import OutboxMessage

KILLS = int(os.environ.get("TA_KILLS", "12"))
OPENING, ANSWER_AFTER, PATIENCE = 100_000_00, 0.8, 90  # cents, seconds, seconds
pytestmark = [
    pytest.mark.kill,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def simulator(port):
    """The provider and the bank, which post their news to our web process."""
    events = f"http://127.0.0.1:{port}/webhooks/http_sim/"
    with Simulator(SECRET, events=events) as running:
        yield running


@pytest.fixture
def bank(provider, account, settings):
    """The simulator's bank keeps the designated account, and is asked over HTTP."""
    settings.BANK_CHANNEL = "http_sim"
    provider.bank.open(BankAccount(account.account_number, account.bic, "USD"), OPENING, 0)


class Platform:
    """A web process and a Celery worker with its beat, as the Procfile starts them."""

    def __init__(self, port, simulator, clock, folder):
        self.port, self.folder, self.running = port, folder, []
        self.environment = os.environ | {
            "TA_ENV": "test",
            "DATABASE_URL": url(),
            "TA_TEST_CLOCK_FILE": str(clock.file),
            "TA_OUTBOX_SWEEP_SECONDS": "1",
            "TA_PAYMENT_PROVIDER": "http_sim",
            "TA_SIM_URL": simulator.url,
            "TA_SIM_WEBHOOK_SECRET": SECRET,
            "TA_EGRESS_ALLOW_LOOPBACK": "1",
            "TA_BANK_CHANNEL": "http_sim",
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "EMAIL_URL": "dummy:",
        }

    def start(self):
        """Start all three; nobody who held a lease is alive, so the leases are over."""
        OutboxMessage.objects.filter(delivered_at=None).update(try_at=business.real_now())
        celery = ["celery", "-A", "trade_assurance", "-q"]
        queues = ",".join(["clocks", *sorted(set(settings.OUTBOX_LANES.values()))])
        schedule = str(self.folder / "beat")
        for command in (
            [*celery, "worker", "-Q", queues, "-c", "1", "-l", "warning", "--without-mingle"],
            [*celery, "beat", "-s", schedule, "-l", "warning"],
            ["gunicorn", "trade_assurance.wsgi", "-b", f"127.0.0.1:{self.port}", "--threads", "2",
             "--no-control-socket", "--log-level", "warning"],
        ):  # fmt: skip
            with (self.folder / "platform.log").open("ab") as log:
                self.running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *command], env=self.environment, stdout=log,
                        stderr=log, cwd=settings.BASE_DIR, start_new_session=True,
                    )
                )  # fmt: skip

    def kill(self):
        """kill -9 of every process at once."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running = []

    def until(self, done):
        """Wait for something that the platform does."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if done():
                return
            time.sleep(0.05)
        pytest.fail(f"It did not happen:\n{(self.folder / 'platform.log').read_text()[-3000:]}")

    def web_answers(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).ok
        except requests.RequestException:
            return False


@pytest.fixture
def platform(port, simulator, clock, tmp_path):
    made = Platform(port, simulator, clock, tmp_path)
    yield made
    made.kill()


@operation
def earn(order, *, by, amount):
    """The supplier earns a part of what is held: a release as any other."""
    return release(order, amount, cause="test", by=by)


def at_the_provider(provider, made):
    """The provider knows of the copies' charges too."""
    (first,) = provider.books.rows["charges"].values()
    for charge in ProviderOperation.objects.filter(payment__order__in=made):
        number = charge.external_ref
        row = first | {"id": number, "idempotency_key": charge.idempotency_key}
        row |= {"reference": charge.reference}
        provider.books.rows["charges"][number] = row


def approved(market, row):
    disbursing.consider(row, by=None)
    row.refresh_from_db()
    if row.state == "requested":
        asked = disbursing.ask_to_send(row, by=market.staff[0])
        approvals.approve(asked, by=market.staff[1])


def owe_everything(market, provider, clock, order):
    """Refunds by card, transfers in a file each, and a charge: at least one for each kill."""
    made = copies(order, KILLS - 1)
    at_the_provider(provider, made)
    for n, order in enumerate(made):
        if n % 2:
            dispute = disputes.file(order, by=market.buyer_of(order), reason="quantity",
                                    statement="Few.", amount=usd("100.00"))  # fmt: skip
            disputes.concede(dispute, by=market.supplier_of(order))
        else:
            earn(order, by=None, amount=usd("200.00"))
    for row in Disbursement.objects.all():
        approved(market, row)
    clock.forward(hours=24)
    for row in Disbursement.objects.all():
        sending.submit(row, by=None)
        sending.make_bank_file()
    order = market.order(1)
    charges.start_charge(order, by=market.buyer_of(order), method="visa")


def done_by(provider):
    """How many things provider and bank have done."""
    rows, orders = provider.books.rows, provider.bank.kept["orders"]
    return sum(len(rows[kind]) for kind in ("charges", "refunds")) + len(orders)


def waiting():
    return OutboxMessage.objects.filter(delivered_at=None, lane="money")


def test_whoever_is_killed_in_the_middle_of_a_call_every_intent_is_carried_out_once(
    card_order, market, provider, bank, platform, clock, run_money
):
    owe_everything(market, provider, clock, card_order)
    refunds, files = Disbursement.objects.filter(route="provider").count(), BankFile.objects.count()
    assert refunds + files + 1 == KILLS
    provider.control({"slow": ANSWER_AFTER})
    before = done_by(provider)
    for _kill in range(KILLS):
        known = done_by(provider)
        platform.start()
        platform.until(lambda known=known: done_by(provider) > known or not waiting().exists())
        platform.kill()
    assert done_by(provider) >= before + min(KILLS, 3)

    provider.control({"slow": 0})
    platform.start()
    platform.until(lambda: not waiting().exists())
    (page,) = [row for row in provider.books.rows["charges"].values() if row["status"] == "pending"]
    provider.books.pay(page["id"])
    ProviderOperation.objects.update(updated_at=business.real_now() - 2 * LOOK_EVERY)
    calls.poll()
    platform.until(lambda: not waiting().exists())
    platform.until(lambda: platform.web_answers())
    bank_channel.fetch_statements()
    run_money()
    check_each_was_done_once(market, provider, refunds, files)


def check_each_was_done_once(market, provider, refunds, files):
    keys = [
        row["idempotency_key"]
        for kind in ("charges", "refunds")
        for row in provider.books.rows[kind].values()
    ]
    intents = ProviderOperation.objects.values_list("idempotency_key", flat=True)
    assert sorted(keys) == sorted(intents)
    assert set(ProviderOperation.objects.values_list("status", flat=True)) == {"succeeded"}
    assert len(provider.books.rows["refunds"]) == refunds
    assert {row["amount_minor"] for row in provider.books.rows["refunds"].values()} == {100_00}
    assert set(Disbursement.objects.values_list("state", flat=True)) == {"confirmed"}
    assert Payment.objects.get(order=market.order(1)).state == "cleared"
    reports = [known["report"] for known in provider.bank.kept["orders"].values()]
    paid = [transfer["end_to_end_id"] for report in reports for transfer in report["transfers"]]
    sent = Disbursement.objects.filter(route="bank").values_list("end_to_end_id", flat=True)
    assert (len(reports), sorted(paid)) == (files, sorted(sent))
    there = provider.bank.balance.minor - OPENING
    out = Disbursement.objects.filter(route="bank").aggregate(sum=Sum("amount_minor"))["sum"]
    assert there == balance("bank:sg_trust").minor == -out
    assert wrong_but_for_history() == []
