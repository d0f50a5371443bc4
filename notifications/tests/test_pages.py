"""The list of notifications: one's own, unread first, a page at a time."""

import pytest
from django.urls import reverse

from notifications import queries
from notifications.models import Notice, Reminder
from notifications.queries import Sieve, by_order, page_of, unread_count
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def notices(placed_order, supplier):
    """Six unread notices of two orders, the newest last."""
    event = Event.objects.get(verb="place")
    reminders = [
        Reminder.objects.create(
            deadline=Deadline.objects.get(trade_ref=placed_order.ref),
            days=n,
            due_at=event.happened_at,
        )
        for n in range(6)
    ]
    return [
        Notice.objects.create(
            reminder=reminder,
            reader=supplier,
            trade_ref=("TA-A", "TA-B")[n % 2],
            subject=f"Notice {n}",
            text="It happened.\nDo this.",
            path=f"/orders/{n}/",
            needs_you=n == 5,
        )
        for n, reminder in enumerate(reminders)
    ]


def read(*notices):
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(read_at=notices[0].created_at)


def test_unread_counts_ones_own_notices_only(notices, buyer, supplier):
    read(notices[0], notices[1])
    assert unread_count(supplier) == 4
    assert unread_count(buyer) == 0


def test_the_list_is_unread_first_and_newest_first_page_by_page(notices, supplier, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    read(notices[5], notices[2])
    seen, after = [], ""
    for _ in range(3):
        page, after = page_of(supplier, after)
        seen += [notice.subject[-1] for notice in page]
    assert seen == ["4", "3", "1", "0", "5", "2"]
    assert after == ""


@pytest.mark.parametrize("mark", ["", "x9", "u", "u1'--", "u" + "9" * 40])
def test_a_mark_that_makes_no_sense_starts_at_the_top(notices, supplier, mark):
    page, _ = page_of(supplier, mark)
    assert [notice.pk for notice in page] == [n.pk for n in reversed(notices)]


def test_notices_are_grouped_by_order_in_the_order_of_the_newest(notices):
    groups = by_order(list(reversed(notices)))
    assert [(ref, [n.subject[-1] for n in group]) for ref, group in groups] == [
        ("TA-B", ["5", "3", "1"]),
        ("TA-A", ["4", "2", "0"]),
    ]


def test_the_page_shows_ones_own_notices_and_nobody_elses(client, notices, buyer, supplier):
    client.force_login(supplier)
    page = client.get(reverse("notifications")).content.decode()
    assert page.count("Do this.") == 6
    assert f'href="/notifications/{notices[5].pk}/"' in page
    assert "TA-A" in page
    assert "style=" not in page
    client.force_login(buyer)
    assert "Do this." not in client.get(reverse("notifications")).content.decode()


def test_a_visitor_is_asked_to_sign_in(client):
    for name in ("notifications", "notifications_read"):
        answer = client.post(reverse(name))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_all_that_was_shown_is_marked_read_and_what_came_later_is_not(client, notices, supplier):
    client.force_login(supplier)
    shown = notices[4].pk
    answer = client.post(reverse("notifications_read"), {"newest": shown})
    assert answer["Location"] == reverse("notifications")
    assert list(Notice.objects.filter(read_at=None)) == [notices[5]]


def test_nobody_marks_the_notices_of_another_and_a_get_marks_nothing(
    client, notices, buyer, supplier
):
    client.force_login(buyer)
    client.post(reverse("notifications_read"), {"newest": notices[5].pk})
    client.force_login(supplier)
    assert client.get(reverse("notifications_read")).status_code == 405
    client.post(reverse("notifications_read"), {"newest": "all"})
    assert unread_count(supplier) == 6


def test_the_page_costs_the_same_for_one_notice_and_for_thirty(
    client, notices, supplier, django_assert_max_num_queries
):
    client.force_login(supplier)
    client.get(reverse("notifications"))
    with django_assert_max_num_queries(6):
        client.get(reverse("notifications"))


def test_opening_a_notice_leads_to_what_it_is_about_and_marks_it_read(
    client, notices, buyer, supplier
):
    client.force_login(buyer)
    assert client.get(reverse("notification", args=[notices[5].pk])).status_code == 404
    assert unread_count(supplier) == 6
    client.force_login(supplier)
    answer = client.get(reverse("notification", args=[notices[5].pk]))
    assert answer["Location"] == "/orders/5/"
    assert unread_count(supplier) == 5


def test_the_sieve_lets_through_what_is_asked_for_and_pages_keep_it(
    client, notices, supplier, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 2)
    Notice.objects.filter(pk__in=[n.pk for n in notices[:4]]).update(letter="money_held")
    read(notices[1])
    assert [n.pk for n in page_of(supplier, "", Sieve("unread", "money"))[0]] == [
        notices[3].pk,
        notices[2].pk,
    ]
    assert [n.pk for n in page_of(supplier, "", Sieve("act"))[0]] == [notices[5].pk]
    assert [n.pk for n in page_of(supplier, "", Sieve("", "", "TA-A"))[0]] == [
        notices[4].pk,
        notices[2].pk,
    ]
    client.force_login(supplier)
    page = client.get(reverse("notifications"), {"topic": "money", "show": "unread"})
    text = page.content.decode()
    assert f"?show=unread&amp;topic=money&amp;after=u{notices[2].pk}" in text
    assert "Mark these as read" in text


@pytest.mark.parametrize(
    "asked", [{"show": "x"}, {"topic": "__class__"}, {"order": "\x00"}, {"after": "u1'"}]
)
def test_a_filter_that_makes_no_sense_shows_everything(client, notices, supplier, asked):
    client.force_login(supplier)
    page = client.get(reverse("notifications"), asked)
    assert page.content.decode().count("Do this.") == 6


def test_only_what_passed_the_sieve_is_marked_read(client, notices, supplier):
    client.force_login(supplier)
    answer = client.post(reverse("notifications_read"), {"newest": notices[5].pk, "order": "TA-B"})
    assert answer["Location"] == reverse("notifications") + "?order=TA-B"
    unread = Notice.objects.filter(read_at=None).order_by("pk")
    assert list(unread) == [notices[0], notices[2], notices[4]]


def test_what_was_not_wanted_on_the_page_is_neither_listed_nor_counted(client, notices, supplier):
    Notice.objects.filter(pk=notices[5].pk).update(on_site=False)
    assert unread_count(supplier) == 5
    client.force_login(supplier)
    page = client.get(reverse("notifications")).content.decode()
    assert "Notice 5" not in page
    assert "5 are unread." in page
