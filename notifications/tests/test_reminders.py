"""Deadlines that come near: each is reminded of once a step, and only while it is open."""

from datetime import timedelta

import pytest
from django.conf import settings as project

from core import clock as business
from core import days
from core.formats.words import day_text
from disputes import hearing, rulings
from disputes import operations as disputes
from notifications.models import Notice, Reminder
from notifications.tasks import announce_reminder, remind
from notifications.tests.conftest import TOO_LIGHT, dispute_all, file_report
from payments.models import StatementLine
from payments.tests.leaving import Bank
from tests.cast import usd
from tests.trades import sign_as
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


# --- every other clock that waits for somebody


def near(kind, subject, clock, days):
    clock.move_to(deadlines.due_at(kind, subject) - timedelta(days=days))
    return remind()


def test_a_request_without_an_answer_reminds_the_supplier(placed_order, clock, told):
    told()
    assert near("order.confirm", placed_order, clock, 2) == 1
    assert told() == [("lin", f"Answer the order request {placed_order.code}: 2 days left")]


def test_both_are_reminded_to_sign_and_then_only_who_has_not(
    proposed_contract, supplier, clock, told
):
    ref = proposed_contract.order.code
    told()
    assert near("order.sign", proposed_contract.order, clock, 5) == 1
    five = f"Sign the contract for {ref}: 5 days left"
    assert told() == [("asha", five), ("lin", five)]
    sign_as(proposed_contract, supplier)
    told()
    assert near("order.sign", proposed_contract.order, clock, 2) == 1
    assert told() == [("asha", f"Sign the contract for {ref}: 2 days left")]


def test_a_late_order_reminds_the_supplier_of_its_proof_and_the_buyer_of_the_choice(
    funded_order, clock, run_clock, told, mailoutbox
):
    ref = funded_order.code
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    told()
    assert near("order.prove_shipment", funded_order, clock, 1) == 1
    assert told() == [("lin", f"Prove the shipment of {ref}: 1 day left")]
    assert near("order.choose_when_late", funded_order, clock, 2) == 1
    assert told() == [("asha", f"Choose for {ref}: 2 days left")]
    assert "Everything held is refunded to the buyer." in mailoutbox[0].body


def test_goods_that_count_as_accepted_soon_remind_the_buyer(
    delivered_order, clock, told, mailoutbox
):
    told()
    for left, words in ((3, "3 days"), (1, "1 day")):
        assert near("order.accept", delivered_order, clock, left) == 1
        assert told() == [("asha", f"Check the goods of {delivered_order.code}: {words} left")]
    assert "The goods count as accepted and the money is released." in mailoutbox[0].body


def test_the_day_before_the_visit_the_inspector_and_the_supplier_are_reminded(
    inspection, clock, told, mailoutbox
):
    told()
    day_before = days.end_of(inspection.visit_on) - timedelta(days=2)
    clock.move_to(day_before - timedelta(seconds=1))
    assert remind() == 0
    clock.move_to(day_before)
    assert remind() == 1
    day = day_text(inspection.visit_on)
    ref = inspection.order.code
    assert told() == [
        ("grace", f"Your visit on {day}: inspection of {ref}"),
        ("lin", f"Prepare the goods of {ref}: inspection on {day}"),
    ]
    clock.move_to(day_before + timedelta(days=1))
    assert remind() == 0


def test_a_report_that_is_due_tomorrow_reminds_the_agency(inspection, clock, told):
    told()
    assert near("inspection.report", inspection, clock, 1) == 1
    ((who, subject),) = told()
    assert who == "grace"
    assert subject.startswith("File your report by ")


def test_a_failed_inspection_without_a_decision_reminds_the_buyer(
    inspection, inspector, clock, told
):
    file_report(inspection, inspector, **TOO_LIGHT)
    told()
    assert near("inspection.decide", inspection, clock, 3) == 1
    ref = inspection.order.code
    assert told() == [("asha", f"Decide about the inspection of {ref}: 3 days left")]


def test_only_the_side_that_may_still_add_evidence_is_reminded_and_the_mediator_of_the_ruling(
    funded_order, buyer, supplier, mediator, clock, told
):
    ref = funded_order.code
    dispute = dispute_all(funded_order, buyer, usd("5580.00"))
    disputes.refuse(dispute, by=supplier, reason="It is as agreed.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    hearing.say_done(dispute, by=buyer)
    told()
    assert near("dispute.evidence", dispute, clock, 2) == 1
    assert told() == [("lin", f"Add evidence on {ref}: 2 days left")]
    hearing.say_done(dispute, by=supplier)
    told()
    assert near("dispute.decide", dispute, clock, 3) == 1
    assert told() == [("meera", f"Give the ruling on {ref}: 3 days left")]


def test_a_receipt_without_an_owner_is_told_to_the_finance_office_after_four_hours(
    signed_order, account, finance, second_finance, clock, told, mailoutbox
):
    Bank(account, finance).receives(usd("900.00"), text="?")
    line = StatementLine.objects.get()
    told()
    clock.forward(hours=3, minutes=59)
    assert remind() == 0
    clock.forward(minutes=1)
    assert remind() == 1
    assert remind() == 0
    subject = f"Match a receipt: US$900.00, statement line {line.pk}"
    assert told() == [("daniel", subject), ("farah", subject)]
    assert near("line.return", line, clock, 3) == 1
    subject = f"Last days to match a receipt: US$900.00, statement line {line.pk}"
    assert told() == [("daniel", subject), ("farah", subject)]
