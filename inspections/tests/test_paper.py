"""The signed report as a sealed PDF."""

import pytest
from django.urls import reverse

from contracts.documents.seal import verify
from dashboard.genuine import examine
from inspections import sampling
from inspections.booking import miss, note_pieces, reschedule
from inspections.operations import declare_ready
from inspections.paper import html_for, pieces_html_for
from inspections.tasks import draw_pieces, seal_report
from tests.cast import readings
from tests.test_stories import file_report
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(inspection, inspector):
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    return inspection


def test_a_signed_report_owes_its_sealed_document(failed):
    owed = OutboxMessage.objects.get(kind="inspection.seal")
    assert owed.payload == {"inspection": failed.pk}


def test_the_report_says_what_was_agreed_found_and_drawn(failed):
    html = html_for(failed)
    assert "Failed: the goods differ from the contract" in html
    assert "181 g/m² (179 – 183)" in html
    assert "181; 183; 179" in html
    assert failed.seed in html
    assert failed.contract.sha256 in html
    assert html == html_for(failed)


def test_the_report_is_sealed_once_and_one_changed_byte_shows(failed, client, buyer, stranger):
    seal_report(failed.pk)
    failed.refresh_from_db()
    with failed.pdf.open() as file:
        sealed = file.read()
    assert verify(sealed, expected_sha256=failed.pdf_sha256).valid
    assert not verify(sealed.replace(b"%PDF-1.7", b"%PDF-1.6", 1)).valid
    found = examine(sealed)
    assert (found.answer, found.paper.order) == ("genuine", failed.order.code)
    assert found.paper.what == "Inspection report, visit 1"
    assert found.paper.since == failed.reported_at
    seal_report(failed.pk)
    noted = Event.objects.filter(verb="seal", trade_ref=failed.order.ref)
    assert noted.filter(facts={"pdf_sha256": failed.pdf_sha256}).count() == 1
    assert failed.order.inspections.get().pdf_sha256 == failed.pdf_sha256
    address = reverse("inspection_document", args=[failed.order.code, 1])
    client.force_login(buyer)
    response = client.get(address)
    assert b"".join(response.streaming_content) == sealed
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_there_is_no_document_before_the_report(inspection, client, buyer):
    seal_report(inspection.pk)
    client.force_login(buyer)
    address = reverse("inspection_document", args=[inspection.order.code, 1])
    assert client.get(address).status_code == 404


def test_the_pick_list_prints_and_is_drawn_for_the_agency_alone(
    inspection, inspector, buyer, supplier, client
):
    draw_pieces(inspection.pk)
    inspection.refresh_from_db()
    html = pieces_html_for(inspection)
    picked = sampling.pick_list(inspection.seed, 3000, 125)
    assert [f"<li>{piece}</li>" in html for piece in picked] == [True] * 125
    assert html.count("<li>") == 125
    assert sampling.seed_commitment(inspection.seed) in html
    assert inspection.seed not in html
    names = ["inspect_pieces", "inspect_pieces_pdf"]
    pages = [reverse(name, args=[inspection.public_id]) for name in names]
    client.force_login(inspector)
    assert f"<li>{picked[0]}</li>" in client.get(pages[0]).content.decode()
    assert b"".join(client.get(pages[1]).streaming_content).startswith(b"%PDF-")
    for side in (buyer, supplier):
        client.force_login(side)
        assert [client.get(page).status_code for page in pages] == [404, 404]


def test_nobody_reads_the_pieces_before_the_visit_is_agreed(
    funded_order, supplier, inspector, client
):
    proposed = declare_ready(funded_order, by=supplier)
    draw_pieces(proposed.pk)
    client.force_login(inspector)
    address = reverse("inspect_pieces", args=[proposed.public_id])
    assert client.get(address).status_code == 404
    assert not funded_order.inspections.get().pieces_pdf


def test_a_visit_planned_anew_has_a_new_pick_list(inspection, inspector, supplier):
    draw_pieces(inspection.pk)
    inspection.refresh_from_db()
    seed, path = inspection.seed, inspection.pieces_pdf.name
    miss(inspection, by=inspector, cause="not_ready", note="Half of the goods were sewn.")
    reschedule(inspection, by=supplier)
    note_pieces(inspection, by=None, path=path, seed=seed)
    inspection.refresh_from_db()
    assert inspection.seed != seed
    assert not inspection.pieces_pdf
