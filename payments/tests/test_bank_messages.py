"""The order to the bank and its statement: right by the standard, and never guessing an account."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from types import SimpleNamespace

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring

from core.money import Money
from payments import statements
from payments.bank_messages import (
    CreditTransfer,
    Party,
    StatementEntry,
    bank_text,
    camt053,
    pain001,
)
from payments.statements import arithmetic
from tests.cast import usd

AT = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # the third of March in Singapore
US = Party("Trade Assurance Client Money", "0039012345", "DBSSSGSG", "Demo Bank", "SG")
SUPPLIER = Party("Ningbo Little Pine 宁波小松 Co., Ltd.", "6222 0012 3456", "ICBKCNBJ", "", "CN")
BUYER = Party("Café & Söhne", "GB82 WEST 1234 5698 7654 32", "HDFCINBBXXX")
TWO = [
    CreditTransfer("PO0000000001", usd("14700.00"), SUPPLIER, "Payout for TA-1 — “lot 2”"),
    CreditTransfer("RF0000000002", usd("5000.05"), BUYER, ""),
]
ACCOUNT = SimpleNamespace(account_number="0039012345", bic="DBSSSGSG", currency="USD")


def order(transfers=TWO, message_id="TA20260303-1", debtor=US):
    return pain001(message_id, AT, date(2026, 3, 4), debtor, transfers)


def texts(message, tag):
    return [node.text for node in fromstring(message).iter() if node.tag.endswith(tag)]


def test_an_order_is_valid_by_the_schema_of_the_standard():
    schema = xmlschema.XMLSchema(files("sepaxml") / "schemas" / "pain.001.001.09.xsd")
    schema.validate(order().decode())
    schema.validate(order(TWO[:1]).decode())


def test_an_order_counts_and_sums_what_it_moves_and_shares_the_charges():
    message = order()
    assert texts(message, "}NbOfTxs") == ["2", "2"]
    assert texts(message, "}CtrlSum") == ["19700.05", "19700.05"]
    assert texts(message, "}InstdAmt") == ["14700.00", "5000.05"]
    assert texts(message, "}ChrgBr") == ["SHAR"]
    assert texts(message, "}EndToEndId") == ["PO0000000001", "RF0000000002"]
    assert texts(message, "}BICFI") == ["DBSSSGSG", "ICBKCNBJ", "HDFCINBBXXX"]
    assert texts(message, "}CreDtTm") == ["2026-03-02T17:30:00Z"]
    assert order() == message


def test_accounts_go_as_they_stand_and_an_iban_as_one():
    message = order()
    assert texts(message, "}IBAN") == ["GB82WEST12345698765432"]
    numbers = [node.text for node in fromstring(message).iterfind(".//{*}Othr/{*}Id")]
    assert numbers == ["0039012345", "622200123456"]


def test_texts_are_written_in_the_letters_that_banks_have():
    message = order()
    creditors = ["Ningbo Little Pine Co., Ltd.", "Cafe + Sohne"]
    assert texts(message, "}Nm") == [US.name, US.name, *creditors]
    assert texts(message, "}Ustrd") == ["Payout for TA-1 - 'lot 2'"]
    assert bank_text("Straße_№ 5; Łódź") == "Strasse-No 5, Lodz"
    assert len(bank_text("x" * 500)) == 140


@pytest.mark.parametrize(
    "wrong",
    [
        {"transfers": []},
        {"transfers": [TWO[0], replace(TWO[1], amount=Money(1, "EUR"))]},
        {"transfers": [replace(TWO[0], amount=usd("0"))]},
        {"transfers": [TWO[0], TWO[0]]},
        {"transfers": [replace(TWO[0], end_to_end_id="x" * 36)]},
        {"transfers": [replace(TWO[0], end_to_end_id="a//b")]},
        {"transfers": [replace(TWO[0], end_to_end_id="ß")]},
        {"transfers": [replace(TWO[0], creditor=replace(SUPPLIER, account=""))]},
        {"transfers": [replace(TWO[0], creditor=replace(SUPPLIER, account="6222;0012"))]},
        {"transfers": [replace(TWO[0], creditor=replace(SUPPLIER, account="1" * 35))]},
        {"transfers": [replace(TWO[0], creditor=replace(SUPPLIER, bic="ICBK"))]},
        {"transfers": [replace(TWO[0], creditor=replace(SUPPLIER, name="宁波小松"))]},
        {"message_id": ""},
        {"debtor": replace(US, account="00390\n12345")},
    ],
)
def test_what_a_bank_cannot_carry_as_it_stands_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        order(**wrong)


ENTRIES = [
    StatementEntry(usd("13972.00"), credit=True, name="Kidzone <Retail>", account="5020001",
                   text="/INV/ RF822600012301"),
    StatementEntry(usd("14700.00"), credit=False, name="Little Pine", account="622200123456",
                   text="Payout", end_to_end_id="PO0000000001", bank_ref="B-77"),
    StatementEntry(usd("14680.00"), credit=True, name="Little Pine", return_of="PO0000000001"),
    StatementEntry(usd("5.00"), credit=False, end_to_end_id="RF0000000002", status="PDNG"),
    StatementEntry(usd("20.00"), credit=False, reversal=True),
]  # fmt: skip


def statement(entries=ENTRIES, opening="100.00"):
    written = camt053(
        ACCOUNT, entries, opening=usd(opening), at=AT, statement_id="DBSG-00043", sequence=43
    )
    (found,) = statements.read(written)
    return found


def test_a_statement_is_read_back_as_it_was_written():
    found = statement()
    assert (found.format, found.statement_id, found.sequence) == (
        "camt.053.001.08",
        "DBSG-00043",
        43,
    )
    assert (found.account, found.bic, found.closing_date) == (
        "0039012345",
        "DBSSSGSG",
        date(2026, 3, 3),
    )
    assert (found.opening, found.closing) == (usd("100.00"), usd("14032.00"))
    assert arithmetic.problems(found) == []
    came, paid, returned, waiting, undone = found.entries
    assert (came.payer_name, came.payer_account) == ("Kidzone <Retail>", "5020001")
    assert came.references == ["RF822600012301"]
    assert (paid.credit, paid.end_to_end_id, paid.reference_bank) == (False, "PO0000000001", "B-77")
    assert (returned.credit, returned.return_of, returned.is_receipt) == (
        True,
        "PO0000000001",
        False,
    )
    assert (waiting.status, waiting.end_to_end_id) == ("pending", "RF0000000002")
    assert (undone.reversal, came.return_of, paid.return_of) == (True, "", "")


def test_a_statement_may_close_below_zero_and_hold_nothing():
    assert statement([], "-3.50").closing == usd("-3.50")
    assert statement([replace(ENTRIES[1], amount=usd("200"))]).closing == usd("-100.00")


def test_what_xml_cannot_hold_does_not_spoil_a_statement():
    (entry,) = statement([replace(ENTRIES[0], name="Kid\x00zone\x1b", text="a\x08b")]).entries
    assert (entry.payer_name, entry.texts) == ("Kidzone", ("ab",))
