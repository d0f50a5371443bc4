"""Taking in a file: what it is, how large, its fingerprint; then it never changes."""

import hashlib

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from attachments.models import Attachment
from workflow.errors import Refused

ALLOWED = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}


@transaction.atomic
def store(upload, *, by, shared_with):
    """Keep an uploaded file for the given companies. Raises Refused with what to do instead."""
    data = upload.read(settings.UPLOAD_LIMIT_BYTES + 1)
    name = upload.name[:200]
    media_type = _media_type(name, data)
    attachment = Attachment(
        name=name,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
    )
    attachment.file.save(name, ContentFile(data), save=False)
    attachment.save()
    attachment.shared_with.set(shared_with)
    return attachment


def _media_type(name, data):
    if not data:
        raise Refused(_("“%s” is empty. Choose another file.") % name, code="upload_empty")
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(
            _("“%s” is larger than 25 MB. Choose a smaller file.") % name, code="upload_too_large"
        )
    found = filetype.guess(data)
    if found is None or found.mime not in ALLOWED:
        raise Refused(
            _("“%s” is not a PDF, JPEG, PNG or WebP file. Choose one of these.") % name,
            code="upload_type",
        )
    return found.mime
