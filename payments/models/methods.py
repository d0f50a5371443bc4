"""The ways to pay, as data that staff can change, and who changed them when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock


class PaymentMethod(models.Model):
    """A way to pay, and which clients it is offered to (S5, S6): data that staff can change.

    `fee_percent` is what the buyer pays on top for the method; it changes by two people only.
    """

    code = models.SlugField(primary_key=True)
    title = models.CharField(_("title"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10)
    for_new = models.BooleanField(_("for new clients"), default=True)
    for_existing = models.BooleanField(_("for existing clients"), default=False)
    provider = models.CharField(_("provider"), max_length=30, blank=True)
    fee_percent = models.DecimalField(_("fee, %"), max_digits=5, decimal_places=2, default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("payment method")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_percent__gte=0, fee_percent__lte=10), name="method_fee_in_range"
            )
        ]

    def __str__(self):
        return self.title


class MethodChange(models.Model):
    """One change of a method, written once: what it was, what it became, who did it."""

    method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="changes")
    before = models.JSONField()
    after = models.JSONField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("change of a payment method")
        verbose_name_plural = _("changes of payment methods")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(proposed_by=F("changed_by")),
                name="method_change_four_eyes",
            )
        ]

    def __str__(self):
        return f"{self.method_id} {self.changed_at:%Y-%m-%d}"
