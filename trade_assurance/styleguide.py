"""The style guide: every component in every state, with made-up values, for development."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core import clock
from core.money import Money

STEPS = ["Signed", "Deposit held", "Made", "Inspected", "Balance paid", "Shipped", "Released"]
QR = (
    '<svg viewBox="0 0 21 21" role="img" aria-label="QR"><path d="M0 0h7v7h-7zM14 0h7v7h-7z'
    'M0 14h7v7h-7zM9 9h3v3h-3zM15 15h2v4h-2zM9 1h2v5h-2z"/></svg>'
)
GOODS = [
    ("Baby romper, organic cotton 200 g/m²", 620, "pcs", 500, "clothing"),
    ("Power bank, 20,000 mAh", 1140, "pcs", 300, "power-banks"),
    ("Insulated bottle, 750 ml", 485, "pcs", 1000, "bottles"),
    ("Porcelain floor tile, 600 × 600 mm", 790, "m²", 480, "tiles"),
    ("LED desk lamp", 990, "pcs", 200, "lamps"),
    ("Mailer box", 30, "pcs", 5000, "packaging"),
]


class SampleForm(forms.Form):
    """One field of each kind, filled in badly on purpose."""

    name = forms.CharField(label="Goods")
    ship_by = forms.DateField(label="Ship by", widget=forms.DateInput(attrs={"type": "date"}))
    quantity = forms.IntegerField(label="Quantity", help_text="Counted at inspection.")
    price = forms.DecimalField(label="Price of one unit")
    unit = forms.ChoiceField(label="Unit", choices=[("pcs", "pieces"), ("m2", "m²")])
    remark = forms.CharField(label="Remark", widget=forms.Textarea, required=False)
    way = forms.ChoiceField(
        label="Trade term",
        widget=forms.RadioSelect,
        choices=[("FOB", "FOB: you pay the sea freight"), ("CIF", "CIF: the supplier pays it")],
        error_messages={"required": "Choose the trade term"},
    )
    certificates = forms.MultipleChoiceField(
        label="Certificates",
        widget=forms.CheckboxSelectMultiple,
        choices=[("reach", "REACH"), ("cpsia", "CPSIA")],
        required=False,
    )
    agree = forms.BooleanField(
        label="I know that lines 2 and 7 cannot be judged",
        error_messages={"required": "Tick that you know it"},
    )
    evidence = forms.FileField(label="Evidence", required=False)


def styleguide(request):
    """Show every component. Nothing on the page is real."""
    return render(request, "public/styleguide.html", {"sample": _lists() | _moments() | _parts()})


def _lists() -> dict:
    status = ["done", "done", "done", "now", "todo", "todo", "todo"]
    return {
        "crumbs": [{"label": _("Orders"), "url": "#main"}, {"label": "TA-2026-000187"}],
        "track": [
            {"label": label, "detail": "", "status": state}
            for label, state in zip(STEPS, status, strict=True)
        ],
        "urls": ["#main", "#main"],
        "tabs": [
            {"url": "#main", "label": "Needs you", "count": 3, "current": True},
            {"url": "#main", "label": "Active", "count": 12},
            {"url": "#main", "label": "All"},
        ],
        "refund": ["Not shipped in time", "By two of the staff", "Reference RF187K7", "Expected"],
        "page": Paginator(range(500), 10).page(7),
    }


def _moments() -> dict:
    now = clock.now()
    return {
        "soon": now + timedelta(days=4),
        "far": now + timedelta(days=20),
        "past": now - timedelta(days=3),
    }


def _parts() -> dict:
    return {
        "form": _bad_form(),
        "readings": ["26.8", "27.3", "27.0"],
        "sha256": "9f2c41d7" + "0" * 52 + "e80b",
        "qr": mark_safe(QR),
        "files": _files(),
        "account": [
            {"label": "Amount, exactly", "value": "US$5,580.00", "copy": "5580.00"},
            {"label": "Payment reference", "value": "TA187 K7", "copy": "TA187K7", "big": True},
            {"label": "Account number", "value": "072-900187-6", "copy": "0729001876"},
            {"label": "Bank and SWIFT", "value": "Demo Bank, DEMOSGSG", "copy": "DEMOSGSG"},
        ],
        "products": [
            {"name": name, "price": Money(minor), "unit": unit, "least": least, "kind": kind}
            | {
                "supplier": "Little Pine",
                "place": "Zhejiang",
                "years": 6,
                "record": "97.8% on time",
            }
            for name, minor, unit, least, kind in GOODS
        ],
    }


def _bad_form() -> SampleForm:
    form = SampleForm({"name": "Rompers", "unit": "pcs", "quantity": "many", "price": "6.20"})
    form.is_valid()
    return form


def _files() -> list[dict]:
    reason = "This kind of file is not accepted. Use PDF, JPEG or PNG."
    return [
        {"name": "design_a.pdf", "size": 4_100_000, "state": "progress", "percent": 58},
        {"name": "label.pdf", "size": 41_000, "state": "done", "sha256": "ab" * 32, "url": "#main"},
        {"name": "notes.exe", "size": 400, "state": "failed", "reason": reason},
    ]
