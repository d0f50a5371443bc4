"""A person's time limits as a calendar that other programs subscribe to (RFC 5545).

The address is the key: whoever has it can read the calendar, so it is secret, it can be ended
at any time, and nothing in it is an amount, an account or a person's name.
"""

import hashlib
import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from accounts.models import CalendarFeed
from core import clock
from core.days import PLATFORM_ZONE
from core.formats.words import moment_text
from orders.certificate import visible
from orders.lists import orders_of
from workflow.models import Deadline

MOST = 500
BLOCK = timedelta(minutes=15)
WARNING = timedelta(days=1)


def new_address(user) -> str:
    """A new secret for this person's calendar; the one before ends with it."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": digest_of(secret), "made_at": clock.now()}
    )
    return secret


def end_address(user):
    """The calendar of this person can be read by nobody any more."""
    CalendarFeed.objects.filter(user=user).delete()


def reader_of(secret):
    """The active person to whom this secret belongs, or None."""
    feed = CalendarFeed.objects.filter(digest=digest_of(secret), user__is_active=True)
    found = feed.select_related("user__company").first()
    return found.user if found else None


def digest_of(secret):
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def deadlines_of(user):
    """The running clocks that concern this person, soonest first."""
    running = Deadline.objects.open()
    if user.is_staff:
        running = running.filter(kind__in=_kinds_of_staff(user))
    else:
        running = running.filter(trade_ref__in=orders_of(user).values("code"))
        running = visible(running, user)
    return running.order_by("due_at", "pk")[:MOST]


def calendar_of(user, url_of) -> bytes:
    """The calendar file. `url_of` gives the address of an order's page of clocks."""
    calendar = Calendar()
    calendar.add("prodid", "-//Trade Assurance//Clocks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Time limits in Trade Assurance"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    zone = _zone_of(user)
    for row in deadlines_of(user):
        calendar.add_component(_event(row, zone, url_of(row.trade_ref)))
    return calendar.to_ical()


def _event(row, zone, url):
    """The quarter of an hour that ends with the exclusive instant, with a warning a day before."""
    known = row.clock
    event = Event()
    event.add("uid", f"deadline-{row.pk}@trade-assurance")
    event.add("dtstamp", clock.now())
    event.add("dtstart", row.due_at - BLOCK)
    event.add("dtend", row.due_at)
    event.add("summary", f"{known.title} · {row.trade_ref}")
    event.add("description", _told(row, zone))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{known.title} · {row.trade_ref}")
    alarm.add("trigger", -WARNING)
    event.add_component(alarm)
    return event


def _told(row, zone):
    """The words of an entry: until when, who acts, what silence means."""
    return _(
        "In time means before %(here)s (%(there)s).\n"
        "Who must act: %(actor)s.\nIf nobody does: %(silence)s"
    ) % {
        "here": moment_text(row.due_at, zone),
        "there": moment_text(row.due_at, PLATFORM_ZONE),
        "actor": row.clock.actor,
        "silence": row.clock.silence,
    }


def _zone_of(user):
    company = user.company
    return ZoneInfo(user.time_zone or (company.time_zone if company else "") or settings.TIME_ZONE)


def _kinds_of_staff(user):
    """The clocks in which our staff act, by duty."""
    return [
        kind
        for kind, known in settings.DEADLINES.items()
        if known.duty in user.duties or (not known.duty and kind.startswith(OWN_WORK))
    ]


OWN_WORK = ("disbursement.", "dispute.assign", "dispute.decide")
