"""An order's shipments: documents, which date counts, papers, more time for delivery."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import the_buyer, the_parties, the_supplier
from orders import shipping
from orders.acting import carry_out, refused_as_error, sent
from orders.addresses import path_to
from orders.forms import DOCUMENTS, SHIPPED_MEANS, PaperForm
from orders.incoterms import INCOTERMS, papers_for
from orders.lots import confirm_lot, value_of
from orders.models import Order, Shipment
from orders.pages import find
from payments.lots import accept_lot
from workflow import deadlines
from workflow.errors import Refused

UNPROCESSABLE = 422
WITH_PAPERS = [Shipment.State.SUBMITTED, Shipment.State.VERIFIED]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_shipments(request, code):
    """What proves the shipment, and the papers that come with it; the supplier adds them here."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    shipments = list(order.shipments.select_related("document").order_by("pk"))
    current = next((row for row in reversed(shipments) if row.state in WITH_PAPERS), None)
    adds = current is not None and the_supplier(order, request.user)
    kinds = [(kind.value, shipping.PAPERS[kind]) for kind in papers_for(order.incoterm)]
    form = PaperForm(*sent(request), kinds=kinds) if adds else None
    if form is not None and request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            shipping.add_paper(current, by=request.user, **form.cleaned_data)
            return redirect("order_shipments", code)
    page = {
        "order": order,
        "shipments": [_row(order, shipment) for shipment in shipments],
        "means": SHIPPED_MEANS[INCOTERMS[order.incoterm].shipped],
        "form": form,
        "may_extend": _may_extend(order, request.user),
        "is_buyer": the_buyer(order, request.user),
    }
    bad = form is not None and form.is_bound
    return render(request, "orders/shipments.html", page, status=UNPROCESSABLE if bad else 200)


@login_required
@require_POST
def order_extend_delivery(request, code):
    """One's side gives the carrier fifteen days more, once."""
    done = _("The carrier has fifteen days more. The other side has been told.")
    return carry_out(request, find(code, request.user), shipping.extend_delivery, done)


@login_required
@require_POST
def order_lot(request, code, pk):
    """The buyer has a lot, or accepts it: its value is released."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    lot = get_object_or_404(order.shipments, pk=pk)
    operation, done = LOT_STEPS.get(request.POST.get("do"), LOT_STEPS["deliver"])
    try:
        operation(lot, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("order_shipments", code)


LOT_STEPS = {
    "deliver": (confirm_lot, gettext_lazy("Noted. Check this lot now: its value stays held.")),
    "accept": (accept_lot, gettext_lazy("Accepted. The value of this lot is released.")),
}


def _row(order, shipment):
    there = {paper.kind: paper for paper in shipment.papers.select_related("file")}
    return {
        "shipment": shipment,
        "value": value_of(shipment) if order.in_lots else None,
        "check_by": deadlines.due_at("shipment.accept", shipment) if order.in_lots else None,
        "document": DOCUMENTS.get(shipment.document_type, shipment.document_type),
        "url": path_to("attachment", shipment.document.public_id) if shipment.document else "",
        "papers": [
            {
                "name": shipping.PAPERS[kind],
                "url": path_to("attachment", there[kind].file.public_id) if kind in there else "",
            }
            for kind in papers_for(order.incoterm)
        ],
    }


def _may_extend(order, user):
    side = "buyer" if user.company_id == order.buyer_id else "supplier"
    on_its_way = order.state == Order.State.SHIPPED and not order.in_lots
    return on_its_way and the_parties(order, user) and side not in order.delivery_extended_by
