"""What the pages about money are made of: tables, links, amounts, account numbers in part."""

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from core.formats.words import money_text
from core.money import Money
from payments.bank_data import masked

NOTHING = "–"
HIDDEN = {"account", "account_number", "payer_account"}


def table(rows, headings=()):
    """Rows of cells as a table that scrolls by itself on a narrow page; a dash without rows."""
    rows = list(rows)
    if not rows:
        return NOTHING
    return render_to_string("payments/admin/_table.html", {"rows": rows, "headings": headings})


def link(record, text=None):
    """A record by its page in the back office; its name alone where there is none."""
    if record is None:
        return NOTHING
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
    try:
        url = reverse(name, args=[record.pk])
    except NoReverseMatch:
        return str(text or record)
    return format_html('<a href="{}">{}</a>', url, text or record)


def chip(text, tone=""):
    """A state as a small label; tones: ok, held, info, bad."""
    return format_html('<span class="chip {}">{}</span>', tone, text)


def amount(minor, currency):
    """Minor units as money, a dash for none."""
    if minor is None:
        return NOTHING
    return format_html('<span class="num">{}</span>', money_text(Money(minor, currency)))


def facts(data, currency="", prefix=""):
    """A (nested) JSON object as rows of name and value; account numbers in part only."""
    for name, value in data.items():
        label = f"{prefix}{name}".replace("_", " ")
        if isinstance(value, dict):
            yield from facts(value, currency, f"{label}: ")
        else:
            yield label, _fact(name, value, currency)


def _fact(name, value, currency):
    if name in HIDDEN:
        return masked(str(value or ""))
    if name in {"amount", "minor", "left"} and currency and isinstance(value, int):
        return money_text(Money(value, currency))
    if name == "parts":
        return "; ".join(f"{ref}: {money_text(Money(minor, currency))}" for ref, minor in value)
    return NOTHING if value in (None, "") else str(value)
