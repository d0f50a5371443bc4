"""What a draft goes through: proposed, answered with another, handed over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import operations
from contracts.drafting import assessment_of
from contracts.views import showing
from contracts.views.board import open_gaps
from contracts.views.finding import folder_of
from orders.addresses import path_to
from workflow.errors import Refused

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_propose(request, code):
    """Offer the draft for signature; every open gap is ticked by name first (S44)."""
    folder = folder_of(code, request.user)
    contract = folder.draft
    if contract is None:
        return redirect("contract", code)
    ticked, problem = request.POST.getlist("gap"), ""
    if request.method == "POST":
        try:
            operations.propose(contract, by=request.user, acknowledged=ticked)
        except Refused as refusal:
            problem = str(refusal)
        else:
            done = _("Version %(n)d is proposed. You can sign it now.")
            messages.success(request, done % {"n": contract.version})
            return redirect("contract_sign", code)
    document = showing.document_text(contract)
    page = _about(folder, _("Propose"))
    page |= {
        "gaps": open_gaps(contract),
        "ticked": ticked,
        "problem": problem,
        "score": assessment_of(contract).score,
        "facts": showing.facts(document),
        "lines": showing.lines(document),
    }
    status = UNPROCESSABLE if problem else 200
    return render(request, "contracts/propose.html", page, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_counter(request, code):
    """Answer the proposed version with one of one's own, made from it."""
    folder = folder_of(code, request.user)
    if request.method == "POST":
        if folder.latest is None:
            return redirect("contract", code)
        answer = operations.counter(folder.latest, by=request.user)
        text = _("Version %(n)d is yours to write. The one before can no longer be signed.")
        messages.success(request, text % {"n": answer.version})
        return redirect("contract", code)
    if folder.to_sign is None or not folder.is_party:
        return redirect("contract", code)
    return render(request, "contracts/counter.html", _about(folder, _("Suggest a change")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_hand_over(request, code):
    """Let the other side go on writing the draft."""
    folder = folder_of(code, request.user)
    if folder.draft is None:
        return redirect("contract", code)
    if request.method == "POST":
        operations.hand_over(folder.draft, by=request.user)
        messages.success(request, _("The other side writes now."))
        return redirect("contract", code)
    return render(request, "contracts/hand_over.html", _about(folder, _("Hand over")))


def crumbs(order, here):
    """The way from the list of orders to a page of this order."""
    way = [(_("Orders"), path_to("orders")), (order.code, path_to("order", order.code))]
    return [*({"label": label, "url": url} for label, url in way), {"label": here}]


def steps_of(order):
    """The addresses of the five steps of an order; a step that is not there has none."""
    names = ["order", "order_messages", "contract", "contract_sign", "pay"]
    return [path_to(name, order.code) or None for name in names]


def _about(folder, here):
    order = folder.order
    way = crumbs(order, _("Contract"))
    way[-1]["url"] = reverse("contract", args=[order.code])
    return {
        "order": order,
        "contract": folder.latest,
        "other": order.supplier if folder.company_id == order.buyer_id else order.buyer,
        "crumbs": [*way, {"label": here}],
    }
