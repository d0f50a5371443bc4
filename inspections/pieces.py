"""The pick list on its own page and as a PDF: which pieces to open, each with a box to tick.

Only the agency reads it before the report: whoever knows the pieces could choose them.
"""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.models import Inspection
from inspections.paper import list_of
from inspections.visits import visit_of

UNDRAWN = {Inspection.State.REQUESTED, Inspection.State.APPOINTED, Inspection.State.CANCELLED}


@login_required
@require_safe
def pieces(request, public_id):
    """The pick list as a page that prints."""
    return render(request, "inspections/pieces.html", list_of(_drawn(request, public_id)))


@login_required
@require_safe
def document(request, public_id):
    """The pick list as a PDF, inert in the browser."""
    found = _drawn(request, public_id)
    if not found.pieces_pdf:
        raise Http404
    name = f"{found.order.code}-{found.n}-pieces.pdf"
    response = FileResponse(
        found.pieces_pdf.open(), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _drawn(request, public_id):
    """The visit, once both sides agreed to it: before that the pieces are nobody's to know."""
    found = visit_of(request, public_id)
    if found.state in UNDRAWN:
        raise Http404
    return found
