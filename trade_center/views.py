"""The trade centre: what the two sides of an order say to each other (S13)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders.acting import refused_as_error, sent
from orders.facts import INSPECTOR, STAFF, SUPPLIER, side_of
from orders.history import files_of, messages_of
from orders.lists import orders_of
from orders.models import Order
from orders.pages import find
from trade_center.forms import MessageForm
from trade_center.models import Message
from trade_center.operations import send

UNPROCESSABLE = 422
PAGE = 30


@login_required
@require_safe
def inbox(request):
    """The conversations of this person's company, the latest first."""
    latest = Message.objects.filter(order=OuterRef("pk")).order_by("-pk")
    orders = orders_of(request.user).exclude(state=Order.State.DRAFT)
    if not request.user.is_staff:
        mine = Q(buyer=request.user.company_id) | Q(supplier=request.user.company_id)
        orders = orders.filter(mine)
    talks = (
        orders.annotate(last=Subquery(latest.values("pk")[:1]))
        .filter(last__isnull=False)
        .select_related("buyer", "supplier")
        .order_by("-last")
    )
    if before := _key(request):
        talks = talks.filter(last__lt=before)
    found = list(talks[: PAGE + 1])
    said = Message.objects.select_related("author").in_bulk([talk.last for talk in found[:PAGE]])
    rows = [_row(talk, said[talk.last], request.user) for talk in found[:PAGE]]
    earlier = found[PAGE - 1].last if len(found) > PAGE else None
    return render(request, "trade_center/inbox.html", {"rows": rows, "earlier": earlier})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_messages(request, code):
    """The conversation of an order; nothing that was said is ever changed."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    side = side_of(order, request.user)
    if side == INSPECTOR:
        raise Http404
    form = MessageForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            send(
                order,
                by=request.user,
                text=form.cleaned_data["text"],
                uploads=form.cleaned_data["files"],
            )
            messages.success(request, _("Sent."))
            return redirect("order" if "from_order" in request.POST else "order_messages", code)
    said, earlier = messages_of(order, before=_key(request))
    page = {
        "order": order,
        "form": form,
        "said": [(message, files_of(message)) for message in said],
        "earlier": earlier,
        "other": order.buyer if side == SUPPLIER else order.supplier,
        "writes": side != STAFF and order.state != Order.State.DRAFT,
        "draft": order.state == Order.State.DRAFT,
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "trade_center/messages.html", page, status=status)


def _row(order, message, user):
    mine = order.supplier_id == user.company_id
    return {"order": order, "other": order.buyer if mine else order.supplier, "message": message}


def _key(request):
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
