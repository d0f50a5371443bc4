"""Filters and tags of every page: money, days and instants in words, icons, small drawings."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from core import clock
from core.formats import drawings, words
from core.money import Money

register = template.Library()

SOON = timedelta(days=5)
CLEAR, VAGUE = 90, 60
TICKS = {"checkbox", "radioselect", "checkboxselectmultiple"}
FILES = {"file", "clearablefile"}


# --- values in words


@register.filter
def money(amount: Money | None) -> str:
    """US$18,600.00; nothing for no amount."""
    return words.money_text(amount) if amount is not None else ""


@register.simple_tag
def amount(minor: int | None, currency: str = "USD") -> str:
    """Minor units and a currency as money: `{% amount 558000 "USD" %}` is US$5,580.00."""
    return words.money_text(Money(int(minor or 0), currency))


@register.filter
def day(value: date | datetime | None) -> str:
    """Sat 12 Dec 2026; an instant is first taken to the active time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return words.day_text(value)


@register.filter
def moment(instant: datetime | None) -> str:
    """A `<time>` with day, hour and zone in words: Sat 12 Dec 2026, 21:29 India time."""
    if instant is None:
        return ""
    text = words.moment_text(instant, timezone.get_current_timezone())
    return format_html('<time datetime="{}">{}</time>', words.machine_text(instant), text)


@register.filter
def ship_by_moment(deadline: datetime | None) -> str:
    """The last minute that is still in time for an exclusive deadline: 23:59, not 00:00."""
    return moment(deadline - timedelta(seconds=1)) if deadline else ""


@register.filter
def relative(instant: datetime | None) -> str:
    """ "in 4 days", "3 hours ago", by the business clock. Never shown without the date."""
    return words.relative_text(instant) if instant else ""


@register.filter
def percent(value: Decimal | int | None, places: int = 1) -> str:
    """97.8% from Decimal("97.8"), a number that counts percents already."""
    if value is None:
        return ""
    return words.number_text(Decimal(value), "0." + "#" * places if places else "0") + "%"


@register.filter
def number(value: Decimal | int | None) -> str:
    """1,234,567 or 12,34,567: grouped as the reader groups."""
    return words.number_text(value) if value is not None else ""


@register.filter
def short_hash(fingerprint: str | None) -> str:
    """9f2c 41d7 … e80b: enough of a SHA-256 to compare by eye."""
    text = fingerprint or ""
    return f"{text[:4]} {text[4:8]} … {text[-4:]}" if len(text) > 16 else text


# --- icons and form fields


@register.simple_tag
def icon(name: str, size: int = 20, tone: str = "") -> str:
    """A Lucide icon that screen readers skip: the word stands beside it."""
    return _icon(str(name), int(size), str(tone))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, tone: str) -> str:
    names = f"icon tone-{tone}" if tone else "icon"
    return lucide(name, size=size, aria_hidden="true", focusable="false", **{"class": names})


@register.filter
def control(field) -> str:
    """A form field's widget in our look, tied to its hint and its error by id."""
    if field.widget_type in TICKS:
        return field.as_widget()
    name = "file" if field.widget_type in FILES else "input"
    given = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{given} {name}".strip()})


# --- small drawings and lists of steps


@register.simple_tag
def money_bar(currency, **parts) -> dict:
    """Segments, amounts and the full sentence of the money meter; parts in minor units."""
    minor = {key: int(parts.get(key) or 0) for key in (*drawings.MONEY_PARTS, "due")}
    total = sum(minor.values())
    text = {key: words.money_text(Money(value, currency)) for key, value in minor.items()}
    sentence = _(
        "%(held)s held, %(due)s still to pay, %(released)s released, "
        "%(refunded)s refunded, %(disputed)s in dispute."
    )
    return {
        "segments": drawings.segments([(k, minor[k]) for k in drawings.MONEY_PARTS], total),
        "amounts": text,
        "disputed": minor["disputed"],
        "total": words.money_text(Money(total, currency)),
        "sentence": sentence % text,
    }


@register.simple_tag
def coverage(limit, used, this_order=0, currency="USD") -> dict:
    """Geometry and words of a coverage bar: used by others, by this order, free, beyond."""
    limit, used, own = int(limit or 0), int(used or 0), int(this_order or 0)
    values = {"limit": limit, "used": used, "own": own}
    values |= {"free": max(0, limit - used - own), "over": max(0, used + own - limit)}
    drawn = [("used", min(used, limit)), ("own", max(0, min(own, limit - used)))]
    text = {key: words.money_text(Money(value, currency)) for key, value in values.items()}
    return {"segments": drawings.segments(drawn, limit), "over": values["over"], "text": text}


