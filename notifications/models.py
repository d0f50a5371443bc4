"""What a person is told, and whether it was mailed and read."""

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


class Notice(models.Model):
    """One event, or one reminder, told to one person, once, in that person's language."""

    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="notices")
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="notices")
    reader = models.ForeignKey(User, models.CASCADE, related_name="notices")
    trade_ref = models.CharField(max_length=40, default="")
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
            models.Index(fields=["reader"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["reader", "-id"], name="notice_of_reader"),
        ]

    def __str__(self):
        return self.subject
