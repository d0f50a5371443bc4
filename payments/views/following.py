"""How far the money of an order is: sent, arrived, matched, held."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders.addresses import path_to
from orders.facts import BUYER, SUPPLIER
from payments.models import Payment
from payments.operations import TRANSFER
from payments.views import bill

State = Payment.State
WAITING = {State.INITIATED, State.PENDING}


@login_required
@require_safe
def pay_status(request, code):
    """Every payment of the order with its four steps; the supplier sees no bank details."""
    order, side = bill.order_for(code, request.user)
    parts = bill.parts_of(order)
    payments = order.payments.select_related("instalment", "method")
    payments = payments.prefetch_related("statement_lines", "provider_operations")
    page = {
        "order": order,
        "parts": parts,
        "supplier_reads": side == SUPPLIER,
        "due": bill.due_part(order, parts) if side != SUPPLIER else None,
        "rows": [_row(payment, order, side) for payment in payments],
        "crumbs": [
            {"label": _("Orders"), "url": path_to("orders")},
            {"label": order.code, "url": path_to("order", order.code)},
            {"label": _("Payments")},
        ],
    }
    return render(request, "payments/status.html", page)


def _row(payment, order, side):
    part = payment.instalment
    part.order = order
    lines = list(payment.statement_lines.all())
    by_transfer = payment.method_id == TRANSFER
    return {
        "payment": payment,
        "part": part,
        "steps": _steps(payment, lines) if by_transfer else _steps_at_provider(payment),
        "by_transfer": by_transfer,
        "at_provider": _page_of(payment) if payment.state in WAITING and side == BUYER else "",
        "waits_there": payment.state in WAITING and side == BUYER and not by_transfer,
        "why": lines[0].reason if payment.state == State.REVIEW and lines else "",
        "shows_why": side != SUPPLIER,
        "ended": payment.state in {State.RETURNED, State.FAILED, State.EXPIRED},
    }


def _steps(payment, lines):
    """The four steps as a tracker draws them: matching stops where staff must look."""
    reached = 1
    if lines:
        reached = 2
    if payment.state == State.CLEARED:
        reached = 4
    labels = [
        (_("Sent"), _("you told us")),
        (_("Arrived"), _("in the designated account")),
        (_("Matched"), _("reference, payer and amount agree")),
        (_("Held"), _("for this order")),
    ]
    review = payment.state == State.REVIEW
    return [
        {"label": label, "detail": detail, "status": _status(n, reached, review)}
        for n, (label, detail) in enumerate(labels, 1)
    ]


def _steps_at_provider(payment):
    """The three steps of a card or a wallet."""
    reached = {State.CLEARED: 3, State.PROCESSING: 2, State.REVIEW: 2}.get(payment.state, 0)
    labels = [
        (_("Paid"), _("on the page of the provider")),
        (_("Confirmed"), _("by the provider")),
        (_("Held"), _("for this order")),
    ]
    return [
        {
            "label": label,
            "detail": detail,
            "status": _status(n, reached, payment.state == State.REVIEW),
        }
        for n, (label, detail) in enumerate(labels, 1)
    ]


def _page_of(payment):
    """The provider's own page on which the buyer pays; nothing while it is not known yet."""
    pages = (asked.redirect_url for asked in payment.provider_operations.all())
    return next(filter(None, pages), "")


def _status(n, reached, review):
    if n <= reached:
        return "done"
    if n == reached + 1:
        return "branch" if review else "now"
    return "todo"
