"""The account a company is paid to: which one is in use, which is being checked, another one."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from payments.bank_accounts import HOLD, change_with_password
from payments.forms import BankAccountForm
from payments.models import BankAccount
from payments.views.owners import of_a_trader
from workflow.errors import Refused
from workflow.models import Event

UNPROCESSABLE = 422
State = BankAccount.State
# At which field of the form a refusal is said; elsewhere it is about the whole.
FIELDS = {
    "holder_is_another": "holder",
    "number_wrong": "account_number",
    "iban_wrong": "account_number",
    "bic_wrong": "bic",
    "password_wrong": "password",
    "too_many_attempts": "password",
}


@of_a_trader
@require_http_methods(["GET", "HEAD", "POST"])
def company_bank(request, company):
    """Look at the accounts; a signer asks for another one and proves again who he is."""
    initial = {"holder": company.legal_name, "currency": "USD"}
    form = BankAccountForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        return redirect("company_bank")
    accounts = list(BankAccount.objects.filter(company=company).select_related("requested_by"))
    _say_why_refused(accounts)
    page = {
        "form": form,
        "in_use": [row for row in accounts if row.state == State.ACTIVE],
        "checked": [row for row in accounts if row.state == State.PROPOSED],
        "earlier": [row for row in accounts if row.state in {State.RETIRED, State.REFUSED}],
        "may_sign": request.user.company_role == User.Role.SIGNER,
        "hours": int(HOLD.total_seconds() // 3600),
        "people": company.people.filter(is_active=True).count(),
        "crumbs": [{"label": company.name}, {"label": _("Bank account")}],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "payments/bank.html", page, status=status)


def _say_why_refused(accounts):
    """Give each account that was not accepted the reason that our staff wrote."""
    refused = {row.ref: row for row in accounts if row.state == State.REFUSED}
    if not refused:
        return
    for ref, reason in Event.objects.filter(trade_ref__in=list(refused), verb="refuse").values_list(
        "trade_ref", "reason"
    ):
        refused[ref].why = reason


def _change(request, form):
    """Ask for the account; a refusal is said at its field, and what was typed stays."""
    try:
        change_with_password(by=request.user, **form.cleaned_data)
    except Refused as refusal:
        said = str(refusal)
        if refusal.code == "password_wrong":
            said = _("That is not your password. Nothing was changed.")
        form.add_error(FIELDS.get(refusal.code), said)
        return False
    return True
