"""News of a provider: signed, kept once, and believed only after asking (requirement 16)."""

import random

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ledger.balances import balance
from ledger.models import Journal
from payments import calls, charges
from payments.models import Payment, ProviderEvent, ProviderOperation
from payments.webhooks import LARGEST
from tests.cast import usd
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db


def held(order):
    return balance(f"escrow:{order.ref}")


def outcomes():
    return list(ProviderEvent.objects.order_by("pk").values_list("outcome", flat=True))


def test_news_of_a_payment_is_kept_answered_and_acted_upon_afterwards(
    charged, provider, deliver, run_money
):
    provider.books.pay(charged.external_ref)
    assert deliver() == [200]
    event = ProviderEvent.objects.get()
    assert (event.kind, event.external_ref) == ("charge", charged.external_ref)
    assert (event.handled_at, held(charged.order)) == (None, usd("0"))
    assert run_money() == 0
    assert (held(charged.order), outcomes()) == (usd("5580.00"), ["succeeded"])


def test_the_same_news_three_times_is_one_event_and_one_journal(
    charged, provider, deliver, run_money
):
    """Scenario 15."""
    provider.control({"duplicate": 2})
    provider.books.pay(charged.external_ref)
    assert deliver() == [200, 200, 200]
    assert ProviderEvent.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="provider.news").count() == 1
    assert run_money() == 0
    assert held(charged.order) == usd("5580.00")
    assert Journal.objects.filter(kind="payment.cleared").count() == 1


def test_a_forged_signature_is_answered_400_and_nothing_is_kept(charged, provider, deliver):
    provider.control({"forge": 100})
    provider.books.pay(charged.external_ref)
    assert sorted(deliver()) == [200, 400]
    assert ProviderEvent.objects.count() == 1
    assert not ProviderEvent.objects.filter(event_id__startswith="forged").exists()


def test_true_words_under_an_altered_body_or_an_old_time_are_forged(charged, provider, deliver):
    provider.books.pay(charged.external_ref)
    (message,) = provider.events.kept
    altered = type(message)(message.body.replace("succeeded", "succeedeD"), message.headers)
    stale = type(message)(message.body, message.headers | {"webhook-timestamp": "1700000000"})
    nobody = type(message)(message.body, {})
    assert deliver([altered, stale, nobody]) == [400, 400, 400]
    assert ProviderEvent.objects.count() == 0


def test_a_signed_lie_credits_nobody(charged, provider, deliver, run_money):
    """The event says that it is paid; the provider, when asked, does not."""
    row = provider.books.rows["charges"][charged.external_ref]
    provider.events.tell(
        "charge.succeeded", row | {"status": "succeeded"}, vars(provider.books.mood)
    )
    assert deliver() == [200]
    assert run_money() == 0
    assert (held(charged.order), outcomes()) == (usd("0"), ["pending"])


def test_news_of_something_that_the_provider_does_not_know_is_noted(
    charged, provider, deliver, run_money
):
    ghost = {"id": "ch_999", "status": "succeeded", "reference": "x"}
    provider.events.tell("charge.succeeded", ghost, vars(provider.books.mood))
    provider.events.tell("customer.created", ghost, vars(provider.books.mood))
    assert deliver() == [200, 200]
    assert run_money() == 0
    assert outcomes() == ["unknown to the provider", "of no concern"]


def test_news_that_is_faster_than_the_answer_is_matched_by_its_key(
    provider, signed_order, buyer, deliver, run_money
):
    """The answer to our call was lost; the buyer has paid all the same."""
    provider.control({"fail_after": 1})
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    assert run_money() == 1
    provider.books.pay("ch_000001")
    deliver()
    OutboxMessage.objects.filter(kind="provider.send").update(delivered_at="2026-01-01T00:00Z")
    assert run_money() == 0
    charge = charges.charge_of(payment)
    assert (charge.status, charge.external_ref) == ("succeeded", "ch_000001")
    assert held(signed_order) == usd("5580.00")


