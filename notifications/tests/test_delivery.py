"""Told once, mailed until it worked, at the same price for one reader and for many."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock as business
from notifications.models import Notice
from notifications.tasks import announce, send_letter
from orders import operations as orders
from tests.cast import person
from workflow import outbox
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db


class DeadMailServer:
    """A mail server that does not answer."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("the mail server is down")


def placing():
    return Event.objects.get(verb="place")


def test_a_second_delivery_of_the_same_event_tells_nobody_twice(placed_order, told):
    assert len(told()) == 1
    announce(placing().pk)
    assert told() == []
    assert Notice.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="mail").count() == 1


def test_one_who_joined_after_a_first_delivery_is_told_and_the_others_are_not_again(
    placed_order, supplier, told
):
    told()
    person("bo@littlepine.example", "Bo Chen", supplier.company)
    announce(placing().pk)
    assert [who for who, _ in told()] == ["bo"]


def test_the_database_refuses_a_second_notice_of_the_same_event(placed_order, told):
    told()
    notice = Notice.objects.get()
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save()
    assert Notice.objects.count() == 1


def test_a_notice_is_of_an_event_or_of_a_reminder_never_of_neither(supplier):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(reader=supplier, subject="From nowhere")
    assert Notice.objects.count() == 0


def test_an_event_that_nobody_must_hear_of_owes_no_mail(draft_order, told):
    assert Event.objects.get().name == "order.start"
    assert told() == []
    assert not Notice.objects.exists()


def test_nobody_is_told_before_the_outbox_is_delivered(placed_order, mailoutbox):
    assert mailoutbox == []
    assert not Notice.objects.exists()
    assert OutboxMessage.objects.filter(kind="event", delivered_at=None).count() == 2


def test_a_mail_server_that_is_down_leaves_the_letter_owed_and_it_goes_later(
    placed_order, deliver, settings
):
    settings.EMAIL_BACKEND = "notifications.tests.test_delivery.DeadMailServer"
    deliver()
    owed = OutboxMessage.objects.get(kind="mail")
    assert owed.delivered_at is None
    assert owed.try_at > business.real_now()
    assert "the mail server is down" in owed.last_error
    assert Notice.objects.get().mailed_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.deliver(owed.pk)
    assert [message.to for message in mail.outbox] == [["lin@littlepine.example"]]
    owed.refresh_from_db()
    assert owed.delivered_at is not None
    assert Notice.objects.get().mailed_at is not None


def test_a_letter_that_went_is_not_sent_again(placed_order, told, mailoutbox):
    told()
    mailoutbox.clear()
    send_letter(Notice.objects.get().pk)
    assert mailoutbox == []


def test_a_person_who_left_before_the_letter_went_gets_none(placed_order, supplier, mailoutbox):
    announce(placing().pk)
    supplier.is_active = False
    supplier.save()
    send_letter(Notice.objects.get().pk)
    assert mailoutbox == []
    assert Notice.objects.get().mailed_at is None


def test_telling_ten_people_costs_as_many_queries_as_telling_one(
    draft_order, buyer, supplier, told
):
    orders.place(draft_order, by=buyer, quality_basis=True)
    event = placing().pk
    announce(event)
    Notice.objects.all().delete()
    with CaptureQueriesContext(connection) as one:
        announce(event)
    Notice.objects.all().delete()
    for n in range(9):
        person(f"p{n}@littlepine.example", f"Person {n}", supplier.company)
    with CaptureQueriesContext(connection) as ten:
        announce(event)
    assert Notice.objects.count() == 10
    assert len(ten) == len(one)
