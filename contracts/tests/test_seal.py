"""The seal: valid for us and for others, and no byte can change without showing."""

import io
import os
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys.pemder import load_private_key_from_pemder_data
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contracts.canonical import sha256_hex
from contracts.documents import keys, render, seal
from contracts.documents.tsa import NoTimestamp
from contracts.tests import sample

ROOT = Path(__file__).resolve().parents[2]
WHEN = datetime(2026, 10, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def seal_home(tmp_path_factory):
    return tmp_path_factory.mktemp("seal")


@pytest.fixture(autouse=True)
def _seal_dir(settings, seal_home):
    settings.SEAL_DIR = seal_home


@pytest.fixture(scope="module")
def drawn():
    return render.render(sample.signed_page())


@pytest.fixture
def sealed(drawn):
    return seal.seal(drawn, reason="Both parties signed this contract", when=WHEN)


def test_a_sealed_contract_is_valid_and_dated_by_the_business_clock(sealed):
    verdict = seal.verify(sealed)
    assert verdict == seal.Verdict(
        valid=True,
        whole_document=True,
        signer="Trade Assurance Seal",
        signed_at=WHEN,
        sha256=sha256_hex(sealed),
        fault="",
    )
    signature = PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0]
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.value == 1
    assert sealed.startswith(b"%PDF-1.7")


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_another_program_finds_the_seal_valid_too(sealed, tmp_path):
    file = tmp_path / "contract.pdf"
    file.write_bytes(sealed)
    done = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True)
    assert "Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout


def test_any_altered_byte_shows(sealed):
    gap = sealed.index(b"/Contents <") + len(b"/Contents ")
    places = [*range(0, len(sealed), 2003), *range(gap, gap + 5800, 331), len(sealed) - 2]
    for place in places:
        changed = bytearray(sealed)
        changed[place] = _another(changed[place])
        verdict = seal.verify(bytes(changed))
        assert not verdict.valid, place
        assert verdict.problem == "This document was altered after it was sealed."


def test_the_fields_of_the_signature_that_no_digest_covers_are_compared_too(sealed):
    start = sealed.index(b"/Contents <") + len(b"/Contents <")
    versions, digest_name = b"020101", b"608648016503040201"
    places = [
        start + found + offset
        for field in (versions, digest_name)
        for found in _all(sealed[start : start + 5000], field)
        for offset in range(len(field))
    ]
    assert len(places) >= 2 * len(versions) + 2 * len(digest_name)
    for place in places:
        changed = bytearray(sealed)
        changed[place] = _another(changed[place])
        assert not seal.verify(bytes(changed)).valid, place


def _all(text, part):
    return [place for place in range(len(text)) if text.startswith(part, place)]


def _another(byte):
    digits = b"0123456789ABCDEF"
    return digits[(digits.index(byte) + 1) % 16] if byte in digits else byte ^ 1


def test_an_appended_update_shows_although_the_signature_itself_still_holds(sealed):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Note"] = TextStringObject("The price is 1.00")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    appended = out.getvalue()
    assert appended.startswith(sealed)
    verdict = seal.verify(appended)
    assert (verdict.valid, verdict.whole_document) == (False, False)
    assert verdict.problem == "This document was altered after it was sealed."


@pytest.mark.parametrize("tail", [b"\n", b"%\n", b"\x00"])
def test_one_byte_after_the_end_shows(sealed, tail):
    assert not seal.verify(sealed + tail).valid


def test_a_second_signature_shows(sealed):
    with pytest.raises(Exception, match=r"(?i)certif|modif|lock|sign"):
        seal.seal(sealed, reason="again", when=WHEN)


def test_an_unsealed_document_is_not_valid(drawn):
    verdict = seal.verify(drawn)
    assert not verdict.valid
    assert verdict.problem == "This document carries no seal."


