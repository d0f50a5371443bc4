"""A payment that the buyer's bank takes back."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from orders.models import Order
from payments.models.payment import Payment

SUSPENSE = "suspense:unidentified"


class Chargeback(models.Model):
    """What a card network took back of a payment, from where, and how it ended.

    `taken` maps the accounts that bore it to minor units: what is still held first, then what
    the supplier has not been paid, then a claim on the supplier. Its state is the payment's.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("Being contested")
        WON = "won", _("Won: the money is back")
        LOST = "lost", _("Lost")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="chargebacks")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="chargebacks")
    provider = models.CharField(_("provider"), max_length=30)
    external_ref = models.CharField(_("number at the provider"), max_length=200)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    taken = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)

    class Meta:
        verbose_name = _("chargeback")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "external_ref"], name="one_chargeback_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, fee_minor__gte=0), name="chargeback_positive"
            ),
        ]

    def __str__(self):
        return f"{self.external_ref} {self.amount}"

    @property
    def trade(self):
        return self.order

    def adopt(self, trade):
        self.order = trade

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self):
        return Money(self.fee_minor, self.currency)

    @property
    def from_suspense(self):
        """What of it was taken from money that nobody had counted yet, in minor units."""
        return self.taken.get(SUSPENSE, 0)
