"""The grammar of change, shown on real orders."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock as business
from orders import operations as orders
from orders.models import Order
from tests.cast import open_deadlines
from workflow import deadlines, outbox
from workflow.engine import verbs
from workflow.errors import NotAllowed, Refused
from workflow.models import Deadline, Event, OutboxMessage

pytestmark = pytest.mark.django_db


def everything():
    return (
        list(Order.objects.values_list("pk", "state")),
        Event.objects.count(),
        OutboxMessage.objects.count(),
        list(Deadline.objects.values_list("kind", "closed_at")),
    )


def test_the_state_cannot_be_written_by_hand(draft_order):
    with pytest.raises(AttributeError):
        draft_order.state = Order.State.COMPLETED


def test_a_stranger_is_refused_and_nothing_moves(placed_order, stranger):
    before = everything()
    with pytest.raises(NotAllowed):
        orders.decline(placed_order, by=stranger, reason="Mine")
    assert everything() == before


def test_what_the_state_forbids_is_refused_and_nothing_moves(draft_order, buyer):
    before = everything()
    with pytest.raises(Refused) as refusal:
        orders.confirm_delivery(draft_order, by=buyer)
    assert refusal.value.code == "state_conflict"
    assert everything() == before


def test_each_side_is_offered_only_what_would_succeed(placed_order, buyer, supplier, stranger):
    assert verbs(placed_order, buyer) == {"withdraw"}
    assert verbs(placed_order, supplier) == {"accept_order", "decline", "withdraw"}
    assert verbs(placed_order, stranger) == set()


def test_every_change_is_one_line_of_history_and_owes_its_news(placed_order, buyer):
    event = Event.objects.get(verb="place")
    assert (event.source, event.target, event.actor) == ("draft", "placed", buyer)
    assert event.actor_role == "Kidzone Retail, signer"
    assert OutboxMessage.objects.filter(kind="event", payload={"event": event.pk}).count() == 1


def test_history_is_a_chain_of_hashes_per_trade(placed_order):
    events = list(Event.objects.filter(trade_ref=placed_order.ref).order_by("n"))
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    assert events[0].prev_hash == ""
    for before, after in pairwise(events):
        assert after.prev_hash == before.hash
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workflow_event e WHERE hash <> workflow_event_hash(e)")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE workflow_event SET verb = 'x'", "DELETE FROM workflow_event"],
)
def test_postgresql_refuses_to_change_history(placed_order, sql):
    before = Event.objects.count()
    with (
        pytest.raises(IntegrityError, match="history is written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Event.objects.count() == before


def test_a_clock_that_is_over_fires_before_a_late_command_and_the_command_is_refused(
    placed_order, supplier, clock
):
    from contracts.operations import accept_order

    due = deadlines.due_at("order.confirm", placed_order)
    clock.move_to(due)
    with pytest.raises(Refused):
        accept_order(placed_order, by=supplier)
    placed_order.refresh_from_db()
    assert placed_order.state == Order.State.EXPIRED
    assert Event.objects.get(verb="expire_unconfirmed").actor is None


def test_a_microsecond_before_the_deadline_is_in_time(placed_order, supplier, clock):
    from contracts.operations import accept_order

    clock.move_to(deadlines.due_at("order.confirm", placed_order) - timedelta(microseconds=1))
    accept_order(placed_order, by=supplier)
    assert placed_order.state == Order.State.CONTRACTING


def test_a_deadline_fires_once_however_often_it_is_swept(placed_order, clock, run_clock):
    clock.forward(days=8)
    run_clock()
    run_clock()
    assert Event.objects.filter(verb="expire_unconfirmed").count() == 1
    assert open_deadlines(placed_order) == []


def test_a_sweep_claims_batch_by_batch_each_clock_once(placed_order, clock):
    due_at = deadlines.due_at("order.confirm", placed_order)
    for n in range(4):  # two at one instant, so that batches are cut between equal ones
        deadlines.start(f"test.{n // 2}.{n}", placed_order, due_at + timedelta(days=n // 2))
    clock.forward(days=20)
    batches = list(deadlines.claim_all(2))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert [pk for batch in batches for pk in batch] == list(
        Deadline.objects.due().values_list("pk", flat=True)
    )


def test_a_clock_that_fails_steps_aside_is_seen_and_lets_nobody_act_late(
    placed_order, supplier, clock, settings
):
    from dataclasses import replace

    broken = replace(settings.DEADLINES["order.confirm"], handler="orders.operations.place")
    settings.DEADLINES = settings.DEADLINES | {"order.confirm": broken}
    clock.forward(days=8)
    with pytest.raises(Refused) as refusal:
        orders.decline(placed_order, by=supplier, reason="Too late")
    assert refusal.value.code == "clock_stalled"
    deadline = Deadline.objects.get(kind="order.confirm")
    assert deadline.closed_at is None
    assert "TypeError" in deadline.last_error
    assert deadlines.claim(10) == []
    placed_order.refresh_from_db()
    assert placed_order.state == Order.State.PLACED


def test_a_message_that_fails_stays_owed_and_is_tried_later(placed_order, settings):
    settings.OUTBOX = settings.OUTBOX | {"event": "tests.test_engine.fails"}
    message = OutboxMessage.objects.first()
    assert outbox.deliver(message.pk) is False
    message.refresh_from_db()
    assert message.delivered_at is None
    assert "broken line" in message.last_error
    assert message.try_at > business.real_now()


def fails(event):
    raise RuntimeError("broken line")


def test_a_leased_message_is_not_handed_out_twice(placed_order):
    first = outbox.claim("news", 100)
    assert len(first) == OutboxMessage.objects.filter(lane="news").count()
    assert outbox.claim("news", 100) == []
