"""The platform's seal on a document: PAdES, certifying that nothing may be changed any more.

Level B-B; with `settings.TSA_URL` and `TSA_ROOTS` the time comes from a timestamping authority
(B-T). The field is invisible and the key RSA, so the file stays PDF 1.7. Verifying demands more
than viewers do: our own authority, and a signature over the whole file, so that one changed byte
or an appended update shows as altered (reliability 20).
"""

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import cms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contracts.canonical import sha256_hex
from contracts.documents import keys
from contracts.documents.tsa import NoTimestamp, Stamper

FIELD = "PlatformSeal"
PROBLEMS = {
    "altered": _("This document was altered after it was sealed."),
    "unsealed": _("This document carries no seal."),
    "foreign": _("This document was sealed by somebody else."),
    "untimed": _("The time stamp of the seal cannot be trusted."),
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """Whether a document is ours and unchanged, and what is wrong if it is not.

    `fault` is empty, or "altered", "unsealed", "foreign" or "untimed".
    """

    valid: bool
    whole_document: bool
    signer: str = ""
    signed_at: datetime | None = None
    sha256: str = ""
    fault: str = ""

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence; empty for a valid document."""
        return str(PROBLEMS[self.fault]) if self.fault else ""


def seal(pdf: bytes, *, reason: str, when: datetime) -> bytes:
    """The document with the platform's seal, dated `when` (the business clock)."""
    held = keys.ensure_keys()
    signer = signers.SimpleSigner(
        signing_cert=_certificate(held.certificate(keys.SEAL)),
        signing_key=load_private_key_from_pemder_data(held.private_key(), passphrase=None),
        cert_registry=SimpleCertificateStore(),
        embed_roots=False,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location="Singapore",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    sealer = _Sealer(metadata, signer, timestamper=_timestamper())
    sealer.when = when
    return sealer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


def verify(pdf: bytes, *, expected_sha256: str = "") -> Verdict:
    """Check a sealed document; with `expected_sha256` it must also be that very file."""
    digest = sha256_hex(pdf)
    if expected_sha256 and digest != expected_sha256:
        return Verdict(False, False, sha256=digest, fault="altered")
    held = keys.ensure_keys()
    try:
        return _verify(pdf, digest, held)
    except Exception as error:  # a damaged file fails anywhere in the parser: it is no proof
        logger.info("A document offered as sealed cannot be read (%r): %s", error, digest)
        return Verdict(False, False, sha256=digest, fault="altered")


def bears_seal(pdf: bytes) -> bool:
    """Whether a file holds traces of our seal, valid or not: its field, or our certificate.

    One damaged place cannot remove both, so that what was ours is told from what never was.
    """
    der = _certificate(keys.ensure_keys().certificate(keys.SEAL)).dump()
    return f"({FIELD})".encode() in pdf or der.hex().encode() in pdf.lower()


def _verify(pdf: bytes, digest: str, held: keys.SealKeys) -> Verdict:
    signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
    if not signatures:
        return Verdict(False, False, sha256=digest, fault="unsealed")
    embedded = signatures[0]
    whole = len(signatures) == 1 and _is_exact(pdf, embedded)
    trusted = ValidationContext(trust_roots=[_certificate(held.certificate(keys.AUTHORITY))])
    status = validate_pdf_signature(embedded, trusted, _trusted_for_time())
    whole = whole and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    ours = embedded.signer_cert.dump() == _certificate(held.certificate(keys.SEAL)).dump()
    return Verdict(
        valid=bool(status.bottom_line and whole and ours),
        whole_document=whole,
        signer=embedded.signer_cert.subject.native["common_name"],
        signed_at=status.signer_reported_dt,
        sha256=digest,
        fault=_fault(status, whole, ours),
    )


def _fault(status, whole: bool, ours: bool) -> str:
    if not (whole and status.intact and status.valid):
        return "altered"
    if not (ours and status.trusted):
        return "foreign"
    return "" if status.bottom_line else "untimed"


def _is_exact(pdf: bytes, embedded) -> bool:
    """Whether the signature is written exactly as we write it, over everything else in the file.

    The digits of the signature itself lie outside what it covers. So they must be the plain
    form of its content: the same digits, then zeros only, in the one gap of the byte range; and
    its few fields that no digest covers must say what we write.
    """
    start, first, second, rest = (int(part) for part in embedded.byte_range)
    if start != 0 or second + rest != len(pdf):
        return False
    gap = pdf[first:second]
    content, info = embedded.signed_data, embedded.signer_info
    if content["version"].native != "v1" or info["version"].native != "v1":
        return False
    if [algorithm.dump() for algorithm in content["digest_algorithms"]] != [
        info["digest_algorithm"].dump()
    ]:
        return False
    plain = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump(force=True)
    digits = plain.hex().upper().encode()
    return gap == b"<" + digits.ljust(len(gap) - 2, b"0") + b">"


def _timestamper() -> Stamper | None:
    """Who gives the time: `settings.TSA_URL`, trusted by the certificates in `TSA_ROOTS`."""
    address = getattr(settings, "TSA_URL", "")
    if not address:
        return None
    if not getattr(settings, "TSA_ROOTS", ""):
        raise NoTimestamp("TSA_URL needs TSA_ROOTS: a PEM file with the authority's roots.")
    return Stamper(address)


def _trusted_for_time() -> ValidationContext:
    path = getattr(settings, "TSA_ROOTS", "")
    roots = list(load_certs_from_pemder_data(Path(path).read_bytes())) if path else []
    return ValidationContext(trust_roots=roots)


def _certificate(pem: bytes):
    return next(iter(load_certs_from_pemder_data(pem)))


class _Sealer(signers.PdfSigner):
    """A signer that writes the business time into the signature instead of the machine's."""

    when: datetime

    def init_signing_session(self, *arguments, **options):
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self.when
        return session
