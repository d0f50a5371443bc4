"""Proof that the books are right: reconciliations, differences, daily statements, the brake."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock


class Reconciliation(models.Model):
    """One comparison of ledger, providers and bank (reliability requirement 18)."""

    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    figures = models.JSONField(default=dict)
    open_differences = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("reconciliation")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}Z"


class Difference(models.Model):
    """Something that ledger, provider and bank do not say alike. The same one keeps its number."""

    class Side(models.TextChoices):
        BANK = "bank", _("Bank")
        PROVIDER = "provider", _("Provider")
        LEDGER = "ledger", _("Ledger")

    key = models.CharField(max_length=200)
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField(_("what differs"))
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    first_seen = models.ForeignKey(Reconciliation, models.PROTECT, related_name="+")
    last_seen = models.ForeignKey(Reconciliation, models.PROTECT, related_name="differences")
    gone_at = models.DateTimeField(_("gone"), null=True)

    class Meta:
        verbose_name = _("difference")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(gone_at=None), name="one_open_difference_of_a_key"
            )
        ]

    def __str__(self):
        return f"RD-{self.pk:06d}"


class ClientMoneyStatement(models.Model):
    """The trust cash of one day against everything owed to clients, sealed and kept.

    `text` is the canonical JSON that was hashed; each statement names the hash before it.
    """

    day = models.DateField(_("day"))
    currency = models.CharField(max_length=3)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    prev_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="client-money/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("client money statement")
        ordering = ["-day", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["day", "currency"], name="one_statement_a_day")
        ]

    def __str__(self):
        return f"{self.day} {self.currency}"


class Pause(models.Model):
    """Payouts and refunds stand still: the audit failed, or the finance office pulled the brake."""

    reason = models.TextField(_("why"))
    began_at = models.DateTimeField(default=clock.now)
    began_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pause of payments")
        verbose_name_plural = _("pauses of payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at=None), name="one_pause_at_a_time"
            )
        ]

    def __str__(self):
        return self.reason[:80]

    @property
    def trade(self):
        return self

    @property
    def ref(self):
        """What history calls it."""
        return f"pause-{self.pk}"

    @property
    def approval_facts(self):
        return {"pause": self.pk}
