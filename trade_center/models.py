"""The trade centre: what buyer and supplier say to each other about an order (S13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from attachments.models import Attachment
from core import clock
from orders.models import Order


class Message(models.Model):
    """Something that was said. It stays as it was: it counts as evidence."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    text = models.TextField(_("message"))
    translation = models.TextField(_("translation"), blank=True)
    language = models.CharField(max_length=10, default="en")
    attachments = models.ManyToManyField(Attachment, blank=True)
    pays_elsewhere = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("message")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.author}: {self.text[:40]}"
