"""Files that people add to a trade: kept once, known by their SHA-256."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core import clock


def _path(attachment, filename):
    """A name of our own: nothing of the user's file name reaches the disk."""
    return f"attachments/{attachment.public_id}"


class Attachment(models.Model):
    """A stored file. Its bytes never change; what was signed can be told by its hash."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=_path)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    shared_with = models.ManyToManyField(Company, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def readable_by(self, user):
        """The companies it is shared with may read it, and staff; nobody else."""
        return user.is_staff or self.shared_with.filter(pk=user.company_id).exists()
