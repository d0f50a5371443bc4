"""One letter a day, at the reader's own hour, with what waits; never two, never an empty one."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as project

from notifications.channels import Channels
from notifications.models import Digest, Notice
from notifications.preferences import choose
from notifications.tasks import digest, send_digest
from trade_center.operations import send
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def message_in_digest(placed_order, buyer, supplier, told):
    told()
    choose(buyer, {"message": Channels(mail=False, digest=True)}, digest_hour=8)
    send(placed_order, by=supplier, text="Which colour?")
    assert told() == []


def test_beat_and_the_outbox_know_the_digest():
    tasks = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
    assert "notifications.tasks.digest" in tasks
    assert project.OUTBOX["digest"] == "notifications.tasks.send_digest"


def test_it_comes_at_the_hour_of_the_readers_own_zone_and_once_a_day(
    message_in_digest, placed_order, clock, told, mailoutbox
):
    clock.move_to(datetime(2027, 1, 8, 2, 29, tzinfo=UTC))
    assert digest() == 0
    clock.move_to(datetime(2027, 1, 8, 2, 30, tzinfo=UTC))
    assert digest() == 1
    assert digest() == 0
    assert told() == [("asha", "1 thing happened")]
    assert f"Message on {placed_order.code} from Lin Xiaosong" in mailoutbox[0].body
    clock.forward(hours=12)
    assert digest() == 0
    assert told() == []


def test_what_waits_on_the_home_page_leads_it_with_its_last_moment(
    placed_order, supplier, clock, told, mailoutbox
):
    told()
    choose(supplier, {}, digest_hour=8)
    clock.move_to(datetime(2027, 1, 8, 0, 0, tzinfo=UTC))
    assert digest() == 1
    assert told() == [("lin", "1 thing needs you today")]
    (mail,) = mailoutbox
    assert placed_order.code in mail.body
    assert "Until " in mail.body
    assert ", 23:59 China time." in mail.body
    assert f"http://127.0.0.1:8000/orders/{placed_order.code}/" in mail.body
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    assert f"http://127.0.0.1:8000/orders/{placed_order.code}/" in html
    assert "style=" not in html
    assert mail.extra_headers["Message-ID"] == f"<digest.{Digest.objects.get().pk}@127.0.0.1>"


def test_staff_find_the_piles_of_their_duties(signed_order, paid, finance, clock, told, mailoutbox):
    paid(signed_order.instalments.get(n=1), payer="SOMEBODY ELSE LTD")
    told()
    choose(finance, {}, digest_hour=8)
    clock.move_to(datetime(2027, 1, 8, 0, 0, tzinfo=UTC))
    assert digest() == 1
    assert [who for who, _subject in told()] == ["daniel"]
    assert "Payments under review: 1" in mailoutbox[0].body


def test_a_day_on_which_nothing_waits_has_no_letter(buyer, clock, told):
    choose(buyer, {}, digest_hour=0)
    assert digest() == 1
    assert told() == []
    assert Digest.objects.get().lines == []
    assert OutboxMessage.objects.get(kind="digest").delivered_at is not None


def test_news_is_carried_by_one_digest_only(message_in_digest, clock, told):
    clock.move_to(datetime(2027, 1, 8, 3, 0, tzinfo=UTC))
    digest()
    assert len(told()) == 1
    assert Notice.objects.get(in_digest=True).digest == Digest.objects.get()
    clock.forward(days=1)
    assert digest() == 1
    assert told() == []


def test_a_digest_that_is_sent_again_says_the_same(
    message_in_digest, placed_order, supplier, clock, told, mailoutbox
):
    clock.move_to(datetime(2027, 1, 8, 3, 0, tzinfo=UTC))
    digest()
    told()
    first = mailoutbox[0]
    send(placed_order, by=supplier, text="And which size?")
    Digest.objects.update(mailed_at=None)
    mailoutbox.clear()
    send_digest(Digest.objects.get().pk)
    (second,) = mailoutbox
    assert (second.body, second.extra_headers) == (first.body, first.extra_headers)


def test_who_left_gets_none(message_in_digest, buyer, clock, told):
    buyer.is_active = False
    buyer.save()
    clock.move_to(datetime(2027, 1, 8, 3, 0, tzinfo=UTC))
    assert digest() == 0
    assert told() == []


def test_the_sweep_costs_the_same_for_many_readers(
    buyer, supplier, finance, clock, django_assert_num_queries
):
    for person in (buyer, supplier, finance):
        choose(person, {}, digest_hour=0)
    with django_assert_num_queries(4):  # savepoint, claim, owe, savepoint
        assert digest() == 3
