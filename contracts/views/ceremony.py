"""The signing: read, state, sign with name and password; then the seal (S17)."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms import SignForm
from contracts.signing import sign_with_password
from contracts.views.finding import BOUND, TO_SIGN, folder_of
from contracts.views.reading import read
from contracts.views.steps import crumbs, steps_of
from core.formats.words import money_text
from core.money import Money
from orders import policies
from orders.acting import refused_as_error

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_sign(request, code):
    """Sign exactly the version that is on the page, or see that it is signed."""
    folder = folder_of(code, request.user)
    contract = folder.latest
    if request.method == "POST" and (gone := _version_gone(request, folder)):
        return gone
    if contract is None or not folder.is_party or contract.state not in TO_SIGN | BOUND:
        return redirect("contract", code)
    if request.method == "POST":
        return _sign(request, folder)
    page = _page(request, folder)
    if page["signed_by_me"] or contract.state in BOUND:
        return render(request, "contracts/signed.html", page)
    shown = {"sha256": contract.sha256, "version": contract.version}
    page["form"] = SignForm(initial=shown, uncovered=page["uncovered"])
    return render(request, "contracts/sign.html", page)


def _version_gone(request, folder):
    """Where to go when the version on the page is no longer the one to sign; else None."""
    shown = next((c for c in folder.versions if c.sha256 == request.POST.get("sha256")), None)
    if shown is None or shown.state in TO_SIGN | BOUND:
        return None
    text = _("The contract changed while you were reading. Nothing was signed.")
    messages.warning(request, text)
    if shown == folder.latest:
        return redirect("contract", folder.order.code)
    return redirect("contract_diff", folder.order.code, shown.version, folder.latest.version)


def _sign(request, folder):
    """Carry the signature out, or say on the same page why not."""
    page = _page(request, folder)
    form = SignForm(request.POST, uncovered=page["uncovered"])
    if form.is_valid():
        with refused_as_error(form):
            _carry_out(request, folder.latest, form)
            return redirect("contract_sign", folder.order.code)
    return render(request, "contracts/sign.html", page | {"form": form}, status=UNPROCESSABLE)


def _carry_out(request, contract, form):
    given = form.cleaned_data
    sign_with_password(
        contract,
        by=request.user,
        password=given["password"],
        typed_name=given["typed_name"],
        sha256=given["sha256"],
        address=get_adapter().get_client_ip(request),
        statements=form.statements(),
        accept_uncovered=given.get("accept_uncovered", False),
    )


def _page(request, folder):
    contract = folder.latest
    order = folder.order
    return {
        "order": order,
        "contract": contract,
        "other": order.supplier if folder.company_id == order.buyer_id else order.buyer,
        # Only the buyer can go on knowing what is not assured.
        "uncovered": uncovered(order) if folder.company_id == order.buyer_id else "",
        "strict": settings.REQUIRE_COVERAGE == "strict",
        "crumbs": crumbs(order, _("Sign")),
        "steps": steps_of(order),
        **read(contract, folder.company_id),
    }


def uncovered(order) -> str:
    """How much of the initial payment the supplier's limit leaves uncovered, in words (7.3).

    Nothing once the contract is in force: then the reservation counts.
    """
    if order.state != order.State.CONTRACTING:
        return ""
    basis = policies.instalments(order.total, order.deposit_percent)[0]
    standing = getattr(order.supplier, "standing", None)
    limit = standing.headroom.minor if standing and standing.gold else 0
    missing = max(0, basis.minor - limit)
    return money_text(Money(missing, order.currency)) if missing else ""
