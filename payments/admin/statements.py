"""Bank statements that were read in, the page that reads another, and what is missing of them."""

import hashlib
from itertools import pairwise

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from core.money import Money
from ledger.balances import currencies
from orders.acting import refused_as_error
from orders.admin import ReadOnlyInline
from payments import reconciling
from payments.admin.base import is_finance, status_of
from payments.admin.tables import amount, table
from payments.forms import StatementForm
from payments.models import StatementImport, StatementLine
from payments.receipts import import_statement
from workflow.admin import ReadOnlyAdmin


def gaps():
    """Sentences about statements that do not begin where the one before them ended."""
    for currency in currencies():
        for rows in reconciling.statements(currency).values():
            for before, row in pairwise(rows):
                if row.opening_minor != before.closing_minor:
                    yield _gap(before, row)


def _gap(before, row):
    text = _(
        "A statement is missing: %(this)s opens with %(opening)s, %(before)s closed with"
        " %(closing)s."
    )
    return text % {
        "this": row.statement_id,
        "opening": money_text(Money(row.opening_minor, row.currency)),
        "before": before.statement_id,
        "closing": money_text(Money(before.closing_minor, row.currency)),
    }


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
    fields = ["statement_id", "format", "file_name", "status", "problem_list", "account"]
    fields += ["opening", "closing", "sequence", "closed_on", "imported_by", "imported_at"]
    fields += ["file_sha256"]
    readonly_fields = ["problem_list", "opening", "closing"]
    change_list_template = "payments/admin/queues.html"

    def changelist_view(self, request, extra_context=None):
        """What is missing between the statements stands above their list."""
        tools = [(reverse("admin:payments_statementimport_upload"), _("Read in a bank statement"))]
        context = {"notices": list(gaps()), "tools": tools if is_finance(request.user) else []}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=gettext_lazy("problems"))
    def problem_list(self, statement):
        return table((problem,) for problem in statement.problems)

    @admin.display(description=gettext_lazy("opens with"))
    def opening(self, statement):
        return amount(statement.opening_minor, statement.currency)

    @admin.display(description=gettext_lazy("closes with"))
    def closing(self, statement):
        return amount(statement.closing_minor, statement.currency)

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
        return render(request, template, page, status=status_of(form))

    def _read(self, request, form):
        """The fingerprint of the file that was read in; None when the rules refuse it."""
        file = form.cleaned_data["file"]
        data = file.read()
        mapping = form.cleaned_data["mapping"]
        with refused_as_error(form):
            import_statement(data, by=request.user, file_name=file.name, mapping=mapping)
            return hashlib.sha256(data).hexdigest()