def test_a_refund_that_is_told_before_the_payment_waits_for_it(
    charged, provider, deliver, run_money
):
    """Scenario 15: the refund event comes before the capture event."""
    provider.control({"reorder": 2})
    provider.books.pay(charged.external_ref)
    body = {"amount_minor": 100, "currency": "USD", "destination": charged.external_ref}
    provider.books.create("refunds", body, "made-at-the-providers-desk", "")
    told_refund, told_payment = provider.events.kept
    assert "refund.succeeded" in told_refund.body
    assert deliver([told_refund]) == [200]
    assert run_money() == 1
    assert ProviderEvent.objects.get().handled_at is None
    assert deliver([told_payment]) == [200]
    run_money()
    assert run_money() == 0
    assert held(charged.order) == usd("5580.00")
    assert outcomes() == ["not one of ours", "succeeded"]


def test_events_shuffled_repeated_and_one_in_ten_forged_end_in_the_reference_state(
    charged, provider, deliver, run_money, buyer
):
    """Two declined tries, then a payment; every event comes many times, in any order."""
    for number in ("ch_000001", "ch_000002"):
        provider.books.decline(number)
        calls.look(ProviderOperation.objects.get(external_ref=number).pk)
        charges.start_charge(charged.order, by=buyer, method="visa")
        run_money()
    provider.control({"duplicate": 20, "forge": 230})
    provider.books.pay("ch_000003")
    for row in provider.books.rows["charges"].values():
        for _ in range(3):
            provider.events.tell("charge.updated", row, vars(provider.books.mood))
    messages, provider.events.kept = provider.events.kept, []
    random.Random(7).shuffle(messages)
    forged = sum(m.headers["webhook-id"].startswith("forged") for m in messages)
    assert (len(messages), forged) == (235, 23)
    answers = []
    for at in range(0, len(messages), 40):
        answers += deliver(messages[at : at + 40])
        assert run_money() == 0
    assert (answers.count(400), answers.count(200)) == (23, 212)
    assert [p.state for p in Payment.objects.order_by("pk")] == ["failed", "failed", "cleared"]
    assert held(charged.order) == usd("5580.00")
    assert balance("psp_receivable:http_sim") == usd("5744.61")
    assert balance("suspense:unidentified") == usd("0")
    assert Journal.objects.count() == 2
    assert ProviderOperation.objects.count() == len(provider.books.rows["charges"]) == 3


def test_what_a_provider_told_us_is_written_once(charged, provider, deliver, run_money):
    provider.books.pay(charged.external_ref)
    deliver()
    run_money()
    told = ProviderEvent.objects.all()
    for change in (
        lambda: told.update(kind="refund"),
        lambda: told.update(outcome="something else"),
        told.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert outcomes() == ["succeeded"]


def test_the_webhook_takes_posts_of_providers_that_are_set_up_and_needs_no_csrf_token(provider):
    client = Client(enforce_csrf_checks=True)
    assert (
        client.post("/webhooks/http_sim/", data="{}", content_type="text/plain").status_code == 400
    )
    assert client.get("/webhooks/http_sim/").status_code == 405
    assert client.post("/webhooks/stripe/").status_code == 404
    assert client.post("/webhooks/nobody/").status_code == 404


def test_a_message_that_is_too_large_is_not_read(provider, client):
    answer = client.post("/webhooks/http_sim/", b"x" * (LARGEST + 1), content_type="text/plain")
    assert answer.status_code == 413
    assert ProviderEvent.objects.count() == 0


@pytest.mark.parametrize("body", ["[]", "null", '{"type": 7}', '{"data": {"id": {}}}', "\x00"])
def test_a_signed_message_without_sense_is_kept_and_does_nothing(
    provider, deliver, run_money, body
):
    from standardwebhooks import Webhook

    from core.clock import real_now
    from payments.simulator.events import Message
    from tests.provider import SECRET

    now = real_now()
    headers = {
        "webhook-id": "evt_x",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("evt_x", now, body),
    }
    readable = body != "\x00"
    assert deliver([Message(body, headers)]) == [200 if readable else 400]
    assert run_money() == 0
    assert outcomes() == (["of no concern"] if readable else [])
