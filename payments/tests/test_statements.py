"""Bank statements are read without trust: the file may be damaged, false or hostile."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.statements import StatementRefused, arithmetic, read, reading, sentences
from payments.tests.statement_files import (
    CSV_MAPPING,
    READABLE,
    data,
    read_file,
    refusal,
    usd,
)


@pytest.mark.parametrize("name", READABLE)
def test_every_sample_is_a_balanced_statement_of_the_designated_account(name):
    for statement in read_file(name):
        assert arithmetic.problems(statement) == []
        whose = {"account": "0720012345", "bic": "DBSSSGSG", "currency": "USD"}
        assert arithmetic.account_problems(statement, **whose) == []


# What every format has in common


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(StatementRefused):
        read(content)


def test_a_file_over_the_limit_is_refused_unread():
    assert "5 MB" in refusal(b"<" + b" " * reading.MAX_BYTES)


def test_a_statement_with_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ENTRIES", 1)
    for name in ("camt053_001_08.xml", "mt940_three_statements.sta", "demo_bank.csv"):
        assert "more than 1 entries" in refusal(data(name), mapping=CSV_MAPPING)


def test_an_entry_that_is_a_whole_book_is_refused():
    original = data("mt940_subfields.sta").decode()
    endless = original.replace("166?00", "\n" + "a line\n" * 101)
    assert "more than 100 lines" in refusal(endless.encode())


def keys(statements):
    return [entry.dedupe_key for statement in statements for entry in statement.entries]


@pytest.mark.parametrize("name", READABLE)
def test_reading_a_file_again_gives_the_same_keys_and_each_once(name):
    first, second = keys(read_file(name)), keys(read_file(name))
    assert first == second
    assert len(set(first)) == len(first)


def test_a_payment_has_the_same_key_in_every_format_that_gives_its_bank_reference():
    camt = data("camt053_001_02.xml").replace(b"DB20260310000204", b"DB0213000004")
    camt = camt.replace(b"<ValDt><Dt>2026-03-10", b"<ValDt><Dt>2026-02-13")
    assert keys(read(camt)) == keys(read_file("mt940_subfields.sta"))


def test_two_equal_lines_on_two_pages_of_one_statement_are_two_payments():
    first, second, _next_day = read_file("mt940_three_statements.sta")
    assert replace(first.entries[1], dedupe_key="") == replace(second.entries[0], dedupe_key="")
    assert first.entries[1].dedupe_key != second.entries[0].dedupe_key


def test_the_same_statement_twice_in_one_file_adds_nothing():
    content = data("mt940_subfields.sta")
    once, twice = keys(read(content)), keys(read(content + content))
    assert twice == once + once


def test_a_refusal_keeps_what_its_translation_needs():
    with pytest.raises(StatementRefused) as caught:
        read(data("demo_bank.csv").replace(b"12/02/2026", b"31/02/2026"), mapping=CSV_MAPPING)
    said = caught.value.sentence
    assert said == str(caught.value) == "Line 5 of the CSV file cannot be read."
    assert (said.template, said.values) == (sentences.UNREADABLE_LINE, {"line": 5})
    assert caught.value.code == "statement_refused"


# Arithmetic


def test_a_statement_that_does_not_add_up_names_the_difference():
    altered = data("camt053_001_08.xml").replace(b">20000.00<", b">250000.00<")
    (statement,) = read(altered)
    assert arithmetic.problems(statement) == [
        "The opening balance and the booked entries come to US$355,972.00, but the statement "
        "closes at US$125,972.00: -US$230,000.00 is not explained."
    ]


def test_an_entry_in_another_currency_is_a_problem():
    altered = data("camt053_001_08.xml").replace(b'"USD">20000.00<', b'"CNY">20000.00<')
    (statement,) = read(altered)
    assert "in another currency" in arithmetic.problems(statement)[0]


def test_a_statement_that_closes_before_it_opens_is_a_problem():
    (statement,) = read_file("camt053_001_02.xml")
    backwards = replace(statement, closing_date=date(2026, 3, 9))
    assert arithmetic.problems(backwards) == ["The statement closes before it opens."]


def test_a_statement_of_another_account_bank_or_currency_is_named():
    (statement,) = read_file("camt053_001_02.xml")
    other = {"account": "0720099999", "bic": "OCBCSGSG", "currency": "CNY"}
    found = arithmetic.account_problems(statement, **other)
    assert len(found) == 3
    assert "0720012345" in found[0]
    assert "DBSSSGSG" in found[1]
    assert "USD" in found[2]


def test_a_missing_statement_and_a_jump_of_the_balance_are_found():
    third = read_file("mt940_three_statements.sta")[2]
    follows = arithmetic.continuity_problems
    assert follows(third, previous_closing=usd("108944"), previous_sequence=41) == []
    assert follows(third, previous_closing=usd("108944"), previous_sequence=40) == [
        "Statement 42 follows statement 40: one in between is missing."
    ]
    (jump,) = follows(third, previous_closing=usd("108000"), previous_sequence=41)
    assert "opens at US$108,944.00, but the one before it closed at US$108,000.00" in jump


# Fuzzing: whatever the bytes, a statement or a refusal, never another error


def survives(content):
    try:
        statements = read(content, mapping=CSV_MAPPING)
    except StatementRefused:
        return
    for statement in statements:
        arithmetic.problems(statement)
        assert all(entry.dedupe_key for entry in statement.entries)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"<", b":20:X\n", b"\xff\xfe"]))
def test_arbitrary_bytes_are_read_or_refused(content, start):
    survives(start + content)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_a_sample_with_bytes_exchanged_is_read_or_refused(draw):
    content = bytearray(data(draw.draw(st.sampled_from(READABLE))))
    for _change in range(draw.draw(st.integers(1, 6))):
        start = draw.draw(st.integers(0, len(content)))
        end = min(len(content), start + draw.draw(st.integers(0, 30)))
        content[start:end] = draw.draw(
            st.binary(max_size=8) | st.sampled_from([b",", b"/", b"\n:61:", b"\n:86:", b"9" * 20])
        )
    survives(bytes(content))


MT940_PIECES = st.sampled_from(
    [":20:A", ":25:B", ":28C:1/1", ":60F:C260210USD1,00", ":61:2602110211C1,00NTRFNONREF//X",
     ":61:0000000000C1,00NTRF", ":86:", ":86:1?20", ":86:/OCMT/", "?32", "-}", "{4:", ":62F:",
     ":62F:C260210USD2,00", ":61:2602110211RD,NTRF", ":99:", ":NS:01", "²", "\r"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(MT940_PIECES, max_size=12))
def test_mt940_fields_in_any_order_are_read_or_refused(pieces):
    survives("\n".join([":20:X", *pieces]).encode())