def test_a_file_with_another_fingerprint_is_not_the_contract(sealed, drawn):
    other = seal.seal(drawn, reason="Another", when=WHEN)
    assert seal.verify(other).valid
    verdict = seal.verify(other, expected_sha256=sha256_hex(sealed))
    assert not verdict.valid
    assert verdict.problem == "This document was altered after it was sealed."


def test_a_seal_of_somebody_else_is_told_apart(sealed, settings, tmp_path):
    settings.SEAL_DIR = tmp_path / "another"
    verdict = seal.verify(sealed)
    assert not verdict.valid
    assert verdict.problem == "This document was sealed by somebody else."


def test_keys_are_made_once_for_the_owner_only(seal_home):
    first = keys.ensure_keys()
    before = {file.name: file.read_bytes() for file in first.folder.iterdir()}
    assert sorted(before) == [
        "authority.cert.pem",
        "authority.key.pem",
        "seal.cert.pem",
        "seal.key.pem",
    ]
    for file in first.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {file.name: file.read_bytes() for file in keys.ensure_keys().folder.iterdir()} == before
    assert keys.public_certificate() == before["authority.cert.pem"]
    assert b"PRIVATE" not in keys.public_certificate()
    assert x509.load_pem_x509_certificate(before["seal.cert.pem"]).public_key().key_size == 3072


def test_two_processes_that_race_end_with_the_same_keys(tmp_path):
    code = (
        "import django; django.setup(); from contracts.documents.keys import public_certificate;"
        "print(public_certificate().decode())"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "trade_assurance.settings",
        "TA_SEAL_DIR": str(tmp_path / "race"),
    }
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = {racer.communicate()[0] for racer in racers}
    assert [racer.returncode for racer in racers] == [0, 0]
    assert len(told) == 1
    assert [found.name for found in (tmp_path / "race").iterdir()] == ["keys"]


class Authority:
    """A timestamping authority on this machine, with a key of its own."""

    def __init__(self, kind="application/timestamp-reply"):
        self.certificate, key = _time_stamping_certificate()
        stamper = DummyTimeStamper(
            tsa_cert=Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER)),
            tsa_key=load_private_key_from_pemder_data(key, None),
            certs_to_embed=SimpleCertificateStore(),
        )

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments):
                """Stay quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def _time_stamping_certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test time")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate, pem


def test_with_an_authority_the_seal_carries_its_time(drawn, settings, tmp_path):
    authority = Authority()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    settings.TSA_URL, settings.TSA_ROOTS = authority.address, str(roots)
    try:
        stamped = seal.seal(drawn, reason="Signed", when=WHEN)
    finally:
        authority.close()
    signature = PdfFileReader(io.BytesIO(stamped)).embedded_signatures[0]
    unsigned = signature.signer_info["unsigned_attrs"].native
    assert [attribute["type"] for attribute in unsigned] == ["signature_time_stamp_token"]
    assert seal.verify(stamped).valid
    settings.TSA_ROOTS = str(keys.ensure_keys().folder / "authority.cert.pem")
    verdict = seal.verify(stamped)
    assert not verdict.valid
    assert verdict.problem == "The time stamp of the seal cannot be trusted."


def test_an_authority_that_does_not_answer_leaves_nothing_sealed(drawn, settings):
    authority = Authority(kind="text/html")
    settings.TSA_URL, settings.TSA_ROOTS = authority.address, "roots.pem"
    try:
        with pytest.raises(NoTimestamp, match="answered with text/html"):
            seal.seal(drawn, reason="Signed", when=WHEN)
    finally:
        authority.close()
    with pytest.raises(NoTimestamp, match="does not answer"):
        seal.seal(drawn, reason="Signed", when=WHEN)


def test_an_authority_nobody_trusts_is_not_asked(drawn, settings):
    settings.TSA_URL, settings.TSA_ROOTS = "http://127.0.0.1:9/", ""
    with pytest.raises(NoTimestamp, match="TSA_URL needs TSA_ROOTS"):
        seal.seal(drawn, reason="Signed", when=WHEN)
