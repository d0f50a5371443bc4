"""Amounts, days and instants in the reader's own writing (ux.md 4.5).

Django's own formats print 1234567.5 ungrouped in Chinese and Hindi and dates with a comma
too many, so the patterns are ours and the names of days, months and zones are CLDR's.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from babel.dates import format_date, format_time, format_timedelta, get_timezone_name
from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.money import Money, exponent

LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans", "hi": "hi"}
DAY_PATTERNS = {"en": "EEE d MMM y", "zh-hans": "y年M月d日 EEE", "hi": "EEE d MMMM y"}
TIME_PATTERNS = {"en": "HH:mm", "zh-hans": "HH:mm", "hi": "B h:mm"}
SYMBOLS = {
    "USD": "US$",
    "SGD": "S$",
    "HKD": "HK$",
    "CNY": "CN¥",
    "JPY": "JP¥",
    "INR": "₹",
    "EUR": "€",
    "GBP": "£",
}
WESTERN, INDIAN = "#,##0", "#,##,##0"


def language() -> str:
    """The reader's language, if we write in it; English otherwise."""
    code = (get_language() or "en").lower()
    return code if code in LOCALES else code.split("-")[0] if code[:2] == "hi" else "en"


def locale() -> str:
    """The CLDR locale that spells days, months and zones for the reader."""
    return LOCALES[language()]


def money_text(amount: Money) -> str:
    """US$18,600.00: the currency always in front; lakhs for rupees and for readers of Hindi."""
    places = exponent(amount.currency)
    grouping = INDIAN if amount.currency == "INR" or language() == "hi" else WESTERN
    pattern = grouping + ("." + "0" * places if places else "")
    digits = format_decimal(abs(amount.amount), pattern, locale="en")
    symbol = SYMBOLS.get(amount.currency, amount.currency + "\N{NO-BREAK SPACE}")
    return f"{'-' if amount.minor < 0 else ''}{symbol}{digits}"


def number_text(value: Decimal | int, pattern: str | None = None) -> str:
    """A number grouped as the reader groups it."""
    return format_decimal(value, pattern, locale=locale())


def measure_text(value: Decimal) -> str:
    """A measured number: grouped, and with exactly the decimals it was written with."""
    places = max(0, -value.as_tuple().exponent)
    return number_text(value, "#,##0" + ("." + "0" * places if places else ""))


def day_text(day: date) -> str:
    """Sat 12 Dec 2026, 2026年12月12日 周六, शनि 12 दिसंबर 2026: never 12/12/26."""
    return format_date(day, DAY_PATTERNS[language()], locale=locale())


def month_text(day: date) -> str:
    """The short name of the month, as on a calendar leaf."""
    return format_date(day, "MMM", locale=locale())


def zone_text(zone: tzinfo) -> str:
    """ "India time": a zone in words, because IST and CST each mean several zones."""
    if str(zone) == "UTC":
        return "UTC"
    name = get_timezone_name(zone, width="long", locale=locale())
    return name[: -len("Time")] + "time" if name.endswith(" Time") else name


def moment_text(instant: datetime, zone: tzinfo) -> str:
    """Sat 12 Dec 2026, 21:29 India time."""
    local = instant.astimezone(zone)
    hour = format_time(local.time(), TIME_PATTERNS[language()], locale=locale())
    gap = " " if language() == "zh-hans" else ", "
    return f"{day_text(local.date())}{gap}{hour} {zone_text(zone)}"


def machine_text(instant: datetime) -> str:
    """The instant as HTML's `datetime` attribute wants it: 2026-12-12T15:59Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def relative_text(instant: datetime) -> str:
    """ "in 4 days", "3 hours ago": whole units of the business clock, never rounded up."""
    distance = instant - clock.now()
    size = abs(distance)
    if size < timedelta(minutes=1):
        return _("now")
    if size >= timedelta(days=2):
        unit, whole = "day", timedelta(days=size // timedelta(days=1))
    elif size >= timedelta(hours=2):
        unit, whole = "hour", timedelta(hours=size // timedelta(hours=1))
    else:
        unit, whole = "minute", timedelta(minutes=size // timedelta(minutes=1))
    signed = whole if distance > timedelta(0) else -whole
    return format_timedelta(
        signed, granularity=unit, threshold=10**9, add_direction=True, locale=locale()
    )
