"""The desk of the bank's lines: what waits, what it may be, and one form to settle it."""

from django.contrib import admin
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from core.money import Money
from payments import reviewing, treasury
from payments.admin.base import (
    ExportsCsv,
    HasQueues,
    OfMoney,
    QueueFilter,
    ShowsBankData,
    is_finance,
    status_of,
)
from payments.admin.candidates import suggestions_for
from payments.admin.tables import NOTHING, chip, link, table
from payments.admin_forms import BookOwnForm, MatchForm, ReasonForm
from payments.bank_data import masked
from payments.models import Payment, StatementLine
from workflow import approvals

Status = StatementLine.Status
TONES = {"matched": "ok", "suspense": "held", "quarantined": "bad", "returned": "info"}
WAITS = Q(status=Status.SUSPENSE)
REVIEWED = Q(payment__state=Payment.State.REVIEW)
PROPOSALS = ("line.match", "line.return", "line.own")


def waits(line, user):
    """A receipt that this person may count or send back now."""
    if line.status != Status.SUSPENSE or not line.left_minor or not is_finance(user):
        return False
    if line.payment_id and line.payment.state == Payment.State.REVIEW:
        return False
    return not proposed(line)


def may_be_ours(line, user):
    """A line that may be charges, own money or a recall."""
    is_whole = not line.is_credit or line.left == line.amount
    waiting = line.status == Status.SUSPENSE and is_finance(user)
    return waiting and is_whole and not proposed(line)


def proposed(line):
    """The proposal about a line that a second person has still to decide, or None."""
    found = (approvals.waiting_for(line, action) for action in PROPOSALS)
    return next(filter(None, found), None)


class Piles(QueueFilter):
    """What is to be done about the bank's lines."""

    queues = {
        "in": (gettext_lazy("Receipts in suspense"), WAITS & Q(is_credit=True) & ~REVIEWED),
        "out": (gettext_lazy("Unknown debits"), WAITS & Q(is_credit=False)),
        "review": (gettext_lazy("Payments under review"), WAITS & REVIEWED),
        "new": (gettext_lazy("Being matched"), Q(status=Status.NEW)),
        "quarantined": (gettext_lazy("Quarantined"), Q(status=Status.QUARANTINED)),
    }


