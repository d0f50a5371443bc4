"""Every posting of money.md 7.2, with its figures."""

import pytest

from core.money import Money
from ledger import balances, checks, operations
from ledger.tests.book import (
    CREDIT,
    ESCROW,
    FEE,
    HOLD,
    OPERATING,
    ORDER,
    OWED_BY_SUPPLIER,
    PSP,
    REFUND,
    RESERVE,
    SUPPLIER,
    TRUST,
    post,
    usd,
)

TRANSIT = "payout_transit:P-1"
AGENCY = "inspection_payable:2"
SUSPENSE = "suspense:unidentified"


def assert_balances(**amounts):
    expected = {NAMES[name]: usd(text) for name, text in amounts.items()}
    assert balances.balances(list(expected)) == expected


NAMES = {
    "trust": TRUST,
    "operating": OPERATING,
    "psp": PSP,
    "escrow": ESCROW,
    "hold": HOLD,
    "supplier": SUPPLIER,
    "reserve": RESERVE,
    "refund": REFUND,
    "credit": CREDIT,
    "suspense": SUSPENSE,
    "transit": TRANSIT,
    "agency": AGENCY,
    "receivable": OWED_BY_SUPPLIER,
    "fee": FEE,
    "payment_fee": "income:payment_fee",
    "psp_fee": "expense:psp_fee",
    "chargeback_fee": "expense:chargeback_fee",
    "guarantee_loss": "expense:guarantee_loss",
}


@pytest.fixture(autouse=True)
def _books(db):
    """Every story ends with books that add up; the trust gap is judged where it matters."""
    yield
    bad = {c["id"] for c in checks.run()["checks"] if not c["ok"]}
    assert {name for name in bad if name.startswith("ledger.")} <= {"ledger.coverage"}


def covered():
    return balances.trust_position().surplus


def deposit(text="6,000.00"):
    post("deposit", (TRUST, ESCROW, text))


def test_a_card_deposit_with_its_fee_settlement_and_sweep():
    post("card", (PSP, ESCROW, "6,000.00"), (PSP, "income:payment_fee", "177.00"))
    assert_balances(psp="6,177.00", escrow="6,000.00", payment_fee="177.00")
    assert covered() == usd("177.00")
    post("psp settles", (TRUST, PSP, "6,012.00"), ("expense:psp_fee", PSP, "165.00"))
    assert_balances(trust="6,012.00", psp="0", psp_fee="165.00")
    post("sweep", (OPERATING, TRUST, "12.00"), order_ref="")
    assert_balances(trust="6,000.00", operating="12.00")
    assert covered() == Money(0)


def test_a_transfer_that_is_matched_later():
    post("T/T", (TRUST, SUSPENSE, "13,972.00"), order_ref="")
    assert_balances(trust="13,972.00", suspense="13,972.00")
    post("matched", (SUSPENSE, ESCROW, "13,972.00"))
    assert_balances(suspense="0", escrow="13,972.00")
    assert covered() == Money(0)


def test_a_top_up_above_the_shortfall_goes_to_the_buyers_credit_and_back():
    post("top-up", (TRUST, ESCROW, "28.00"), (TRUST, CREDIT, "100.00"))
    assert_balances(trust="128.00", escrow="28.00", credit="100.00")
    post("over-payment returned", (CREDIT, TRUST, "100.00"))
    assert_balances(trust="28.00", escrow="28.00", credit="0")


def test_a_credit_is_applied_to_the_balance():
    post("over-payment", (TRUST, CREDIT, "100.00"), order_ref="")
    post("applied", (CREDIT, ESCROW, "100.00"))
    assert_balances(credit="0", escrow="100.00")


def test_a_partial_dispute_release_ruling_refund_and_payout():
    deposit("20,000.00")
    post("dispute", (ESCROW, HOLD, "8,000.00"))
    assert_balances(escrow="12,000.00", hold="8,000.00")
    post("release", (ESCROW, SUPPLIER, "11,760.00"), (ESCROW, FEE, "240.00"))
    assert_balances(escrow="0", supplier="11,760.00", fee="240.00")
    post(
        "ruling",
        (HOLD, REFUND, "5,000.00"),
        (HOLD, SUPPLIER, "2,940.00"),
        (HOLD, FEE, "60.00"),
    )
    assert_balances(hold="0", refund="5,000.00", supplier="14,700.00", fee="300.00")
    post("refund sent", (REFUND, TRUST, "5,000.00"))
    assert_balances(refund="0", trust="15,000.00")
    post("payout submitted", (SUPPLIER, TRANSIT, "14,700.00"))
    assert_balances(supplier="0", transit="14,700.00")
    post("payout confirmed", (TRANSIT, TRUST, "14,700.00"))
    assert_balances(transit="0", trust="300.00")
    assert covered() == usd("300.00")
    assert balances.order_position(ORDER) == {
        "received": usd("20,000.00"),
        "held": usd("0"),
        "escrow": usd("0"),
        "hold": usd("0"),
        "released": usd("15,000.00"),
        "refunded": usd("5,000.00"),
        "fee": usd("300.00"),
    }


