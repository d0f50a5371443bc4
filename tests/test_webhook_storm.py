"""A storm of news: a thousand events, repeated, shuffled, one in ten forged, from all sides.

They end in the same state as each event heard once, in its order (reliability requirement 16).
"""

import random
import threading
from collections import Counter

import pytest
import requests
from django.db import connections

from disputes import operations as disputes
from ledger import checks
from ledger.balances import balance
from ledger.models import Journal
from payments import calls, charges, disbursing, sending
from payments.models import Chargeback, Disbursement, Payment, ProviderEvent, ProviderOperation
from tests.cast import usd
from tests.money import books
from workflow import approvals, outbox
from workflow.models import OutboxMessage

EVENTS, FORGED, SENDERS, MANY = 1000, 100, 4, 20
pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def news(market, provider, run_money):
    """What the provider has to tell, in its order; nobody has heard of any of it yet.

    One payment was declined, three came; of these one was refunded without an answer to our
    call, one was charged back and won, one was charged back and lost.
    """
    _at_the_page(market, provider, run_money, 3, provider.books.decline)
    first = _at_the_page(market, provider, run_money, 0, provider.books.pay)
    second = _at_the_page(market, provider, run_money, 1, provider.books.pay)
    third = _at_the_page(market, provider, run_money, 2, provider.books.pay)
    _refund_without_an_answer(market, provider, run_money, first)
    for charge, end in [(second, "won"), (third, "lost")]:
        case = provider.control({"chargeback": charge})["chargeback"]
        provider.control({f"chargeback_{end}": case["id"]})
    return list(provider.events.kept)


def _at_the_page(market, provider, run_money, n, then):
    order = market.order(n)
    payment = charges.start_charge(order, by=market.buyer_of(order), method="visa")
    assert run_money() == 0
    return then(charges.charge_of(payment).external_ref)["id"]


def _refund_without_an_answer(market, provider, run_money, charge):
    """The first payment is looked up, disputed and granted; its refund is done, unknown to us."""
    calls.look(ProviderOperation.objects.get(external_ref=charge).pk)
    order = market.order(0)
    case = disputes.file(order, by=market.buyer_of(order), reason="quantity", statement="Few.",
                         amount=usd("5580.00"))  # fmt: skip
    disputes.concede(case, by=market.supplier_of(order))
    row = Disbursement.objects.get()
    disbursing.consider(row, by=None)
    row.refresh_from_db()
    asked = disbursing.ask_to_send(row, by=market.staff[0])
    approvals.approve(asked, by=market.staff[1])
    provider.control({"fail_after": 1})
    assert sending.send_due() == 1
    assert run_money() == 1
    # Only the news tells how it ended: nobody looks by himself in this test.
    OutboxMessage.objects.filter(kind="provider.send").update(delivered_at="2026-01-01T00:00Z")


def in_a_storm(provider, news):
    """A thousand messages: each of the true ones many times, forged ones among them."""
    dice = random.Random(20)
    told = list(news)
    for row in provider.books.rows["charges"].values():
        for _n in range(MANY):
            provider.events.tell("charge.updated", row, vars(provider.books.mood))
    told += provider.events.kept[len(news) :]
    forged = []
    for n in range(FORGED):
        row = list(provider.books.rows["charges"].values())[n % 4]
        forged.append(provider.events._sign("charge.succeeded", row, 0, forged=True))
    told += dice.choices(told, k=EVENTS - FORGED - len(told))
    storm = told + forged
    dice.shuffle(storm)
    return storm


def _kinds():
    return Journal.objects.values_list("kind", flat=True)


def deliver_all():
    """What the workers do, until nothing waits."""
    while waiting := OutboxMessage.objects.filter(delivered_at=None, lane="money"):
        for pk in waiting.order_by("pk").values_list("pk", flat=True):
            outbox.deliver(pk)


def post_all(url, messages):
    """Several senders at once, and a worker that acts on what is there meanwhile."""
    answers, done = Counter(), threading.Event()

    def send(part):
        with requests.Session() as session:
            for message in part:
                answer = session.post(
                    f"{url}/webhooks/http_sim/", data=message.body, headers=message.headers,
                    timeout=60,
                )  # fmt: skip
                answers[answer.status_code] += 1

    def work():
        try:
            while not done.is_set():
                deliver_all()
                done.wait(0.05)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send, args=[messages[n::SENDERS]]) for n in range(SENDERS)]
    worker = threading.Thread(target=work)
    for thread in (*senders, worker):
        thread.start()
    for thread in senders:
        thread.join()
    done.set()
    worker.join()
    deliver_all()
    return answers


@pytest.fixture(params=["each once, in order", "in a storm"])
def posted(request, live_server, provider, news):
    """The news as posted, and what the web server answered."""
    messages = in_a_storm(provider, news) if "storm" in request.param else news
    forged = sum(m.headers["webhook-id"].startswith("forged") for m in messages)
    assert (len(messages), forged) in {(EVENTS, FORGED), (len(news), 0)}
    answers = post_all(live_server.url, messages)
    assert answers == Counter({200: len(messages) - forged, 400: forged})
    return messages


def test_however_the_news_comes_the_money_ends_in_the_reference_state(posted, market, provider):
    true = {m.headers["webhook-id"] for m in posted} - {
        m.headers["webhook-id"] for m in posted if m.headers["webhook-id"].startswith("forged")
    }
    assert set(ProviderEvent.objects.values_list("event_id", flat=True)) == true
    assert ProviderEvent.objects.filter(handled_at=None).count() == 0
    states = [Payment.objects.get(order=pk).state for pk in market.orders]
    assert states == ["cleared", "cleared", "cb_lost", "failed"]
    assert [row.state for row in Disbursement.objects.all()] == ["confirmed"]
    assert sorted(Chargeback.objects.values_list("outcome", flat=True)) == ["lost", "won"]
    held = [balance(f"escrow:{market.order(n).ref}") for n in range(4)]
    assert held == [usd("0"), usd("948.60"), usd("0"), usd("0")]
    assert balance("suspense:unidentified") == usd("0")
    # 5,580.00 went back and its fee of 2.95 % stayed; 948.60 and its fee came, less 15.00;
    # the third was taken back whole, and cost 15.00.
    assert balance("psp_receivable:http_sim") == usd("164.61") + usd("976.58") - usd("30.00")
    kinds = [kind.partition(".dispute-")[0] for kind in _kinds()]
    assert Counter(kinds) == {
        "payment.cleared": 3, "payment.fee": 3, "dispute.filed": 1, "refund": 1,
        "disbursement.sent": 1, "disbursement.confirmed": 1, "chargeback.opened": 2,
        "chargeback.won": 1, "trust.topped_up": 2,
    }  # fmt: skip
    books.check_provider(provider)
    report = checks.run()
    assert report["ok"], [one for one in report["checks"] if not one["ok"]]
