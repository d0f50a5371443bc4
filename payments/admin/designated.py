"""The designated account: proposed by one of the finance office, approved by another (S19)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.designated import approve_account, propose_account
from accounts.models import DesignatedAccount
from orders.acting import refused_as_error
from payments.admin.base import is_finance, status_of
from payments.forms import AccountForm
from workflow.admin import OperationsAdmin, takes
from workflow.forms import OperationForm


def may_approve(account, user):
    """Whether the button is there: a second person of the finance office, while it waits."""
    return takes("approve")(account, user) and account.proposed_by_id != user.pk


@admin.register(DesignatedAccount)
class DesignatedAccountAdmin(OperationsAdmin):
    """The one account that is paid into: proposed by one person, approved by another (S19)."""

    list_display = ["beneficiary", "bank", "account_number", "bic", "currency", "state"]
    list_display += ["proposed_by", "approved_by"]
    list_select_related = ["proposed_by", "approved_by"]
    list_filter = ["state"]
    operations = {
        "approve": (
            approve_account,
            OperationForm,
            gettext_lazy("Approve this account"),
            may_approve,
        )
    }

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return is_finance(request.user)

    def add_view(self, request, form_url="", extra_context=None):
        """Propose an account; it is not used until somebody else approves it."""
        if not self.has_add_permission(request):
            raise PermissionDenied(_("Only the finance office keeps the designated account."))
        form = AccountForm(request.POST if request.method == "POST" else None, subject=None)
        if form.is_valid():
            with refused_as_error(form):
                account = propose_account(by=request.user, **form.cleaned_data)
                messages.success(request, _("Proposed. Somebody else approves it now."))
                return redirect("admin:accounts_designatedaccount_change", account.pk)
        page = {
            **self.admin_site.each_context(request),
            "form": form,
            "record": self.opts.verbose_name,
            "title": _("Propose a designated account"),
            "back": reverse("admin:accounts_designatedaccount_changelist"),
            "opts": self.opts,
        }
        return render(request, "admin/operation.html", page, status=status_of(form))

    def operate(self, request, object_id, verb):
        """The proposer has no button; the address tried by hand is answered with the reason."""
        account = self.get_object(request, object_id)
        if verb == "approve" and account and account.proposed_by_id == request.user.pk:
            raise PermissionDenied(_("You proposed this account: somebody else approves it."))
        return super().operate(request, object_id, verb)
