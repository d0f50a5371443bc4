import pytest

from core.money import Money
from ledger import chart
from ledger.chart import UnknownAccount
from ledger.operations import Move
from ledger.tests.book import sql


@pytest.mark.django_db
def test_the_database_knows_the_same_chart():
    assert set(sql("SELECT pattern, kind, guarded FROM ledger_chart()")) == {
        (pattern, entry.kind.value, entry.guarded) for pattern, entry in chart.CHART.items()
    }


def test_the_chart_has_the_nineteen_accounts_of_the_money_rules():
    assert len(chart.CHART) == 19
    assert {p for p, entry in chart.CHART.items() if entry.guarded} == {
        "escrow:*",
        "hold:*",
        "suspense:unidentified",
        "buyer_credit:*",
        "supplier_payable:*",
        "supplier_reserve:*",
        "refund_payable:*",
        "inspection_payable:*",
        "payout_transit:*",
    }


def test_an_escrow_is_a_guarded_liability():
    entry = chart.entry("escrow:TA-2026-000187")
    assert (entry.kind, entry.guarded) == (chart.Kind.LIABILITY, True)


@pytest.mark.parametrize(
    "code",
    [
        "pocket:me",
        "escrow",
        "escrow:",
        "escrow:*",
        "bank:offshore",
        "income:tips",
        "",
        "escrow:a b",
    ],
)
def test_an_account_outside_the_chart_does_not_exist(code):
    with pytest.raises(UnknownAccount):
        chart.entry(code)
    with pytest.raises(UnknownAccount):
        Move("bank:sg_trust", code, Money(1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code", ["pocket:me", "escrow:", "escrow:*", "bank:offshore", "escrow:a b"]
)
def test_the_database_knows_no_account_outside_the_chart_either(code):
    assert sql("SELECT count(*) FROM ledger_entry(%s)", code) == [(0,)]
