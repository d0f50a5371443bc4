from datetime import UTC, datetime

import pytest

from core.money import Money
from ledger import balances
from ledger.chart import UnknownAccount
from ledger.tests.book import ESCROW, FEE, ORDER, PSP, SUPPLIER, TRUST, post, usd

pytestmark = pytest.mark.django_db


def test_a_balance_is_positive_on_its_normal_side():
    post("card", (PSP, ESCROW, "100.00"))
    post("release", (ESCROW, SUPPLIER, "98.00"), (ESCROW, FEE, "2.00"))
    assert balances.balances([PSP, ESCROW, SUPPLIER, FEE]) == {
        PSP: usd("100.00"),
        ESCROW: usd("0"),
        SUPPLIER: usd("98.00"),
        FEE: usd("2.00"),
    }


def test_balances_of_a_prefix_are_those_that_were_used():
    post("a", (TRUST, "escrow:A", "1.00"), order_ref="A")
    post("b", (TRUST, "escrow:B", "2.00"), order_ref="B")
    assert balances.balances("escrow:") == {"escrow:A": usd("1.00"), "escrow:B": usd("2.00")}
    assert balances.balances("escrow:", "EUR") == {}


def test_an_unused_account_has_nothing_and_an_unknown_one_is_an_error():
    assert balances.balance("escrow:none", "EUR") == Money(0, "EUR")
    with pytest.raises(UnknownAccount):
        balances.balance("pocket:me")
    with pytest.raises(UnknownAccount):
        balances.statement("pocket:me")


def test_a_balance_as_of_an_instant_counts_what_was_effective_by_then():
    day = [datetime(2026, 3, n, tzinfo=UTC) for n in (1, 2, 3)]
    post("deposit", (TRUST, ESCROW, "10.00"), effective_at=day[0])
    post("release", (ESCROW, SUPPLIER, "4.00"), effective_at=day[2])
    assert balances.balance_as_of(ESCROW, datetime(2026, 2, 28, tzinfo=UTC)) == usd("0")
    assert balances.balance_as_of(ESCROW, day[0]) == usd("10.00")
    assert balances.balance_as_of(ESCROW, day[1]) == usd("10.00")
    assert balances.balance_as_of(ESCROW, day[2]) == usd("6.00")
    assert balances.balance_as_of(TRUST, day[2]) == usd("10.00")


def test_a_statement_pages_from_the_newest_line():
    post("deposit", (TRUST, ESCROW, "10.00"), memo="first")
    post("release", (ESCROW, SUPPLIER, "4.00"), (ESCROW, FEE, "1.00"))
    newest = balances.statement(ESCROW, limit=2)
    assert [(line.kind, line.other_account, line.amount) for line in newest] == [
        ("release", FEE, usd("-1.00")),
        ("release", SUPPLIER, usd("-4.00")),
    ]
    (oldest,) = balances.statement(ESCROW, after=newest[-1].id, limit=2)
    assert (oldest.memo, oldest.order_ref, oldest.amount) == ("first", ORDER, usd("10.00"))
    assert balances.statement(ESCROW, after=oldest.id) == []
    assert sum((line.amount for line in newest), oldest.amount) == balances.balance(ESCROW)


def test_the_trial_balance_has_as_much_on_one_side_as_on_the_other():
    post("card", (PSP, ESCROW, "100.00"), (PSP, "income:payment_fee", "2.95"))
    lines = balances.trial_balance()
    assert [(line.code, line.debit, line.credit) for line in lines] == [
        (ESCROW, usd("0"), usd("100.00")),
        ("income:payment_fee", usd("0"), usd("2.95")),
        (PSP, usd("102.95"), usd("0")),
    ]
    assert balances.currencies() == ["USD"]


def test_an_order_without_money_is_at_zero():
    assert set(balances.order_position("TA-none").values()) == {Money(0)}
