"""The platform's own money at the edge of the trust account: settlements, sweeps, top-ups."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import User
from accounts.roles import the_finance_office, the_platform
from core import clock
from core.money import Money
from payments.models.statements import StatementLine
from workflow.fields import StateField
from workflow.models import Stateful


class ProviderSettlement(models.Model):
    """What a provider paid into the trust account at once, net of what it kept (money.md 7.2)."""

    provider = models.CharField(_("provider"), max_length=30)
    external_ref = models.CharField(_("number at the provider"), max_length=200)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    line = models.OneToOneField(StatementLine, models.PROTECT, related_name="settlement")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("settlement of a provider")
        verbose_name_plural = _("settlements of providers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "external_ref"], name="one_settlement_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gt=0, fee_minor__gte=0), name="settlement_positive"
            ),
        ]

    def __str__(self):
        return f"{self.provider} {self.external_ref}"

    @property
    def net(self):
        return Money(self.gross_minor - self.fee_minor, self.currency)


class TreasuryTransfer(Stateful):
    """Money of the platform itself into or out of the trust account.

    A top-up keeps trust cash and receivables at or above the client money, and is posted with
    what causes it; a sweep takes the platform's own margin out and needs two people.
    """

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Top-up of the trust account")
        SWEEP = "sweep", _("Sweep of our own margin")

    class State(models.TextChoices):
        ORDERED = "ordered", _("To be carried out at the bank")
        CONFIRMED = "confirmed", _("Booked by the bank")

    kind = models.CharField(max_length=10, choices=Kind)
    cause = models.CharField(max_length=120, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    ordered_at = models.DateTimeField(default=clock.now)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    line = models.OneToOneField(StatementLine, models.PROTECT, null=True, related_name="treasury")
    state = StateField(choices=State, default=State.ORDERED)

    class Meta:
        verbose_name = _("treasury transfer")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="treasury_positive"),
            models.CheckConstraint(
                condition=Q(kind="top_up")
                | Q(proposed_by__isnull=False, approved_by__isnull=False)
                & ~Q(proposed_by=F("approved_by")),
                name="sweep_four_eyes",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @property
    def reference(self):
        """How the bank's line names it: TT and ten digits."""
        return f"TT{self.pk:010d}"

    @transition(state, State.ORDERED, State.CONFIRMED, permission=the_finance_office | the_platform)
    def confirm(self, line):
        """The bank's line of the trust account shows it."""
        self.line = line
