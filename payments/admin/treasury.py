"""The platform's own money at the edge of the trust account, and what suppliers owe it."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.designated import the_account
from accounts.models import Company
from core.formats.words import money_text
from ledger.balances import balance, balances, trust_position
from payments import treasury
from payments.admin.base import HasQueues, OfMoney, QueueFilter, check_finance, is_finance
from payments.admin.tables import chip, link
from payments.admin_forms import AmountForm, DebtForm
from payments.models import TreasuryTransfer
from workflow import approvals

State = TreasuryTransfer.State
DEBT = "receivable_supplier:"


class Piles(QueueFilter):
    queues = {
        "ordered": (gettext_lazy("To be carried out at the bank"), Q(state=State.ORDERED)),
        "confirmed": (gettext_lazy("Booked by the bank"), Q(state=State.CONFIRMED)),
    }


@admin.register(TreasuryTransfer)
class TreasuryTransferAdmin(HasQueues, OfMoney):
    """Top-ups come by themselves; a sweep is proposed here and approved by somebody else."""

    list_display = ["reference", "kind", "amount_text", "state_chip", "ordered_at", "cause"]
    list_filter = [Piles, "state", "kind"]
    search_fields = ["cause"]
    queue_filter = Piles
    fields = ["reference", "kind", "amount_text", "state_chip", "cause", "ordered_at"]
    fields += ["proposed_by", "approved_by", "bank_line"]
    readonly_fields = ["reference", "amount_text", "state_chip", "bank_line"]

    def get_search_results(self, request, queryset, search_term):
        """Find by our own reference too: TT0000000012."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        named = treasury.OWN_REFERENCE.fullmatch(search_term.strip().upper())
        if named:
            found = found | queryset.filter(pk=int(named.group(1)))
        return found, distinct

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("sweep/", wrap(self.sweep), name=self._name("sweep")),
            path("debts/", wrap(self.debts), name=self._name("debts")),
            path("debts/<int:company>/", wrap(self.settle), name=self._name("settle")),
            *super().get_urls(),
        ]

    def tools(self, request):
        debts = (reverse("admin:payments_treasurytransfer_debts"), _("What suppliers owe us"))
        sweep = (reverse("admin:payments_treasurytransfer_sweep"), _("Propose a sweep"))
        return [debts, sweep] if is_finance(request.user) else [debts]

    def sweep(self, request):
        """Propose to take the platform's own margin out of the trust account."""
        check_finance(request.user)
        account = the_account()
        if account is None:
            raise PermissionDenied(_("There is no designated account in use."))
        surplus = trust_position(account.currency).surplus
        return self.form_page(
            request,
            AmountForm,
            partial(treasury.ask_to_sweep, account),
            title=_("Propose a sweep"),
            back=self.list_url(),
            intro=_("Beyond the client money there is %s.") % money_text(surplus),
            subject=account,
        )

    def debts(self, request):
        """What each supplier owes the platform, and who may propose that it grows less."""
        owed = {
            int(code.removeprefix(DEBT)): amount
            for code, amount in balances(DEBT, "USD").items()
            if amount
        }
        companies = Company.objects.in_bulk(list(owed))
        rows = [
            {
                "company": companies[pk],
                "owed": amount,
                "waiting": approvals.waiting_for(companies[pk], "receivable.settle"),
                "url": reverse("admin:payments_treasurytransfer_settle", args=[pk]),
            }
            for pk, amount in owed.items()
        ]
        page = {
            **self.admin_site.each_context(request),
            "rows": rows,
            "may": is_finance(request.user),
            "title": _("What suppliers owe us"),
            "opts": self.opts,
        }
        return render(request, "payments/admin/debts.html", page)

    def settle(self, request, company):
        """Propose that a supplier repaid what it owes, or that it is lost."""
        check_finance(request.user)
        found = get_object_or_404(Company, pk=company)
        owed = balance(f"{DEBT}{found.pk}")
        if not owed:
            raise Http404
        return self.form_page(
            request,
            DebtForm,
            partial(treasury.ask_to_settle_debt, found),
            title=_("Propose that the debt of %s grows less") % found,
            back=reverse("admin:payments_treasurytransfer_debts"),
            intro=_("It owes us %s.") % money_text(owed),
            subject=found,
        )

    @admin.display(description=gettext_lazy("reference"), ordering="pk")
    def reference(self, row):
        return row.reference

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, row):
        return chip(row.get_state_display(), "ok" if row.state == State.CONFIRMED else "held")

    @admin.display(description=gettext_lazy("bank line"))
    def bank_line(self, row):
        return link(row.line)
