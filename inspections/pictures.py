"""The pages of a visit's photos: those of the visit as a whole, taking one out, the small copy."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspections import photos
from inspections.models import Inspection
from inspections.photo_forms import PhotosForm
from inspections.visits import READ_OR_SEND, UNPROCESSABLE, visit_of
from workflow.errors import Refused


@login_required
@READ_OR_SEND
def of_visit(request, public_id):
    """All photos of a visit, and adding some that belong to no single line."""
    found = visit_of(request, public_id)
    if found.state != Inspection.State.SCHEDULED:
        return redirect("inspect_visit", public_id)
    form = PhotosForm(*_sent(request), must=True)
    if request.method == "POST" and form.is_valid() and keep(request, found, form):
        messages.success(request, _("The photos are kept."))
        return redirect("inspect_photos", public_id)
    page = {
        "inspection": found,
        "form": form,
        "photos": found.photos.select_related("attachment", "line"),
        "most": photos.MOST_OF_A_VISIT,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "inspections/photos.html", page, status=status)


@login_required
@require_POST
def remove(request, public_id, pk):
    """Take a photo out before the report is signed."""
    try:
        photos.remove_photo(visit_of(request, public_id), by=request.user, photo=pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The photo is removed."))
    return redirect("inspect_photos", public_id)


@login_required
@require_safe
def small(request, public_id, pk):
    """The small copy, for whoever may read the original."""
    inspection = get_object_or_404(Inspection, public_id=public_id)
    photo = get_object_or_404(inspection.photos.select_related("attachment"), pk=pk)
    if not photo.attachment.readable_by(request.user):
        raise Http404
    response = FileResponse(photo.small.open(), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def keep(request, inspection, form, line=None):
    """Keep what was chosen, if anything; a refusal becomes the form's error."""
    chosen = form.cleaned_data["photos"]
    if not chosen:
        return True
    try:
        photos.add_photos(
            inspection,
            by=request.user,
            uploads=chosen,
            line=line,
            caption=form.cleaned_data["caption"],
        )
    except Refused as refusal:
        form.add_error("photos", str(refusal))
    return form.is_valid()


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()
