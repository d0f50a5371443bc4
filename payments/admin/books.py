"""Proof in the back office: comparisons, differences with their numbers, daily statements."""

import hashlib
import json
import re

from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.documents.seal import verify
from core.days import PLATFORM_ZONE
from core.formats.words import moment_text, relative_text
from payments import reconciling
from payments.admin.base import (
    HasQueues,
    OfMoney,
    QueueFilter,
    attachment,
    check_finance,
    is_finance,
)
from payments.admin.tables import NOTHING, amount, chip, link, table
from payments.models import ClientMoneyStatement, Difference, Reconciliation
from workflow.forms import OperationForm

NUMBER = re.compile(r"(?:RD-?)?0*(\d{1,9})", re.IGNORECASE)
SIDES = {
    "trust": gettext_lazy("Trust account"),
    "receivables": gettext_lazy("At the providers"),
    "client_money": gettext_lazy("Owed to clients"),
    "bank": gettext_lazy("Bank statement"),
}


@admin.register(Reconciliation)
class ReconciliationAdmin(HasQueues, OfMoney):
    """Ledger, providers and bank, compared every day and when somebody asks."""

    list_display = ["started_at", "finished_at", "asked_by", "open_differences"]
    list_select_related = ["asked_by"]
    amount_field = ""
    fields = ["started_at", "finished_at", "asked_by", "sums", "found"]
    readonly_fields = ["sums", "found"]

    def changelist_view(self, request, extra_context=None):
        """What was asked for and is not done yet stands above the runs."""
        waiting = reconciling.owed()
        text = _("A comparison was asked for %s and is being made: open this page again.")
        notices = [text % relative_text(waiting.created_at)] if waiting else []
        return super().changelist_view(request, {"notices": notices, **(extra_context or {})})

    def get_urls(self):
        view = self.admin_site.admin_view(self.compare)
        return [path("compare/", view, name=self._name("compare")), *super().get_urls()]

    def tools(self, request):
        if not is_finance(request.user):
            return []
        return [(reverse("admin:payments_reconciliation_compare"), _("Compare now"))]

    def compare(self, request):
        """Ask for a comparison; it is made after this page, because it calls the providers."""
        check_finance(request.user)
        return self.form_page(
            request,
            OperationForm,
            reconciling.ask_to_reconcile,
            title=_("Compare now"),
            back=self.list_url(),
            intro=_("The ledger is compared with the bank and with every provider."),
        )

    @admin.display(description=gettext_lazy("sums"))
    def sums(self, run):
        rows = [
            (currency, *(amount(told.get(side), currency) for side in SIDES))
            for currency, told in run.figures.items()
        ]
        return table(rows, [_("Currency"), *SIDES.values()])

    @admin.display(description=gettext_lazy("differences last seen here"))
    def found(self, run):
        rows = [
            (link(one), one.get_side_display(), one.text, amount(one.amount_minor, one.currency))
            for one in run.differences.all()[:200]
        ]
        return table(rows, [_("Number"), _("Side"), _("What differs"), _("Amount")])


class DifferencePiles(QueueFilter):
    queues = {
        "open": (gettext_lazy("Open"), Q(gone_at=None)),
        "gone": (gettext_lazy("Gone"), Q(gone_at__isnull=False)),
    }


@admin.register(Difference)
class DifferenceAdmin(HasQueues, OfMoney):
    """What is not said alike; the same difference keeps its number until it is gone."""

    list_display = ["number", "side", "text", "amount_text", "first_seen", "last_seen", "gone_at"]
    list_display_links = ["number"]
    list_select_related = ["first_seen", "last_seen"]
    list_filter = [DifferencePiles, "side"]
    search_fields = ["text"]
    queue_filter = DifferencePiles
    fields = ["number", "side", "text", "amount_text", "first_seen", "last_seen", "gone_at"]
    readonly_fields = ["number", "amount_text"]

    def get_search_results(self, request, queryset, search_term):
        """Find by its number: RD-000012."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        named = NUMBER.fullmatch(search_term.strip())
        return (found | queryset.filter(pk=int(named.group(1)))) if named else found, distinct

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, row):
        return str(row)

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount_text(self, row):
        return amount(row.amount_minor, row.currency)


@admin.register(ClientMoneyStatement)
class ClientMoneyStatementAdmin(OfMoney):
    """The daily proof, with its figures, its chain and its seal."""

    list_display = ["day", "currency", "surplus", "sha256", "has_pdf", "made_at"]
    list_filter = ["currency"]
    search_fields = ["=sha256", "=pdf_sha256", "=day"]
    amount_field = ""
    fields = ["day", "currency", "figures", "sha256", "prev_sha256", "chain", "seal", "made_at"]
    readonly_fields = ["figures", "chain", "seal"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.download)
        name = self._name("pdf")
        return [path("<path:object_id>/statement.pdf", view, name=name), *super().get_urls()]

    def download(self, request, object_id):
        """The sealed PDF, to the finance office."""
        check_finance(request.user)
        found = self.get_object(request, object_id)
        if found is None or not found.pdf:
            raise Http404
        with found.pdf.open() as pdf:
            name = f"client-money-{found.day}-{found.currency}.pdf"
            return attachment(pdf.read(), name, "application/pdf")

    def _buttons(self, found, user):
        if not found.pdf or not is_finance(user):
            return []
        url = reverse(f"admin:{self._name('pdf')}", args=[found.pk])
        return [{"title": _("Download the PDF"), "url": url}]

    @admin.display(description=gettext_lazy("surplus"))
    def surplus(self, row):
        return amount(json.loads(row.text)["surplus"], row.currency)

    @admin.display(description=gettext_lazy("PDF sealed"), boolean=True)
    def has_pdf(self, row):
        return bool(row.pdf)

    @admin.display(description=gettext_lazy("figures"))
    def figures(self, row):
        told = json.loads(row.text)
        names = ("trust_cash", "provider_receivables", "client_money", "surplus")
        rows = [(name.replace("_", " "), amount(told[name], row.currency)) for name in names]
        owed = [(family, amount(minor, row.currency)) for family, minor in told["owed"].items()]
        return table([*rows, *owed])

    @admin.display(description=gettext_lazy("chain"))
    def chain(self, row):
        """Whether the text is what was hashed, and names the statement before it."""
        before = ClientMoneyStatement.objects.filter(currency=row.currency, pk__lt=row.pk)
        last = before.order_by("-pk").values_list("sha256", flat=True).first()
        same = hashlib.sha256(row.text.encode()).hexdigest() == row.sha256
        joined = row.prev_sha256 == (last or "0" * 64)
        if same and joined:
            return chip(_("unchanged, and in its place"), "ok")
        return chip(_("changed, or not in its place"), "bad")

    @admin.display(description=gettext_lazy("seal"))
    def seal(self, row):
        if not row.pdf:
            return _("It is being sealed.")
        with row.pdf.open() as pdf:
            verdict = verify(pdf.read(), expected_sha256=row.pdf_sha256)
        if not verdict.valid:
            return chip(verdict.problem, "bad")
        when = moment_text(verdict.signed_at, PLATFORM_ZONE) if verdict.signed_at else NOTHING
        return table([(chip(_("unchanged"), "ok"), verdict.signer, when)])
