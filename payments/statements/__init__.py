"""Bank statements of the designated account: camt.053, MT940 and CSV, read without trust.

Nothing is believed: not the size, not the encoding, not the sums. `read` refuses what cannot
be read safely; `arithmetic.problems` tells whether what was read adds up.
"""

import re

from payments.statements import camt, csv, mt940, sentences
from payments.statements.reading import (
    Detail,
    Entry,
    Statement,
    StatementRefused,
    decoded,
    keyed,
    within_limits,
)

__all__ = ["Detail", "Entry", "Statement", "StatementRefused", "read"]

_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


def read(data: bytes, *, filename: str = "", mapping: dict | None = None) -> list[Statement]:
    """The statements in a file of a bank, each entry with its `dedupe_key`.

    The content decides on the format; `mapping` describes the columns of a CSV file
    (payments/statements/csv.py). Raises StatementRefused, and nothing else, for anything
    that is not a readable statement.
    """
    within_limits(data)
    return keyed(_read(data, filename, mapping))


def _read(data: bytes, filename: str, mapping: dict | None) -> list[Statement]:
    if data.lstrip().startswith(_XML_STARTS):
        return camt.read(data)
    text = decoded(data)
    if re.search(r"(?m)^:20:", text):
        return mt940.read(text)
    if mapping is not None:
        return csv.read(text, mapping)
    if filename.lower().endswith(".csv"):
        raise StatementRefused(sentences.MAPPING_NEEDED)
    raise StatementRefused(sentences.UNKNOWN_FORMAT)
