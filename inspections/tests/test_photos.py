"""Photos of a visit: taken with the readings, signed with the report, read by nobody before."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from attachments.models import Attachment
from inspections import booking, photos
from inspections.paper import html_for
from inspections.tasks import seal_report
from tests.test_stories import file_report
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


def picture(name="width.jpg", size=(1600, 1200), colour=(10, 120, 90), kind="JPEG"):
    data = BytesIO()
    Image.new("RGB", size, colour).save(data, kind)
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def answer(response):
    """The status; what is streamed is read to its end, so that the file is closed."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def send(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_a_photo_is_sent_with_the_readings_of_its_line(client, inspection, inspector):
    line = inspection.contract.lines.get(template_key="fabric")
    sent = picture()
    response = send(
        client, inspector, "inspect_line", inspection.public_id, line.number,
        reading_1="200", photos=[sent, picture("tape.png", kind="PNG")], caption="The scale",
        then="stay",
    )  # fmt: skip
    assert response.status_code == 302
    first, second = inspection.photos.all()
    sent.seek(0)
    assert first.attachment.sha256 == hashlib.sha256(sent.read()).hexdigest()
    assert (first.line, first.caption, second.attachment.name) == (line, "The scale", "tape.png")
    with first.small.open() as file, Image.open(file) as small:
        assert (small.size, small.format) == ((900, 675), "JPEG")
    page = client.get(response.url).content.decode()
    assert reverse("inspection_photo", args=[inspection.public_id, first.pk]) in page
    noted = Event.objects.get(verb="photos")
    assert noted.facts["sha256"] == [first.attachment.sha256, second.attachment.sha256]


def test_nobody_else_reads_a_photo_until_the_report_is_signed(
    client, inspection, inspector, buyer, supplier, stranger
):
    (photo,) = photos.add_photos(inspection, by=inspector, uploads=[picture()])
    small = reverse("inspection_photo", args=[inspection.public_id, photo.pk])
    original = reverse("attachment", args=[photo.attachment.public_id])

    def answers(user):
        client.force_login(user)
        return [answer(client.get(small)), answer(client.get(original))]

    assert answers(inspector) == [200, 200]
    assert answers(buyer) == answers(supplier) == answers(stranger) == [404, 404]
    file_report(inspection, inspector)
    assert answers(buyer) == answers(supplier) == [200, 200]
    assert answers(stranger) == [404, 404]
    assert Event.objects.get(verb="report").facts["photos"] == [photo.attachment.sha256]
    client.force_login(buyer)
    report = client.get(reverse("inspection_report", args=[inspection.order.code, 1]))
    assert small in report.content.decode()


def test_the_sealed_report_shows_every_photo_with_its_hash(inspection, inspector):
    (photo,) = photos.add_photos(
        inspection, by=inspector, uploads=[picture()], caption="Cartons 1 to 40"
    )
    file_report(inspection, inspector)
    html = html_for(inspection)
    assert photo.attachment.sha256 in html
    assert "Cartons 1 to 40" in html
    assert html.count('src="data:image/jpeg;base64,') == 1
    seal_report(inspection.pk)
    inspection.refresh_from_db()
    assert inspection.sealed_at


def test_a_photo_too_many_for_the_page_is_named_with_its_hash(inspection, inspector, monkeypatch):
    monkeypatch.setattr("inspections.paper.ROOM_FOR_PHOTOS", 10_000)
    kept = photos.add_photos(
        inspection, by=inspector, uploads=[picture(), picture("2.jpg", colour=(1, 2, 3))]
    )
    file_report(inspection, inspector)
    html = html_for(inspection)
    assert [photo.attachment.sha256 in html for photo in kept] == [True, True]
    assert html.count('src="data:image/jpeg;base64,') == 1


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (
            SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"),
            "“a.pdf” is not a JPEG, PNG or WebP picture. Choose one of these. On an iPhone set "
            "the camera’s format to “Most Compatible”.",
        ),
        (
            SimpleUploadedFile("torn.jpg", picture().read()[:900]),
            "“torn.jpg” cannot be opened: it is damaged. Take or choose it again.",
        ),
        (
            SimpleUploadedFile("huge.jpg", b"\xff\xd8\xff" + bytes(photos.MOST_BYTES)),
            "“huge.jpg” is larger than 15 MB. Take the photo at a lower resolution.",
        ),
    ],
)
def test_what_is_no_photo_is_refused_and_none_of_the_others_is_kept(
    client, inspection, inspector, upload, sentence
):
    upload.seek(0)
    before = Attachment.objects.count()
    response = send(
        client, inspector, "inspect_photos", inspection.public_id, photos=[picture(), upload]
    )
    assert response.status_code == 422
    assert response.context["form"].errors["photos"] == [sentence]
    assert inspection.photos.count() == 0
    assert Attachment.objects.count() == before


def test_the_readings_stay_when_a_photo_is_refused(client, inspection, inspector):
    line = inspection.contract.lines.get(template_key="fabric")
    response = send(
        client, inspector, "inspect_line", inspection.public_id, line.number,
        reading_1="201", photos=[SimpleUploadedFile("a.txt", b"text")], then="next",
    )  # fmt: skip
    assert response.status_code == 422
    assert response.context["finding"].measured == "201 g/m²"
    assert inspection.photos.count() == 0


def test_a_visit_has_forty_photos_at_most(inspection, inspector):
    small = [picture(f"{n}.jpg", (8, 8)) for n in range(41)]
    with pytest.raises(Refused, match="A visit has at most 40 photos"):
        photos.add_photos(inspection, by=inspector, uploads=small)
    assert inspection.photos.count() == 0


def test_a_photo_is_removed_before_the_report_and_stays_on_the_record(
    client, inspection, inspector
):
    (photo,) = photos.add_photos(inspection, by=inspector, uploads=[picture()])
    seen = client
    seen.force_login(inspector)
    review = reverse("inspect_review", args=[inspection.public_id])
    before = seen.get(review).context["seen"]
    send(client, inspector, "inspect_photo_remove", inspection.public_id, photo.pk)
    assert inspection.photos.count() == 0
    assert seen.get(review).context["seen"] != before
    assert Event.objects.get(verb="photo_removed").facts == {"sha256": photo.attachment.sha256}
    with pytest.raises(Refused, match="removed already"):
        photos.remove_photo(inspection, by=inspector, photo=photo.pk)


def test_only_the_agency_adds_photos_and_only_to_a_booked_visit(
    inspection, inspector, supplier, client
):
    with pytest.raises(NotAllowed):
        photos.add_photos(inspection, by=supplier, uploads=[picture()])
    file_report(inspection, inspector)
    with pytest.raises(Refused, match="booked and not yet reported"):
        photos.add_photos(inspection, by=inspector, uploads=[picture()])
    assert inspection.photos.count() == 0


def test_both_sides_see_the_photos_of_a_missed_visit(client, inspection, inspector, supplier):
    (photo,) = photos.add_photos(inspection, by=inspector, uploads=[picture()], caption="Gate")
    booking.miss(inspection, by=inspector, cause="no_access", note="The gate stayed shut.")
    client.force_login(supplier)
    report = client.get(reverse("inspection_report", args=[inspection.order.code, 1]))
    assert "Gate" in report.content.decode()
    assert Event.objects.get(verb="miss").facts["photos"] == [photo.attachment.sha256]
