"""A public page against false bank details: is this account, or this reference, ours?"""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import DesignatedAccount
from core.references import grouped, is_ours, normalise
from orders.models import Instalment
from payments.forms import CheckForm
from payments.views.sheet_code import sheet_of

UNPROCESSABLE = 422
State = DesignatedAccount.State


@require_http_methods(["GET", "HEAD", "POST"])
def check_account(request):
    """Say whether a number that somebody was given is our account or a reference of ours."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    found = check(form.cleaned_data["text"]) if form.is_bound and form.is_valid() else None
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "payments/check.html", {"form": form, "found": found}, status=status)


@require_safe
def check_sheet(request, code):
    """Say whether a sheet for the bank, with this code on it, was made by us and not altered."""
    sheet = sheet_of(code)
    status = 200 if sheet else 404
    return render(request, "payments/check_sheet.html", {"sheet": sheet}, status=status)


def check(text) -> dict:
    """What a text is: "account", "old_account", "reference" or "unknown"."""
    plain = normalise(text)
    accounts = DesignatedAccount.objects.filter(state__in=[State.ACTIVE, State.RETIRED])
    same = [account for account in accounts if normalise(account.account_number) == plain]
    for account in same:
        if account.state == State.ACTIVE:
            return {"kind": "account", "account": account}
    if same:
        return {"kind": "old_account"}
    if is_ours(plain) and Instalment.objects.filter(reference=plain).exists():
        return {"kind": "reference", "reference": grouped(plain)}
    return {"kind": "unknown"}
