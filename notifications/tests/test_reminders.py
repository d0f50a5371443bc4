"""Deadlines that come near: each is reminded of once a step, and only while it is open."""

from datetime import timedelta

import pytest
from django.conf import settings as project

from core import clock as business
from core import days
from notifications.models import Notice, Reminder
from notifications.tasks import announce_reminder, remind
from notifications.tests.conftest import dispute_all
from tests.cast import usd
from workflow import deadlines
from workflow.models import Deadline, OutboxMessage

pytestmark = pytest.mark.django_db


def test_beat_and_the_outbox_know_the_reminders():
    tasks = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
    assert "notifications.tasks.remind" in tasks
    assert project.OUTBOX["reminder"] == "notifications.tasks.announce_reminder"


def test_the_supplier_is_reminded_to_ship_7_3_and_1_days_before(funded_order, clock, told):
    told()
    due = funded_order.ship_deadline
    ref = funded_order.code
    clock.move_to(due - timedelta(days=7, seconds=1))
    assert remind() == 0
    for left, words in ((7, "7 days"), (3, "3 days"), (1, "1 day")):
        clock.move_to(due - timedelta(days=left))
        assert remind() == 1
        assert remind() == 0
        assert told() == [("lin", f"Ship {ref}: {words} left")]
    clock.move_to(due)
    assert remind() == 0
    assert Reminder.objects.count() == 3


def test_the_buyer_is_reminded_to_pay_2_days_before_with_what_is_missing(
    signed_order, clock, told, mailoutbox
):
    told()
    clock.move_to(deadlines.due_at("order.pay", signed_order) - timedelta(days=2))
    assert remind() == 1
    assert told() == [("asha", f"Pay for {signed_order.code}: 2 days left")]
    assert "Pay US$5,580.00 by " in mailoutbox[0].body
    assert "The order closes." in mailoutbox[0].body


def test_the_supplier_is_reminded_of_a_dispute_5_2_and_1_days_before(
    funded_order, buyer, clock, told
):
    dispute = dispute_all(funded_order, buyer, usd("5580.00"))
    told()
    for left, words in ((5, "5 days"), (2, "2 days"), (1, "1 day")):
        clock.move_to(deadlines.due_at("dispute.resolve", dispute) - timedelta(days=left))
        assert remind() == 1
        assert told() == [("lin", f"Settle the dispute on {funded_order.code}: {words} left")]


def test_a_step_that_was_slept_through_is_not_made_up_for(funded_order, clock, told):
    told()
    clock.move_to(funded_order.ship_deadline - timedelta(days=2))
    assert remind() == 1
    assert Reminder.objects.get().days == 3


def test_nobody_is_reminded_of_more_days_than_were_promised(signed_order, clock):
    deadlines.move("order.pay", signed_order, days.days_after(business.now(), 1))
    assert remind() == 0


def test_a_deadline_that_was_moved_is_reminded_of_again(funded_order, clock, told):
    told()
    due = funded_order.ship_deadline
    clock.move_to(due - timedelta(days=7))
    assert remind() == 1
    deadlines.move("order.ship", funded_order, due + timedelta(days=30))
    clock.move_to(due + timedelta(days=23))
    assert remind() == 1
    assert list(Reminder.objects.values_list("days", flat=True)) == [7, 7]


def test_a_reminder_whose_deadline_was_kept_meanwhile_tells_nobody(funded_order, clock, told):
    told()
    clock.move_to(funded_order.ship_deadline - timedelta(days=3))
    remind()
    deadlines.keep("order.ship", funded_order)
    assert told() == []
    assert OutboxMessage.objects.get(kind="reminder").delivered_at is not None


def test_a_reminder_delivered_twice_tells_nobody_twice(funded_order, clock, told):
    told()
    clock.move_to(funded_order.ship_deadline - timedelta(days=3))
    remind()
    assert len(told()) == 1
    announce_reminder(Reminder.objects.get().pk)
    assert told() == []
    assert Notice.objects.exclude(reminder=None).count() == 1


def test_the_sweep_costs_the_same_for_many_deadlines(
    funded_order, clock, django_assert_num_queries
):
    clock.move_to(funded_order.ship_deadline - timedelta(days=3))
    own = Deadline.objects.get(kind="order.ship")
    for n in range(20):
        Deadline.objects.create(
            kind="order.ship",
            trade_ref=f"other-{n}",
            subject_type=own.subject_type,
            subject_id=10_000 + n,
            due_at=own.due_at,
            started_at=own.started_at,
        )
    with django_assert_num_queries(4):  # savepoint, claim, owe, savepoint
        assert remind() == 21
