"""What is owed to payment providers, and what they have told us.

An intent is a row before anything is sent, with the key that every repetition reuses. News is
a row before anything is done about it. External numbers are unique for a provider and kind.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from payments.providers.base import Ask


class ProviderOperation(models.Model):
    """One thing that a provider is asked to do, once (reliability requirement 4).

    `amount_minor` is all that moves; `fee_minor` is the buyer's payment fee within it, and
    `provider_fee_minor` what the provider says it keeps (None while it has not said).
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        REFUND = "refund", _("Refund")
        PAYOUT = "payout", _("Payout")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("To be sent")
        SENT = "sent", _("Sent, no answer yet")
        PENDING = "pending", _("Open at the provider")
        SUCCEEDED = "succeeded", _("Done")
        FAILED = "failed", _("Not done")
        UNKNOWN = "unknown", _("Unknown: being looked up")

    provider = models.CharField(_("provider"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    idempotency_key = models.CharField(max_length=120, unique=True)
    reference = models.CharField(_("reference"), max_length=40)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    provider_fee_minor = models.BigIntegerField(_("kept by the provider"), null=True)
    settlement = models.ForeignKey(
        "payments.ProviderSettlement", models.PROTECT, null=True, related_name="operations"
    )
    currency = models.CharField(max_length=3)
    destination = models.CharField(max_length=500, blank=True)
    payment = models.ForeignKey(
        "payments.Payment", models.PROTECT, null=True, related_name="provider_operations"
    )
    disbursement = models.ForeignKey(
        "payments.Disbursement", models.PROTECT, null=True, related_name="provider_operations"
    )
    external_ref = models.CharField(_("number at the provider"), max_length=200, blank=True)
    redirect_url = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.real_now)

    class Meta:
        verbose_name = _("provider operation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=F("fee_minor"), fee_minor__gte=0),
                name="provider_operation_amounts",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False) | Q(disbursement__isnull=False),
                name="provider_operation_is_for_something",
            ),
            models.UniqueConstraint(
                fields=["provider", "kind", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_operation_of_an_external_number",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(kind="charge"), name="one_charge_of_a_payment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["updated_at"],
                condition=Q(status__in=["sent", "pending", "unknown"]),
                name="provider_operation_open",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} ({self.provider})"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self):
        return Money(self.fee_minor, self.currency)

    @property
    def order(self):
        """The trade it belongs to."""
        return self.payment.order if self.payment else self.disbursement.order

    @property
    def ask(self):
        """The intent as the plain values that a provider is given."""
        return Ask(
            kind=self.kind,
            external_ref=self.external_ref,
            idempotency_key=self.idempotency_key,
            reference=self.reference,
            amount=self.amount,
            destination=self.destination,
            method=self.payment.method_id if self.payment else "",
        )


class ProviderEvent(models.Model):
    """A signed message of a provider. Written once; only that it was handled is added later.

    The database refuses any other change (migrations/0004_providers.py).
    """

    provider = models.CharField(_("provider"), max_length=30)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=20)
    external_ref = models.CharField(_("number at the provider"), max_length=200, blank=True)
    body_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("provider event")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")
        ]

    def __str__(self):
        return f"{self.provider} {self.event_id}"
