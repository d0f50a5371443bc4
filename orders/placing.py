"""The first of the five steps: an order is filled in, checked, and sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.operations import is_eligible
from catalog.models import Product
from core.money import Money
from orders import operations, policies
from orders.acting import refused_as_error, sent
from orders.forms import OrderForm, QualityBasisForm
from orders.models import Order
from orders.pages import find

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request):
    """Step one: what, how much, by when, on which terms."""
    slug = request.GET.get("product", "")
    if not slug:
        return render(request, "orders/choose_product.html")
    products = Product.objects.select_related("supplier", "category").filter(withdrawn=False)
    product = get_object_or_404(products, slug=slug)
    form = OrderForm(
        sent(request)[0],
        initial={"quantity": _asked(request, product), "named_place": product.supplier.city},
        least_quantity=product.least_quantity,
        unit=product.unit,
    )
    page = {"form": form, "product": product, "protected": is_eligible(product.supplier)}
    if request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            order = operations.start_order(
                by=request.user,
                supplier=product.supplier,
                goods=[goods_of(product, form.cleaned_data["quantity"])],
                terms=form.terms(),
            )
            return redirect("order_check", order.code)
    return render(request, "orders/form.html", page, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_edit(request, code):
    """The buyer changes a draft that nobody else has seen."""
    order, lines = _draft_of(request, code)
    single = lines[0] if len(lines) == 1 else None
    form = OrderForm(
        sent(request)[0],
        initial=_given(order, single),
        least_quantity=single.product.least_quantity if single and single.product else 1,
        unit=lines[0].unit,
    )
    if single is None:
        del form.fields["quantity"]
    if request.method == "POST" and form.is_valid():
        quantity = form.cleaned_data.get("quantity")
        goods = [_as_goods(line, quantity if line is single else line.quantity) for line in lines]
        with refused_as_error(form):
            operations.change_draft(order, by=request.user, goods=goods, terms=form.terms())
            messages.success(request, _("Saved as draft."))
            return redirect("order_check", code)
    page = {"form": form, "order": order, "product": lines[0].product, "protected": True}
    return render(request, "orders/form.html", page, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_check(request, code):
    """Check the answers, tick what the goods are judged by (S27), and send."""
    order, lines = _draft_of(request, code)
    form = QualityBasisForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            operations.place(order, by=request.user, quality_basis=True)
            messages.success(request, _("Sent. %(name)s answers next.") % {"name": order.supplier})
            return redirect("order", code)
    page = {"form": form, "order": order, "lines": lines, **totals(order)}
    return render(request, "orders/check.html", page, status=_status(form))


def totals(order) -> dict:
    """What is paid now and what before shipment, and how much of it the limit covers."""
    plan = policies.instalments(order.total, order.deposit_percent)
    standing = getattr(order.supplier, "standing", None)
    gold = bool(standing and standing.gold and standing.limit_minor)
    free = Money(standing.headroom.minor if gold else 0, order.currency)
    covered = min(plan[0], free)
    return {
        "now": plan[0],
        "later": plan[1] if len(plan) > 1 else None,
        "protected": gold,
        "covered": covered,
        "uncovered": policies.uncovered(plan[0], covered),
    }


def goods_of(product, quantity) -> dict:
    """A product as goods of an order, at its price of today."""
    return {
        "product": product,
        "description": product.name,
        "quantity": quantity,
        "unit": product.unit,
        "price": product.price,
        "hs_code": product.hs_code,
    }


def _draft_of(request, code):
    orders = Order.objects.select_related("buyer", "supplier", "supplier__standing")
    order = find(code, request.user, orders)
    if order.state != Order.State.DRAFT or order.buyer_id != request.user.company_id:
        raise Http404
    lines = list(order.lines.select_related("product__supplier", "product__category"))
    for line in lines:
        line.order = order
    return order, lines


def _as_goods(line, quantity):
    return {
        "product": line.product,
        "description": line.description,
        "quantity": quantity,
        "unit": line.unit,
        "price": line.price,
        "hs_code": line.hs_code,
    }


def _given(order, single):
    names = (
        "ship_by",
        "incoterm",
        "named_place",
        "transport_mode",
        "deposit_percent",
        "partial_shipments",
    )
    given = {name: getattr(order, name) for name in names}
    given["inspection_required"] = "yes" if order.inspection_required else "no"
    return given | ({"quantity": single.quantity} if single else {})


def _status(form):
    return UNPROCESSABLE if form.is_bound and form.errors else 200


def _asked(request, product):
    """The quantity of the link that led here, or the least that is sold."""
    asked = request.GET.get("quantity", "")
    return asked if asked.isdecimal() else product.least_quantity
