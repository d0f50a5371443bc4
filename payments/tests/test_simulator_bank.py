"""The simulator's bank: an order is carried out once, and its statements always add up."""

from datetime import UTC, date, datetime

import pytest
import urllib3

from core.money import Money
from payments import statements
from payments.bank_messages import CreditTransfer, Party, pain001
from payments.simulator import BankAccount, Simulator
from payments.statements import arithmetic
from tests.cast import usd
from tests.provider import SECRET

US = Party("Trade Assurance Client Money", "0039012345", "DBSSSGSG")
THEM = Party("Little Pine", "622200123456", "ICBKCNBJ")
AT = datetime(2026, 3, 2, tzinfo=UTC)


def order(message_id="M-1", *, amounts=("14700.00", "5000.00"), debtor=US, first=1, currency="USD"):
    transfers = [
        CreditTransfer(f"PO{n:08d}", Money.parse(amount, currency), THEM, f"Payout {n}")
        for n, amount in enumerate(amounts, first)
    ]
    return pain001(message_id, AT, date(2026, 3, 2), debtor, transfers)


class Customer:
    """Speaks to the bank over real HTTP, and reads its statements as the platform does."""

    def __init__(self, url, pool):
        self.url, self.pool, self.last = url, pool, 0

    def send(self, data, path="/bank/payments"):
        answer = self.pool.request("POST", f"{self.url}{path}", body=data, redirect=False)
        return answer.status, answer.json() if answer.data else None

    def ask(self, path, body=None):
        method = "POST" if body else "GET"
        answer = self.pool.request(method, f"{self.url}{path}", json=body)
        return answer.status, answer.json()

    def control(self, **wanted):
        status, told = self.ask("/control", wanted)
        assert status == 200, told
        return told["done"]

    def statements(self):
        """The new statements; each must add up and follow on the one before."""
        _status, told = self.ask(f"/bank/statements?after={self.last}")
        found = [statements.read(one["content"].encode())[0] for one in told]
        for one, statement in zip(told, found, strict=True):
            assert (one["n"], one["id"]) == (statement.sequence, statement.statement_id)
            assert arithmetic.problems(statement) == []
            assert statement.sequence == self.last + 1
            self.last = statement.sequence
        return found

    def entries(self):
        return [entry for statement in self.statements() for entry in statement.entries]


@pytest.fixture
def bank(simulator):
    with urllib3.PoolManager(retries=False) as pool:
        yield Customer(simulator.url, pool)


def told(entry):
    return entry.signed, entry.status, entry.end_to_end_id, entry.return_of


def test_an_order_is_carried_out_once_and_stands_on_one_statement(bank):
    status, report = bank.send(order())
    assert status == 201
    assert [(t["end_to_end_id"], t["status"]) for t in report["transfers"]] == [
        ("PO00000001", "ACSC"),
        ("PO00000002", "ACSC"),
    ]
    assert bank.send(order()) == (200, report)
    (statement,) = bank.statements()
    assert (statement.account, statement.bic, statement.sequence) == ("0039012345", "DBSSSGSG", 1)
    assert (statement.opening, statement.closing) == (usd("0"), usd("-19700.00"))
    assert [told(entry) for entry in statement.entries] == [
        (usd("-14700.00"), "booked", "PO00000001", ""),
        (usd("-5000.00"), "booked", "PO00000002", ""),
    ]
    assert bank.statements() == []
    assert bank.ask("/bank/payments/M-1") == (200, report)
    assert bank.ask("/bank/payments/M-2")[0] == 404


def test_another_order_under_the_same_id_is_refused_and_books_nothing(bank):
    bank.send(order())
    bank.statements()
    assert bank.send(order(amounts=("1.00",)))[0] == 409
    assert bank.statements() == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<Document/>",
        b"<!DOCTYPE d><Document/>",
        order().replace(b"14700.00</InstdAmt>", b"14700.01</InstdAmt>"),
        order().replace(b"<NbOfTxs>2", b"<NbOfTxs>3"),
        order().replace(b"pain.001.001.09", b"pain.001.001.03"),
        order().replace(b"622200123456", b""),
    ],
)
def test_an_order_that_does_not_add_up_is_refused_as_a_whole(bank, simulator, data):
    assert bank.send(data)[0] == 422
    assert (simulator.bank.kept["orders"], simulator.bank.kept["entries"]) == ({}, [])


