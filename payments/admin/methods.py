"""The ways to pay and the limits: changed by operations, and each change is kept (S5, S6)."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text, relative_text
from core.money import Money
from payments import methods
from payments.admin.base import is_head
from payments.admin.tables import NOTHING, facts, table
from payments.admin_forms import AmountForm, FeeForm, MethodForm
from payments.models import ApprovalLimit, PaymentMethod
from workflow import approvals
from workflow.admin import OperationsAdmin


def proposes(action):
    """A test: a head of the house may propose it, while no such proposal waits."""

    def test(subject, user):
        return is_head(user) and approvals.waiting_for(subject, action) is None

    return test


@admin.register(PaymentMethod)
class PaymentMethodAdmin(OperationsAdmin):
    """Which client is offered which method (S5, S6); a fee takes two people."""

    list_display = ["title", "kind", "for_new", "for_existing", "provider", "fee_percent"]
    fields = ["title", "code", "kind", "for_new", "for_existing", "provider", "fee_percent"]
    fields += ["changes"]
    readonly_fields = ["changes"]
    operations = {
        "change": (
            methods.change_method,
            MethodForm,
            gettext_lazy("Change the method"),
            lambda _method, user: is_head(user),
        ),
        "fee": (
            methods.ask_to_change_fee,
            FeeForm,
            gettext_lazy("Propose another fee"),
            proposes("method.fee"),
        ),
    }

    def why_not(self, verb, found, user):
        if is_head(user):
            return _("Another fee is proposed already. Somebody else decides it.")
        return _("Only the finance office and administrators change the methods.")

    @admin.display(description=gettext_lazy("changes"))
    def changes(self, method):
        """What it was and became, and by whom: rows that are written once."""
        made = method.changes.select_related("changed_by", "proposed_by")
        rows = [
            (relative_text(one.changed_at), one.changed_by, one.proposed_by or NOTHING,
             *(_told(side) for side in (one.before, one.after)))
            for one in made
        ]  # fmt: skip
        return table(rows, [_("When"), _("By"), _("Proposed by"), _("Before"), _("After")])


def _told(values):
    return ", ".join(f"{name}: {value}" for name, value in facts(values))


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(OperationsAdmin):
    """From which amount money needs two people."""

    list_display = ["currency", "limit_text"]
    fields = ["currency", "limit_text"]
    readonly_fields = ["limit_text"]
    operations = {
        "change": (
            methods.ask_to_change_limit,
            AmountForm,
            gettext_lazy("Propose another limit"),
            proposes("limit.change"),
        ),
    }

    @admin.display(description=gettext_lazy("two people from"))
    def limit_text(self, limit):
        return money_text(Money(limit.amount_minor, limit.currency))
