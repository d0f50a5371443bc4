"""The clock certificate: every time limit of an order, what comes next, more time, calendars."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from accounts.models import CalendarFeed
from core import days
from orders.calendar import digest_of, new_address
from orders.tests.reading import see, words
from payments.lateness import choose_when_late
from tests.cast import person
from trade_assurance.clocks import DEADLINES
from workflow import deadlines
from workflow.clocks import coming
from workflow.errors import NotAllowed, Refused
from workflow.extending import extend, latest, may_extend
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db


def running(order, kind):
    return Deadline.objects.open().get(trade_ref=order.code, kind=kind)


def day_after(deadline, count):
    return days.last_day_before(deadline.due_at) + timedelta(days=count)


# --- the page


def test_every_clock_names_who_must_act_and_what_silence_means():
    assert [kind for kind, row in DEADLINES.items() if not (row.actor and row.silence)] == []


def test_the_order_leads_to_its_certificate(client, buyer, funded_order):
    page = see(client, buyer, funded_order).content.decode()
    assert f'href="/orders/{funded_order.code}/clocks/"' in page


def test_the_certificate_shows_rule_zone_instant_actor_and_effect(
    client, clock, buyer, draft_order, supplier
):
    from orders.operations import place

    clock.move_to(datetime(2026, 3, 2, 4, tzinfo=UTC))
    place(draft_order, by=buyer, quality_basis=True)
    text = words(see(client, buyer, draft_order, "order_clocks"))
    assert "Supplier confirms the order T1" in text
    assert "Before Mon 9 Mar 2026, 21:30 India time" in text
    assert "In Singapore Tue 10 Mar 2026, 00:00 Singapore time" in text
    assert "In UTC 2026-03-09T16:00Z" in text
    assert "Rule The end of the 7-th calendar day after, in Singapore time." in text
    assert "Who must act The supplier" in text
    assert "If nobody does The order closes. Nothing is charged." in text


def test_a_stranger_finds_no_certificate(client, stranger, funded_order):
    assert see(client, stranger, funded_order, "order_clocks").status_code == 404


def test_clocks_that_are_over_say_how_they_ended(client, buyer, late_order):
    text = words(see(client, buyer, late_order, "order_clocks"))
    assert "Supplier ships" in text
    assert "Missed: the rule was carried out" in text
    assert "Kept, or not needed" in text


def test_a_claim_that_is_being_written_is_shown_to_its_own_side_only(
    client, buyer, supplier, funded_order
):
    from disputes.operations import save_draft

    save_draft(funded_order, by=buyer, typed={"statement": "Not yet"})
    assert "A claim that is being written" in words(
        see(client, buyer, funded_order, "order_clocks")
    )
    for page in ("order_clocks", "order"):
        seen = words(see(client, supplier, funded_order, page))
        assert "A claim that is being written" not in seen


# --- what comes next


def test_the_next_three_events_follow_from_the_clocks_that_run():
    deadline = datetime(2026, 3, 31, 16, tzinfo=UTC)
    found = coming([("order.ship", datetime(2026, 1, 1, tzinfo=UTC), deadline)], DEADLINES)
    assert [(event.kind, event.at, event.sure) for event in found] == [
        ("order.ship", deadline, True),
        ("order.prove_shipment", datetime(2026, 4, 3, 16, tzinfo=UTC), False),
        ("order.choose_when_late", datetime(2026, 4, 7, 16, tzinfo=UTC), False),
    ]


def test_claims_count_from_the_delivery_and_not_from_the_acceptance():
    shipped, due = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 6, 16, tzinfo=UTC)
    found = coming([("order.deliver", shipped, due)], DEADLINES)
    assert [(event.kind, event.at) for event in found] == [
        ("order.deliver", due),
        ("order.accept", datetime(2026, 3, 22, 16, tzinfo=UTC)),
        ("order.claim", datetime(2026, 4, 6, 16, tzinfo=UTC)),
    ]


def test_what_was_foretold_is_what_happens(shipped_order, clock, run_clock):
    clock.forward(hours=48)
    run_clock()
    foretold = coming(
        Deadline.objects.open()
        .filter(trade_ref=shipped_order.code)
        .values_list("kind", "started_at", "due_at"),
        DEADLINES,
    )
    for event in foretold:
        row = running(shipped_order, event.kind)
        assert row.due_at == event.at
        clock.move_to(row.due_at)
        run_clock()
    assert [event.kind for event in foretold] == ["order.deliver", "order.accept", "order.claim"]


# --- more time


def test_staff_extend_a_clock_with_a_reason_that_stays_in_the_history(
    delivered_order, mediator, client, buyer
):
    row = running(delivered_order, "order.accept")
    before = row.due_at
    extend(row, by=mediator, last_day=day_after(row, 5), reason="The port is closed.")
    row.refresh_from_db()
    assert (row.due_at, row.first_due_at) == (before + timedelta(days=5), before)
    event = Event.objects.get(trade_ref=delivered_order.code, verb="extend_clock")
    assert (event.actor, event.reason) == (mediator, "The port is closed.")
    assert "“The port is closed.”" in words(see(client, buyer, delivered_order, "order_clocks"))
    history = words(see(client, buyer, delivered_order))
    assert "Meera Nair gave more time: Buyer checks the goods." in history


def test_an_extended_clock_fires_at_its_new_instant_and_not_at_the_old_one(
    delivered_order, mediator, clock, run_clock
):
    row = running(delivered_order, "order.accept")
    before = row.due_at
    extend(row, by=mediator, last_day=day_after(row, 1), reason="Asked for by both.")
    clock.move_to(before)
    run_clock()
    delivered_order.refresh_from_db()
    assert delivered_order.state == "delivered"
    clock.move_to(before + timedelta(days=1))
    run_clock()
    delivered_order.refresh_from_db()
    assert delivered_order.state == "completed"


@pytest.mark.parametrize(
    ("added", "code"), [(0, "never_shorter"), (-1, "never_shorter"), (16, "extended_too_far")]
)
def test_a_clock_is_never_shortened_nor_extended_beyond_its_bound(
    delivered_order, mediator, added, code
):
    row = running(delivered_order, "order.accept")
    before = row.due_at
    with pytest.raises(Refused) as refusal:
        extend(row, by=mediator, last_day=day_after(row, added), reason="Why not.")
    assert refusal.value.code == code
    row.refresh_from_db()
    assert (row.due_at, row.first_due_at) == (before, None)


def test_all_extensions_together_keep_within_the_bound(delivered_order, mediator):
    row = running(delivered_order, "order.accept")
    last = days.last_day_before(latest(row))
    extend(row, by=mediator, last_day=last - timedelta(days=1), reason="First.")
    row.refresh_from_db()
    extend(row, by=mediator, last_day=last, reason="Second.")
    row.refresh_from_db()
    with pytest.raises(Refused):
        extend(row, by=mediator, last_day=last + timedelta(days=1), reason="Third.")


def test_it_needs_a_reason_the_duty_and_a_clock_that_still_runs(
    delivered_order, mediator, finance, clock
):
    row = running(delivered_order, "order.accept")
    with pytest.raises(Refused) as refusal:
        extend(row, by=mediator, last_day=day_after(row, 1), reason="  ")
    assert refusal.value.code == "reason_missing"
    with pytest.raises(NotAllowed):
        extend(row, by=finance, last_day=day_after(row, 1), reason="Because.")
    clock.move_to(row.due_at)
    with pytest.raises(Refused) as refusal:
        extend(row, by=mediator, last_day=day_after(row, 1), reason="Too late.")
    assert refusal.value.code == "clock_stopped"
    delivered_order.refresh_from_db()
    assert delivered_order.state == "completed"


def test_nobody_extends_the_fifteen_days_the_ship_date_or_the_late_choice(
    disputed_order, late_order, mediator
):
    administrator = person("ada@ta.example", "Ada", duty="administrator")
    for kind in ("dispute.resolve", "order.ship", "order.choose_when_late"):
        for row in Deadline.objects.open().filter(kind=kind):
            assert not may_extend(row, mediator)
            assert not may_extend(row, administrator)


def test_the_back_office_lists_the_running_clocks_and_extends_one(
    client, delivered_order, mediator
):
    mediator.is_superuser = True
    mediator.save()
    client.force_login(mediator)
    row = running(delivered_order, "order.accept")
    page = words(client.get(reverse("admin:workflow_deadline_changelist")))
    assert "T7 Buyer checks the goods" in page
    assert "T2 Both sign the contract" not in page.split("By state")[0]
    address = reverse("admin:workflow_deadline_do", args=[row.pk, "extend"])
    assert "ends on" in words(client.get(address))
    refused = client.post(address, {"last_day": date(2020, 1, 1), "reason": "No."})
    assert "A clock is never shortened." in words(refused)
    before = row.due_at
    client.post(address, {"last_day": day_after(row, 2), "reason": "A holiday."})
    row.refresh_from_db()
    assert row.due_at == before + timedelta(days=2)


def test_the_back_office_has_no_button_for_a_clock_that_nobody_extends(
    client, late_order, mediator
):
    client.force_login(mediator)
    row = running(late_order, "order.choose_when_late")
    answer = client.get(reverse("admin:workflow_deadline_do", args=[row.pk, "extend"]))
    assert answer.status_code == 403
    assert deadlines.due_at("order.choose_when_late", late_order) == row.due_at


# --- calendars


def events_of(answer):
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_calendar_ends_each_entry_at_the_exclusive_instant(client, clock, buyer, funded_order):
    answer = client.get(reverse("calendar_file", args=[new_address(buyer)]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events_of(answer)
    due = running(funded_order, "order.ship").due_at
    assert event["SUMMARY"] == f"Supplier ships · {funded_order.code}"
    assert event.decoded("DTEND") == due
    assert event.decoded("DTSTART") == due - timedelta(minutes=15)
    assert "Who must act: The supplier." in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/orders/{funded_order.code}/clocks/")
    assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [timedelta(days=-1)]


def test_a_calendar_holds_only_the_orders_of_its_owner(client, stranger, funded_order):
    assert events_of(client.get(reverse("calendar_file", args=[new_address(stranger)]))) == []


def test_staff_have_the_clocks_of_their_own_duty(client, mediator, finance, delivered_order):
    kinds = [
        str(e["SUMMARY"])
        for e in events_of(client.get(reverse("calendar_file", args=[new_address(mediator)])))
    ]
    assert kinds == [f"Buyer checks the goods · {delivered_order.code}"]
    assert events_of(client.get(reverse("calendar_file", args=[new_address(finance)]))) == []


def test_the_address_is_shown_once_kept_as_a_hash_and_ended_at_will(client, buyer, funded_order):
    client.force_login(buyer)
    page = client.post(reverse("calendar"), {"do": "new"}).content.decode()
    (secret,) = re.findall(r'value="http://testserver/calendar/([^"]+)\.ics"', page)
    assert CalendarFeed.objects.get(user=buyer).digest == digest_of(secret)
    assert secret not in client.get(reverse("calendar")).content.decode()
    address = reverse("calendar_file", args=[secret])
    client.logout()
    assert client.get(address).status_code == 200
    client.force_login(buyer)
    client.post(reverse("calendar"), {"do": "end"})
    assert client.get(address).status_code == 404


def test_a_new_address_ends_the_old_one_and_a_person_who_left_has_none(client, buyer):
    first, second = new_address(buyer), new_address(buyer)
    assert client.get(reverse("calendar_file", args=[first])).status_code == 404
    assert client.get(reverse("calendar_file", args=[second])).status_code == 200
    buyer.is_active = False
    buyer.save()
    assert client.get(reverse("calendar_file", args=[second])).status_code == 404


def test_the_late_order_in_the_calendar_is_the_choice_and_the_proof(client, buyer, late_order):
    choose_when_late(late_order, by=buyer, choice="wait")
    found = events_of(client.get(reverse("calendar_file", args=[new_address(buyer)])))
    assert [str(event["SUMMARY"]).split(" · ")[0] for event in found] == [
        "Supplier proves an earlier shipment"
    ]
