"""Bank accounts of companies: compared by two people, and nothing else is done to them here."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import relative_text
from payments import bank_accounts, policies
from payments.admin.base import HasQueues, OfMoney, QueueFilter, ShowsBankData, is_finance
from payments.admin.tables import NOTHING, chip, link, table
from payments.admin_forms import MaybeReasonForm, ReasonForm
from payments.models import BankAccount
from workflow import approvals
from workflow.admin import takes
from workflow.errors import NotAllowed

State = BankAccount.State
TONES = {"proposed": "held", "active": "ok", "refused": "bad"}


def may_propose(account, user):
    """A first person of the finance office, who did not ask for it and is not of the company."""
    if account.state != State.PROPOSED:
        return False
    try:
        approvals.check_may_propose(account, "bankaccount.approve", user)
    except NotAllowed:
        return False
    return approvals.waiting_for(account, "bankaccount.approve") is None


def may_refuse(account, user):
    """The finance office; nobody judges an account of his own company."""
    is_own = user.company_id is not None and user.company_id == account.company_id
    return is_finance(user) and not is_own and takes("refuse")(account, user)


class Piles(QueueFilter):
    queues = {
        "check": (gettext_lazy("To check"), Q(state=State.PROPOSED)),
        "use": (gettext_lazy("In use"), Q(state=State.ACTIVE)),
    }


@admin.register(BankAccount)
class BankAccountAdmin(HasQueues, ShowsBankData, OfMoney):
    """Holder against legal name, numbers in part."""

    list_display = ["company", "holder", "number", "bank", "state_chip", "requested_by"]
    list_display += ["requested_at", "usable_from"]
    list_select_related = ["company", "requested_by"]
    list_filter = [Piles, "state", "currency"]
    search_fields = ["company__name", "company__legal_name", "holder", "bank", "=bic"]
    queue_filter = Piles
    amount_field = ""
    fields = ["company", "state_chip", "names", "number", "bank", "bic", "country", "currency"]
    fields += ["in_use", "asked", "usable_from", "proposed_by", "approved_by"]
    readonly_fields = ["state_chip", "names", "number", "in_use", "asked"]
    operations = {
        "propose": (
            bank_accounts.ask_to_approve,
            MaybeReasonForm,
            gettext_lazy("Propose to put it in use"),
            may_propose,
        ),
        "refuse": (
            bank_accounts.refuse_account,
            ReasonForm,
            gettext_lazy("Do not accept it"),
            may_refuse,
        ),
    }

    @admin.display(description=gettext_lazy("account number"))
    def number(self, account):
        return account.masked

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, account):
        return chip(account.get_state_display(), TONES.get(account.state, ""))

    @admin.display(description=gettext_lazy("holder and company"))
    def names(self, account):
        company = account.company
        known = [company.name, company.legal_name, company.name_local]
        same = policies.payer_matches(account.holder, known)
        verdict = chip(_("the same"), "ok") if same else chip(_("not the same"), "bad")
        return table([(account.holder, company.legal_name, company.name_local, verdict)],
                     [_("Holder"), _("Legal name"), _("Own script"), _("Compared")])  # fmt: skip

    @admin.display(description=gettext_lazy("account in use now"))
    def in_use(self, account):
        now = BankAccount.objects.filter(
            company=account.company_id, currency=account.currency, state=State.ACTIVE
        ).exclude(pk=account.pk)
        rows = [(link(one, one.masked), one.holder, one.bank) for one in now]
        return table(rows, [_("Number"), _("Holder"), _("Bank")])

    @admin.display(description=gettext_lazy("asked for"))
    def asked(self, account):
        by = account.requested_by
        said = [(by, by.company or NOTHING, relative_text(account.requested_at))]
        return table(said, [_("By"), _("Company"), _("When")])
