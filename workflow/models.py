"""Stateful records, and the three kinds of row that go with every change."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock


class Stateful(models.Model):
    """A model whose `state`, a StateField, moves only through its transitions."""

    reloading = False

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    @property
    def trade(self):
        """The record that is locked first: the order, or this one if it has no order."""
        return self

    def adopt(self, trade):
        """Take the locked instance of the trade as one's own, so that no copy goes stale."""

    @property
    def ref(self):
        """What people and history call it."""
        return f"{self._meta.model_name}-{self.pk}"

    def refresh_from_db(self, *args, **kwargs):
        self.reloading = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self.reloading = False


class AboutSubject(models.Model):
    """A row about one record of any kind, filed under the trade it belongs to."""

    trade_ref = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        abstract = True


class Event(AboutSubject):
    """Something that happened. Written once; the database refuses any change (X28).

    `n`, `prev_hash` and `hash` are filled by a trigger: each trade's events form a chain
    of SHA-256 hashes, so that a row that was altered, removed or put in later shows.
    """

    n = models.PositiveIntegerField(editable=False, default=0)
    verb = models.CharField(max_length=50)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_role = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    happened_at = models.DateTimeField(default=clock.now)
    prev_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["trade_ref", "n"], name="event_place_in_its_chain")
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_subject")]

    def __str__(self):
        return f"{self.trade_ref}: {self.name}"

    @property
    def name(self):
        return f"{self.subject_type.model}.{self.verb}"


class DeadlineQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def due(self, at=None):
        """Those whose instant has come: `t < due_at` was in time, `t >= due_at` is not."""
        return self.open().filter(due_at__lte=at or clock.now()).order_by("due_at", "pk")


class Deadline(AboutSubject):
    """A promise with an instant. Kept, or missed: then the clock's handler runs."""

    kind = models.CharField(max_length=40)
    due_at = models.DateTimeField(_("due"), help_text=_("Exclusive: on time means before it."))
    started_at = models.DateTimeField(default=clock.now)
    first_due_at = models.DateTimeField(
        null=True, help_text=_("The instant before staff extended it; empty if they did not.")
    )
    closed_at = models.DateTimeField(null=True)
    missed = models.BooleanField(default=False)
    retry_at = models.DateTimeField(
        null=True, help_text=_("Real time until which no sweep touches it: a lease or a delay.")
    )
    last_error = models.TextField(blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(closed_at=None),
                name="one_open_deadline_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="deadline_due"),
            models.Index(
                fields=["trade_ref", "due_at"], condition=Q(closed_at=None), name="deadline_trade"
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.trade_ref} by {self.due_at:%Y-%m-%d %H:%M}Z"

    @property
    def clock(self):
        return settings.DEADLINES[self.kind]


class OutboxMessage(models.Model):
    """An effect outside the database that is owed. It is a row until it is done.

    The relay delivers it after the commit, again and again until its handler succeeds;
    handlers are idempotent. Losing the broker or a process delays it, nothing more.
    """

    lane = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    trade_ref = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.real_now)
    try_at = models.DateTimeField(default=clock.real_now)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                F("lane"), F("try_at"), condition=Q(delivered_at=None), name="outbox_waiting"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Heartbeat(models.Model):
    """The last sign of life of a process: /readyz and the back office look at its age."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self):
        return self.name


class Approval(models.Model):
    """Something that needs two people: proposed by one, decided by another (requirement 12).

    `digest` is the SHA-256 of exactly what was proposed: the payload, and the facts of the
    record at that moment. If either changes, the approval is void. The database refuses a
    checker who is the maker, and any change of what was proposed or decided.
    """

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Sent back")
        VOID = "void", _("Void: it expired or its subject changed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(_("what"), max_length=60)
    trade_ref = models.CharField(_("order"), max_length=40, blank=True)
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    subject_key = models.CharField(max_length=60, blank=True)
    subject = GenericForeignKey("subject_type", "subject_key")
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField(_("amount, in cents"), null=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.TextField(_("why"), blank=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("proposed"), default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("approval")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checker=None) | ~Q(checker=F("maker")), name="approval_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["approved", "refused"])
                | Q(checker__isnull=False, decided_at__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["action", "subject_type", "subject_key"],
                condition=Q(decision="waiting"),
                name="one_open_approval",
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.subject_key}"
