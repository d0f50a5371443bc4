"""Four eyes in the back office: exactly what was proposed, and two buttons for somebody else.

Also here because the password and the risks are matters of people and money, which the
machinery of approvals does not know.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.reauthentication import confirm_password
from core import clock
from core.formats.words import money_text, relative_text
from core.money import Money
from payments import holds, policies
from payments.admin.base import OfMoney
from payments.admin.tables import NOTHING, amount, chip, facts, link, table
from payments.admin_forms import ApproveForm, SendBackForm
from payments.models import ApprovalLimit, BankAccount, Disbursement
from workflow import approvals
from workflow.errors import NotAllowed
from workflow.models import Approval

WAITING = Approval.Decision.WAITING
YOUNG = timedelta(hours=72)
TONES = {"waiting": "held", "approved": "ok", "refused": "bad", "void": ""}


def approve_with_password(approval, *, by, password, note=""):
    """Agree, having proven again who one is."""
    confirm_password(by, password)
    return approvals.approve(approval, by=by, note=note)


def why_not_yours(approval, user):
    """The sentence why this person may not decide; "" if it may."""
    try:
        approvals.check_may_decide(approval, user)
    except NotAllowed as why:
        return str(why)
    return ""


def may_decide(approval, user):
    """Whether the buttons are there: it waits, and this person may be the second."""
    return approval.decision == WAITING and not why_not_yours(approval, user)


def waiting_for_person(user):
    """The approvals that this person may decide now."""
    waiting = Approval.objects.filter(decision=WAITING, expires_at__gt=clock.now())
    allowed = [code for code, action in settings.APPROVALS.items() if action.duties & user.duties]
    found = waiting.filter(action__in=allowed).exclude(maker=user).prefetch_related("subject")
    return [approval for approval in found if may_decide(approval, user)]


def risks(approval):
    """What the second person should look at twice, in sentences."""
    subject, found = approval.subject, []
    limit = ApprovalLimit.objects.filter(currency=approval.currency).first()
    if approval.amount_minor and (limit is None or approval.amount_minor >= limit.amount_minor):
        found.append(_("The amount is at or above the limit for four eyes."))
    if isinstance(subject, Disbursement):
        found += _risks_of_disbursement(subject)
    elif isinstance(subject, BankAccount):
        found += _risks_of_account(subject)
    if approval.decision == WAITING and approvals.is_void(approval):
        found.append(_("It is older than a day, or what it is about has changed: it is void."))
    return found


def _risks_of_disbursement(disbursement):
    if disbursement.kind != Disbursement.Kind.PAYOUT and not holds.is_to_source(disbursement):
        yield _("It does not go back to where it came from.")
    account = disbursement.bank_account
    if account and clock.now() < account.requested_at + YOUNG:
        yield _("The bank account was changed less than 72 hours ago.")


def _risks_of_account(account):
    company = account.company
    if not policies.payer_matches(
        account.holder, [company.name, company.legal_name, company.name_local]
    ):
        yield _("The holder is not the company: %s.") % company.legal_name
    if clock.now() < account.requested_at + YOUNG:
        yield _("The bank account was changed less than 72 hours ago.")


class ActionFilter(admin.SimpleListFilter):
    """By what is proposed, in words."""

    title = gettext_lazy("what")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return [(code, action.title) for code, action in settings.APPROVALS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Approval)
class ApprovalAdmin(OfMoney):
    """What waits for a second person comes first."""

    list_display = ["action_title", "state", "age", "expiry", "trade_ref", "amount_text", "maker"]
    list_display += ["checker"]
    list_select_related = ["maker", "checker"]
    list_filter = ["decision", ActionFilter]
    search_fields = ["=trade_ref", "maker__name", "reason"]
    ordering = [
        Case(When(decision=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()),
        "-pk",
    ]
    fields = ["action_title", "state", "risk_flags", "requester", "what", "trade_ref"]
    fields += ["amount_text", "proposed", "decided", "digest"]
    readonly_fields = ["action_title", "state", "risk_flags", "requester", "what", "amount_text"]
    readonly_fields += ["proposed", "decided"]
    operations = {
        "approve": (approve_with_password, ApproveForm, gettext_lazy("Approve"), may_decide),
        "refuse": (approvals.refuse, SendBackForm, gettext_lazy("Send back"), may_decide),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("maker", "checker")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The reason why there is no button is on the page, above everything."""
        found = self.get_object(request, object_id)
        waits = found is not None and found.decision == WAITING
        note = why_not_yours(found, request.user) if waits else ""
        title = self.action_title(found) if found else ""
        context = {"no_button": note, "subtitle": title, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def intro(self, found):
        """What is decided, in one line above the password."""
        parts = [self.action_title(found), found.subject, found.reason]
        if found.amount_minor is not None:
            parts.insert(2, money_text(Money(found.amount_minor, found.currency)))
        return ", ".join(str(part) for part in parts if part)

    def why_not(self, verb, found, user):
        if found.decision != WAITING:
            return _("This was decided already.")
        return why_not_yours(found, user)

    @admin.display(description=gettext_lazy("what"), ordering="action")
    def action_title(self, approval):
        action = settings.APPROVALS.get(approval.action)
        return action.title if action else approval.action

    @admin.display(description=gettext_lazy("state"), ordering="decision")
    def state(self, approval):
        return chip(approval.get_decision_display(), TONES[approval.decision])

    @admin.display(description=gettext_lazy("proposed"), ordering="made_at")
    def age(self, approval):
        return relative_text(approval.made_at)

    @admin.display(description=gettext_lazy("expires"), ordering="expires_at")
    def expiry(self, approval):
        if approval.decision != WAITING:
            return NOTHING
        if clock.now() >= approval.expires_at:
            return _("expired")
        return relative_text(approval.expires_at)

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount_text(self, approval):
        return amount(approval.amount_minor, approval.currency)

    @admin.display(description=gettext_lazy("look at twice"))
    def risk_flags(self, approval):
        return table((chip("!", "bad"), sentence) for sentence in risks(approval))

    @admin.display(description=gettext_lazy("asked for by"))
    def requester(self, approval):
        """The requester is a third person who may not decide either."""
        return getattr(approval.subject, "requested_by", None) or _("the platform, by its rules")

    @admin.display(description=gettext_lazy("exactly what"))
    def what(self, approval):
        subject = approval.subject
        told = dict(getattr(subject, "approval_facts", {}))
        named = {name for name in ("company", "payee") if told.get(name)}
        told |= {name: str(getattr(subject, name)) for name in named}
        currency = approval.currency or told.get("currency", "")
        rows = [(_("record"), link(subject)), *facts(told, currency)]
        return table([*rows, *facts(approval.payload, currency)])

    @admin.display(description=gettext_lazy("proposed"))
    def proposed(self, approval):
        said = [(approval.maker, relative_text(approval.made_at), approval.reason or NOTHING)]
        return table(said, [_("By"), _("When"), _("Why")])

    @admin.display(description=gettext_lazy("decided"))
    def decided(self, approval):
        if approval.checker is None:
            return NOTHING
        said = [(approval.checker, relative_text(approval.decided_at), approval.note or NOTHING)]
        return table(said, [_("By"), _("When"), _("Note")])
