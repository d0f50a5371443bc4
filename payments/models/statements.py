"""What the bank says: statements, their lines, and what each line was counted for."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import DesignatedAccount, User
from core import clock
from core.money import Money
from payments.models.payment import Payment


class StatementImport(models.Model):
    """A bank statement that was read in. Reading it again adds nothing."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        QUARANTINED = "quarantined", _("Quarantined: it does not add up")

    account = models.ForeignKey(DesignatedAccount, models.PROTECT, null=True)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    statement_id = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    sequence = models.PositiveIntegerField(_("number of the bank"), null=True)
    closed_on = models.DateField(_("closing day"), null=True)
    status = models.CharField(max_length=12, choices=Status)
    problems = models.JSONField(default=list)
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bank statement")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.format} {self.statement_id}"


class StatementLine(models.Model):
    """One line of a statement, and what became of it.

    Money that came in rests in `suspense:unidentified` until it is counted for instalments
    (`shares`), goes back, or is found to be the platform's own. `left` is what still rests
    there of this line. Money that left names the payment that it was by `end_to_end_id`.
    """

    class Status(models.TextChoices):
        NEW = "new", _("Being matched")
        MATCHED = "matched", _("Matched")
        SUSPENSE = "suspense", _("Not matched")
        RETURNED = "returned", _("Going back")
        DUPLICATE = "duplicate", _("Already known")
        QUARANTINED = "quarantined", _("Quarantined")
        IGNORED = "ignored", _("Does not count")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(StatementImport, models.PROTECT, related_name="lines")
    n = models.PositiveIntegerField()
    dedupe_key = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    is_credit = models.BooleanField()
    is_reversal = models.BooleanField(default=False)
    is_batch = models.BooleanField(default=False)
    booked_on = models.DateField(null=True)
    value_on = models.DateField(null=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    end_to_end_id = models.CharField(max_length=60, blank=True)
    return_of = models.CharField(_("returned payment"), max_length=60, blank=True)
    payer_name = models.CharField(_("payer"), max_length=140, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    references = models.JSONField(default=list)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    reason = models.TextField(_("why"), blank=True)
    left_minor = models.BigIntegerField(_("not yet counted, in cents"), default=0)
    arrived_at = models.DateTimeField(default=clock.now)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )

    class Meta:
        verbose_name = _("statement line")
        ordering = ["statement", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=~Q(status__in=["duplicate", "quarantined"]),
                name="statement_line_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(left_minor__gte=0) & Q(left_minor__lte=models.F("amount_minor")),
                name="statement_line_left",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(status="suspense"), name="statement_line_waiting"
            ),
            models.Index(
                fields=["end_to_end_id"],
                condition=~Q(end_to_end_id=""),
                name="statement_line_end_to_end",
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.text[:60]}"

    @property
    def trade(self):
        """It is locked with the order it is counted for, else by itself."""
        return self.payment.order if self.payment_id else self

    def adopt(self, trade):
        if self.payment_id:
            self.payment.order = trade

    @property
    def ref(self):
        """What history calls it while it belongs to no order."""
        return f"statementline-{self.pk}"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @property
    def left(self):
        return Money(self.left_minor, self.currency)

    @property
    def approval_facts(self):
        """What two people decide upon: the line, and what of it is not yet counted."""
        return {"key": self.dedupe_key, "left": self.left_minor, "status": self.status}


class LineShare(models.Model):
    """The part of a receipt that was counted for one payment; one receipt may have several."""

    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="shares")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    amount_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("share of a receipt")
        verbose_name_plural = _("shares of receipts")
        constraints = [
            models.UniqueConstraint(fields=["line", "payment"], name="one_share_of_a_receipt"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="line_share_positive"),
        ]

    def __str__(self):
        return f"{self.line_id} → {self.payment_id}"
