"""The buyer pays: a method, then the one account that is covered, then a sheet for the bank."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.designated import account_as_text, the_account
from accounts.roles import check_may_commit
from contracts.documents.third_party import NARRATION, TRIPARTITE, third_party_clauses
from core import clock, days
from core.references import grouped
from ledger.models import Account
from orders.acting import refused_as_error
from orders.addresses import path_to
from orders.facts import BUYER
from payments.charges import start_charge
from payments.credit import credit_of
from payments.forms import MethodForm
from payments.operations import TRANSFER, pay_by_transfer
from payments.views import bill, card, sheet_code

UNPROCESSABLE = 422
# What a bank asks for as the purpose of a payment before shipment. For India the Reserve Bank's
# list of purpose codes for payments abroad: S0101 is an advance against imports.
PURPOSES = {"IN": "S0101"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request, code):
    """Choose how to pay; choosing the transfer shows the account."""
    order, parts, part = _due(request, code)
    if part is None:
        return render(request, "payments/nothing_due.html", _about(order, parts))
    if request.method != "POST" and (found := bill.under_way(part)):
        return redirect("pay_transfer" if found.method_id == TRANSFER else "pay_status", code)
    choices = bill.choices_for(order, part.missing)
    form = MethodForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with refused_as_error(form):
            return _start(request, order, form.cleaned_data["method"])
    page = _about(order, parts) | {
        "title": bill.title_of(part, parts),
        "form": form,
        "choices": choices,
        "chosen": form["method"].value() or next((c.code for c in choices if not c.reason), ""),
        "until": bill.pay_by(order),
        "credit": _credit(order),
        **_side(order, part, parts),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "payments/pay.html", page, status=status)


@login_required
@require_safe
def pay_transfer(request, code):
    """The account card: what to tell the bank, and the warning that no other account counts."""
    order, parts, part = _due(request, code)
    payment = part and bill.under_way(part)
    if payment is None or payment.method_id != TRANSFER:
        return redirect("pay", code)
    account = the_account(order.currency)
    rows = card.rows(account, part) if account else []
    page = _about(order, parts) | {
        "title": bill.title_of(part, parts),
        "part": part,
        "payment": payment,
        "account": account,
        "rows": rows,
        "qr": card.qr(card.payload(rows)) if account else "",
        "until": bill.pay_by(order),
        "replaced": account and _replaced(order),
        **_side(order, part, parts),
    }
    return render(request, "payments/transfer.html", page)


@login_required
@require_safe
def pay_sheet(request, code):
    """A sheet for the buyer's bank, in English, with the words that Indian banks ask for."""
    order, parts, part = _due(request, code)
    account = the_account(order.currency)
    if part is None or account is None:
        return redirect("pay", code)
    rows = card.rows(account, part)
    contract = order.contracts.filter(state="effective").first()
    today = days.platform_date(clock.now())
    code = sheet_code.code_for(account, part.reference, part.missing, today)
    check_url = f"{settings.BASE_URL}{path_to('check_sheet', code)}"
    page = _about(order, parts) | {
        "part": part,
        "account": account,
        "rows": rows,
        "qr": card.qr(check_url, _("QR code that leads to the check of this sheet")),
        "code": code,
        "check_url": check_url,
        "today": today,
        "contract": contract,
        "goods": list(order.lines.all()),
        "reference": grouped(part.reference),
        "clauses": _clauses_for_the_bank(order, contract),
        "purpose": PURPOSES.get(order.buyer.country),
        "platform_address": contract.document["platform"]["address"] if contract else "",
    }
    return render(request, "payments/sheet.html", page)


def _due(request, code):
    """The order, its instalments, and the one to pay now. Raises PermissionDenied but to buyers."""
    order, side = bill.order_for(code, request.user)
    if side != BUYER:
        raise PermissionDenied(_("Only the buyer pays this order. Nothing was changed."))
    parts = bill.parts_of(order)
    return order, parts, bill.due_part(order, parts)


def _start(request, order, method):
    """Begin the payment; a transfer shows the account, a provider its own page."""
    check_may_commit(request.user)
    if method == TRANSFER:
        pay_by_transfer(order, by=request.user)
        return redirect("pay_transfer", order.code)
    start_charge(order, by=request.user, method=method)
    return redirect("pay_status", order.code)


def _side(order, part, parts):
    return {"sums": bill.sums(order, part, parts), "cover": bill.cover_of(order)}


def _credit(order):
    """The buyer's credit in the order's currency; None, after one look, when there is none."""
    code = f"buyer_credit:{order.buyer_id}"
    rows = Account.objects.filter(code=code, currency=order.currency, balance_minor__gt=0)
    return (credit_of(order.buyer, order.currency) or None) if rows.exists() else None


def _about(order, parts):
    crumbs = [
        {"label": _("Orders"), "url": path_to("orders")},
        {"label": order.code, "url": path_to("order", order.code)},
        {"label": _("Pay")},
    ]
    names = ["order", "order_messages", "contract", "contract_sign", "pay"]
    steps = [path_to(name, order.code) or None for name in names]
    return {"order": order, "parts": parts, "crumbs": crumbs, "steps": steps}


def _replaced(order):
    """Whether the account in use is another than the contract names."""
    contract = order.contracts.filter(state="effective").first()
    signed = contract and contract.document["platform"]["account"]
    return bool(signed) and signed != account_as_text(order.currency)


def _clauses_for_the_bank(order, contract):
    """What an Indian bank reads of a payment to a third party, with the account of today."""
    if contract is None or order.buyer.country != "IN":
        return {}
    document = contract.document
    platform = document["platform"] | {"account": account_as_text(order.currency)}
    clauses = third_party_clauses(document["buyer"], document["supplier"], platform)
    texts = {clause["code"]: clause["text"] for clause in clauses}
    return {"narration": texts[NARRATION], "tripartite": texts[TRIPARTITE]}
