"""Cells of a CSV file that a spreadsheet opens: text is never run as a formula."""

import csv
from collections.abc import Iterable
from io import StringIO

# What spreadsheets take for the beginning of a formula, its full-width forms included
# (OWASP, CSV injection).
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def cell(text: str) -> str:
    """A text that stays a text: an apostrophe goes before what could begin a formula."""
    dangerous = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if dangerous else text


def table(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8.

    Texts are made harmless; numbers stay plain numbers, negative ones too.
    """
    out = StringIO()
    out.write("\N{BYTE ORDER MARK}")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return out.getvalue()
