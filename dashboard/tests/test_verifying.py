"""The public check: genuine and whole, altered, or unknown; for whoever holds the paper."""

import io
import random
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from contracts.documents import render
from contracts.documents.layout import html_for
from contracts.documents.seal import seal
from contracts.tests import sample
from dashboard.genuine import examine
from payments.models import Payment
from workflow.models import Event

pytestmark = pytest.mark.django_db
ALTERED = "It bears our seal, but was changed or damaged after it was sealed."


@pytest.fixture(autouse=True)
def _nobody_checked_before():
    cache.clear()


@pytest.fixture
def in_force(signed_order, run_outbox):
    """The contract in force, with its sealed PDF."""
    run_outbox()
    return signed_order.contracts.get()


@pytest.fixture
def sealed(in_force):
    with in_force.pdf.open() as stored:
        return stored.read()


def text_of(response):
    return " ".join(response.content.decode().split())


def check(client, data, **headers):
    file = SimpleUploadedFile("contract.pdf", data)
    return client.post("/verify/", {"file": file}, headers=headers)


def test_anybody_sees_that_a_contract_is_genuine_and_what_became_of_it(client, in_force, sealed):
    answer = check(client, sealed)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<strong>Genuine and whole.</strong>" in page
    assert "Purchase contract, version 1" in page
    assert f"<dd>{in_force.order.code}</dd>" in page
    assert "<dd>In force</dd>" in page
    assert in_force.sha256 in page
    assert in_force.pdf_sha256 in page
    assert in_force.order.buyer.legal_name not in page


def mutants(whole, count):
    """A hundred ways to change a file: a flipped byte anywhere, more at its end, less of it."""
    chance = random.Random(20261126)
    for n in range(count):
        if n % 10 == 8:
            yield whole + bytes(chance.randrange(256) for _n in range(1 + n))
        elif n % 10 == 9:
            yield whole[: chance.randrange(len(whole) * 9 // 10, len(whole))]
        else:
            changed = bytearray(whole)
            changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            yield bytes(changed)


def test_a_hundred_changed_files_are_all_called_altered(sealed):
    answers = [examine(changed).answer for changed in mutants(sealed, 100) if changed != sealed]
    assert answers == ["altered"] * 100


def test_an_update_that_another_program_appended_is_altered(client, sealed):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Note"] = TextStringObject("The price is 1.00")
    writer.update_root()
    page = text_of(check(client, _written(writer)))
    assert "<strong>Altered.</strong>" in page
    assert ALTERED in page
    assert "Genuine" not in page


def _written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_was_never_ours_is_unknown_and_not_called_a_forgery(client):
    for data in (b"", b"Not a PDF at all", b"%PDF-1.7\n%%EOF", render.render("<p>A letter</p>")):
        answer = check(client, data or b" ")
        assert "<strong>Unknown.</strong>" in text_of(answer)
        assert "Altered" not in text_of(answer)


def test_a_paper_sealed_by_another_site_is_unknown(client, settings, tmp_path):
    page = html_for(sample.document(), [sample.signature()])
    settings.SEAL_DIR = tmp_path / "theirs"
    theirs = seal(render.render(page), reason="Theirs", when=datetime(2026, 10, 3, tzinfo=UTC))
    settings.SEAL_DIR = tmp_path / "ours"
    assert "<strong>Unknown.</strong>" in text_of(check(client, theirs))


def test_a_sealed_paper_that_is_not_on_record_is_genuine_but_not_listed(client):
    page = html_for(sample.document(), [sample.signature()])
    sealed = seal(render.render(page), reason="A test", when=datetime(2026, 10, 3, tzinfo=UTC))
    page = text_of(check(client, sealed))
    assert "<strong>Genuine and whole.</strong>" in page
    assert "It is no contract, report or ruling" in page


def test_the_code_on_a_contract_leads_to_its_record(client, in_force):
    page = text_of(client.get(f"/verify/?contract={in_force.sha256.upper()}"))
    assert "<strong>On our record.</strong>" in page
    assert f"<dd>{in_force.order.code}</dd>" in page
    assert "Genuine and whole." not in page


@pytest.mark.parametrize("asked", ["0" * 64, "x", "' OR 1=1 --", "%00"])
def test_another_fingerprint_is_not_on_record(client, in_force, asked):
    answer = client.get("/verify/", {"contract": asked})
    assert answer.status_code == 200
    assert "<strong>Not on our record.</strong>" in text_of(answer)


def test_a_contract_that_only_one_side_has_signed_is_not_on_record(client, proposed_contract):
    page = text_of(client.get(f"/verify/?contract={proposed_contract.sha256}"))
    assert "<strong>Not on our record.</strong>" in page


def test_without_a_file_the_page_says_what_to_do(client):
    answer = client.post("/verify/", {})
    assert answer.status_code == 422
    assert "Choose the PDF that you want to check." in text_of(answer)


def test_the_twenty_first_file_in_ten_minutes_has_to_wait(client):
    for _n in range(20):
        assert check(client, b"x").status_code == 200
    answer = check(client, b"x")
    assert answer.status_code == 429
    assert "Try again in ten minutes." in text_of(answer)
    assert client.get("/verify/").status_code == 200


def test_behind_a_proxy_each_visitor_has_a_limit_of_his_own(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _n in range(20):
        check(client, b"x", **{"X-Forwarded-For": "203.0.113.7"})
    assert check(client, b"x", **{"X-Forwarded-For": "203.0.113.7"}).status_code == 429
    assert check(client, b"x", **{"X-Forwarded-For": "203.0.113.8"}).status_code == 200


def test_a_check_leaves_nothing_behind(client, sealed):
    before = Event.objects.count(), Payment.objects.count()
    check(client, sealed)
    assert (Event.objects.count(), Payment.objects.count()) == before


def test_every_public_page_leads_to_the_check(client):
    for page in ("/", "/coverage/", "/verify/"):
        assert '<a href="/verify/">Check a document</a>' in text_of(client.get(page))
