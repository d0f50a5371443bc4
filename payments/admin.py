"""Money in the back office: methods, the designated account, statements, payments."""

import hashlib

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.designated import approve_account, propose_account
from accounts.models import DesignatedAccount
from core.formats.words import money_text
from core.money import Money
from orders.acting import refused_as_error
from orders.admin import ReadOnlyInline
from payments.forms import AccountForm, StatementForm
from payments.models import (
    Disbursement,
    Payment,
    PaymentMethod,
    StatementImport,
    StatementLine,
)
from payments.receipts import import_statement
from workflow.admin import OperationsAdmin, ReadOnlyAdmin, takes
from workflow.forms import OperationForm

UNPROCESSABLE = 422


def is_finance(user):
    """Whether this person works in the finance office."""
    return user.is_active and user.is_staff and "finance" in user.duties


class OfMoney(ReadOnlyAdmin):
    """Rows about money: staff read them and find them by order code, reference or amount."""

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_search_results(self, request, queryset, search_term):
        """Find by an amount too, written as 5580.00, 5,580.00 or US$5,580.00."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        minor = minor_of(search_term)
        return (found | queryset.filter(amount_minor=minor)) if minor else found, distinct

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount_text(self, row):
        return money_text(row.amount)


def minor_of(text):
    """The cents of an amount that somebody searches for; None if it is not an amount."""
    try:
        return Money.parse(text.strip().removeprefix("US$")).minor
    except ValueError:
        return None


@admin.register(PaymentMethod)
class PaymentMethodAdmin(admin.ModelAdmin):
    """Which client is offered which method (S5, S6): finance and administrators change it."""

    list_display = ["title", "kind", "for_new", "for_existing", "provider", "fee_percent"]
    readonly_fields = ["code", "kind"]
    actions = None

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    def has_change_permission(self, request, obj=None):
        user = request.user
        keeps = user.is_superuser or bool({"finance", "administrator"} & user.duties)
        return self.has_view_permission(request) and keeps

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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
        return render(request, "admin/operation.html", page, status=_status(form))

    def operate(self, request, object_id, verb):
        """The proposer has no button; the address tried by hand is answered with the reason."""
        account = self.get_object(request, object_id)
        if verb == "approve" and account and account.proposed_by_id == request.user.pk:
            raise PermissionDenied(_("You proposed this account: somebody else approves it."))
        return super().operate(request, object_id, verb)


class LineInline(ReadOnlyInline):
    model = StatementLine
    fields = ["n", "booked_on", "amount_text", "payer_name", "text", "status", "reason", "payment"]
    readonly_fields = ["amount_text"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("payment__method", "payment__order")

    @admin.display(description=gettext_lazy("amount"))
    def amount_text(self, line):
        return ("" if line.is_credit else "− ") + money_text(line.amount)


@admin.register(StatementImport)
class StatementImportAdmin(ReadOnlyAdmin):
    """Bank statements that were read in, and the page that reads another."""

    list_display = ["statement_id", "format", "file_name", "status", "imported_by"]
    list_display += ["imported_at"]
    list_select_related = ["imported_by"]
    list_filter = ["status", "format"]
    search_fields = ["=statement_id", "file_name", "=file_sha256", "=lines__payment__order__code"]
    inlines = [LineInline]
    change_list_template = "payments/admin/statement_list.html"

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.upload)
        name = "payments_statementimport_upload"
        return [path("upload/", view, name=name), *super().get_urls()]

    def upload(self, request):
        """Read a statement in, and show what became of each of its lines."""
        if not is_finance(request.user):
            raise PermissionDenied(_("Only the finance office reads in bank statements."))
        sent = request.method == "POST"
        form = StatementForm(request.POST, request.FILES) if sent else StatementForm()
        if form.is_valid() and (read := self._read(request, form)):
            return redirect(f"{request.path}?file={read}")
        imports = StatementImport.objects.filter(file_sha256=request.GET.get("file") or "-")
        page = {
            **self.admin_site.each_context(request),
            "form": form,
            "imports": imports.order_by("pk").prefetch_related("lines__payment__order"),
            "title": _("Read in a bank statement"),
            "opts": self.opts,
        }
        template = "payments/admin/statement_upload.html"
        return render(request, template, page, status=_status(form))

    def _read(self, request, form):
        """The fingerprint of the file that was read in; None when the rules refuse it."""
        file = form.cleaned_data["file"]
        data = file.read()
        mapping = form.cleaned_data["mapping"]
        with refused_as_error(form):
            import_statement(data, by=request.user, file_name=file.name, mapping=mapping)
            return hashlib.sha256(data).hexdigest()


@admin.register(StatementLine)
class StatementLineAdmin(OfMoney):
    list_display = ["booked_on", "amount_text", "payer_name", "text", "status", "reason", "payment"]
    list_select_related = ["payment__method", "payment__order"]
    list_filter = ["status", "is_credit"]
    search_fields = ["text", "payer_name", "=bank_reference", "=payment__order__code"]


@admin.register(Payment)
class PaymentAdmin(OfMoney):
    list_display = ["order", "instalment", "method", "amount_text", "state", "started_at"]
    list_display += ["cleared_at"]
    list_select_related = ["order", "instalment__order", "method"]
    list_filter = ["state", "method"]
    search_fields = ["=order__code", "=instalment__reference"]


@admin.register(Disbursement)
class DisbursementAdmin(OfMoney):
    list_display = ["order", "kind", "cause", "payee", "amount_text", "state", "requested_at"]
    list_display += ["approved_by"]
    list_select_related = ["order", "payee", "approved_by"]
    list_filter = ["state", "kind"]
    search_fields = ["=order__code", "payee__name", "=order__instalments__reference"]


def _status(form):
    return UNPROCESSABLE if form.is_bound and form.errors else 200
