"""RF references (ISO 11649) and the BIC of the designated account (S19)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import (
    find_rf,
    grouped,
    is_ours,
    is_rf,
    normalise,
    rf_from,
    rf_reference,
    sg_bic,
)

NUMBERS = st.integers(1, 10**10 - 1)


def test_the_sequence_number_of_the_payment_sheet_gives_its_printed_reference():
    assert rf_reference(2600012301) == "RF822600012301"
    assert grouped("RF822600012301") == "RF82 2600 0123 01"


def test_a_small_number_is_filled_up_to_ten_digits():
    assert rf_reference(7) == "RF090000000007"


@pytest.mark.parametrize("number", [0, -1, 10**10])
def test_a_number_that_does_not_fit_ten_digits_gets_no_reference(number):
    with pytest.raises(ValueError, match="10 digits"):
        rf_reference(number)


@pytest.mark.parametrize(
    "reference",
    ["RF68AB2G5", "RF451234512345", "RF60ISO11649", "RF14X2HU4TC28XTYLHASYWT91"],
)
def test_the_examples_of_the_standard_are_reproduced(reference):
    assert rf_from(reference[4:]) == reference
    assert is_rf(reference)
    assert is_ours(reference) == (reference == "RF451234512345")


@pytest.mark.parametrize("body", ["", "a1", "1" * 22, "12-34", "１２"])
def test_a_body_outside_the_standard_gets_no_reference(body):
    with pytest.raises(ValueError, match="cannot be the body"):
        rf_from(body)


@given(NUMBERS)
def test_every_issued_reference_is_recognised_however_it_is_grouped(number):
    reference = rf_reference(number)
    assert is_ours(reference)
    assert is_rf(grouped(reference).lower())
    assert normalise(grouped(reference)) == reference


@given(NUMBERS, st.integers(0, 13), st.sampled_from(string.digits + string.ascii_uppercase))
def test_every_single_character_typo_is_caught(number, position, character):
    reference = rf_reference(number)
    typo = reference[:position] + character + reference[position + 1 :]
    assert is_ours(typo) == (typo == reference)


def test_every_wrong_digit_of_the_payment_sheet_reference_is_caught():
    reference = rf_reference(2600012301)
    typos = [
        reference[:position] + digit + reference[position + 1 :]
        for position in range(2, 14)
        for digit in string.digits
        if digit != reference[position]
    ]
    assert len(typos) == 108
    assert not any(is_rf(typo) for typo in typos)


@given(NUMBERS, st.integers(2, 12))
def test_every_swap_of_two_neighbours_is_caught(number, position):
    reference = rf_reference(number)
    before, first, second, after = (
        reference[:position],
        reference[position],
        reference[position + 1],
        reference[position + 2 :],
    )
    swapped = before + second + first + after
    assert is_ours(swapped) == (swapped == reference)


@pytest.mark.parametrize(
    "text",
    [
        "RF822600012301",
        "deposit rf82 2600 0123 01, invoice 77",
        "/ROC/RF82-2600-0123-01/",
        "PAYMENT FOR ORDER RF82 2600 0\r\n123 01",
        "RF82 2600 0123 01 5000",
        "ref:ＲＦ８２２６０００１２３０１",
        "R F 8 2 2 6 0 0 0 1 2 3 0 1",
        "RF82 2600 0123 01 again RF822600012301",
        "RF8226000\u200b12301",
    ],
)
def test_the_reference_is_found_in_the_free_text_of_a_bank_line(text):
    assert find_rf(text) == ["RF822600012301"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RF83 2600 0123 01",
        "RF82 2600 0123 015",
        "TRF82 2600 0123 01",
        "RF82 2600 0123 0I",
        "RF822600 and later 012301",
        "RF68AB2G5",
    ],
)
def test_a_reference_is_never_guessed(text):
    assert find_rf(text) == []


def test_two_references_in_one_line_are_both_named():
    text = "RF82 2600 0123 01 AND RF55 2600 0123 02"
    assert find_rf(text) == ["RF822600012301", "RF552600012302"]


@given(st.text())
def test_any_text_at_all_can_be_searched(text):
    assert all(is_ours(found) for found in find_rf(text))
    assert is_rf(text) in {True, False}


@pytest.mark.parametrize("text", ["DBSSSGSG", "dbss sg sg", "DBSSSGSGXXX"])
def test_a_bank_in_singapore_may_hold_the_designated_account(text):
    assert sg_bic(text) == text.replace(" ", "").upper()


def test_a_bank_in_another_country_is_refused_by_the_name_of_the_country():
    with pytest.raises(ValueError, match=r"Hong Kong.*\(HK\).*must be in Singapore"):
        sg_bic("DBSSHKHH")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("DBSSSGS", "8 or 11 characters"),
        ("", "8 or 11 characters"),
        ("DBS1SGSG", "four letters"),
        ("DBSSQQSG", "“QQ” in this BIC is not a country"),
        ("DBSSSGSÉ", "four letters"),
    ],
)
def test_what_is_no_bic_is_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        sg_bic(text)
