"""Many connections at one escrow. The control shows that the race is real."""

import threading

import pytest
from django.db import connection

from ledger import balances
from ledger.models import Journal
from ledger.operations import Overdrawn
from ledger.tests.book import ESCROW, REFUND, SUPPLIER, TRUST, post, sql, usd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
RIVALS = 8


def race(act):
    """Run `act(n)` in as many threads and connections at once; what each returned or raised."""
    barrier, results = threading.Barrier(RIVALS), [None] * RIVALS

    def run(n):
        try:
            connection.ensure_connection()
            barrier.wait(10)
            results[n] = act(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(RIVALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def drain(n):
    target = SUPPLIER if n % 2 else REFUND
    return post("drain", (ESCROW, target, "100.00"), key=f"drain-{n}")


def test_of_eight_who_drain_one_escrow_one_wins():
    post("deposit", (TRUST, ESCROW, "100.00"))
    results = race(drain)
    winners = [r for r in results if not isinstance(r, Exception)]
    assert len(winners) == 1
    assert [type(r) for r in results if r not in winners] == [Overdrawn] * (RIVALS - 1)
    assert balances.balance(ESCROW) == usd("0")
    assert balances.balance(SUPPLIER) + balances.balance(REFUND) == usd("100.00")
    assert Journal.objects.filter(kind="drain").count() == 1


def test_without_the_guard_each_of_the_eight_who_looked_first_would_win():
    post("deposit", (TRUST, ESCROW, "100.00"))
    all_looked = threading.Barrier(RIVALS)

    def look_then_take(n):
        there = balances.balance(ESCROW)
        all_looked.wait(10)
        return drain(n) if there >= usd("100.00") else None

    sql("ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_move_balances")
    try:
        results = race(look_then_take)
    finally:
        sql("ALTER TABLE ledger_transfer ENABLE TRIGGER ledger_move_balances")
    assert [r.created for r in results] == [True] * RIVALS


def test_of_eight_with_one_key_one_posts_and_all_learn_of_it():
    post("deposit", (TRUST, ESCROW, "100.00"))
    results = race(lambda n: post("release", (ESCROW, SUPPLIER, "100.00"), key="release"))
    assert len({r.journal_id for r in results}) == 1
    assert sorted(r.created for r in results) == [False] * (RIVALS - 1) + [True]
    assert balances.balance(SUPPLIER) == usd("100.00")


def test_opposite_directions_do_not_deadlock():
    post("deposit", (TRUST, SUPPLIER, "100.00"), (TRUST, REFUND, "100.00"), order_ref="")

    def back_and_forth(n):
        there, back = (SUPPLIER, REFUND) if n % 2 else (REFUND, SUPPLIER)
        for k in range(10):
            post("swap", (there, back, "1.00"), key=f"swap-{n}-{k}", order_ref="")
        return "done"

    assert race(back_and_forth) == ["done"] * RIVALS
    assert balances.balance(SUPPLIER) == usd("100.00")
    assert balances.balance(REFUND) == usd("100.00")


def test_a_first_use_by_all_at_once_opens_one_account():
    race(lambda n: post("deposit", (TRUST, ESCROW, "1.00"), key=f"first-{n}"))
    assert balances.balance(ESCROW) == usd("8.00")
    assert sql("SELECT count(*) FROM ledger_account") == [(2,)]
