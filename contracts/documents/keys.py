"""The keys of the platform's seal: a small authority of its own and one sealing certificate.

They are made once, on first use, and kept in `settings.SEAL_DIR`, readable by the owner only.
Losing them makes no old document false, but nobody could tell any more: back them up.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from core import clock

KEY_BITS = 3072
YEARS = 30
FOLDER = "keys"
AUTHORITY, SEAL = "authority", "seal"


@dataclass(frozen=True)
class SealKeys:
    """Where the four files are: certificates may be published, keys never."""

    folder: Path

    def certificate(self, name: str) -> bytes:
        """A certificate in PEM: "authority" or "seal"."""
        return (self.folder / f"{name}.cert.pem").read_bytes()

    def private_key(self) -> bytes:
        """The sealing key in PEM (PKCS #8, not encrypted: the folder guards it)."""
        return (self.folder / f"{SEAL}.key.pem").read_bytes()


def ensure_keys() -> SealKeys:
    """The keys, made if there are none. Two processes that race end with the same ones.

    A finished folder is moved into place in one step; who comes second throws its own away.
    """
    home = Path(settings.SEAL_DIR)
    folder = home / FOLDER
    if not folder.is_dir():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=home))
        try:
            _make(draft)
            _move_into_place(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return SealKeys(folder)


def public_certificate() -> bytes:
    """The authority's certificate in PEM, for anyone who checks a document without us."""
    return ensure_keys().certificate(AUTHORITY)


def _move_into_place(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _make(folder: Path) -> None:
    authority_key, seal_key = _new_key(), _new_key()
    authority_name, seal_name = _name("Trade Assurance Authority"), _name("Trade Assurance Seal")
    authority = _certificate(authority_name, authority_key, authority_name, authority_key, True)
    seal = _certificate(seal_name, seal_key, authority_name, authority_key, False)
    for name, key, certificate in ((AUTHORITY, authority_key, authority), (SEAL, seal_key, seal)):
        _write(folder / f"{name}.key.pem", _pem(key))
        _write(
            folder / f"{name}.cert.pem",
            certificate.public_bytes(serialization.Encoding.PEM),
        )


def _certificate(subject, key, issuer, issuer_key, is_authority: bool) -> x509.Certificate:
    start = clock.real_now() - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    own_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    basic = x509.BasicConstraints(is_authority, 0 if is_authority else None)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * YEARS))
        .add_extension(basic, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own_id, critical=False)
        .add_extension(issuer_id, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Trade Assurance")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
