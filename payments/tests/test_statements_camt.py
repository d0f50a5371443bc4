"""camt.053: transfers, batches, returns, pending lines, and XML that attacks its reader."""

from datetime import date

import pytest

from payments.statements import read
from payments.tests.statement_files import (
    data,
    read_file,
    refusal,
    usd,
)


def test_a_camt_08_transfer_tells_its_reference_and_the_bank_charges():
    (statement,) = read_file("camt053_001_08.xml")
    assert (statement.format, statement.bic, statement.sequence) == (
        "camt.053.001.08",
        "DBSSSGSG",
        43,
    )
    assert (statement.opening, statement.closing) == (usd("100000"), usd("125972"))
    entry = statement.entries[0]
    assert entry.is_receipt
    assert entry.amount == usd("5972")
    assert entry.references == ["RF822600012301"]
    assert entry.reference_bank == "DB20260212000017"
    assert (entry.booked_on, entry.value_on) == (date(2026, 2, 12), date(2026, 2, 13))
    assert (entry.payer_name, entry.payer_account) == ("Bharat Fabrics Pvt Ltd", "50200012345678")
    assert entry.end_to_end_id == "BF-2026-0118"
    assert entry.uetr == "97ed4827-7b6f-4491-a06f-b548d5a7512d"
    assert (entry.instructed_amount, entry.charges) == (usd("6000"), usd("28"))
    assert entry.deducted == usd("28")


def test_the_amount_of_the_entry_counts_and_not_those_of_its_details():
    batch = read_file("camt053_001_08.xml")[0].entries[1]
    assert batch.amount == usd("20000")
    assert (batch.is_batch, batch.details_count) == (True, 2)
    assert [detail.amount for detail in batch.details] == [usd("150000"), usd("100000")]


def test_a_batch_carries_no_reference_of_its_own():
    batch = read_file("camt053_001_08.xml")[0].entries[1]
    assert batch.references == []
    assert (batch.payer_name, batch.creditor_reference) == ("", "")
    assert [detail.creditor_reference for detail in batch.details] == [
        "RF822600012301",
        "RF552600012302",
    ]


def test_a_returned_payout_is_money_in_but_no_receipt():
    payout, returned = read_file("camt053_001_08.xml")[0].entries[2:4]
    assert (payout.credit, payout.reversal, payout.end_to_end_id) == (
        False,
        False,
        "TA-PAYOUT-000041",
    )
    assert payout.payer_name == ""
    assert (returned.credit, returned.reversal, returned.is_receipt) == (True, True, False)
    assert returned.texts == ("Returned: account closed",)


def test_a_pending_line_is_no_receipt_and_does_not_count_in_the_sum():
    pending = read_file("camt053_001_08.xml")[0].entries[4]
    assert (pending.status, pending.booked_on, pending.is_receipt) == (
        "pending",
        date(2026, 2, 13),
        False,
    )
    assert pending.references == ["RF552600012302"]


def test_the_booked_line_after_a_pending_one_is_not_taken_for_its_duplicate():
    pending = data("camt053_001_08.xml")
    booked = pending.replace(b"<Cd>PDNG</Cd>", b"<Cd>BOOK</Cd>")
    keys = [read(content)[0].entries[4].dedupe_key for content in (pending, booked)]
    assert keys[0] != keys[1]


def test_a_camt_02_reference_wrapped_in_free_text_is_found():
    (statement,) = read_file("camt053_001_02.xml")
    (entry,) = statement.entries
    assert (statement.account, statement.statement_id) == ("0720012345", "0720012345-2026-069")
    assert entry.texts == ("BALANCE ORDER RF55 2600 0123 02 /INV 7781",)
    assert entry.references == ["RF552600012302"]
    assert (entry.end_to_end_id, entry.deducted) == ("", usd("28"))


def test_an_instant_in_india_is_booked_on_the_day_it_was_in_singapore():
    (statement,) = read_file("camt053_001_04.xml")
    (entry,) = statement.entries
    assert (entry.booked_on, entry.value_on) == (date(2026, 2, 11), date(2026, 2, 11))
    assert statement.opening == usd("-100")
    assert entry.reference_bank == "DB20260211000017"
    assert (entry.charges, entry.deducted) == (usd("28"), usd("28"))
    assert entry.references == ["RF822600012301"]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Document>&b;</Document>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<Document>&x;</Document>"""


@pytest.mark.parametrize(
    "bomb",
    [
        ENTITIES,
        EXTERNAL,
        b"<!DOCTYPE Document><Document/>",
        b'<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd"><Document/>',
        ENTITIES.decode().encode("utf-16"),
    ],
)
def test_document_types_and_entities_are_refused(bomb):
    assert "document type or entities" in refusal(bomb)


@pytest.mark.parametrize(
    "name", ["camt.053.001.13", "camt.054.001.08", "camt.053.001.0", "pain.001.001.09"]
)
def test_another_message_or_version_is_refused_by_its_name(name):
    other = data("camt053_001_08.xml").replace(b"camt.053.001.08", name.encode())
    assert name in refusal(other)


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        (b">20000.00<", b">20,000.00<", "“20,000.00” is not an amount"),
        (b">20000.00<", b">2e4<", "“2e4” is not an amount"),
        (b">20000.00<", b">-20000.00<", "“-20000.00” is not an amount"),
        (b">20000.00<", b">20000.001<", "“20000.001” is not an amount in USD"),
        (b">20000.00<", b"><", "is not an amount"),
        (b'<Amt Ccy="USD">20000.00<', b'<Amt Ccy="XYZ">20000.00<', "“XYZ” is not a currency"),
        (b'<Amt Ccy="USD">20000.00<', b"<Amt>20000.00<", "“” is not a currency"),
        (b'<Amt Ccy="USD">20000.00</Amt>', b"", "leaves out an amount"),
        (b"<Cd>OPBD</Cd>", b"<Cd>XPCD</Cd>", "both its opening and closing balance"),
        (b"<Cd>CLBD</Cd>", b"<Cd>XPCD</Cd>", "both its opening and closing balance"),
        (b"<CdtDbtInd>CRDT", b"<CdtDbtInd>BOTH", "credit or debit"),
        (b"<Dt>2026-02-12</Dt>", b"<Dt>2026-02-30</Dt>", "“2026-02-30” is not a date"),
        (b"DB20260212000017", b"D" * 61, "61 characters where at most 60"),
        (b"</Document>", b"", "damaged"),
        (b'encoding="UTF-8"', b'encoding="klingon"', "damaged"),
    ],
)
def test_a_statement_with_a_garbled_field_is_refused(good, bad, sentence):
    original = data("camt053_001_08.xml")
    assert good in original
    assert sentence in refusal(original.replace(good, bad))


def test_an_unknown_entry_status_never_credits():
    odd = data("camt053_001_08.xml").replace(b"<Cd>PDNG</Cd>", b"<Prtry>MAYBE</Prtry>")
    entry = read(odd)[0].entries[4]
    assert (entry.status, entry.is_receipt) == ("info", False)


def test_very_deep_xml_is_refused_and_breaks_nothing():
    assert "“Document”" in refusal(
        b"<Document>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</Document>"
    )
