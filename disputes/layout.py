"""A ruling as the page that is drawn: what was agreed, what was found, who gets what, and why."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation

from contracts.documents.layout import style
from core.formats.words import moment_text, money_text
from core.money import Money

TEMPLATE = "disputes/pdf/ruling.html"
PLATFORM_ZONE = "Asia/Singapore"


def html_for(document: dict, sha256: str, language: str = "en") -> str:
    """The page of a ruling. The same document gives the same page: it holds no present time."""
    with translation.override(language):
        return render_to_string(TEMPLATE, _context(document, sha256, language))


def _context(document, sha256, language) -> dict:
    def money(name):
        return money_text(Money(document[name], document["currency"]))

    return {
        "document": document,
        "language": language,
        "style": style(),
        "fingerprint": sha256,
        "claimed": money("claimed_minor"),
        "refund": money("refund_minor"),
        "release": money("release_minor"),
        "given": _moment(document["given_at"]),
        "filed": _moment(document["filed_at"]),
        "appeal_until": _moment(document["appeal_until"]) if document["appeal_until"] else "",
    }


def _moment(text: str) -> str:
    instant = datetime.fromisoformat(text).astimezone(UTC)
    return moment_text(instant, ZoneInfo(PLATFORM_ZONE))
