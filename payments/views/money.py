"""Where a company's money is, what came in, what leaves; and what a buyer does with credit."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import check_may_commit
from core.formats.words import money_text
from core.money import Money
from ledger.models import Account, Transfer
from orders.addresses import path_to
from orders.models import Order
from payments import purse
from payments.credit import apply_credit, credit_of, send_credit_back
from payments.models import Payment
from payments.operations import PAYABLE
from payments.views import movements
from payments.views.movements import FEES, IN, OUT
from payments.views.owners import of_a_trader
from workflow.errors import Refused

MOST_ORDERS = 20


@of_a_trader
@require_safe
def money(request, company):
    """The strip of figures, and one of three lists: in, out, fees."""
    tab = request.GET.get("list")
    if tab not in {IN, OUT, FEES}:
        tab = OUT if company.sells else IN
    before = _key(request)
    lists = {IN: _came_in, OUT: _leaves, FEES: _fees}
    rows, earlier = lists[tab](company, before)
    page = {
        "figures": purse.strip(company),
        "tab": tab,
        "tabs": _tabs(company, tab),
        "rows": rows,
        "earlier": f"?list={tab}&before={earlier}" if earlier else "",
        "newest": f"?list={tab}" if before else "",
        "credit": company.buys and _currencies(company),
    }
    return render(request, "payments/money.html", page)


@of_a_trader
@require_safe
def money_credit(request, company):
    """What a buyer may do with its credit: both ways, with what each comes to."""
    if not company.buys:
        raise Http404
    credits = {code: credit_of(company, code) for code in _currencies(company)}
    source = _overpaid(company)
    page = {
        "credits": [amount for amount in credits.values() if amount],
        "uses": _uses(company, credits),
        "source": source,
        "back": credits.get(source.currency) if source else None,
        "may_sign": request.user.company_role == request.user.Role.SIGNER,
        "crumbs": [{"label": _("Money"), "url": path_to("money")}, {"label": _("Your credit")}],
    }
    return render(request, "payments/credit.html", page)


@of_a_trader
@require_POST
def money_credit_use(request, company):
    """Use the credit for the instalment of an order that is due; never another sum than read."""
    order = Order.objects.filter(buyer=company, code=request.POST.get("order", "")).first()
    if order is None:
        raise Http404
    try:
        check_may_commit(request.user)
        _check_unchanged(request, _usable(order, credit_of(company, order.currency)))
        used = apply_credit(order, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("money_credit")
    messages.success(request, _("%s of your credit is now held for this order.") % money_text(used))
    return redirect(order)


@of_a_trader
@require_POST
def money_credit_back(request, company):
    """Send the credit back to where it came from."""
    source = _overpaid(company)
    if source is None:
        raise Http404
    try:
        check_may_commit(request.user)
        _check_unchanged(request, credit_of(company, source.currency))
        owed = send_credit_back(source, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("money_credit")
    return redirect("refund", owed.public_id)


def _came_in(company, before):
    rows, earlier = movements.page_of(movements.payments_of(company), before)
    for row in rows:
        row.chip = movements.payment_chip(row)
        row.mine = row.order.buyer_id == company.pk
    return rows, earlier


def _leaves(company, before):
    rows, earlier = movements.page_of(movements.leaving_of(company), before)
    for row in rows:
        row.chip = movements.leaving_chip(row)
        row.why = movements.why_held(row)
    return rows, earlier


def _fees(company, before):
    rows, earlier = movements.page_of(movements.fees_of(company), before)
    return movements.as_fees(rows), earlier


def _tabs(company, tab):
    out = _("Refunds and payouts") if company.buys and company.sells else None
    out = out or (_("Refunds") if company.buys else _("Payouts"))
    labels = {OUT: out, IN: _("Payments in"), FEES: _("Fees")}
    return [
        {"url": f"?list={key}", "label": label, "current": key == tab, "count": None}
        for key, label in labels.items()
    ]


def _currencies(company):
    rows = Account.objects.filter(code=f"buyer_credit:{company.pk}", balance_minor__gt=0)
    return list(rows.order_by("currency").values_list("currency", flat=True))


def _uses(company, credits):
    """The orders that ask for money now, each with how much of the credit it takes."""
    orders = Order.objects.filter(buyer=company, state__in=PAYABLE, currency__in=list(credits))
    orders = orders.prefetch_related("instalments").order_by("-pk")[:MOST_ORDERS]
    found = [(order, _usable(order, credits[order.currency])) for order in orders]
    return [{"order": order, "amount": amount} for order, amount in found if amount]


def _usable(order, credit) -> Money:
    """How much of a credit the instalment of an order that is due takes."""
    part = next((part for part in order.instalments.all() if not part.funded_at), None)
    if part is None or order.state not in PAYABLE:
        return Money(0, order.currency)
    part.order = order
    return max(Money(0, order.currency), min(credit, part.missing))


def _overpaid(company):
    """The payment that the newest credit came with; it can go back there."""
    newest = (
        Transfer.objects.filter(credit__code=f"buyer_credit:{company.pk}")
        .order_by("-pk")
        .values_list("journal__order_ref", flat=True)
        .first()
    )
    if not newest:
        return None
    cleared = Payment.objects.filter(
        order__code=newest, order__buyer=company, state=Payment.State.CLEARED
    )
    return cleared.select_related("order", "method").order_by("-cleared_at", "-pk").first()


def _check_unchanged(request, amount):
    """The button named a sum: nothing moves if it is another one now."""
    if request.POST.get("minor") != str(amount.minor):
        raise Refused(
            _("Your credit changed while you were reading. Look at the new sum, then choose."),
            code="credit_changed",
        )


def _key(request):
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
