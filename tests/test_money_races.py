"""Six people fight over each of many orders: one wins, and the money moves once.

`TA_RACE_ORDERS` is how many orders; 2,000 is the promise (reliability requirement 3).
"""

import os
import threading
from collections import Counter

import pytest

from core.money import Money
from disputes import chargebacks
from disputes import operations as disputes
from disputes.models import Dispute
from ledger.balances import balance, order_position
from ledger.models import Journal
from payments import lateness
from payments import operations as payments
from payments.models import (
    Chargeback,
    Disbursement,
    Payment,
    ProviderOperation,
)
from tests.cast import usd
from tests.money.contested import again, claim, contest, copies, held, race
from tests.money.stands import pay_by_transfer, wrong_but_for_history
from workflow import locks
from workflow.models import Event

ORDERS = int(os.environ.get("TA_RACE_ORDERS", "90"))
PEOPLE = 6
AFTER_RELEASE = "claimed after release"
STATE_CODES = {
    AFTER_RELEASE,
    "state_conflict",
    "in_dispute",
    "not_open",
    "no_offer",
    "not_late",
    "not_closable",
}
pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def claim_of(order, by, amount):
    """Dispute what is held; after a release the same words are a claim that moves nothing."""
    filed = disputes.file(again(order), by=by, reason="quantity", statement="Few.", amount=amount)
    return AFTER_RELEASE if filed.after_release else "won"


def check_ends(ends, count):
    """Of six people on each order exactly one wins; the others are told why, and nothing else."""
    assert len(ends) == count
    assert [end for end in ends if end["won"] != 1] == []
    refusals = sum(ends, Counter()) - Counter(won=count)
    assert set(refusals) <= STATE_CODES, refusals
    assert sum(refusals.values()) == count * (PEOPLE - 1)


def check_books(made, whole):
    """Each order's money is in exactly one place, and the audit finds nothing."""
    for order in made:
        position = order_position(order.ref)
        places = [position[name] for name in ("released", "refunded", "hold", "escrow")]
        assert position["received"] == whole
        assert sorted(places)[:3] == [usd("0")] * 3
        assert max(places) == whole
    assert wrong_but_for_history() == []


def test_release_against_dispute_against_refund_has_one_winner_on_every_order(
    card_order_there, market
):
    """A third of the orders: two accept, three dispute, one asks for the late refund."""
    count, whole, buyer = ORDERS // 3, held(card_order_there), market.buyer_of(card_order_there)
    made = copies(card_order_there, count)

    def fight(order):
        accept = lambda: payments.accept_goods(again(order), by=buyer)  # noqa: E731
        dispute = lambda: claim_all(order)  # noqa: E731
        refund = lambda: lateness.refund_late_shipment(again(order), by=None)  # noqa: E731
        return [accept, dispute, refund, dispute, accept, dispute]

    def claim_all(order):
        return claim_of(order, buyer, whole)

    check_ends(contest([fight(order) for order in made]), count)
    check_books(made, whole)
    released = Journal.objects.filter(kind="release.accepted").count()
    assert released + Dispute.objects.filter(after_release=False).count() == count
    assert Disbursement.objects.filter(kind="payout").count() == released
    assert Event.objects.filter(verb="accept_goods").count() == released


def test_concession_withdrawal_and_settlement_of_one_dispute_have_one_winner(card_order, market):
    """A third of the orders: the supplier concedes, the buyer withdraws or takes the offer."""
    count, whole = ORDERS // 3, held(card_order)
    buyer, supplier = market.buyer_of(card_order), market.supplier_of(card_order)
    made = copies(card_order, count)
    cases = [claim(again(order), buyer).pk for order in made]
    for pk in cases:
        disputes.propose(Dispute.objects.get(pk=pk), by=supplier, refund=usd("0.00"))

    def fight(pk):
        case = lambda: Dispute.objects.get(pk=pk)  # noqa: E731
        concede = lambda: disputes.concede(case(), by=supplier)  # noqa: E731
        withdraw = lambda: disputes.withdraw(case(), by=buyer)  # noqa: E731
        take = lambda: disputes.accept_offer(case(), by=buyer, refund=usd("0.00"))  # noqa: E731
        return [concede, withdraw, take, take, withdraw, concede]

    check_ends(contest([fight(pk) for pk in cases]), count)
    check_books(made, whole)
    ended = Event.objects.filter(verb__in=["concede", "withdraw", "accept_offer"])
    assert ended.count() == count
    assert Dispute.objects.open().count() == 0


