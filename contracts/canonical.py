"""The canonical form of a contract: one document, one sequence of bytes, one SHA-256.

Both parties sign the hash of these bytes (machines.md, Contract: propose). The form is JSON in
UTF-8 with keys sorted by code point, no spaces, every text in Unicode NFC, and no numbers but
whole ones: amounts are minor units, percentages and measures are decimal texts such as "0.5".
"""

import hashlib
import json
import unicodedata


def canonical(document: dict) -> bytes:
    """The bytes that are hashed and signed. Raises ValueError for anything not exact."""
    plain = _plain(document, "document")
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """The fingerprint of canonical bytes or of a file: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: object, where: str) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, dict):
        return _plain_keys(value, where)
    raise ValueError(f"{where} is a {type(value).__name__}: write it as a text or a whole number.")


def _plain_keys(value: dict, where: str) -> dict:
    plain = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise ValueError(f"{where} has the key {key!r}, which is not a text.")
        name = unicodedata.normalize("NFC", key)
        if name in plain:
            raise ValueError(f"{where} has the key “{name}” twice.")
        plain[name] = _plain(item, f"{where}.{name}")
    return plain
