"""Payments in the back office: what came for which instalment, and those under review."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from core.money import Money
from payments import reviewing
from payments.admin.base import HasQueues, OfMoney, QueueFilter, is_finance
from payments.admin.tables import chip, link, table
from payments.admin_forms import ReasonForm
from payments.models import Payment
from workflow import approvals

State = Payment.State
TONES = {"cleared": "ok", "review": "held", "failed": "bad", "cb_open": "bad", "cb_lost": "bad"}
PROPOSALS = ("payment.clear", "payment.return")


def under_review(payment, user):
    """Whether this person may propose what becomes of it, while nobody has."""
    if payment.state != State.REVIEW or not is_finance(user):
        return False
    return not any(approvals.waiting_for(payment, action) for action in PROPOSALS)


class Piles(QueueFilter):
    queues = {
        "review": (gettext_lazy("Under review"), Q(state=State.REVIEW)),
        "coming": (gettext_lazy("On their way"), Q(state__in=[State.PENDING, State.PROCESSING])),
        "contested": (gettext_lazy("Charged back"), Q(state=State.CB_OPEN)),
    }


@admin.register(Payment)
class PaymentAdmin(HasQueues, OfMoney):
    """What somebody has to look at is counted or returned by two people."""

    list_display = ["order", "instalment", "method", "amount_text", "state_chip", "started_at"]
    list_display += ["cleared_at"]
    list_select_related = ["order", "instalment__order", "method"]
    list_filter = [Piles, "state", "method"]
    search_fields = ["=order__code", "=instalment__reference", "order__buyer__name"]
    queue_filter = Piles
    fields = ["order", "instalment", "method", "amount_text", "state_chip", "started_by"]
    fields += ["started_at", "seen_at", "cleared_at", "shares_table", "lines", "operations_table"]
    fields += ["refunds_table"]
    readonly_fields = ["amount_text", "state_chip", "shares_table", "lines", "operations_table"]
    readonly_fields += ["refunds_table"]
    operations = {
        "clear": (
            reviewing.ask_to_clear,
            ReasonForm,
            gettext_lazy("Propose to count it"),
            under_review,
        ),
        "return": (
            reviewing.ask_to_return,
            ReasonForm,
            gettext_lazy("Propose to send it back"),
            under_review,
        ),
    }

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, payment):
        return chip(payment.get_state_display(), TONES.get(payment.state, ""))

    @admin.display(description=gettext_lazy("counted from"))
    def shares_table(self, payment):
        rows = [
            (link(share.line), money_text(Money(share.amount_minor, payment.currency)))
            for share in payment.shares.select_related("line")
        ]
        return table(rows, [_("Bank line"), _("Amount")])

    @admin.display(description=gettext_lazy("bank lines"))
    def lines(self, payment):
        rows = [
            (link(line), line.payer_name, line.get_status_display(), line.reason)
            for line in payment.statement_lines.all()
        ]
        return table(rows, [_("Line"), _("Payer"), _("State"), _("Why")])

    @admin.display(description=gettext_lazy("at the provider"))
    def operations_table(self, payment):
        rows = [
            (link(one), one.external_ref, one.get_status_display())
            for one in payment.provider_operations.all()
        ]
        return table(rows, [_("Operation"), _("Number"), _("State")])

    @admin.display(description=gettext_lazy("gone back"))
    def refunds_table(self, payment):
        rows = [(link(one), one.get_state_display()) for one in payment.refunds.all()]
        return table(rows, [_("Disbursement"), _("State")])
