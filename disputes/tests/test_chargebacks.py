"""A buyer's bank takes a card payment back: frozen, contested, never paid twice (money.md 7.2)."""

import pytest

from disputes import chargebacks
from disputes import operations as disputes
from ledger.balances import balance, order_position, trust_position
from payments import calls, sending
from payments.escrow import refund, release
from payments.models import Chargeback, Disbursement, Payment
from payments.tests.leaving import approve, consider_all
from tests.cast import usd
from workflow.engine import operation
from workflow.models import Event

pytestmark = pytest.mark.django_db
RECEIVABLE = "psp_receivable:http_sim"


@operation
def earn(order, *, by, amount):
    return release(order, usd(amount), cause="test", by=by)


@operation
def give_back(order, *, by, amount):
    return refund(order, usd(amount), cause="test", by=by)[0]


@pytest.fixture
def paid_by_card(charged, provider, run_money):
    """5,580.00 held, 164.61 of fee: the provider owes us 5,744.61."""
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    run_money()
    charged.refresh_from_db()
    return charged


@pytest.fixture
def order(paid_by_card):
    return paid_by_card.payment.order


def open_one(charge, amount="5580.00", number="cb_1"):
    return chargebacks.open_chargeback(
        charge.payment.order, by=None, charge=charge, external_ref=number,
        amount=usd(amount), fee=usd("15.00"),
    )  # fmt: skip


def end(case, *, won):
    chargebacks.end_chargeback(case, by=None, won=won)


def held(order):
    return balance(f"escrow:{order.ref}")


def payment_state(charge):
    return Payment.objects.get(pk=charge.payment_id).state


def is_backed():
    return trust_position().surplus.minor >= 0


def test_before_release_it_comes_out_of_the_escrow_and_only_the_fee_is_ours(paid_by_card, order):
    case = open_one(paid_by_card)
    assert open_one(paid_by_card) == case
    assert (held(order), balance(RECEIVABLE)) == (usd("0"), usd("149.61"))
    assert balance("expense:chargeback_fee") == usd("15.00")
    assert (payment_state(paid_by_card), is_backed()) == ("cb_open", True)
    assert order_position(order.ref)["refunded"] == usd("5580.00")


def test_won_everything_is_back_and_the_fee_stays(paid_by_card, order):
    case = open_one(paid_by_card)
    end(case, won=True)
    end(Chargeback.objects.get(), won=False)
    assert (held(order), payment_state(paid_by_card)) == (usd("5580.00"), "cleared")
    assert balance("expense:chargeback_fee") == usd("15.00")
    assert order_position(order.ref)["refunded"] == usd("0")
    assert Chargeback.objects.get().outcome == "won"


def test_lost_it_stays_gone_and_says_so_once(paid_by_card, order):
    case = open_one(paid_by_card)
    end(case, won=False)
    assert (held(order), payment_state(paid_by_card)) == (usd("0"), "cb_lost")
    assert Event.objects.filter(verb="chargeback_lost").count() == 1


def test_after_release_the_waiting_payout_goes_first_then_the_supplier_owes_us(paid_by_card, order):
    earn(order, by=None, amount="5580.00")
    open_one(paid_by_card)
    supplier = order.supplier_id
    assert balance(f"supplier_payable:{supplier}") == usd("0")
    assert balance(f"receivable_supplier:{supplier}") == usd("111.60")
    assert Disbursement.objects.get().state == "cancelled"
    assert is_backed()


def test_a_refund_that_waits_is_cancelled_the_buyer_gets_the_money_once(paid_by_card, order):
    give_back(order, by=None, amount="5580.00")
    case = open_one(paid_by_card)
    assert balance(f"refund_payable:{order.buyer_id}") == usd("0")
    assert Disbursement.objects.get().state == "cancelled"
    end(case, won=True)
    again = Disbursement.objects.exclude(state="cancelled").get()
    assert (again.amount, again.route) == (usd("5580.00"), "provider")
    assert balance(f"refund_payable:{order.buyer_id}") == usd("5580.00")


def test_what_was_refunded_already_is_ours_to_contest_not_the_suppliers(
    paid_by_card, order, finance, second_finance, run_money
):
    owed = give_back(order, by=None, amount="3000.00")
    consider_all()
    approve(owed, finance, second_finance)
    sending.send_due()
    run_money()
    case = open_one(paid_by_card)
    assert held(order) == usd("0")
    assert balance("expense:guarantee_loss") == usd("3000.00")
    assert balance(f"receivable_supplier:{order.supplier_id}") == usd("0")
    assert is_backed()
    end(case, won=True)
    assert (held(order), balance("expense:guarantee_loss")) == (usd("2580.00"), usd("0"))


def test_an_open_dispute_is_about_less_and_about_nothing_it_has_ended(paid_by_card, order, buyer):
    case = disputes.file(
        order, by=buyer, reason="not_shipped", statement="Nothing came.", amount=usd("1000.00")
    )
    open_one(paid_by_card, amount="5000.00")
    case.refresh_from_db()
    assert (held(order), case.claimed, balance(case.hold_account)) == (
        usd("0"), usd("580.00"), usd("580.00"),
    )  # fmt: skip
    open_one(paid_by_card, amount="580.00", number="cb_2")
    case.refresh_from_db()
    assert (case.state, balance(case.hold_account)) == ("withdrawn", usd("0"))


def test_the_whole_charge_back_takes_the_buyers_payment_fee_too(paid_by_card, order):
    open_one(paid_by_card, amount="5744.61")
    assert (held(order), balance("income:payment_fee")) == (usd("0"), usd("0"))
    assert balance(RECEIVABLE) == usd("-15.00")
    assert is_backed()


def test_the_providers_news_opens_and_ends_it(paid_by_card, order, provider, deliver, run_money):
    provider.control({"chargeback": paid_by_card.external_ref})
    assert set(deliver()) == {200}
    run_money()
    assert run_money() == 0
    case = Chargeback.objects.get()
    assert (case.external_ref, case.outcome, case.fee) == ("cb_000001", "open", usd("15.00"))
    assert case.evidence["order"] == order.code
    provider.control({"chargeback_won": "cb_000001"})
    deliver()
    run_money()
    assert run_money() == 0
    case.refresh_from_db()
    assert (case.outcome, held(order)) == ("won", usd("5580.00"))
