"""The buyer orders an inspection before the goods are ready: in time, for a day that fits."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import days
from inspections import booking, operations
from inspections.policies import may_book
from workflow.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def test_seven_working_days_have_to_be_left():
    deadline = days.end_of(date(2026, 3, 31))  # a Tuesday
    assert may_book(days.end_of(date(2026, 3, 20)) - timedelta(seconds=1), deadline)
    assert not may_book(days.end_of(date(2026, 3, 22)), deadline)
    assert may_book(days.end_of(date(2026, 3, 22)), None)


def test_the_buyer_orders_a_visit_and_nobody_is_asked_twice(
    funded_order, buyer, supplier, inspector
):
    first, _last = booking.bookable_days(funded_order)
    wanted = first + timedelta(days=3)
    found = booking.book(funded_order, by=buyer, visit_on=wanted)
    assert (found.state, found.agency, found.visit_on) == (
        "appointed",
        inspector.company,
        wanted,
    )
    assert operations.declare_ready(funded_order, by=supplier) == found
    assert funded_order.inspections.count() == 1
    with pytest.raises(Refused, match="needs no inspection now"):
        booking.book(funded_order, by=buyer, visit_on=wanted)
    assert funded_order.inspections.count() == 1


def test_too_late_or_on_a_day_that_does_not_fit_nothing_is_ordered(
    funded_order, buyer, supplier, inspector, clock
):
    first, last = booking.bookable_days(funded_order)
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(Refused, match="Choose a day from"):
            booking.book(funded_order, by=buyer, visit_on=day)
    with pytest.raises(NotAllowed):
        booking.book(funded_order, by=supplier, visit_on=first)
    clock.move_to(funded_order.ship_deadline - timedelta(days=7))
    with pytest.raises(Refused, match="seven working days before the goods leave"):
        booking.book(funded_order, by=buyer, visit_on=last)
    assert funded_order.inspections.count() == 0


def test_the_page_orders_it_and_keeps_a_day_that_is_refused(
    client, funded_order, buyer, supplier, inspector
):
    address = reverse("inspection_book", args=[funded_order.code])
    first, _last = booking.bookable_days(funded_order)
    client.force_login(supplier)
    assert client.get(address).status_code == 404
    client.force_login(buyer)
    early = (first - timedelta(days=2)).isoformat()
    refused = client.post(address, {"visit_on": early})
    assert refused.status_code == 422
    assert early in refused.content.decode()
    assert client.post(address, {"visit_on": first.isoformat()}).status_code == 302
    assert funded_order.inspections.get().visit_on == first
