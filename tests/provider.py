"""A provider to pay through: the simulator on a free port, and the money lane of the outbox."""

import base64

import pytest

from payments import charges
from payments.models import PaymentMethod, ProviderOperation
from payments.simulator import Simulator
from workflow import outbox
from workflow.models import OutboxMessage

SECRET = base64.b64encode(b"only the simulator and we know it").decode()


@pytest.fixture
def simulator():
    with Simulator(SECRET) as running:
        yield running


@pytest.fixture
def provider(account, settings, simulator):
    """The simulator, set up as the provider of every card and wallet."""
    settings.PAYMENT_PROVIDER = "http_sim"
    settings.PAYMENT_PROVIDERS = {
        "http_sim": {"url": simulator.url, "secret": SECRET, "timeout": 1}
    }
    settings.EGRESS_ALLOW_LOOPBACK = True
    settings.ROOT_URLCONF = "payments.tests.webhook_urls"
    PaymentMethod.objects.exclude(kind="transfer").update(provider="http_sim")
    return simulator


@pytest.fixture
def run_money():
    """Do what waits in the money lane, once each; what fails stays owed. How many failed."""

    def run():
        waiting = OutboxMessage.objects.filter(delivered_at=None, lane="money").order_by("pk")
        return [outbox.deliver(pk) for pk in waiting.values_list("pk", flat=True)].count(False)

    return run


@pytest.fixture
def charged(provider, signed_order, buyer, run_money):
    """A deposit of US$5,580.00 under way by Visa: the buyer stands before the hosted page."""
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    assert run_money() == 0
    return ProviderOperation.objects.get(payment=payment)


@pytest.fixture
def deliver(client, provider):
    """Post events of the simulator to the webhook; by default all that it has kept."""

    def post(messages=None):
        if messages is None:
            messages, provider.events.kept = provider.events.kept, []
        return [
            client.post(
                "/webhooks/http_sim/",
                data=message.body,
                content_type="application/json",
                headers=message.headers,
            ).status_code
            for message in messages
        ]

    return post
