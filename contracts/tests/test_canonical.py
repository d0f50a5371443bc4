"""One document, one sequence of bytes."""

import hashlib
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import canonical, sha256_hex
from contracts.tests import sample

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_keys_are_sorted_and_texts_are_utf_8_without_spaces():
    document = {"b": [1, True, None], "a": {"价": "采购", "A": ""}}
    assert canonical(document) == '{"a":{"A":"","价":"采购"},"b":[1,true,null]}'.encode()


def test_a_known_document_keeps_its_known_fingerprint():
    data = canonical({"order": "TA-2026-000187", "version": 3})
    assert data == b'{"order":"TA-2026-000187","version":3}'
    assert sha256_hex(data) == hashlib.sha256(data).hexdigest()
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_composed_and_decomposed_letters_are_the_same_text():
    composed, apart = "é", unicodedata.normalize("NFD", "é")
    assert composed != apart
    assert canonical({composed: composed}) == canonical({apart: apart})


@pytest.mark.parametrize("value", [0.5, Decimal("0.5"), {"a"}, b"x", object()])
def test_nothing_inexact_is_signed(value):
    with pytest.raises(ValueError, match=r"document\.a\[0\]\.b is a "):
        canonical({"a": [{"b": value}]})


def test_a_key_must_be_a_text_and_stand_once():
    with pytest.raises(ValueError, match="not a text"):
        canonical({1: "a"})
    with pytest.raises(ValueError, match="twice"):
        canonical({"é": 1, unicodedata.normalize("NFD", "é"): 2})


def test_half_a_character_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"a": "\ud800"})


@given(st.dictionaries(TEXTS, PLAIN, max_size=4))
def test_the_order_of_keys_never_matters(document):
    names = {unicodedata.normalize("NFC", name) for name in document}
    if len(names) != len(document):
        return
    backwards = dict(reversed(document.items()))
    try:
        data = canonical(document)
    except ValueError:
        with pytest.raises(ValueError, match="twice"):
            canonical(backwards)
    else:
        assert canonical(backwards) == data


def test_a_contract_changes_its_fingerprint_with_any_term():
    before = sha256_hex(canonical(sample.document()))
    later = sample.document(remedies=sample.document()["remedies"] | {"late_cap_percent": "11"})
    assert sha256_hex(canonical(sample.document())) == before
    assert sha256_hex(canonical(later)) != before