def test_an_order_from_another_account_or_in_another_currency_moves_nothing(bank):
    bank.send(order())
    stranger = Party("Somebody", "999", "DBSSSGSG")
    assert bank.send(order("M-2", debtor=stranger))[0] == 422
    _status, report = bank.send(order("M-3", currency="EUR"))
    assert {(t["status"], t["reason"]) for t in report["transfers"]} == {("RJCT", "AM03")}
    assert len(bank.entries()) == 2


def test_a_rejected_transfer_is_never_debited_and_the_report_says_so(bank):
    bank.control(bank_reject=1)
    _status, report = bank.send(order())
    assert [(t["status"], t["reason"]) for t in report["transfers"]] == [
        ("RJCT", "AC04"),
        ("ACSC", ""),
    ]
    assert [entry.end_to_end_id for entry in bank.entries()] == ["PO00000002"]


def test_a_transfer_that_bounces_comes_back_on_the_next_statement_less_the_fee(bank):
    bank.control(bank_bounce=1)
    bank.send(order())
    assert len(bank.entries()) == 2
    (returned,) = bank.entries()
    assert told(returned) == (usd("14680.00"), "booked", "PO00000001", "PO00000001")
    assert (returned.is_receipt, returned.payer_name) == (False, "Little Pine")
    assert bank.entries() == []


def test_late_debits_are_pending_first_and_booked_when_they_arrive(bank):
    bank.control(bank_late=True, bank_bounce=1)
    _status, report = bank.send(order())
    assert [t["status"] for t in report["transfers"]] == ["ACSP", "ACSP"]
    (statement,) = bank.statements()
    assert statement.closing == usd("0")
    assert [told(entry)[1:3] for entry in statement.entries] == [
        ("pending", "PO00000001"),
        ("pending", "PO00000002"),
    ]
    bank.control(arrive_bank=True)
    statuses = [t["status"] for t in bank.ask("/bank/payments/M-1")[1]["transfers"]]
    assert statuses == ["ACSC", "ACSC"]
    assert [told(entry)[:2] for entry in bank.entries()] == [
        (usd("-14700.00"), "booked"),
        (usd("-5000.00"), "booked"),
    ]
    assert [told(entry)[0] for entry in bank.entries()] == [usd("14680.00")]


def test_a_bank_that_fails_before_or_after_is_asked_again_and_pays_once(bank):
    bank.control(fail_before=1)
    assert bank.send(order())[0] == 500
    assert bank.ask("/bank/payments/M-1")[0] == 404
    bank.control(fail_after=1)
    assert bank.send(order())[0] == 500
    assert bank.send(order())[0] == 200
    assert len(bank.entries()) == 2


def test_a_transfer_of_a_buyer_arrives_with_its_text(bank):
    asked = {"amount_minor": 5580_00, "currency": "USD", "payer": "Kidzone", "account": "5020001",
             "text": "RF822600012301", "end_to_end_id": "KZ-1"}  # fmt: skip
    assert bank.ask("/bank/credits", asked)[0] == 422  # the bank knows no account yet
    bank.send(order())
    assert bank.ask("/bank/credits", asked)[0] == 200
    for wrong in ({"amount_minor": 0}, {"amount_minor": "5"}, {"currency": "EUR"}):
        assert bank.ask("/bank/credits", asked | wrong)[0] == 422
    entry = bank.entries()[-1]
    assert (entry.amount, entry.payer_name, entry.payer_account, entry.end_to_end_id) == (
        usd("5580.00"),
        "Kidzone",
        "5020001",
        "KZ-1",
    )
    assert (entry.references, entry.is_receipt) == (["RF822600012301"], True)