@admin.register(StatementLine)
class StatementLineAdmin(ExportsCsv, HasQueues, ShowsBankData, OfMoney):
    """One form for each waiting line; after each, the next one."""

    list_display = ["booked_on", "signed_amount", "payer_name", "text", "state_chip", "reason"]
    list_display += ["order_code"]
    list_select_related = ["payment__order"]
    list_filter = [Piles, "status", "is_credit"]
    search_fields = ["text", "payer_name", "=bank_reference", "=payment__order__code"]
    queue_filter = Piles
    fields = ["signed_amount", "left_text", "state_chip", "reason", "booked_on", "value_on"]
    fields += ["payer_name", "payer_account_text", "text", "bank_reference", "end_to_end_id"]
    fields += ["return_of", "payment_link", "shares", "statement"]
    readonly_fields = ["signed_amount", "left_text", "state_chip", "payer_account_text", "shares"]
    readonly_fields += ["payment_link"]
    operations = {
        "match": (
            reviewing.match_line,
            MatchForm,
            gettext_lazy("Count it for instalments"),
            waits,
        ),
        "return": (reviewing.return_line, ReasonForm, gettext_lazy("Send it back"), waits),
        "own": (
            treasury.ask_to_book_own,
            BookOwnForm,
            gettext_lazy("Propose to book it as our own"),
            may_be_ours,
        ),
    }
    csv_columns = ["id", "statement", "booked", "direction", "currency", "amount", "left", "payer"]
    csv_columns += ["account", "text", "reference", "state", "why", "order"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A receipt that waits has its form on its page; all the others are read."""
        found = self.get_object(request, object_id)
        if found is not None and request.method == "GET" and waits(found, request.user):
            form = MatchForm(subject=found, initial=_first_guess(request, found))
            return self.operation_page(request, found, form, title=_("Count it for instalments"))
        context = {"no_button": _note(found), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def operation_page(self, request, found, form, *, title):
        if not isinstance(form, MatchForm):
            return super().operation_page(request, found, form, title=title)
        page = {
            **self.admin_site.each_context(request),
            "form": form,
            "line": found,
            "account": masked(found.payer_account),
            "remaining": found.left - form.counted(),
            "suggestions": suggestions_for(found),
            "title": title,
            "buttons": [b for b in self._buttons(found, request.user) if "/match/" not in b["url"]],
            "action": reverse(f"admin:{self._name('do')}", args=[found.pk, "match"]),
            "waiting": self._waiting().count(),
            "next": self._next(found),
            "back": f"{self.list_url()}?queue=in",
            "opts": self.opts,
        }
        return render(request, "payments/admin/line.html", page, status=status_of(form))

    def operate(self, request, object_id, verb):
        """“Work out what is left” reads the form and counts nothing."""
        if verb == "match" and "check" in request.POST:
            found = self.get_object(request, object_id)
            if found is not None and waits(found, request.user):
                form = MatchForm(request.POST, subject=found)
                form.is_valid()
                return self.operation_page(request, found, form, title=self.operations[verb][2])
        return super().operate(request, object_id, verb)

    def why_not(self, verb, found, user):
        return _note(found) if is_finance(user) else _("Only the finance office matches receipts.")

    def after(self, found):
        """The next receipt that waits, else the list."""
        following = self._next(found)
        return self.page_of(following) if following else f"{self.list_url()}?queue=in"

    def csv_row(self, row):
        return [
            row.pk, row.statement_id, row.booked_on, "in" if row.is_credit else "out",
            row.currency, row.amount.amount, row.left.amount, row.payer_name,
            masked(row.payer_account), row.text, row.bank_reference, row.status, row.reason,
            self.order_code(row),
        ]  # fmt: skip

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def signed_amount(self, line):
        return ("" if line.is_credit else "− ") + money_text(line.amount)

    @admin.display(description=gettext_lazy("not yet counted"))
    def left_text(self, line):
        return money_text(line.left)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state_chip(self, line):
        return chip(line.get_status_display(), TONES.get(line.status, ""))

    @admin.display(description=gettext_lazy("payer’s account"))
    def payer_account_text(self, line):
        return masked(line.payer_account) or NOTHING

    @admin.display(description=gettext_lazy("order"), ordering="payment__order")
    def order_code(self, line):
        return line.payment.order.code if line.payment_id else NOTHING

    @admin.display(description=gettext_lazy("payment"))
    def payment_link(self, line):
        return link(line.payment)

    @admin.display(description=gettext_lazy("counted for"))
    def shares(self, line):
        found = line.shares.select_related("payment__instalment__order", "payment__method")
        rows = [
            (link(share.payment), share.payment.instalment,
             money_text(Money(share.amount_minor, line.currency)))
            for share in found
        ]  # fmt: skip
        return table(rows, [_("Payment"), _("Instalment"), _("Amount")])

    def _waiting(self):
        receipts = StatementLine.objects.filter(Piles.queues["in"][1]).exclude(left_minor=0)
        return receipts.order_by("pk")

    def _next(self, line):
        others = [row for row in self._waiting().exclude(pk=line.pk)[:200] if not proposed(row)]
        later = [row for row in others if row.pk > line.pk]
        return next(iter(later or others), None)


def _first_guess(request, line):
    """What the page was opened with, else the likeliest instalment with all that is left."""
    reference = request.GET.get("reference")
    if reference is None:
        found = suggestions_for(line)
        reference = found[0].due.reference if found else ""
    return {"reference_1": reference, "amount_1": line.left.amount if reference else ""}


def _note(line):
    """Why a line has no form: somebody has proposed something, or its payment is looked at."""
    if line is None or line.status != Status.SUSPENSE:
        return ""
    if line.payment_id and line.payment.state == Payment.State.REVIEW:
        return _("Its payment is under review: decide there whether it counts or goes back.")
    if waiting := proposed(line):
        return _("%s has proposed what becomes of it. Somebody else decides.") % waiting.maker
    return ""