@register.simple_tag
def leaf(deadline: datetime, done: bool = False) -> dict:
    """The calendar leaf of an exclusive deadline: month, day, and how near it is."""
    last = timezone.localtime(deadline - timedelta(seconds=1))
    left = deadline - clock.now()
    tone = "done" if done else "passed" if left <= timedelta(0) else "soon" if left < SOON else ""
    if not tone and last.date() == timezone.localtime(clock.now()).date():
        tone = "soon"
    return {"month": words.month_text(last.date()), "day": last.day, "tone": tone}


@register.simple_tag
def tolerance(low=None, high=None, value=None, readings=(), unit="") -> dict:
    """A tolerance band: its geometry and its verdict as a sentence."""
    low, high, value = (
        Decimal(str(v)) if v not in (None, "") else None for v in (low, high, value)
    )
    band = drawings.band(low, high, value, [Decimal(str(r)) for r in readings or ()])
    low, high, value = (None if v is None else words.measure_text(v) for v in (low, high, value))
    tell = {key: f"{v} {unit}".strip() for key, v in (("l", low), ("h", high), ("v", value))}
    if low is None and high is None:
        agreed = _("No limits agreed.")
    elif low is None:
        agreed = _("Agreed at most %(h)s.") % tell
    elif high is None:
        agreed = _("Agreed at least %(l)s.") % tell
    else:
        agreed = _("Agreed %(low)s to %(h)s.") % {**tell, "low": low}
    found = {
        "inside": _("Inside the limits"),
        "above": _("%(by)s over the limit"),
        "below": _("%(by)s under the limit"),
        "unmeasured": _("Not measured"),
    }[band.state] % {"by": f"{words.measure_text(band.excess)} {unit}".strip()}
    measured = _("Measured %(v)s") % tell if value is not None else ""
    return {
        "band": band, "low": low, "high": high, "found": found, "measured": measured,
        "sentence": " ".join(filter(None, [agreed, measured and measured + ".", found + "."])),
    }  # fmt: skip


def _decimal(value) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


@register.simple_tag
def clarity(score: int) -> dict:
    """The word, tone and icon of a clarity score of 0 to 100."""
    score = int(score)
    if score >= CLEAR:
        return {"tone": "ok", "word": _("Clear"), "icon": "circle-check"}
    if score >= VAGUE:
        return {"tone": "held", "word": _("Add detail"), "icon": "circle-dot"}
    return {"tone": "bad", "word": _("Too vague"), "icon": "triangle-alert"}


@register.simple_tag
def wizard(current: int, urls=None) -> list[dict]:
    """The five steps of an order, each done, now or todo, with links to the ones reachable."""
    labels = [_("Order"), _("Talk"), _("Contract"), _("Confirm"), _("Pay")]
    links = list(urls or []) + [None] * len(labels)
    return _staged(labels, int(current), links)


@register.simple_tag
def refund_way(current: int, details=None) -> list[dict]:
    """The four steps of a refund; step 5 as current means that all four are done."""
    labels = [_("Decided"), _("Approved"), _("Sent"), _("In your account")]
    texts = list(details or []) + [""] * len(labels)
    return [step | {"detail": step["url"]} for step in _staged(labels, int(current), texts)]


def _staged(labels: list[str], current: int, extra: list) -> list[dict]:
    return [
        {
            "n": n,
            "label": label,
            "url": extra[n - 1],
            "status": "done" if n < current else "now" if n == current else "todo",
        }
        for n, label in enumerate(labels, start=1)
    ]


@register.filter
def current_step(steps: list[dict]) -> int:
    """Which step of a tracker is under way, counted from 1; the last one when all are done."""
    for n, step in enumerate(steps, start=1):
        if step["status"] in {"now", "branch"}:
            return n
    return len(steps)


@register.simple_tag
def day_cells(day_number: int, days: int = 15) -> list[dict]:
    """The cells of a bar of days: past, today, left."""
    today = int(day_number)
    return [
        {
            "x": drawings.share(n, int(days)),
            "width": drawings.percent(0.88 / int(days)),
            "state": "past" if n + 1 < today else "today" if n + 1 == today else "left",
        }
        for n in range(int(days))
    ]


@register.simple_tag(takes_context=True)
def with_page(context, number: int) -> str:
    """The query string of this list at another page, its filters kept."""
    query = context["request"].GET.copy()
    query["page"] = number
    return "?" + query.urlencode()


@register.simple_tag
def elided(page) -> list:
    """Page numbers around this one, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1))
