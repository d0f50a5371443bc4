"""The pick list and the sealed report: drawn and sealed outside any transaction."""

import hashlib

from django.core.files.base import ContentFile

from contracts.documents.render import render
from contracts.documents.seal import seal
from inspections.booking import note_pieces, note_sealed
from inspections.models import Inspection
from inspections.paper import html_for, pieces_html_for


def seal_report(inspection):
    """Draw and seal a report that was signed; done once, safe to repeat."""
    found = Inspection.objects.get(pk=inspection)
    if found.sealed_at or found.reported_at is None:
        return
    sealed = seal(
        render(html_for(found)), reason="The inspector signed this report", when=found.reported_at
    )
    found.pdf.save("report.pdf", ContentFile(sealed), save=False)
    note_sealed(found, by=None, path=found.pdf.name, pdf_sha256=hashlib.sha256(sealed).hexdigest())


def draw_pieces(inspection):
    """Draw the pick list of an agreed visit; a visit that was planned anew has another."""
    found = Inspection.objects.get(pk=inspection)
    if found.state != Inspection.State.SCHEDULED or found.pieces_pdf:
        return
    drawn = render(pieces_html_for(found))
    found.pieces_pdf.save("pieces.pdf", ContentFile(drawn), save=False)
    note_pieces(found, by=None, path=found.pieces_pdf.name, seed=found.seed)
