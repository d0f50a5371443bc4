"""What a person is told, over which channels, and whether it was mailed and read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from workflow.models import Deadline, Event


class Reminder(models.Model):
    """One reminder of one deadline, so many days before it; made once.

    A deadline that was moved is another promise and is reminded of again, so the instant
    belongs to what makes a reminder unique.
    """

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("reminder")
        constraints = [
            models.UniqueConstraint(fields=["deadline", "days", "due_at"], name="reminded_once")
        ]

    def __str__(self):
        return f"{self.days} days before {self.deadline}"


class DailyDigest(models.Model):
    """Who wants one letter a day with what waits, and at which hour of their own day."""

    reader = models.OneToOneField(User, models.CASCADE, related_name="daily_digest")
    hour = models.PositiveSmallIntegerField(default=8)

    class Meta:
        verbose_name = _("daily digest")
        constraints = [
            models.CheckConstraint(condition=Q(hour__lt=24), name="digest_hour_of_a_day")
        ]

    def __str__(self):
        return f"{self.reader} at {self.hour}:00"


class Digest(models.Model):
    """The digest of one person for one day of theirs: made once, written once.

    `lines` is null until it is written; then it stays, so that a letter that is sent again
    says the same. An empty list is a day on which there was nothing to say.
    """

    reader = models.ForeignKey(User, models.CASCADE, related_name="digests")
    day = models.DateField()
    made_at = models.DateTimeField(default=clock.now)
    lines = models.JSONField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("digest")
        constraints = [models.UniqueConstraint(fields=["reader", "day"], name="one_digest_a_day")]

    def __str__(self):
        return f"{self.reader}, {self.day}"


class Preference(models.Model):
    """Over which channels a person wants one kind of letter, where it is not the usual way.

    `letter` is its name in `notifications.letters`. What is locked comes on the page and by
    mail whatever stands here (`notifications.locks`).
    """

    reader = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    letter = models.CharField(max_length=60)
    site = models.BooleanField(default=True)
    mail = models.BooleanField(default=True)
    digest = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("preference")
        constraints = [
            models.UniqueConstraint(fields=["reader", "letter"], name="one_preference_a_letter")
        ]

    def __str__(self):
        return f"{self.reader}: {self.letter}"


class Notice(models.Model):
    """One event, or one reminder, told to one person, once, in that person's language.

    `on_site`, `by_mail` and `in_digest` are the channels it was made for; `digest` is the
    letter of a day that carried it.
    """

    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="notices")
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="notices")
    reader = models.ForeignKey(User, models.CASCADE, related_name="notices")
    trade_ref = models.CharField(max_length=40, default="")
    letter = models.CharField(max_length=60, default="")
    on_site = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)
    in_digest = models.BooleanField(default=False)
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, related_name="notices")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    button = models.CharField(max_length=80, default="")
    path = models.CharField(max_length=200, blank=True)
    needs_you = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "reader"], name="told_once"),
            models.UniqueConstraint(fields=["reminder", "reader"], name="reminder_told_once"),
            models.CheckConstraint(
                condition=Q(event=None) ^ Q(reminder=None), name="notice_has_one_cause"
            ),
        ]
        indexes = [
            models.Index(
                fields=["reader"], condition=Q(read_at=None, on_site=True), name="notice_unread"
            ),
            models.Index(
                fields=["reader"],
                condition=Q(in_digest=True, digest=None),
                name="notice_for_digest",
            ),
            models.Index(fields=["reader", "-id"], name="notice_of_reader"),
        ]

    def __str__(self):
        return self.subject
