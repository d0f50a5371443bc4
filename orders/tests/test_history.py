"""The history of an order says what happened to its money, to both sides, without accounts."""

import pytest

from orders.history import stream
from orders.models import Order
from payments import disbursing
from payments.escrow import refund, release
from payments.models import StatementLine
from payments.tests.leaving import Bank, checked_account, consider_all, send
from tests.cast import usd
from workflow.engine import operation

pytestmark = pytest.mark.django_db
PAYER_ACCOUNT, OWN_ACCOUNT = "50200012345", "6222020012345678"


@operation
def give_back(order, *, by, amount):
    return refund(order, usd(amount), cause="test", by=by)[0]


@operation
def earn(order, *, by, amount):
    return release(order, usd(amount), cause="test", by=by)


def told(order, length=30):
    """The history as one reads it, oldest first."""
    items, _earlier = stream(Order.objects.get(pk=order.pk), length=length)
    return [f"{item.who} {item.text}" for item in items][::-1]


def test_a_refund_is_followed_from_approval_to_the_payees_word(
    funded_order, buyer, account, finance
):
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    before = len(told(funded_order))
    owed = give_back(funded_order, by=None, amount="900.00")
    consider_all()
    send()
    owed.refresh_from_db()
    Bank(account, finance).pays(owed)
    owed.refresh_from_db()
    disbursing.report_arrival(owed, by=buyer)
    assert told(funded_order)[before:] == [
        "Trade Assurance approved money that leaves: Refund US$900.00.",
        "Trade Assurance sent: Refund US$900.00.",
        "Trade Assurance saw it booked by the bank: Refund US$900.00.",
        "Asha Mehta said that it arrived: Refund US$900.00.",
    ]


def test_a_payout_names_neither_its_sum_nor_an_account_to_the_other_side(
    funded_order, supplier, finance, second_finance
):
    before = len(told(funded_order))
    earn(funded_order, by=None, amount="400.00")
    consider_all()
    checked_account(supplier, finance, second_finance)
    consider_all()
    history = told(funded_order)[before:]
    assert history == [
        "Trade Assurance put money that leaves on hold: Payout.",
        "Trade Assurance ended the hold: Payout.",
        "Trade Assurance approved money that leaves: Payout.",
    ]
    assert not any(OWN_ACCOUNT[-4:] in line for line in history)


def test_what_the_finance_office_writes_down_stays_with_it(funded_order, finance):
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    owed = give_back(funded_order, by=None, amount="900.00")
    disbursing.hold(owed, by=finance, reason="Looks like fraud.")
    items, _earlier = stream(Order.objects.get(pk=funded_order.pk))
    assert items[0].text == "put money that leaves on hold: Refund US$900.00."
    assert items[0].quote == ""


def test_a_page_of_history_asks_for_its_disbursements_once(funded_order, django_assert_num_queries):
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    order = Order.objects.get(pk=funded_order.pk)
    told(order)
    with django_assert_num_queries(1):
        stream(order)
    for n in range(3):
        refund(order, usd("100.00"), cause=f"test{n}", by=None)
    consider_all()
    with django_assert_num_queries(2):
        stream(order)
