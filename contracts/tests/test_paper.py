"""The supplier's own contract document (S28): beside the lines, hashed with them, never above."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contracts import drafting
from contracts.binding import document_of
from contracts.operations import counter
from contracts.tests.test_pages import text_of, url
from tests.cast import PDF
from workflow.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def paper(name="kidzone_contract.pdf", data=PDF):
    return SimpleUploadedFile(name, data, "application/pdf")


def test_the_supplier_uploads_while_the_buyer_writes_and_both_see_what_prevails(
    client, supplier, buyer, contract
):
    client.force_login(supplier)
    page = text_of(client.get(url("contract", contract)))
    assert "Upload or replace the document" in page
    answer = client.post(url("contract_paper", contract), {"do": "upload", "file": paper()})
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert contract.supplier_paper.sha256 == hashlib.sha256(PDF).hexdigest()
    client.force_login(buyer)
    page = text_of(client.get(url("contract", contract)))
    assert "kidzone_contract.pdf" in page
    assert "The numbered lines prevail over it." in page
    assert "Upload or replace" not in page
    file = reverse("attachment", args=[contract.supplier_paper.public_id])
    assert b"".join(client.get(file).streaming_content) == PDF


def test_it_is_part_of_what_both_sign_with_the_clause_that_ranks_it(supplier, contract):
    before = document_of(contract)
    assert "S28" not in {clause["code"] for clause in before["clauses"]}
    drafting.upload_paper(contract, by=supplier, upload=paper())
    document = document_of(contract)
    assert document["lines"] == before["lines"]
    sha = hashlib.sha256(PDF).hexdigest()
    assert {"name": "kidzone_contract.pdf", "sha256": sha, "size": len(PDF)} in (
        document["attachments"]
    )
    clause = document["clauses"][-1]
    assert clause["code"] == "S28"
    assert sha in clause["text"]
    assert "this contract prevails" in clause["text"]


def test_the_buyer_cannot_upload_it_nor_take_it_back(client, buyer, supplier, contract):
    drafting.upload_paper(contract, by=supplier, upload=paper())
    kept = contract.supplier_paper
    for act in (
        lambda: drafting.upload_paper(contract, by=buyer, upload=paper("other.pdf")),
        lambda: drafting.remove_paper(contract, by=buyer),
    ):
        with pytest.raises(NotAllowed):
            act()
    contract.refresh_from_db()
    assert contract.supplier_paper == kept
    client.force_login(buyer)
    assert "Take the document back" not in text_of(client.get(url("contract_paper", contract)))


def test_a_proposed_version_keeps_its_document(supplier, proposed_contract):
    with pytest.raises(Refused, match="not a draft any more"):
        drafting.upload_paper(proposed_contract, by=supplier, upload=paper())
    proposed_contract.refresh_from_db()
    assert proposed_contract.supplier_paper is None


def test_an_answer_keeps_the_document_of_the_version_before(supplier, proposed_contract):
    answer = counter(proposed_contract, by=supplier)
    drafting.upload_paper(answer, by=supplier, upload=paper())
    assert drafting.terms_of(answer)["supplier_paper"] == answer.supplier_paper


def test_a_file_of_the_wrong_kind_is_refused_at_the_field(client, supplier, contract):
    client.force_login(supplier)
    file = SimpleUploadedFile("contract.exe", b"MZ\x90\x00", "application/pdf")
    answer = client.post(url("contract_paper", contract), {"do": "upload", "file": file})
    assert answer.status_code == 422
    assert "contract.exe" in text_of(answer)
    contract.refresh_from_db()
    assert contract.supplier_paper is None


def test_the_supplier_takes_its_document_back(client, supplier, contract):
    drafting.upload_paper(contract, by=supplier, upload=paper())
    client.force_login(supplier)
    client.post(url("contract_paper", contract), {"do": "remove"})
    contract.refresh_from_db()
    assert contract.supplier_paper is None


def test_a_stranger_finds_nothing(client, stranger, contract):
    client.force_login(stranger)
    assert client.get(url("contract_paper", contract)).status_code == 404
