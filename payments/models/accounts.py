"""The bank accounts that money is paid out to. A new one waits, and is told to everybody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, User
from accounts.roles import the_finance_office, the_platform
from core import clock
from workflow.fields import StateField
from workflow.models import Stateful


class BankAccount(Stateful):
    """Where a company wants its money (reliability requirement 13).

    It is asked for by a signer who proves again who he is, told to everybody of the company,
    approved by two people of the finance office, and paid to from `usable_from` on.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Being checked")
        ACTIVE = "active", _("In use")
        RETIRED = "retired", _("No longer in use")
        REFUSED = "refused", _("Not accepted")

    company = models.ForeignKey(Company, models.PROTECT, related_name="bank_accounts")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    holder = models.CharField(_("account holder"), max_length=140)
    account_number = models.CharField(_("account number or IBAN"), max_length=34)
    bic = models.CharField(_("SWIFT / BIC"), max_length=11)
    bank = models.CharField(_("bank"), max_length=120)
    country = models.CharField(_("country of the bank"), max_length=2)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    usable_from = models.DateTimeField(_("usable from"))
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = StateField(choices=State, default=State.PROPOSED)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="active")
                | Q(proposed_by__isnull=False, approved_by__isnull=False),
                name="bank_account_seen_by_two",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | ~Q(approved_by=F("proposed_by"))
                & ~Q(approved_by=F("requested_by"))
                & ~Q(proposed_by=F("requested_by")),
                name="bank_account_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(state="active"),
                name="one_bank_account_in_use",
            ),
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(state="proposed"),
                name="one_bank_account_being_checked",
            ),
        ]

    def __str__(self):
        return f"{self.bank}, {self.masked}"

    @property
    def masked(self):
        """All that a page shows of the number: its last four characters."""
        return f"•• {self.account_number[-4:]}"

    @property
    def destination(self):
        """The account as a payment names it."""
        return {
            "name": self.holder,
            "account": self.account_number,
            "bic": self.bic,
            "bank": self.bank,
            "country": self.country,
        }

    @property
    def approval_facts(self):
        """What two people approve: any change of it voids their approval."""
        return {"company": self.company_id, "currency": self.currency, **self.destination}

    @transition(state, State.PROPOSED, State.ACTIVE, permission=the_finance_office)
    def approve(self, proposed_by, approved_by):
        """Two people of the finance office have checked holder and number."""
        self.proposed_by, self.approved_by = proposed_by, approved_by

    @transition(state, State.PROPOSED, State.REFUSED, permission=the_finance_office)
    def refuse(self):
        """The account cannot be paid to, and the company hears why."""

    @transition(
        state,
        [State.PROPOSED, State.ACTIVE],
        State.RETIRED,
        permission=the_finance_office | the_platform,
    )
    def retire(self):
        """Another account takes its place."""
