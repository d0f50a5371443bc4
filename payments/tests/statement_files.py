"""The sample statements, and how the tests read them."""

from pathlib import Path

import pytest

from core.money import Money
from payments.statements import StatementRefused, read

FILES = Path(__file__).parent / "files"
CSV_MAPPING = {
    "account": "0720012345",
    "bic": "DBSSSGSG",
    "currency": "USD",
    "columns": {
        "Date": "booked_on",
        "Value date": "value_on",
        "Details": "text",
        "More details": "text",
        "Paid in": "credit_amount",
        "Paid out": "debit_amount",
        "Balance": "balance",
        "Bank reference": "reference_bank",
    },
    "convention": "two_columns",
    "date_format": "%d/%m/%Y",
    "newest_first": True,
}
READABLE = [
    "camt053_001_02.xml",
    "camt053_001_04.xml",
    "camt053_001_08.xml",
    "mt940_three_statements.sta",
    "mt940_subfields.sta",
    "demo_bank.csv",
]


def usd(text):
    return Money.parse(text)


def data(name):
    return (FILES / name).read_bytes()


def read_file(name):
    return read(data(name), filename=name, mapping=CSV_MAPPING)


def refusal(content, **options):
    with pytest.raises(StatementRefused) as caught:
        read(content, **options)
    return str(caught.value)
