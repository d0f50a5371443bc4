"""Downloads: authorised, as an attachment, inert in the browser."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from attachments.models import Attachment


@require_GET
@login_required
def download(request, public_id):
    """Send a file to somebody it is shared with; to anybody else it does not exist."""
    attachment = get_object_or_404(Attachment, public_id=public_id)
    if not attachment.readable_by(request.user):
        raise Http404
    response = FileResponse(
        attachment.file.open(),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
