"""Putting a letter into words: in the reader's own language, time zone and way of writing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.formats import words
from core.money import Money
from notifications.cases import order_of
from notifications.letters.letter import BACK_OFFICE, BANK_ACCOUNTS, COVERAGE, SETTINGS, SUBJECT
from notifications.models import Notice
from trade_center.lures import mentions_paying_elsewhere

PAGES = {BACK_OFFICE: "admin:index", SETTINGS: "profile", COVERAGE: "coverage"}


def write(letter, facts, *, reader, subject):
    """The Notice, not yet saved, that tells `reader` about `subject` with this letter."""
    with translation.override(reader.language):
        told = _in_words(letter, facts, zone_of(reader))
        return Notice(
            reader=reader,
            letter=letter.name,
            subject=" ".join((letter.subject % told).split())[:200],
            trade_ref=_ref(subject),
            text="\n".join(_lines(letter, told)),
            button=str(letter.button),
            path=_path(letter, subject),
            needs_you=letter.needs_you,
        )


def zone_of(reader):
    """The reader's own time zone, else the company's, else the platform's."""
    company = reader.company
    return ZoneInfo(
        reader.time_zone or (company.time_zone if company else "") or settings.TIME_ZONE
    )


def _lines(letter, told):
    """What happened, what to do or what comes next, what silence means, what was said."""
    yield from (line % told for line in (letter.happened, letter.act, letter.then) if line)
    if letter.deadline:
        silence = settings.DEADLINES[letter.deadline].silence
        yield _("If this does not happen in time: %(silence)s") % {"silence": silence}
    if said := letter.quotes and told[letter.quotes]:
        yield _quoted(said)


def _quoted(said):
    """What a person wrote, unless it may name an account or a way to pay elsewhere (X21)."""
    if mentions_paying_elsewhere(said):
        return _(
            "The text is shown on the page only, because it may speak of paying elsewhere. "
            "Such a payment is not covered."
        )
    return f"“{said}”"


def _in_words(letter, facts, zone):
    if letter.deadline and "clocks" in facts:
        facts = facts | {"due": facts["clocks"][letter.deadline]}
    told = {name: _word(value, zone) for name, value in facts.items() if name != "clocks"}
    if "due" in facts:
        told["due_day"] = words.day_text(facts["due"].astimezone(zone).date())
    return told


def _word(value, zone):
    if isinstance(value, Money):
        return words.money_text(value)
    if isinstance(value, datetime):
        return words.moment_text(value, zone)
    if isinstance(value, date):
        return words.day_text(value)
    if isinstance(value, list):
        return " ".join(_word(part, zone) for part in value)
    return value if isinstance(value, int) else str(value)


def _ref(subject):
    """The order that a notice is filed under; "" if it is about none."""
    order = order_of(subject)
    return order.ref if order else ""


def _path(letter, subject):
    """Where the button leads: the record's own page, its order, the accounts, the back office."""
    if letter.opens == BANK_ACCOUNTS:
        return _bank_accounts()
    if page := PAGES.get(letter.opens):
        return reverse(page)
    if letter.opens == SUBJECT and hasattr(subject, "get_absolute_url"):
        return subject.get_absolute_url()
    order = order_of(subject)
    return order.get_absolute_url() if order else reverse("home")


def _bank_accounts():
    try:
        return reverse("bank_accounts")
    except NoReverseMatch:
        return reverse("home")
