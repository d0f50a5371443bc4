"""The demo's bank: its past and the simulator's bank are one account."""

import pytest

from dashboard.demo.bank import DemoBank, standing
from payments import bank_channel
from payments.bank_messages import StatementEntry
from payments.models import StatementImport
from payments.simulator import BankAccount, Simulator
from payments.statements import arithmetic, read
from tests.cast import usd

pytestmark = pytest.mark.django_db
SECRET = "b25seSB0aGUgc2ltdWxhdG9yIGFuZCB3ZSBrbm93IGl0"


def test_without_an_account_it_stands_nowhere(db):
    assert standing() == {}


def test_the_simulators_bank_goes_on_where_the_past_ended(account, finance, settings):
    bank = DemoBank(account, finance)
    bank.receive(usd("5580.00"), payer="Kidzone & Sons", text="RF18")
    bank.book(StatementEntry(usd("80.00"), credit=False, name="Supplier", end_to_end_id="PO1"))
    told = standing()
    assert (told["balance_minor"], told["sequence"]) == (5500_00, 2)
    assert told["account_number"] == account.account_number
    assert {imported.status for imported in StatementImport.objects.all()} == {"accepted"}
    assert told["life"] == account.proposed_at.isoformat()

    words = {name: told[name] for name in ("account_number", "bic", "currency", "name")}
    with Simulator(SECRET) as simulator:
        simulator.bank.open(BankAccount(**words), told["balance_minor"], told["sequence"])
        simulator.bank.receive({"amount_minor": 20_00, "payer": "Kidzone", "text": "again"})
        settings.PAYMENT_PROVIDERS = {"http_sim": {"url": simulator.url, "secret": SECRET}}
        settings.BANK_CHANNEL, settings.EGRESS_ALLOW_LOOPBACK = "http_sim", True
        (statement,) = read(simulator.bank.statements(0)[0]["content"].encode())
        assert bank_channel.fetch_statements() == 1
    followed = {"previous_closing": usd("5500.00"), "previous_sequence": 2}
    assert arithmetic.continuity_problems(statement, **followed) == []
    again = standing()
    assert (again["balance_minor"], again["sequence"], again["life"]) == (5520_00, 3, told["life"])
