"""The sealed PDF: how far it is, where it is, and whether a copy is genuine."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from contracts.documents.seal import verify
from contracts.forms import SealedFileForm
from contracts.views.finding import BOUND, folder_of
from contracts.views.steps import crumbs
from core import clock

PATIENCE = timedelta(seconds=60)
STEPS = ("waiting", "drawing", "sealing", "sealed")
UNPROCESSABLE = 422


@login_required
@require_GET
def contract_document(request, code):
    """Send the sealed PDF to the parties, the inspector and staff; inert in the browser."""
    contract = _sealed(folder_of(code, request.user))
    name = f"{code}-contract-v{contract.version}.pdf"
    response = FileResponse(
        contract.pdf.open(), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


@login_required
@require_safe
def contract_progress(request, code):
    """How far the PDF is: the page asks every two seconds, a link asks without scripts."""
    folder = folder_of(code, request.user)
    contract = _bound(folder)
    page = {
        "order": folder.order,
        "contract": contract,
        "progress": progress(contract),
        "crumbs": _way(folder, _("Signed PDF")),
    }
    template = "contracts/_progress.html" if request.htmx else "contracts/progress.html"
    return render(request, template, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_verify(request, code):
    """Check the stored PDF against its seal, and any copy that somebody received."""
    folder = folder_of(code, request.user)
    contract = _sealed(folder)
    sent = request.method == "POST"
    form = SealedFileForm(request.POST, request.FILES) if sent else SealedFileForm()
    theirs = None
    if sent and form.is_valid():
        theirs = verify(form.cleaned_data["file"].read())
    with contract.pdf.open() as stored:
        ours = verify(stored.read(), expected_sha256=contract.pdf_sha256)
    page = {
        "order": folder.order,
        "contract": contract,
        "form": form,
        "ours": ours,
        "theirs": theirs,
        "same": bool(theirs and theirs.sha256 == contract.pdf_sha256),
        "crumbs": _way(folder, _("Check the seal")),
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "contracts/verify.html", page, status=status)


def progress(contract) -> dict:
    """The four steps of making the PDF, and whether it takes longer than it should."""
    now = "sealed" if contract.sealed_at else contract.seal_progress or "waiting"
    labels = {
        "waiting": _("Waiting for its turn"),
        "drawing": _("Drawing the pages"),
        "sealing": _("Sealing"),
        "sealed": _("Sealed"),
    }
    current = STEPS.index(now)
    late = contract.effective_at and clock.now() - contract.effective_at > PATIENCE
    return {
        "label": labels[now],
        "percent": 100 * (current + 1) // len(STEPS),
        "done": now == "sealed",
        "late": bool(late) and now != "sealed",
        "steps": [
            {"label": labels[name], "done": n < current or now == "sealed", "now": n == current}
            for n, name in enumerate(STEPS)
        ],
    }


def _bound(folder):
    """The version that binds or bound. Raises Http404 when none does."""
    for contract in reversed(folder.versions):
        if contract.state in BOUND:
            return contract
    raise Http404


def _sealed(folder):
    contract = _bound(folder)
    if not contract.sealed_at:
        raise Http404
    return contract


def _way(folder, here):
    way = crumbs(folder.order, _("Contract"))
    way[-1]["url"] = reverse("contract", args=[folder.order.code])
    return [*way, {"label": here}]
