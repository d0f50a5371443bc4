"""The supplier's own contract document (S28): beside the numbered lines, never above them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import drafting
from contracts.forms import PaperForm
from contracts.views.finding import folder_of
from contracts.views.steps import crumbs
from orders.facts import SUPPLIER
from workflow.errors import Refused

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_paper(request, code):
    """Upload it, replace it, take it back; the buyer reads what is there."""
    folder = folder_of(code, request.user)
    if not folder.is_party:
        raise Http404
    contract = folder.to_accompany
    if contract is None:
        return redirect("contract", code)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and _done(request, contract, form):
        return redirect("contract_paper", code)
    way = crumbs(folder.order, _("Contract"))
    way[-1]["url"] = reverse("contract", args=[code])
    page = {
        "order": folder.order,
        "paper": contract.supplier_paper,
        "form": form,
        "uploads": folder.side == SUPPLIER,
        "crumbs": [*way, {"label": _("The supplier’s own document")}],
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "contracts/paper.html", page, status=status)


def _done(request, contract, form):
    """Do what was asked for; a refusal stands at the field."""
    if request.POST.get("do") == "remove":
        drafting.remove_paper(contract, by=request.user)
        messages.success(request, _("The document is not part of the draft any more."))
        return True
    if not form.is_valid():
        return False
    try:
        drafting.upload_paper(contract, by=request.user, upload=form.cleaned_data["file"])
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return False
    messages.success(request, _("Uploaded. The other side sees it beside the lines."))
    return True
