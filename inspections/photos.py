"""Photos of a visit: kept as they were taken, known by their SHA-256, shown with the report.

Until the report is signed only the agency reads them. A small copy without metadata is made
at once, for the pages and for the sealed report; the original is what the hash is of.
"""

from io import BytesIO

import filetype
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from attachments.operations import store
from inspections.models import Inspection, Photo
from workflow.engine import operation, record
from workflow.errors import NotAllowed, Refused

PICTURES = {"image/jpeg", "image/png", "image/webp"}
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_OF_A_VISIT = 40
SMALL_SIDE, SMALL_QUALITY = 900, 70


@operation
def add_photos(inspection, *, by, uploads, line=None, caption=""):
    """Keep photos of one contract line, or of the visit as a whole; all of them or none."""
    _check_may_change(inspection, by)
    if inspection.photos.count() + len(uploads) > MOST_OF_A_VISIT:
        raise Refused(
            _("A visit has at most %(most)d photos. Remove some, or choose fewer.")
            % {"most": MOST_OF_A_VISIT},
            code="too_many_photos",
        )
    added = [_keep(inspection, by, upload, line, caption.strip()) for upload in uploads]
    hashes = [photo.attachment.sha256 for photo in added]
    record(inspection, "photos", by=by, facts={"line": line and line.number, "sha256": hashes})
    return added


@operation
def remove_photo(inspection, *, by, photo):
    """Take a photo out before the report is signed; that it was there stays on the record."""
    _check_may_change(inspection, by)
    found = inspection.photos.filter(pk=photo).select_related("attachment").first()
    if found is None:
        raise Refused(_("This photo was removed already."), code="photo_gone")
    record(inspection, "photo_removed", by=by, facts={"sha256": found.attachment.sha256})
    found.delete()


def publish(inspection):
    """Both sides read the photos from now on. Returns their hashes, for the record."""
    order, hashes = inspection.order, []
    for photo in inspection.photos.select_related("attachment"):
        photo.attachment.shared_with.add(order.buyer_id, order.supplier_id)
        hashes.append(photo.attachment.sha256)
    return hashes


def _check_may_change(inspection, by):
    if by.company_id != inspection.agency_id:
        raise NotAllowed
    if inspection.state != Inspection.State.SCHEDULED:
        raise Refused(
            _("Photos belong to a visit that is booked and not yet reported."), code="not_scheduled"
        )


def _keep(inspection, by, upload, line, caption):
    small = _small(upload)
    upload.seek(0)
    photo = Photo(
        inspection=inspection,
        line=line,
        caption=caption,
        attachment=store(upload, by=by, shared_with=[inspection.agency_id]),
    )
    photo.small.save("small.jpg", ContentFile(small), save=False)
    photo.save()
    return photo


def _small(upload) -> bytes:
    """The small copy: upright, without metadata. Raises Refused for what is no picture."""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(
            _("“%s” is larger than 15 MB. Take the photo at a lower resolution.") % upload.name,
            code="photo_too_large",
        )
    kind = filetype.guess(data)
    if kind is None or kind.mime not in PICTURES:
        raise Refused(
            _(
                "“%s” is not a JPEG, PNG or WebP picture. Choose one of these. On an iPhone set "
                "the camera’s format to “Most Compatible”."
            )
            % upload.name,
            code="photo_type",
        )
    try:
        return _drawn_small(data, upload.name)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as broken:
        raise Refused(
            _("“%s” cannot be opened: it is damaged. Take or choose it again.") % upload.name,
            code="photo_damaged",
        ) from broken


def _drawn_small(data, name) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused(
                _("“%s” has more than 60 megapixels. Take it at a lower resolution.") % name,
                code="photo_too_large",
            )
        picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        small = ImageOps.exif_transpose(picture).convert("RGB")
        small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    target = BytesIO()
    small.save(target, "JPEG", quality=SMALL_QUALITY, optimize=True)
    return target.getvalue()
