"""A signed report as the page that is drawn: plan, pieces, every reading, the verdict."""

import base64
from datetime import UTC

from babel.dates import format_datetime
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.documents.layout import style
from core.days import PLATFORM_ZONE
from inspections import sampling
from inspections.comparison import of_report
from inspections.forms import CLASSES
from inspections.models import Inspection
from workflow.models import Event

TEMPLATE = "inspections/pdf/report.html"
PIECES = "inspections/pdf/pieces.html"
ROOM_FOR_PHOTOS = 3_500_000  # letters: a page that is drawn has at most five million
DAY = "EEE d MMM y HH:mm:ss"


def html_for(inspection) -> str:
    """The page of a report, in English; the same report gives the same page."""
    with translation.override("en"):
        return render_to_string(TEMPLATE, _context(inspection))


def pieces_html_for(inspection) -> str:
    """The pick list as the page that is drawn, in English; the same visit gives the same page."""
    with translation.override("en"):
        return render_to_string(PIECES, list_of(inspection) | {"style": style()})


def list_of(inspection) -> dict:
    """The pick list of an agreed visit: which pieces, and what the plan allows among them."""
    plan = inspection.plan
    return {
        "inspection": inspection,
        "order": inspection.order,
        "plan": plan,
        "picked": sampling.pick_list(inspection.seed, plan["lot"], plan["sample"]),
        "whole_lot": plan["sample"] == plan["lot"],
        "commitment": sampling.seed_commitment(inspection.seed),
        "classes": [
            {"label": label, "accept": plan["accept"][name]} for name, label in CLASSES.items()
        ],
        "title": _("Pieces to check"),
    }


def _context(inspection) -> dict:
    plan, order = inspection.plan, inspection.order
    return {
        "inspection": inspection,
        "order": order,
        "contract": inspection.contract,
        "plan": plan,
        "style": style(),
        "verdict": _verdict(inspection),
        "findings": of_report(inspection),
        "classes": [
            {
                "label": label,
                "found": getattr(inspection, f"{name}_found"),
                "accept": plan["accept"][name],
                "reject": plan["accept"][name] + 1,
            }
            for name, label in CLASSES.items()
        ],
        "times": _times(inspection.reported_at),
        "commitment": sampling.seed_commitment(inspection.seed),
        "picked": sampling.pick_list(inspection.seed, plan["lot"], plan["sample"]),
        "photos": _photos(inspection),
    }


def _photos(inspection) -> list[dict]:
    """Every photo by name and hash; the small copies as long as there is room for them."""
    shown, room = [], ROOM_FOR_PHOTOS
    for photo in inspection.photos.select_related("attachment", "line"):
        with photo.small.open() as file:
            picture = base64.b64encode(file.read()).decode()
        room -= len(picture)
        shown.append({"photo": photo, "picture": picture if room >= 0 else ""})
    return shown


def _verdict(inspection) -> str:
    """What the values came to, whatever the buyer decided since."""
    said = {
        "verdict_pass": _("Passed: all lines match and the defects are within the limits"),
        "verdict_fail": _("Failed: the goods differ from the contract"),
        "verdict_pending": _("Left to the buyer: something could not be measured"),
    }
    verb = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Inspection),
        subject_id=inspection.pk,
        verb__in=said,
    ).values_list("verb", flat=True)
    return said[verb.get()]


def _times(instant) -> list[str]:
    zones = ((UTC, "UTC"), (PLATFORM_ZONE, _("Singapore time")))
    return [f"{format_datetime(instant, DAY, zone, 'en')} {name}" for zone, name in zones]
