"""Who asks over the API, and what the money requests were answered."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock


class Scope(models.TextChoices):
    """What a token may be used for; within it, its person may do what that person may do."""

    ORDERS_READ = "orders:read", _("read orders")
    MONEY_READ = "money:read", _("read payments and the ledger")
    MONEY_WRITE = "money:write", _("pay, and ask for refunds and payouts")
    STATEMENTS_WRITE = "statements:write", _("upload and match bank statements")
    APPROVALS_WRITE = "approvals:write", _("approve refunds, payouts and bank details")
    PAYEES_WRITE = "payees:write", _("change bank details")


class TokenQuerySet(models.QuerySet):
    def in_force(self):
        """Not revoked, not expired, and of a person who may sign in."""
        alive = Q(expires_at=None) | Q(expires_at__gt=clock.now())
        return self.filter(alive, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A secret that acts as one person within some scopes. Only its SHA-256 is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Real time, to the minute.")
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Exclusive; empty means that it does not expire.")
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="token_expires_after_it_is_made",
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"

    @property
    def trade(self):
        """History files what happens to a token under the token itself."""
        return self

    @property
    def ref(self):
        return f"token-{self.pk}"


class KeptAnswer(models.Model):
    """What a money request was answered, under the key that its sender gave it.

    It is written in the transaction of the effect: both are there, or neither. Sending the
    key again finds the answer and does nothing (requirement 6).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=10)
    path = models.TextField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(default=clock.real_now)

    class Meta:
        verbose_name = _("kept answer")
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="one_answer_of_a_key")
        ]
        indexes = [models.Index(fields=["answered_at"], name="answer_age")]

    def __str__(self):
        return f"{self.key}: {self.status}"
