"""Money that leaves, in the back office: piles, what is known of each, and the buttons."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.formats.words import money_text, relative_text
from ledger.balances import balance
from payments import disbursing, holds
from payments.admin.base import ExportsCsv, HasQueues, OfMoney, QueueFilter, ShowsBankData
from payments.admin.tables import NOTHING, chip, link, table
from payments.admin_forms import MaybeReasonForm, ReasonForm
from payments.bank_data import masked
from payments.models import Disbursement
from workflow import approvals
from workflow.admin import takes
from workflow.errors import NotAllowed
from workflow.forms import OperationForm
from workflow.models import Approval, Event

State = Disbursement.State
LONG = timedelta(days=7)
TONES = {"confirmed": "ok", "on_hold": "held", "failed": "bad", "submitted": "info"}
PROPOSED = Q(state=State.REQUESTED, needs_two=True)
TO_PROPOSE = PROPOSED & Q(asked=False)
HELD_LONG = Q(state=State.ON_HOLD, held_anew=False)


def may_propose(action):
    """Whether this person may be the first of two, while nobody else has been."""

    def test(disbursement, user):
        try:
            approvals.check_may_propose(disbursement, action, user)
        except NotAllowed:
            return False
        return approvals.waiting_for(disbursement, action) is None

    return test


def may_ask_to_send(disbursement, user):
    waits = disbursement.state == State.REQUESTED and disbursement.needs_two
    return waits and may_propose("disbursement.approve")(disbursement, user)


def may_ask_to_cancel(disbursement, user):
    open_states = {State.REQUESTED, State.ON_HOLD, State.FAILED}
    is_open = disbursement.state in open_states
    return is_open and may_propose("disbursement.cancel")(disbursement, user)


class Piles(QueueFilter):
    """What is to be done about money that leaves."""

    queues = {
        "propose": (gettext_lazy("To propose"), TO_PROPOSE),
        "approve": (gettext_lazy("Waiting for approval"), PROPOSED & Q(asked=True)),
        "held": (gettext_lazy("On hold"), Q(state=State.ON_HOLD)),
        "old": (gettext_lazy("On hold for over a week"), HELD_LONG),
        "send": (gettext_lazy("To send"), Q(state=State.APPROVED)),
        "sent": (gettext_lazy("Sent, unconfirmed"), Q(state=State.SUBMITTED)),
        "back": (gettext_lazy("Came back"), Q(state=State.FAILED)),
    }


class HoldFilter(admin.SimpleListFilter):
    """By the cause of the hold."""

    title = gettext_lazy("hold reason")
    parameter_name = "hold_reason"

    def lookups(self, request, model_admin):
        return [(code, code.replace("_", " ")) for code in holds.REASONS]

    def queryset(self, request, queryset):
        return queryset.filter(hold_reason=self.value()) if self.value() else queryset


def with_piles(disbursements):
    """Each with `asked`, somebody has proposed to send it and nobody has decided, and with
    `held_anew`, it was put on hold within the last week."""
    kind = ContentType.objects.get_for_model(Disbursement)
    held = Event.objects.filter(
        subject_type=kind,
        subject_id=OuterRef("pk"),
        verb="hold",
        happened_at__gt=clock.now() - LONG,
    )
    waiting = Approval.objects.filter(
        action="disbursement.approve",
        decision=Approval.Decision.WAITING,
        expires_at__gt=clock.now(),
        subject_type=kind,
        subject_key=Cast(OuterRef("pk"), CharField()),
    )
    return disbursements.annotate(asked=Exists(waiting), held_anew=Exists(held))


@admin.register(Disbursement)
class DisbursementAdmin(ExportsCsv, HasQueues, ShowsBankData, OfMoney):
    """Refunds, payouts, returns: nothing is edited, everything goes by its operation."""

    list_display = ["order", "kind", "payee_text", "amount_text", "state_chip", "route"]
    list_display += ["needs_two", "hold_reason", "requested_at", "approved_by"]
    list_select_related = ["order", "payee", "approved_by"]
    list_filter = [Piles, "state", "kind", "route", "needs_two", HoldFilter]
    search_fields = ["=order__code", "payee__name", "payee_name", "=end_to_end_id", "cause"]
    search_fields += ["=order__instalments__reference"]
    queue_filter = Piles
    fields = ["kind", "order", "payee_text", "amount_text", "state_chip", "why_held", "steps"]
    fields += ["source", "destination_text", "route", "needs_two", "end_to_end_id", "failure"]
    fields += ["bank_file", "legs", "at_the_provider", "approvals"]
    readonly_fields = ["payee_text", "amount_text", "state_chip", "why_held", "steps", "source"]
    readonly_fields += ["destination_text", "legs", "at_the_provider", "approvals"]
    operations = {
        "propose": (
            disbursing.ask_to_send,
            MaybeReasonForm,
            gettext_lazy("Propose to send"),
            may_ask_to_send,
        ),
        "hold": (disbursing.hold, ReasonForm, gettext_lazy("Put on hold"), takes("hold")),
        "unhold": (disbursing.unhold, OperationForm, gettext_lazy("Let it go on"), takes("unhold")),
        "retry": (disbursing.retry, OperationForm, gettext_lazy("Try again"), takes("retry")),
        "cancel": (
            disbursing.ask_to_cancel,
            ReasonForm,
            gettext_lazy("Propose to cancel"),
            may_ask_to_cancel,
        ),
    }
    csv_columns = ["id", "order", "kind", "cause", "payee", "currency", "amount", "state", "route"]
    csv_columns += ["hold reason", "reference", "account", "requested", "sent", "confirmed"]

    def get_queryset(self, request):
        return with_piles(super().get_queryset(request))

    def csv_row(self, row):
        return [
            row.pk, str(row.order or ""), row.kind, row.cause, str(self.payee_text(row)),
            row.currency, row.amount.amount, row.state, row.route, row.hold_reason,
            row.end_to_end_id, masked(row.destination.get("account", "")), row.requested_at,
            row.submitted_at, row.confirmed_at,
        ]  # fmt: skip

    @admin.display(description=gettext_lazy("payee"), ordering="payee_name")
    def payee_text(self, row):
        return row.payee_name or row.payee or NOTHING

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, row):
        return chip(row.get_state_display(), TONES.get(row.state, ""))

    @admin.display(description=gettext_lazy("why it is held"))
    def why_held(self, row):
        return holds.REASONS.get(row.hold_reason, row.hold_reason) or NOTHING

    @admin.display(description=gettext_lazy("steps"))
    def steps(self, row):
        said = [
            (_("Decided"), row.requested_at, row.requested_by or _("the platform")),
            (_("Leaves at the earliest"), row.not_before, ""),
            (_("Approved"), row.approved_at, row.approved_by or _("the platform")),
            (_("Sent"), row.submitted_at, row.end_to_end_id),
            (_("Arrived"), row.confirmed_at, ""),
            (_("Seen by the payee"), row.seen_at, ""),
        ]
        return table((step, relative_text(at), who) for step, at, who in said if at)

    @admin.display(description=gettext_lazy("rests in"))
    def source(self, row):
        there = balance(row.source_account, row.currency)
        return table([(row.source_account, money_text(there))], [_("Account"), _("Balance now")])

    @admin.display(description=gettext_lazy("goes to"))
    def destination_text(self, row):
        to = row.destination
        if not to:
            return NOTHING
        shown = [to.get("name"), masked(to.get("account", "")), to.get("bank"), to.get("bic")]
        return ", ".join(filter(None, shown))

    @admin.display(description=gettext_lazy("all legs of this cause"))
    def legs(self, row):
        same = Disbursement.objects.filter(order=row.order_id, kind=row.kind, cause=row.cause)
        rows = [
            (leg.leg, link(leg), leg.get_state_display(), leg.get_route_display())
            for leg in same.order_by("leg")
        ]
        return table(rows, [_("Leg"), _("Amount"), _("State"), _("Way")])

    @admin.display(description=gettext_lazy("at the provider"))
    def at_the_provider(self, row):
        asked = row.provider_operations.all()
        rows = [(link(one), one.external_ref, one.get_status_display()) for one in asked]
        return table(rows, [_("Operation"), _("Number"), _("State")])

    @admin.display(description=gettext_lazy("approvals"))
    def approvals(self, row):
        found = Approval.objects.filter(
            subject_type=ContentType.objects.get_for_model(row), subject_key=str(row.pk)
        ).select_related("maker", "checker")
        rows = [
            (link(one), one.maker, one.checker or NOTHING, one.get_decision_display())
            for one in found
        ]
        return table(rows, [_("What"), _("Proposed by"), _("Decided by"), _("State")])