def test_a_statement_can_be_cut_with_nothing_on_it(bank):
    bank.send(order())
    assert [bank.control(cut=True)["cut"]["n"] for _ in range(2)] == [1, 2]
    first, second = bank.statements()
    assert (second.opening, second.closing, second.entries) == (first.closing, first.closing, ())


def test_the_bank_goes_on_where_the_accounts_past_ended(bank, simulator):
    account = BankAccount("0039012345", "DBSSSGSG", "USD", "Trade Assurance")
    simulator.bank.open(account, balance=1000_00, sequence=41)
    bank.last = 41
    bank.send(order(amounts=("400.00",)))
    (statement,) = bank.statements()
    assert (statement.sequence, statement.statement_id) == (42, "DBSS-00042")
    assert (statement.opening, statement.closing) == (usd("1000.00"), usd("600.00"))
    body = vars(account) | {"balance_minor": 0, "sequence": 0}
    assert bank.ask("/bank/opening", body)[0] == 409


def test_an_account_may_be_opened_over_http_while_it_is_unused(bank):
    body = {"account_number": "0039012345", "bic": "DBSSSGSG", "currency": "USD", "name": "TA",
            "balance_minor": 250_00, "sequence": 7}  # fmt: skip
    assert bank.ask("/bank/opening", body)[0] == 200
    bank.last = 7
    bank.control(cut=True)
    assert bank.statements()[0].opening == usd("250.00")
    assert bank.ask("/bank/opening", body | {"account_number": "1"})[0] == 409
    assert bank.ask("/bank/opening", {"nonsense": 1})[0] == 422


def test_the_account_given_at_the_start_is_the_one_that_is_kept(tmp_path):
    account = BankAccount("003 901 2345", "DBSSSGSG")
    file = tmp_path / "books.json"
    with (
        Simulator(SECRET, account=account, file=file) as simulator,
        urllib3.PoolManager() as pool,
    ):
        bank = Customer(simulator.url, pool)
        assert bank.send(order())[0] == 201
        assert [s.account for s in bank.statements()] == ["0039012345"]
    with Simulator(SECRET, file=file) as again, urllib3.PoolManager() as pool:
        bank = Customer(again.url, pool)
        assert bank.send(order())[0] == 200
        assert len(bank.entries()) == 2
        assert bank.entries() == []


def test_books_of_another_life_are_put_aside(tmp_path):
    file = tmp_path / "books.json"
    with Simulator(SECRET, file=file, life="one") as first:
        first.bank.open(BankAccount("1", "DBSSSGSG"), balance=5, sequence=1)
    with Simulator(SECRET, file=file, life="one") as same:
        assert same.bank.kept["sequence"] == 1
    with Simulator(SECRET, file=file, life="two") as other:
        assert other.bank.account is None
    assert (tmp_path / "books.old").exists()


def test_the_banks_page_lets_a_transfer_arrive(bank, simulator):
    get = lambda: bank.pool.request("GET", f"{simulator.url}/bank/").data.decode()  # noqa: E731
    assert "does not know its account" in get()
    bank.send(order(amounts=("400.00",)))
    form = "amount=1%2C250.50&payer=%3Cb%3EKidzone&text=RF822600012301"
    assert bank.send(form, "/bank/") == (303, None)
    page = get()
    assert "Simulated bank" in page
    assert "&lt;b&gt;Kidzone" in page
    assert ("US$850.50" in page, "−US$400.00" in page) == (True, True)
    assert bank.send("amount=many&payer=x", "/bank/")[0] == 422
    assert bank.send("amount=-5&payer=x", "/bank/")[0] == 422
    assert [entry.signed for entry in bank.entries()] == [usd("-400.00"), usd("1250.50")]


def test_many_bookings_are_spread_over_statements(bank, monkeypatch):
    monkeypatch.setattr("payments.simulator.bank.ENTRIES", 2)
    bank.send(order(amounts=("1.00",) * 5))
    found = bank.statements()
    assert [len(statement.entries) for statement in found] == [2, 2, 1]
    assert found[-1].closing == usd("-5.00")
