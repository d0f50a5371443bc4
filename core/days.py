"""Calendar arithmetic of the platform: pure functions over instants.

"N days from an event" runs to the end of the N-th calendar day after the event's date
in platform time (Asia/Singapore, UTC+8, no daylight saving; machines.md 6.0). It is kept
as an *exclusive* instant: something is on time if and only if `t < deadline`.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PLATFORM_ZONE = ZoneInfo("Asia/Singapore")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


def platform_date(instant: datetime) -> date:
    """The calendar date of an instant in platform time."""
    return instant.astimezone(PLATFORM_ZONE).date()


def end_of(day: date) -> datetime:
    """The exclusive instant at which a platform day is over."""
    midnight = datetime.combine(day + timedelta(days=1), time(), PLATFORM_ZONE)
    return midnight.astimezone(UTC)


def days_after(instant: datetime, days: int) -> datetime:
    """The exclusive end of the `days`-th calendar day after the instant's date."""
    return end_of(platform_date(instant) + timedelta(days=days))


def business_days_after(instant: datetime, days: int, holidays: Collection[date] = ()) -> datetime:
    """The exclusive end of the `days`-th working day (Mon-Fri, no holiday) after the date."""
    day = platform_date(instant)
    while days:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in holidays:
            days -= 1
    return end_of(day)


def last_day_before(deadline: datetime) -> date:
    """The last platform date on which something is still in time."""
    return platform_date(deadline - timedelta(microseconds=1))
