"""The list of orders, the order's own page, and what its two sides do there."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contracts.operations import accept_order
from contracts.operations import withdraw as withdraw_with_contract
from core import clock
from inspections.operations import declare_ready, request_again
from orders import operations, policies, shipping
from orders.acting import carry_out, refused_as_error, sent
from orders.forms import (
    AcceptForm,
    LateChoiceForm,
    ListForm,
    ReasonForm,
    ShipForm,
    WithdrawForm,
    narrowed,
)
from orders.lists import ACTIVE, ALL, DONE, NEEDS, in_tab, orders_of, page_of, waiting_for
from orders.models import Order
from orders.pages import find, order_page
from orders.states import LEAVING, OrderState
from payments.escrow import escrow_of
from payments.lateness import choose_when_late
from payments.lots import short_refund
from payments.operations import accept_goods

UNPROCESSABLE = 422
LEAVABLE = {OrderState.DRAFT, OrderState.PLACED, OrderState.CONTRACTING}


@login_required
@require_safe
def orders(request):
    """Orders in four tabs; the filters live in the address."""
    form = ListForm(request.GET or None)
    given = form.given() if form.is_bound else {}
    mine = orders_of(request.user)
    if (code := given.get("q", "").strip().upper()) and mine.filter(code=code).exists():
        return redirect("order", code)
    tab = request.GET.get("tab", ALL if request.user.is_staff else NEEDS)
    rows, earlier = page_of(
        narrowed(in_tab(mine, tab, request.user), given), request.user, _key(request)
    )
    page = {
        "form": form,
        "filtered": any(given.values()),
        "tab": tab,
        "tabs": _tabs(request, mine, tab),
        "rows": rows,
        "earlier": _at(request, earlier) if earlier else "",
        "newest": _at(request, None) if _key(request) else "",
    }
    return render(request, "orders/list.html", page)


@login_required
@require_safe
def order(request, code):
    """The order's page: who must do what by when, and where the money is."""
    page = order_page(code, request.user, before=_key(request))
    return render(request, "orders/order.html", page)


@login_required
@require_POST
def order_accept(request, code):
    """The supplier accepts the request: a first draft of the contract is made."""
    form = AcceptForm(request.POST)
    form.is_valid()
    return carry_out(
        request,
        find(code, request.user),
        accept_order,
        _("Accepted. Now the contract is written."),
        buyer_writes=not form.cleaned_data["supplier_writes"],
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_decline(request, code):
    """The supplier declines, with a reason."""
    order = find(code, request.user)
    form = ReasonForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request, order, operations.decline, _("Declined."), reason=form.cleaned_data["reason"]
        )
    return _confirm(request, "orders/decline.html", order, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_withdraw(request, code):
    """A side leaves before both have signed; the page before says what that means."""
    order = find(code, request.user)
    form = WithdrawForm(sent(request)[0], order=order)
    if order.state not in LEAVABLE and request.method != "POST":
        return redirect("order", code)
    if request.method == "POST" and form.is_valid():
        contracting = order.state == OrderState.CONTRACTING
        return carry_out(
            request,
            order,
            withdraw_with_contract if contracting else operations.withdraw,
            _("You have left the order."),
            reason=form.cleaned_data.get("reason", ""),
        )
    return _confirm(request, "orders/withdraw.html", order, form)


@login_required
@require_POST
def order_ready(request, code):
    """The supplier says that the goods are ready."""
    done = _("The goods are ready. The other side has been told.")
    return carry_out(request, find(code, request.user), declare_ready, done)


@login_required
@require_POST
def order_inspect_again(request, code):
    """After a failed inspection the supplier asks for another."""
    done = _("Another inspection has been asked for.")
    return carry_out(request, find(code, request.user), request_again, done)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_ship(request, code):
    """The supplier adds the shipment and its document; the page says whether it is on time."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    if order.supplier_id != request.user.company_id:
        return redirect("order", code)
    if order.state not in LEAVING and request.method != "POST":
        return redirect("order", code)
    form = ShipForm(*sent(request), order=order)
    if request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            shipping.ship(order, by=request.user, **form.cleaned_data)
            return redirect("order", code)
    page = {
        "order": order,
        "form": form,
        "late": bool(order.ship_deadline) and policies.is_late(clock.now(), order.ship_deadline),
    }
    return render(request, "orders/ship.html", page, status=_status(form))


@login_required
@require_POST
def order_delivered(request, code):
    """The buyer says that the goods are there: the time to check them starts."""
    done = _("Noted. Check the goods now: your money stays held meanwhile.")
    return carry_out(request, find(code, request.user), operations.confirm_delivery, done)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_accept_goods(request, code):
    """The buyer releases the money, having seen how much goes where, for good."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    if request.method == "POST":
        return carry_out(request, order, accept_goods, _("Accepted. The payout is on its way."))
    if order.state != OrderState.DELIVERED or order.buyer_id != request.user.company_id:
        return redirect("order", code)
    return _confirm(request, "orders/accept_goods.html", order, None, amount=escrow_of(order))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_late_choice(request, code):
    """The buyer of a late order chooses; the refund is confirmed on a page of its own."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    form = LateChoiceForm(request.POST)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["choice"]
        said = {"refund": _("You chose the refund."), "wait": _("You wait for the goods.")}
        return carry_out(request, order, choose_when_late, said[choice], choice=choice)
    late = order.late_since and order.state in LEAVING and not order.late_choice
    if not late or order.buyer_id != request.user.company_id:
        return redirect("order", code)
    proof = policies.proof_deadline(order.ship_deadline)
    in_part = order.state == OrderState.PARTIALLY_SHIPPED
    amount = short_refund(order) if in_part else escrow_of(order)
    details = {"amount": amount, "proof": proof, "at_once": proof <= clock.now()}
    return _confirm(request, "orders/late_choice.html", order, None, **details)


@transaction.atomic
def _confirm(request, template, order, form, **details):
    page = {"order": order, "form": form, **details}
    return render(request, template, page, status=_status(form))


def _status(form):
    return UNPROCESSABLE if form is not None and form.is_bound and form.errors else 200


def _tabs(request, mine, tab):
    labels = {NEEDS: _("Needs you"), ACTIVE: _("Active"), DONE: _("Done"), ALL: _("All")}
    waiting = waiting_for(mine, request.user.company).count() if request.user.company else None
    return [
        {
            "url": f"?tab={name}",
            "label": label,
            "current": name == tab,
            "count": waiting if name == NEEDS else None,
        }
        for name, label in labels.items()
        if name != NEEDS or waiting is not None
    ]


def _at(request, before):
    """The address of this list at another key, its filters kept."""
    query = request.GET.copy()
    query.pop("before", None)
    if before:
        query["before"] = before
    return "?" + query.urlencode()


def _key(request):
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