def test_a_payout_that_bounces_comes_back_less_what_the_bank_kept():
    """Dr trust 14,680 and payable 20, Cr payable 14,700: the two payable sides net."""
    deposit("15,000.00")
    post("release", (ESCROW, SUPPLIER, "14,700.00"), (ESCROW, FEE, "300.00"))
    post("payout submitted", (SUPPLIER, TRANSIT, "14,700.00"))
    post("payout confirmed", (TRANSIT, TRUST, "14,700.00"))
    post("payout bounced", (TRUST, SUPPLIER, "14,680.00"))
    assert_balances(supplier="14,680.00", trust="14,980.00", transit="0")


def test_a_full_refund_before_shipment():
    deposit()
    post("refund", (ESCROW, REFUND, "6,000.00"))
    post("refund sent", (REFUND, TRUST, "6,000.00"))
    assert_balances(escrow="0", refund="0", trust="0")
    assert balances.order_position(ORDER)["refunded"] == usd("6,000.00")


def test_a_chargeback_after_the_payout_is_topped_up_the_same_day():
    post("card", (PSP, ESCROW, "6,000.00"))
    post("psp settles", (TRUST, PSP, "6,000.00"))
    post("release", (ESCROW, SUPPLIER, "6,000.00"))
    post("payout", (SUPPLIER, TRUST, "6,000.00"))
    post(
        "chargeback",
        (OWED_BY_SUPPLIER, PSP, "6,000.00"),
        ("expense:chargeback_fee", PSP, "15.00"),
    )
    assert_balances(receivable="6,000.00", chargeback_fee="15.00", psp="-6,015.00")
    assert covered() == usd("-6,015.00")
    post("top-up from operating", (TRUST, OPERATING, "6,015.00"))
    assert covered() == Money(0)


def test_a_chargeback_before_release_that_is_won_leaves_only_its_fee():
    post("card", (PSP, ESCROW, "6,000.00"))
    lost = post("chargeback", (ESCROW, PSP, "6,000.00"), ("expense:chargeback_fee", PSP, "15.00"))
    assert_balances(escrow="0", psp="-15.00", chargeback_fee="15.00")
    assert balances.order_position(ORDER)["refunded"] == usd("6,000.00")
    operations.reverse(lost.journal_id, key="won", lines=[1])
    assert_balances(escrow="6,000.00", psp="5,985.00", chargeback_fee="15.00")
    position = balances.order_position(ORDER)
    assert (position["received"], position["refunded"]) == (usd("6,000.00"), usd("0"))


def test_a_set_off_from_a_later_release():
    post("owed", (OWED_BY_SUPPLIER, PSP, "1,000.00"), order_ref="")
    deposit()
    post("release", (ESCROW, SUPPLIER, "6,000.00"))
    post("set-off", (SUPPLIER, OWED_BY_SUPPLIER, "1,000.00"))
    assert_balances(supplier="5,000.00", receivable="0")


def test_the_guarantee_after_release_its_advance_and_the_recovery():
    deposit("12,000.00")
    post("release", (ESCROW, SUPPLIER, "10,000.00"), (ESCROW, RESERVE, "2,000.00"))
    post("payout", (SUPPLIER, TRUST, "7,000.00"))
    post(
        "guarantee",
        (SUPPLIER, REFUND, "3,000.00"),
        (RESERVE, REFUND, "2,000.00"),
        (OWED_BY_SUPPLIER, REFUND, "7,000.00"),
    )
    assert_balances(supplier="0", reserve="0", receivable="7,000.00", refund="12,000.00")
    assert covered() == usd("-7,000.00")
    post("advance", (TRUST, OPERATING, "7,000.00"))
    assert covered() == Money(0)
    post(
        "recovery",
        (OPERATING, OWED_BY_SUPPLIER, "4,000.00"),
        ("expense:guarantee_loss", OWED_BY_SUPPLIER, "3,000.00"),
    )
    assert_balances(operating="-3,000.00", receivable="0", guarantee_loss="3,000.00")


def test_an_inspection_fee_and_its_way_back_from_the_supplier_at_fault():
    post("inspection fee", (PSP, AGENCY, "309.00"))
    assert_balances(psp="309.00", agency="309.00")
    deposit("1,000.00")
    post("dispute", (ESCROW, HOLD, "1,000.00"))
    post("fee back", (HOLD, REFUND, "309.00"))
    assert_balances(hold="691.00", refund="309.00")


def test_an_agreed_compensation_for_lateness():
    deposit()
    post("dispute", (ESCROW, HOLD, "6,000.00"))
    post("compensation", (HOLD, REFUND, "400.00"))
    assert_balances(hold="5,600.00", refund="400.00")
