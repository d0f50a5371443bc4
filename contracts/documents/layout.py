"""A contract document as the page that is drawn: everything in words, both clocks, the seal."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date, format_datetime
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from contracts.canonical import canonical, sha256_hex
from contracts.document import ContractDocument, SignatureRecord
from contracts.documents.third_party import clauses_of
from core.money import Money

TEMPLATE = "contracts/pdf/contract.html"
STYLE = "css/contract-pdf.css"
PLACES = {
    "Asia/Kolkata": lambda: _("India time"),
    "Asia/Shanghai": lambda: _("China time"),
    "Asia/Singapore": lambda: _("Singapore time"),
    "UTC": lambda: _("UTC"),
}


def html_for(
    document: ContractDocument, signatures: list[SignatureRecord], language: str = "en"
) -> str:
    """The page of a contract in a language, with the signatures that exist so far.

    The same document and signatures give the same page: it holds no present time.
    """
    with translation.override(language):
        return render_to_string(TEMPLATE, _context(document, signatures, language))


def _context(document, signatures, language) -> dict:
    locale = to_locale(language)
    sides = {record["side"] for record in signatures}
    fingerprint = sha256_hex(canonical(document))
    address = f"{settings.BASE_URL}{reverse('verify')}?contract={fingerprint}"
    return {
        "document": document,
        "language": language,
        "fingerprint": fingerprint,
        "check_page": address.partition("?")[0],
        "check_code": _code(address),
        "style": style(),
        "total": _money(document, document["price"]["total_minor"], locale),
        "instalments": [
            part | {"amount": _money(document, part["amount_minor"], locale)}
            for part in document["payment_plan"]
        ],
        "ships": _ships(document, locale),
        "lines": [_line(row) for row in document["lines"]],
        "clauses": [_clause(row) for row in clauses_of(document)],
        "signatures": [_signature(record, document, locale) for record in signatures],
        "signed_by_buyer": "buyer" in sides,
        "signed_by_both": len(sides) > 1,
        "seal_turns": range(0, 180, 20),
        "proposed": _instant(document["proposed_at"], ["UTC"], locale)[0],
    }


def style() -> str:
    """The style sheet of every document that the platform draws."""
    path = finders.find(STYLE)
    if path is None:
        raise FileNotFoundError(f"The style sheet {STYLE} is not among the static files.")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _code(address: str) -> str:
    """A QR code that leads to the check of this contract, drawn as SVG."""
    made = segno.make(address, error="m", micro=False)
    return made.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)


def _money(document, minor: int, locale: str) -> str:
    return Money(minor, document["price"]["currency"]).format(locale)


def _ships(document, locale: str) -> str:
    delivery = document["delivery"]
    if delivery["ship_by"] is None:
        return _("%(days)d days after the first payment is held, end of that day, %(place)s") % {
            "days": delivery["lead_days"],
            "place": _place(delivery["zone"]),
        }
    day = format_date(date.fromisoformat(delivery["ship_by"]), _day(locale), locale)
    return _("%(day)s, until 23:59 %(place)s") % {"day": day, "place": _place(delivery["zone"])}


def _line(row) -> dict:
    minus, plus = row["tolerance_minus"], row["tolerance_plus"]
    if minus == plus:
        allowed = f"± {plus}" if plus else ""
    else:
        allowed = " / ".join(sign + text for sign, text in (("+", plus), ("−", minus)) if text)
    severities = {"critical": _("Critical"), "major": _("Major"), "minor": _("Minor")}
    name = row["attachment_name"]
    return row | {
        "tolerance": allowed,
        "severity_name": severities[row["severity"]],
        "file": "" if name == row["requirement"] else name,
    }


def _clause(row) -> dict:
    translated = _(row["text"]) if row["text"] else ""
    return row | {
        "title_here": _(row["title"]) if row["title"] else "",
        "translated": translated if translated != row["text"] else "",
    }


def _signature(record, document, locale: str) -> dict:
    zones = ["UTC", document["buyer"]["zone"], document["supplier"]["zone"]]
    return record | {"times": _instant(record["signed_at"], zones, locale)}


def _instant(text: str, zones: list[str], locale: str) -> list[str]:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return [
        format_datetime(moment, _day(locale) + " HH:mm:ss", ZoneInfo(zone), locale)
        + f" {_place(zone)}"
        for zone in dict.fromkeys(zones)
    ]


def _place(zone: str) -> str:
    return PLACES[zone]() if zone in PLACES else zone


def _day(locale: str) -> str:
    return "y年M月d日 EEE" if locale.startswith("zh") else "EEE d MMM y"
