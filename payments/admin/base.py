"""What the lists about money share: who may, finding by amount, queues, exports, shown numbers."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import spreadsheet
from core.formats.words import money_text
from core.money import Money
from orders.acting import refused_as_error, sent
from payments import bank_data
from workflow.admin import OperationsAdmin
from workflow.forms import OperationForm

UNPROCESSABLE = 422


def is_finance(user):
    """Whether this person works in the finance office."""
    return has_duty(user, "finance")


def is_head(user):
    """Whether this person is of the finance office or an administrator."""
    return has_duty(user, "finance", "administrator")


def has_duty(user, *duties):
    return user.is_active and user.is_staff and bool(set(duties) & user.duties)


def check_finance(user):
    """Answer 403 to everybody else, with the reason."""
    if not is_finance(user):
        raise PermissionDenied(_("Only the finance office does this."))


def minor_of(text):
    """The cents of an amount that somebody searches for; None if it is not an amount."""
    try:
        return Money.parse(text.strip().removeprefix("US$")).minor
    except ValueError:
        return None


def status_of(form):
    return UNPROCESSABLE if form.is_bound and form.errors else 200


class OfMoney(OperationsAdmin):
    """Rows about money: staff read them and find them by order code, reference or amount."""

    amount_field = "amount_minor"  # "" for rows that are found by no amount

    def get_search_results(self, request, queryset, search_term):
        """Find by an amount too, written as 5580.00, 5,580.00 or US$5,580.00."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        minor = minor_of(search_term)
        if minor is None or not self.amount_field:
            return found, distinct
        return found | queryset.filter(**{self.amount_field: minor}), distinct

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount_text(self, row):
        return money_text(row.amount)

    def list_url(self):
        return reverse(f"admin:{self._name('changelist')}")

    def form_page(self, request, form_class, operation, *, title, back, intro="", subject=None):
        """A form that is about no row of this list; sent, it carries one operation out."""
        form = form_class(*sent(request), subject=subject)
        if request.method == "POST" and form.is_valid():
            with refused_as_error(form):
                operation(by=request.user, **form.cleaned_data)
                messages.success(request, _("Done: %s") % title)
                return redirect(back)
        page = {
            **self.admin_site.each_context(request),
            "form": form,
            "record": self.opts.verbose_name_plural,
            "title": title,
            "intro": intro,
            "back": back,
            "opts": self.opts,
        }
        return render(request, "admin/operation.html", page, status=status_of(form))


class QueueFilter(admin.SimpleListFilter):
    """The piles of a list; `queues` maps a code to (label, condition)."""

    title = gettext_lazy("pile")
    parameter_name = "queue"
    template = "payments/admin/_no_filter.html"  # the piles stand above the list already
    queues = {}

    def lookups(self, request, model_admin):
        return [(code, label) for code, (label, _condition) in self.queues.items()]

    def queryset(self, request, queryset):
        found = self.queues.get(self.value())
        return queryset.filter(found[1]) if found else queryset


class HasQueues:
    """A list whose piles stand above it, each with its number: one query for all."""

    change_list_template = "payments/admin/queues.html"
    queue_filter = QueueFilter

    def changelist_view(self, request, extra_context=None):
        context = {"queues": self._queues(request), "tools": self.tools(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def tools(self, request):
        """Links above the list: (address, label)."""
        return []

    def _queues(self, request):
        numbers = self.get_queryset(request).aggregate(
            **{
                code: Count("pk", filter=condition)
                for code, (_label, condition) in self.queue_filter.queues.items()
            }
        )
        now = request.GET.get("queue")
        return [
            {"label": label, "count": numbers[code], "url": f"?queue={code}", "now": code == now}
            for code, (label, _condition) in self.queue_filter.queues.items()
        ]


class ShowsBankData:
    """Account numbers in part; a button shows one in full, and that it was shown is kept."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.show_bank_data)
        name = self._name("bank_data")
        return [path("<path:object_id>/bank-data/", view, name=name), *super().get_urls()]

    def show_bank_data(self, request, object_id):
        """Ask first; sent, show it on this page only."""
        check_finance(request.user)
        found = self.get_object(request, object_id)
        if found is None or not bank_data.has_bank_data(found):
            raise Http404
        page = {
            **self.admin_site.each_context(request),
            "record": found,
            "form": OperationForm(subject=found),
            "title": _("Show the account number"),
            "intro": _("It is written down that you looked at it, and when."),
            "back": self.page_of(found),
            "opts": self.opts,
        }
        if request.method == "POST":
            page["data"] = bank_data.look(found, by=request.user)
        template = "payments/admin/bank_data.html" if "data" in page else "admin/operation.html"
        response = render(request, template, page)
        response["Cache-Control"] = "no-store"
        return response

    def _buttons(self, found, user):
        shown = super()._buttons(found, user)
        if is_finance(user) and bank_data.has_bank_data(found):
            url = reverse(f"admin:{self._name('bank_data')}", args=[found.pk])
            shown.append({"title": _("Show the account number"), "url": url})
        return shown


class ExportsCsv:
    """The list as it is filtered, as a CSV file; cells that a spreadsheet would run are not."""

    csv_columns = ()

    def get_urls(self):
        view = self.admin_site.admin_view(self.export)
        return [path("export.csv", view, name=self._name("export")), *super().get_urls()]

    def tools(self, request):
        if not is_finance(request.user):
            return super().tools(request)
        query = request.GET.urlencode()
        url = reverse(f"admin:{self._name('export')}") + (f"?{query}" if query else "")
        return [*super().tools(request), (url, _("Export as CSV"))]

    def export(self, request):
        check_finance(request.user)
        rows = self.get_changelist_instance(request).get_queryset(request)
        text = spreadsheet.table(
            [self.csv_columns, *(self.csv_row(row) for row in rows.iterator(chunk_size=500))]
        )
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}s.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def csv_row(self, row):
        raise NotImplementedError


def attachment(data, name, content_type):
    """A file to be saved, never to be shown or run by the browser."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "no-store"
    return response
