"""What belongs to a dispute: claimed lines, evidence, rulings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from attachments.models import Attachment
from contracts.models import ContractLine
from core import clock
from core.money import Money
from disputes.models.dispute import Dispute
from disputes.models.record import DisputeRecord


class ClaimLine(models.Model):
    """A contract line that the claim names, and what the platform found about it."""

    class Finding(models.TextChoices):
        CONFORMS = "conforms", _("Conforms")
        DIFFERS = "differs", _("Differs")
        NOT_MEASURABLE = "not_measurable", _("Judged by the industry standard")
        NO_CLAUSE = "no_clause", _("No clause covers it")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="claims")
    line = models.ForeignKey(ContractLine, models.PROTECT, null=True, related_name="claims")
    text = models.TextField(_("what differs"), blank=True)
    finding = models.CharField(max_length=20, choices=Finding, blank=True)
    finding_note = models.TextField(blank=True)

    class Meta:
        ordering = ["line__number"]

    def __str__(self):
        return str(self.line or self.text)


class Evidence(models.Model):
    """What a side adds to the case."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="evidence")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("what it shows"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class Ruling(models.Model):
    """A ruling as it was given: frozen, hashed, and drawn as a sealed document.

    The first one is `n` 1; the one on appeal, which is the last word, is 2.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="rulings")
    n = models.PositiveSmallIntegerField()
    mediator = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    refund_minor = models.BigIntegerField()
    release_minor = models.BigIntegerField()
    fault = models.CharField(max_length=10, choices=DisputeRecord.Fault)
    document = models.JSONField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    pdf = models.FileField(upload_to="rulings/%Y/%m", blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["n"]
        indexes = [models.Index(fields=["pdf_sha256"], name="ruling_by_pdf")]
        constraints = [models.UniqueConstraint(fields=["dispute", "n"], name="one_ruling_a_round")]

    def __str__(self):
        return f"{self.dispute} ruling {self.n}"

    @property
    def refund(self):
        return Money(self.refund_minor, self.dispute.currency)

    @property
    def release(self):
        return Money(self.release_minor, self.dispute.currency)
