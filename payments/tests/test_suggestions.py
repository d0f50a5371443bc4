"""What a receipt without a clear reference may be for."""

import pytest

from core.money import Money
from payments.suggestions import Due, Receipt, is_near, suggest

KIDZONE = Due(
    "RF822600012301",
    "TA-1",
    Money(5580_00),
    1,
    ("Kidzone Retail", "Kidzone Retail Private Limited"),
)
OTHER = Due("RF552600012302", "TA-2", Money(900_00), 2, ("Mallory Trading",))


def found(amount, text="", payer="", known=frozenset()):
    receipt = Receipt(Money(amount), text, payer, frozenset(known))
    return [(one.due.order, one.score) for one in suggest(receipt, [OTHER, KIDZONE])]


@pytest.mark.parametrize(
    ("amount", "text", "payer", "known", "expected"),
    [
        (1_00, "nothing", "SOMEBODY", (), []),
        (5580_00, "", "", (), [("TA-1", 25)]),
        (5550_00, "", "", (), [("TA-1", 15)]),
        (5549_99, "", "", (), []),
        (1_00, "INV RF82 2600 0123 01", "", (), [("TA-1", 60)]),
        (1_00, "RF822600012310", "", (), [("TA-1", 40)]),
        (1_00, "2600012301", "", (), [("TA-2", 40), ("TA-1", 40)]),
        (1_00, "", "KIDZONE RETAIL PVT LTD", (), [("TA-1", 15)]),
        (1_00, "", "SOMEBODY", (2,), [("TA-2", 15)]),
        (5580_00, "RF822600012301", "KIDZONE RETAIL PVT LTD", (), [("TA-1", 100)]),
    ],
)
def test_reference_amount_and_payer_are_worth_so_much(amount, text, payer, known, expected):
    assert found(amount, text, payer, known) == expected


def test_the_reasons_are_told():
    (first,) = suggest(Receipt(Money(5580_00), "RF822600012301", ""), [KIDZONE])
    assert first.reasons == (
        "The reference is in the text.",
        "It is exactly what is missing.",
    )


def test_an_amount_of_another_currency_says_nothing():
    assert suggest(Receipt(Money(5580_00, "SGD"), ""), [KIDZONE]) == []


def test_only_the_likeliest_are_told():
    many = [Due(f"RF00{n:010d}", f"TA-{n}", Money(5580_00), n) for n in range(9, 0, -1)]
    best = suggest(Receipt(Money(5580_00), ""), many, most=3)
    assert [one.due.order for one in best] == ["TA-1", "TA-2", "TA-3"]


@pytest.mark.parametrize(
    ("seen", "near"),
    [
        ("822600012301", True),
        ("822600012302", True),
        ("82260001230", True),
        ("8226000123019", True),
        ("282600012301", True),
        ("822600012313", False),
        ("122600012302", False),
        ("8226000123", False),
        ("", False),
    ],
)
def test_one_mistake_is_near_and_two_are_not(seen, near):
    assert is_near("822600012301", seen) is near
