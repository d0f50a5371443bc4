"""A mailbox by reader, and the ways in which a story goes on."""

import pytest

from core import clock as business
from disputes import operations as disputes
from inspections import operations as inspections
from orders import shipping
from tests.cast import readings
from workflow import outbox
from workflow.models import OutboxMessage

OURS = ["event", "reminder", "digest", "mail"]


@pytest.fixture
def deliver():
    """Do what the relay does with the news, the reminders and the mail that wait."""

    def run():
        waiting = OutboxMessage.objects.filter(kind__in=OURS, delivered_at=None, attempts=0)
        while messages := list(waiting.all()):
            for message in messages:
                OutboxMessage.objects.filter(pk=message.pk).update(attempts=1)
                outbox.deliver(message.pk)

    return run


@pytest.fixture
def told(deliver, mailoutbox):
    """Deliver what is owed, and say who got which subject since the last time."""

    def tell():
        mailoutbox.clear()
        deliver()
        failed = OutboxMessage.objects.filter(kind__in=OURS).exclude(last_error="")
        assert list(failed.values_list("kind", "last_error")) == []
        return sorted((mail.to[0].split("@")[0], mail.subject) for mail in mailoutbox)

    return tell


def file_report(inspection, by, *, critical=0, **differing):
    """A report in which every line is as agreed, but for those named by template key."""
    agreed = {
        "number": (readings("200", "201", "199"), "", ""),
        "range": (readings("200", "201", "199"), "", ""),
        "colour": (readings("0.8", "1.1"), "yes", ""),
    }
    inspections.report(
        inspection,
        by=by,
        measured={
            line.pk: differing.get(line.template_key, agreed.get(line.kind, ([], "yes", "")))
            for line in inspection.contract.lines.all()
        },
        critical=critical,
        major=2,
        minor=3,
        remarks="Cartons 1 to 40 opened.",
        signed_name=by.name,
    )
    inspection.refresh_from_db()


TOO_LIGHT = {"fabric": (readings("181", "183", "179"), "", "")}


def ship(order, by):
    shipping.ship(
        order,
        by=by,
        carrier="COSCO",
        document_type="bill_of_lading",
        document_number="NGB123456",
        claimed_on=business.now().date(),
    )


def dispute_all(order, by, amount):
    line = order.contracts.exclude(sha256="").get().lines.get(template_key="fabric")
    return disputes.file(
        order, by=by, reason="quality", statement="The cloth is lighter.", amount=amount,
        lines=[line],
    )  # fmt: skip
