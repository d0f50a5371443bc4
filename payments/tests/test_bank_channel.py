"""The bank over its channel: each order handed over once, each statement read in once."""

import pytest

from core.money import Money
from ledger.balances import balance
from payments import bank_channel
from payments.escrow import release
from payments.models import BankFile, Disbursement, StatementImport, StatementLine
from payments.receipts import import_statement
from payments.simulator import BankAccount
from payments.tests.leaving import approve, checked_account, consider_all, send
from tests.bank import camt053
from tests.cast import usd
from workflow.engine import operation

pytestmark = pytest.mark.django_db


@operation
def earn(order, *, by, amount):
    """The supplier earns a part of what is held: a release as any other."""
    return release(order, usd(amount), cause="test", by=by)


@pytest.fixture
def bank(provider, account, settings):
    """The simulator's bank with the designated account, reached over HTTP."""
    settings.BANK_CHANNEL = "http_sim"
    opened = BankAccount(account.account_number, account.bic, account.currency)
    provider.bank.open(opened, 100_000_00, 41)
    return provider


@pytest.fixture
def payout(bank, funded_order, supplier, finance, second_finance):
    """5,468.40 for the supplier, approved and past its waiting time."""
    row = earn(funded_order, by=None, amount="5580.00")
    checked_account(supplier, finance, second_finance)
    consider_all()
    return approve(row, finance, second_finance)


@pytest.fixture
def file(payout, clock):
    assert send(clock) == 1
    return BankFile.objects.get()


def state(payout):
    payout.refresh_from_db()
    return payout.state


def test_an_order_is_handed_over_once_and_its_debit_confirms_the_payout(bank, payout, file):
    bank_channel.send_file(file.pk)
    file.refresh_from_db()
    assert (file.sent_at is not None, state(payout)) == (True, "submitted")
    bank_channel.send_file(file.pk)
    assert list(bank.bank.kept["orders"]) == [file.message_id]
    assert bank_channel.fetch_statements() == 1
    assert state(payout) == "confirmed"
    assert bank_channel.fetch_statements() == 0
    (imported,) = StatementImport.objects.filter(imported_by=None)
    assert (imported.sequence, imported.status, imported.problems) == (42, "accepted", [])
    line = imported.lines.get()
    assert (line.is_credit, line.amount, line.end_to_end_id) == (
        False,
        usd("5468.40"),
        payout.end_to_end_id,
    )


@pytest.mark.parametrize("trouble", ["fail_before", "fail_after", "garbage"])
def test_without_a_clear_answer_the_order_is_sent_again_and_paid_once(bank, payout, file, trouble):
    bank.control({trouble: 1})
    with pytest.raises(bank_channel.Unclear):
        bank_channel.send_file(file.pk)
    file.refresh_from_db()
    assert file.sent_at is None
    bank_channel.send_file(file.pk)
    file.refresh_from_db()
    assert file.sent_at is not None
    assert [e["amount_minor"] for e in bank.bank.kept["entries"]] == [5468_40]


def test_another_order_under_its_id_is_unclear_for_good(bank, payout, file):
    bank_channel.send_file(file.pk)
    BankFile.objects.update(sent_at=None)
    bank.bank.kept["orders"][file.message_id]["sha256"] = "of another message"
    with pytest.raises(bank_channel.Unclear, match="409"):
        bank_channel.send_file(file.pk)
    assert len(bank.bank.kept["entries"]) == 1


def test_a_transfer_that_the_bank_rejects_never_left_and_is_owed_as_before(bank, payout, file):
    owed = balance(payout.source_account, "USD")
    bank.control({"bank_reject": 1})
    bank_channel.send_file(file.pk)
    assert state(payout) == "failed"
    assert "AC04" in payout.failure
    assert balance(payout.source_account, "USD") == owed + usd("5468.40")
    assert not balance(payout.transit_account, "USD")
    assert bank_channel.fetch_statements() == 0


def test_a_transfer_that_bounces_comes_back_less_what_the_bank_kept(bank, payout, file):
    bank.control({"bank_bounce": 1})
    bank_channel.send_file(file.pk)
    assert bank_channel.fetch_statements() == 2
    lines = StatementLine.objects.filter(statement__imported_by=None).order_by("pk")
    assert [(line.is_credit, line.amount) for line in lines] == [
        (False, usd("5468.40")),
        (True, usd("5448.40")),
    ]
    payout.refresh_from_db()
    assert lines[1].return_of == payout.end_to_end_id
    assert payout.bank_fee_minor == 20_00
    assert Disbursement.objects.filter(cause=f"{payout.cause}.back").exists()


def test_a_late_debit_is_pending_first_and_confirms_only_when_it_is_booked(bank, payout, file):
    bank.control({"bank_late": True})
    bank_channel.send_file(file.pk)
    assert bank_channel.fetch_statements() == 1
    assert state(payout) == "submitted"
    bank.control({"arrive_bank": True})
    assert bank_channel.fetch_statements() == 1
    assert state(payout) == "confirmed"


def test_a_buyers_transfer_is_fetched_and_counted(bank, signed_order, buyer):
    instalment = signed_order.instalments.first()
    bank.bank.receive(
        {
            "amount_minor": instalment.due.minor,
            "payer": buyer.company.legal_name,
            "account": "50200012345",
            "text": instalment.reference,
        }
    )
    assert bank_channel.fetch_statements() == 1
    line = StatementLine.objects.get()
    assert (line.status, line.references) == ("matched", [instalment.reference])
    instalment.refresh_from_db()
    assert instalment.funded_at is not None


def test_statements_that_people_read_in_do_not_move_the_place_of_the_channel(
    bank, account, finance
):
    import_statement(camt053(account, []), by=finance, file_name="from-the-bank-999.xml")
    bank.control({"cut": True})
    bank.control({"cut": True})
    assert bank_channel.fetch_statements() == 2
    assert bank_channel.fetch_statements() == 0


def test_a_bank_that_cannot_be_reached_changes_nothing(bank, payout, file, settings):
    settings.PAYMENT_PROVIDERS = {"http_sim": {"url": "http://127.0.0.1:1", "secret": "x"}}
    before = Money(balance("bank:sg_trust", "USD").minor)
    with pytest.raises(bank_channel.Unclear):
        bank_channel.send_file(file.pk)
    with pytest.raises(bank_channel.Unclear):
        bank_channel.fetch_statements()
    assert (state(payout), balance("bank:sg_trust", "USD")) == ("submitted", before)


@pytest.mark.parametrize(("channel", "setting"), [("manual", "http_sim"), ("http_sim", "manual")])
def test_what_people_carry_to_the_bank_is_never_sent(bank, file, settings, channel, setting):
    settings.BANK_CHANNEL = setting
    BankFile.objects.update(channel=channel)
    bank_channel.send_file(file.pk)
    file.refresh_from_db()
    assert (file.sent_at, bank.bank.kept["orders"]) == (None, {})
    if setting == "manual":
        assert bank_channel.fetch_statements() == 0
