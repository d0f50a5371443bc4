"""CSV: nothing is guessed, the mapping says how the columns are read."""

from datetime import date

import pytest

from payments.statements import arithmetic, read
from payments.tests.statement_files import (
    CSV_MAPPING,
    data,
    read_file,
    refusal,
    usd,
)


def test_a_csv_is_read_by_its_mapping_oldest_first():
    (statement,) = read_file("demo_bank.csv")
    assert (statement.opening, statement.closing) == (usd("100000"), usd("91292"))
    assert (statement.opening_date, statement.closing_date) == (
        date(2026, 2, 12),
        date(2026, 2, 13),
    )
    deposit, payout = statement.entries
    assert (deposit.amount, deposit.is_receipt) == (usd("5972"), True)
    assert (deposit.booked_on, deposit.value_on) == (date(2026, 2, 12), date(2026, 2, 13))
    assert deposit.references == ["RF822600012301"]
    assert (payout.amount, payout.credit, payout.reference_bank) == (
        usd("14680"),
        False,
        "DB0213000007",
    )


def read_csv(content, mapping):
    return read(content, mapping=mapping)


def simple_csv(body, **changes):
    mapping = {
        "account": "0720012345",
        "currency": "USD",
        "columns": {"Day": "booked_on", "Amount": "amount", "Text": "text"},
        "convention": "signed",
        "date_format": "%Y-%m-%d",
        "delimiter": ";",
        "opening": "100",
        "closing": "6072",
    }
    return {"content": body.encode(), "mapping": mapping | changes}


def test_a_csv_with_signed_amounts_and_typed_balances_is_read():
    given = simple_csv("Day;Amount;Text\n2026-02-12;6000.00;A\n2026-02-12;-28.00;B\n")
    (statement,) = read_csv(**given)
    assert [entry.signed for entry in statement.entries] == [usd("6000"), usd("-28")]
    assert arithmetic.problems(statement) == []


def test_a_csv_with_a_decimal_comma_and_a_direction_is_read():
    given = simple_csv(
        "Day;Amount;Way;Text\n2026-02-12;6.000,00;H;A\n2026-02-12;28,00;S;B\n",
        columns={"Day": "booked_on", "Amount": "amount", "Way": "direction", "Text": "text"},
        convention="direction",
        credit_words=["H"],
        debit_words=["S"],
        decimal=",",
    )
    (statement,) = read_csv(**given)
    assert [entry.signed for entry in statement.entries] == [usd("6000"), usd("-28")]


def test_indian_grouping_is_an_amount():
    (statement,) = read_csv(**simple_csv("Day;Amount;Text\n2026-02-12;4,65,000.00;A\n"))
    assert statement.entries[0].amount == usd("465000")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2026-02-12;6000,00;A", "Line 2"),  # a decimal comma where the mapping says a point
        ("2026-02-12;1.234,56;A", "Line 2"),
        ("2026-02-12;;A", "Line 2"),
        ("2026-02-12;60 00;A", "Line 2"),
        ("2026-02-12;0.001;A", "not an amount in USD"),
        ("12/02/2026;6000.00;A", "Line 2"),
        ("2026-02-12;6000.00", "Line 2"),
        ('2026-02-12;6000.00;"A', "damaged"),
        ("", "no entries"),
    ],
)
def test_a_csv_line_that_does_not_fit_the_mapping_is_refused(line, sentence):
    assert sentence in refusal(**simple_csv(f"Day;Amount;Text\n{line}\n"))


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": {"Day": "booked_on", "Text": "text"}},
        {"columns": {"Day": "booked_on", "Amount": "amount", "Text": "password"}},
        {"convention": "guess"},
        {"decimal": ";"},
        {"delimiter": ";;"},
        {"unknown": 1},
        {"currency": "QQQ"},
        {"opening": "", "closing": ""},
    ],
)
def test_a_mapping_that_does_not_say_how_to_read_is_refused(changes):
    refusal(**simple_csv("Day;Amount;Text\n2026-02-12;1.00;A\n", **changes))


def test_a_csv_without_a_mapping_asks_for_one():
    assert "which column means what" in refusal(data("demo_bank.csv"), filename="demo_bank.CSV")


def test_a_wrong_running_balance_is_found():
    altered = data("demo_bank.csv").replace(b'"5,972.00"', b'"7,972.00"')
    (statement,) = read(altered, mapping=CSV_MAPPING)
    assert arithmetic.problems(statement) == []  # the first line only moves the opening
    follows = {"previous_closing": usd("100000"), "previous_sequence": None}
    assert "opens at US$98,000.00" in arithmetic.continuity_problems(statement, **follows)[0]
