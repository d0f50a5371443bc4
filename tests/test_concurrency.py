"""Races on real PostgreSQL: however many ask at once, one wins, and the money moves once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections

from accounts.models import CoverageReservation, SupplierStanding
from accounts.operations import reserve_coverage
from core.money import Money
from disputes import operations as disputes
from ledger.balances import balance
from ledger.models import Journal
from orders.models import Order
from payments import lateness
from payments import operations as payments
from tests.cast import usd
from workflow import locks
from workflow.errors import Refused

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def race(*attempts):
    """Start every attempt at the same moment, each on its own connection; count the ends."""
    barrier, ends = threading.Barrier(len(attempts)), Counter()

    def run(attempt):
        barrier.wait()
        try:
            attempt()
            ends["won"] += 1
        except Refused as refusal:
            ends[refusal.code] += 1
        except Exception as error:
            ends[repr(error)] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def again(order):
    return Order.objects.get(pk=order.pk)


def test_release_against_dispute_has_one_winner(delivered_order, buyer):
    line = delivered_order.contracts.get().lines.first()

    def dispute():
        disputes.file(
            again(delivered_order),
            by=buyer,
            reason="quality",
            statement="Lighter.",
            amount=usd("18600.00"),
            lines=[line],
        )

    def accept():
        payments.accept_goods(again(delivered_order), by=buyer)

    ends = race(accept, dispute, accept, dispute, accept, dispute)
    order = again(delivered_order)
    assert balance(f"escrow:{order.ref}") == usd("0")
    moved = Journal.objects.filter(kind__in=["release.accepted", "dispute.filed"])
    if moved.get().kind == "release.accepted":
        # What follows an acceptance is a claim after the release: it opens and holds no escrow.
        assert balance(f"supplier_payable:{order.supplier_id}") == usd("18228.00")
        claims = order.disputes.all()
        assert [(claim.after_release, balance(claim.hold_account)) for claim in claims] == [
            (True, usd("0"))
        ] * (ends["won"] - 1)
        assert ends["won"] in (1, 2), ends
    else:
        assert ends["won"] == 1, ends
        assert balance(order.disputes.get().hold_account) == usd("18600.00")
        assert balance(f"supplier_payable:{order.supplier_id}") == usd("0")


def test_six_releases_at_once_release_once(delivered_order, buyer):
    ends = race(*[lambda: payments.accept_goods(again(delivered_order), by=buyer)] * 6)
    assert ends["won"] == 1, ends
    assert Journal.objects.filter(kind="release.accepted").count() == 1
    assert balance(f"supplier_payable:{delivered_order.supplier_id}") == usd("18228.00")


def test_refund_against_shipment_has_one_winner(
    inspection, paid, clock, run_clock, supplier, inspector
):
    from tests.test_stories import file_report, ship

    order = inspection.order
    file_report(inspection, inspector)
    paid(order.instalments.get(n=2))
    order = again(order)
    clock.move_to(order.ship_deadline + timedelta(days=3))
    run_clock()

    ends = race(
        *[lambda: lateness.refund_late_shipment(again(order), by=None)] * 3,
        *[lambda: ship(again(order), supplier)] * 3,
    )
    assert ends["won"] == 1, ends
    order = again(order)
    held = balance(f"escrow:{order.ref}")
    refunded = balance(f"refund_payable:{order.buyer_id}")
    assert (order.state, held, refunded) in [
        ("refunded", usd("0"), usd("18600.00")),
        ("shipped", usd("18600.00"), usd("0")),
    ]


def test_coverage_is_never_promised_twice(supplier):
    """Ten orders of 4,000 want cover at once; the limit is 30,000."""
    ends = race(
        *[
            lambda n=n: reserve_coverage(
                supplier.company, order_ref=f"R-{n}", basis=Money(4_000_00)
            )
            for n in range(10)
        ]
    )
    assert ends == {"won": 10}
    standing = SupplierStanding.objects.get(company=supplier.company)
    amounts = CoverageReservation.objects.values_list("amount_minor", flat=True)
    assert standing.reserved == usd("30000.00")
    assert sum(amounts) == 30_000_00
    assert sorted(amounts)[:3] == [0, 0, 2_000_00]


def test_without_the_lock_the_same_race_goes_wrong(delivered_order, buyer, monkeypatch):
    """The negative control: it is the lock that decides these races, not luck.

    Without it several releases pass the checks, and the ledger alone stops the second
    payment, as an error instead of a clear refusal.
    """
    ready = threading.Barrier(4, timeout=20)

    def unlocked(subject):
        trade = subject.trade
        type(trade).refresh_from_db(trade)
        ready.wait()
        return locks._held.set({**locks._held.get(), locks._key(trade): trade})

    class Unlocked:
        def __init__(self, subject):
            self.subject = subject

        def __enter__(self):
            self.token = unlocked(self.subject)

        def __exit__(self, *error):
            locks._held.reset(self.token)

    monkeypatch.setattr("workflow.engine.holding", Unlocked)
    ends = race(*[lambda: payments.accept_goods(again(delivered_order), by=buyer)] * 4)
    assert ends.pop("won") >= 1
    assert not set(ends) & {"state_conflict", "in_dispute"}, ends
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM workflow_event WHERE verb = 'accept_goods' AND trade_ref = %s",
            [delivered_order.ref],
        )
        assert cursor.fetchone()[0] >= 1
