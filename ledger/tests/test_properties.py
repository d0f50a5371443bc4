"""Whatever is posted in whatever order: no guarded account below zero, no money from nowhere."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import Money
from ledger import balances, chart, checks
from ledger.operations import Move, Overdrawn
from ledger.operations import post as post_journal
from ledger.tests.book import fresh

CODES = [
    "bank:sg_trust",
    "psp_receivable:card",
    "escrow:A",
    "escrow:B",
    "hold:D",
    "supplier_payable:S",
    "refund_payable:B",
    "income:escrow_fee",
    "expense:psp_fee",
]
account = st.sampled_from(CODES)
a_line = st.tuples(account, account, st.integers(0, 50))
stories = st.lists(st.lists(a_line, min_size=1, max_size=4), min_size=1, max_size=12)


class Model:
    """The ledger in ten lines: debits minus credits per account."""

    def __init__(self):
        self.debit = dict.fromkeys(CODES, 0)

    def after(self, moves):
        found = dict(self.debit)
        for move in moves:
            found[move.debit] += move.amount.minor
            found[move.credit] -= move.amount.minor
        return found

    def would_overdraw(self, moves):
        return any(chart.entry(code).guarded and v > 0 for code, v in self.after(moves).items())


@pytest.mark.django_db
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stories)
def test_the_ledger_does_what_a_plain_sum_says(story):
    model = Model()
    with transaction.atomic():
        for lines in story:
            moves = [Move(d, c, Money(n)) for d, c, n in lines if d != c]
            if not any(move.amount for move in moves):
                continue
            key = f"property-{next(fresh)}"
            if model.would_overdraw(moves):
                with pytest.raises(Overdrawn):
                    post_journal("any", key=key, transfers=moves)
            else:
                post_journal("any", key=key, transfers=moves)
                model.debit = model.after(moves)
        expected = {
            code: Money(chart.sign(chart.entry(code).kind) * debit)
            for code, debit in model.debit.items()
        }
        assert balances.balances(CODES) == expected
        lines = balances.trial_balance()
        assert sum(line.debit.minor for line in lines) == sum(line.credit.minor for line in lines)
        report = {c["id"]: c["ok"] for c in checks.run()["checks"]}
        assert report["ledger.balances"]
        assert report["ledger.fingerprints"]
        assert report["ledger.currencies"]
        transaction.set_rollback(True)
