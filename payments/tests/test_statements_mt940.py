"""MT940: several statements and pages to a file, and two ways of telling the payer."""

from datetime import date

import pytest

from payments.statements import read
from payments.tests.statement_files import (
    FILES,
    data,
    read_file,
    refusal,
    usd,
)


def test_a_file_with_several_mt940_statements_gives_each_of_them():
    pages = read_file("mt940_three_statements.sta")
    assert [(p.statement_id, p.sequence, p.page, len(p.entries)) for p in pages] == [
        ("MADEFORTESTS41-1", 41, 1, 2),
        ("MADEFORTESTS41-2", 41, 2, 4),
        ("MADEFORTESTS42-1", 42, 1, 0),
    ]
    assert [(p.opening, p.closing) for p in pages] == [
        (usd("100000"), usd("107472")),
        (usd("107472"), usd("108944")),
        (usd("108944"), usd("108944")),
    ]
    assert (pages[0].account, pages[0].bic, pages[0].currency) == ("0720012345", "DBSSSGSG", "USD")


def test_an_mt940_line_with_codewords_tells_payer_reference_and_charges():
    entry = read_file("mt940_three_statements.sta")[0].entries[0]
    assert (entry.amount, entry.is_receipt) == (usd("5972"), True)
    assert entry.references == ["RF822600012301"]
    assert (entry.payer_name, entry.payer_account) == ("BHARAT FABRICS PVT LTD", "50200012345678")
    assert (entry.reference_bank, entry.end_to_end_id) == ("DB0211000017", "BF-2026-0118")
    assert (entry.instructed_amount, entry.charges, entry.deducted) == (
        usd("6000"),
        usd("28"),
        usd("28"),
    )


def test_the_beneficiary_named_in_an_mt940_line_is_not_taken_for_the_payer():
    original = data("mt940_three_statements.sta").decode()
    both = original.replace("/ORDP//NAME/", "/BENM//NAME/TRADE ASSURANCE/ORDP//NAME/")
    assert read(both.encode())[0].entries[0].payer_name == "BHARAT FABRICS PVT LTD"


def test_mt940_reversals_move_the_money_back():
    payout, returned, charge = read_file("mt940_three_statements.sta")[1].entries[1:]
    assert (payout.credit, payout.reversal, payout.end_to_end_id) == (
        False,
        False,
        "TA-PAYOUT-000041",
    )
    assert payout.texts == ("SUPPLIER PAYOUT",)
    assert (returned.credit, returned.reversal, returned.is_receipt) == (True, True, False)
    assert (charge.credit, charge.reversal, charge.amount) == (False, True, usd("28"))
    assert (charge.booked_on, charge.value_on) == (date(2026, 1, 2), date(2025, 12, 31))


def test_a_note_below_the_balances_belongs_to_no_entry():
    entries = read_file("mt940_three_statements.sta")[1].entries
    assert all(entry.references == [] for entry in entries)


def test_mt940_subfields_are_put_together_again():
    (statement,) = read_file("mt940_subfields.sta")
    (entry,) = statement.entries
    assert statement.opening == usd("-28")
    assert entry.references == ["RF552600012302"]
    assert (entry.payer_name, entry.payer_account) == (
        "BHARAT FABRICS PRIVATE LIMITED",
        "50200012345678",
    )


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("C5972,00NTRF", "C5972,001NTRF", "“5972.001” is not an amount in USD"),
        ("C5972,00NTRF", "C5,972,00NTRF", "cannot be read"),
        (":61:2602110211C5972", ":61:2613110211C5972", "cannot be read"),
        ("C5972,00NTRFNONREF//DB0211000017", "C5972,00", "told apart"),
        (":60F:C260210USD100000,00\r\n", "", "both its opening and closing balance"),
        (":62F:C260212USD108944,00\r\n", "", "both its opening and closing balance"),
        (":60F:C260210USD", ":60F:C260210QQQ", "“QQQ” is not a currency"),
        (":28C:42/1", ":28C:42/1\r\n:28C:43/1", "twice"),
        ("SUN TRADERS", "SUN \x00TRADERS", "not text"),
    ],
)
def test_a_garbled_mt940_file_is_refused(good, bad, sentence):
    original = data("mt940_three_statements.sta").decode()
    assert good in original
    assert sentence in refusal(original.replace(good, bad).encode())


def test_the_library_does_not_log_what_it_could_not_read(caplog):
    original = data("mt940_three_statements.sta").decode()
    refusal(original.replace("C5972,00", "X5972,00").encode())
    assert caplog.records == []


def test_a_file_name_as_content_opens_no_file():
    assert "is not camt.053" in refusal(str(FILES / "mt940_subfields.sta").encode())