def test_a_chargeback_told_three_times_takes_once_from_wherever_the_money_is(
    card_order_there, market
):
    """A third of the orders: three hear of the chargeback, two accept, one disputes."""
    count, whole, buyer = ORDERS // 3, held(card_order_there), market.buyer_of(card_order_there)
    made = copies(card_order_there, count)

    def fight(order):
        charge = ProviderOperation.objects.get(payment__order=order)

        def take_back():
            chargebacks.open_chargeback(
                again(order), by=None, charge=charge, external_ref=f"cb_{order.pk}",
                amount=charge.amount, fee=usd("15.00"),
            )  # fmt: skip

        def accept():
            payments.accept_goods(again(order), by=buyer)

        def dispute():
            return claim_of(order, buyer, whole)

        return [take_back, accept, take_back, dispute, take_back, accept]

    ends = contest([fight(order) for order in made])
    refused = set(sum(ends, Counter())) - {"won"}
    assert refused <= STATE_CODES | {"claim_out_of_range"}, refused
    assert all(3 <= end["won"] <= 5 for end in ends), ends  # a dispute about nothing has ended
    accepted = Event.objects.filter(verb="accept_goods").values_list("trade_ref", flat=True)
    assert len(accepted) == len(set(accepted))
    assert Chargeback.objects.count() == count
    assert Journal.objects.filter(kind="chargeback.opened").count() == count
    assert {held(order) for order in made} == {usd("0")}
    assert Dispute.objects.open().count() == 0
    for case in Chargeback.objects.all():
        assert sum(case.taken.values()) == case.amount_minor
    assert wrong_but_for_history() == []


def six_payments(market):
    """Six payments of one balance that are all on their way, its order and what is due."""
    order = market.order(1)
    pay_by_transfer(market, order)
    part, buyer = order.instalments.get(n=2), market.buyer_of(order)
    paid = [payments.pay_by_transfer(order, by=buyer)]
    again_and_again = {"order": order, "instalment": part, "currency": "USD", "state": "pending"}
    paid += [
        Payment.objects.create(method_id="visa", amount_minor=part.due_minor, **again_and_again)
        for _n in range(PEOPLE - 1)
    ]
    return order, part.due, [payment.pk for payment in paid]


def all_arrive(order, due, paid):
    """They arrive at the same moment; how much more is in the escrow then."""
    first = held(order)

    def arrive(pk):
        payments.hold(
            again(order), by=None, payment=Payment.objects.get(pk=pk), received=due,
            from_account="bank:sg_trust", key=f"arrival-{pk}",
        )  # fmt: skip

    ends = race(*[lambda pk=pk: arrive(pk) for pk in paid])
    assert ends == {"won": PEOPLE}
    return held(order) - first


def test_six_payments_of_one_instalment_at_once_fund_it_once(market):
    order, due, paid = six_payments(market)
    assert all_arrive(order, due, paid) == due
    assert balance(f"buyer_credit:{order.buyer_id}") == Money(5 * due.minor)


def test_without_the_lock_the_same_instalment_is_funded_several_times(market, monkeypatch):
    """The negative control: it is the lock that decides these races, not luck."""
    order, due, paid = six_payments(market)
    ready = threading.Barrier(PEOPLE, timeout=20)

    class Unlocked:
        def __init__(self, subject):
            self.trade = subject.trade

        def __enter__(self):
            self.trade.refresh_from_db()
            ready.wait()
            key = locks._key(self.trade)
            self.token = locks._held.set({**locks._held.get(), key: self.trade})

        def __exit__(self, *error):
            locks._held.reset(self.token)

    monkeypatch.setattr("workflow.engine.holding", Unlocked)
    assert all_arrive(order, due, paid) > due
