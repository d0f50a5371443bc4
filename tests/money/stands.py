"""The market as a fixture, and one of its orders paid by card and further on its way."""

import pytest

from core import clock as business
from ledger import checks
from orders import operations as orders
from orders import shipping
from payments import calls, charges
from payments.receipts import import_statement
from tests.bank import camt053
from tests.cast import person
from tests.money.market import open_market


@pytest.fixture
def market(provider, buyer, supplier, product, finance, second_finance, mediator, clock, settings,
           client, account):  # fmt: skip
    """Two buyers, two suppliers, four signed orders; cards are paid at the simulator."""
    return open_market(
        buyers=[buyer],
        suppliers=[supplier],
        staff=(finance, second_finance),
        mediators=(mediator, person("noor@ta.example", "Noor Aziz", duty="mediator")),
        account=account,
        clock=clock,
        settings=settings,
        client=client,
    )


@pytest.fixture
def card_order(market, provider, run_money):
    """US$5,009.60 by card, half of the fee in it, all of it held: goods are being made."""
    order = market.order(2)
    payment = charges.start_charge(order, by=market.buyer_of(order), method="visa")
    run_money()
    provider.books.pay(charges.charge_of(payment).external_ref)
    calls.look(charges.charge_of(payment).pk)
    return market.order(2)


@pytest.fixture
def card_order_there(card_order, market):
    """The same order, shipped and delivered."""
    shipping.ship(
        card_order, by=market.supplier_of(card_order), carrier="COSCO",
        document_type="bill_of_lading", document_number="NGB123456",
        claimed_on=business.now().date(),
    )  # fmt: skip
    orders.confirm_delivery(card_order, by=market.buyer_of(card_order))
    return market.order(2)


def wrong_but_for_history():
    """What the audit finds; that copies of an order have no history is left out."""
    wrong = [one for one in checks.run()["checks"] if not one["ok"]]
    return [one for one in wrong if not one["id"].startswith("workflow.")]


def statement_for(market, order):
    """A statement of the bank on which the first instalment of an order has come."""
    part = order.instalments.first()
    return camt053(market.account, [(part.reference, part.missing, order.buyer.legal_name)])


def pay_by_transfer(market, order):
    import_statement(statement_for(market, order), by=market.staff[0], file_name="one.xml")
