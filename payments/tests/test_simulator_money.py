"""Chargebacks, settlements and listings of the simulator, as its adapter reads them."""

from datetime import timedelta

import pytest

from core import clock
from core.money import Money
from payments import statements
from payments.providers.base import Ask, Chargeback, NoAnswer, Settlement, Status
from payments.providers.http_sim import HttpSim
from payments.simulator import BankAccount
from payments.simulator.mood import Wrong
from tests.cast import usd
from tests.provider import SECRET

BODY = {"reference": "RF18", "amount_minor": 6177_00, "currency": "USD", "destination": ""}
FEE = 166_77  # 2.70 % of 6,177.00, rounded down


@pytest.fixture
def sim(simulator, settings):
    settings.EGRESS_ALLOW_LOOPBACK = True
    return HttpSim({"url": simulator.url, "secret": SECRET})


@pytest.fixture
def charge(simulator):
    return paid(simulator, "k-1")


def paid(simulator, key, **changed):
    row = simulator.books.create("charges", BODY | changed, key, "")
    return simulator.books.pay(row["id"])["id"]


def refund(simulator, charge, minor, key="r-1"):
    body = BODY | {"destination": charge, "amount_minor": minor}
    return simulator.books.create("refunds", body, key, "")["id"]


def of(kind, number):
    return Ask(kind=kind, external_ref=number)


def open_bank(simulator):
    simulator.bank.open(BankAccount("0039012345", "DBSSSGSG"), balance=0, sequence=0)


def test_a_chargeback_shows_on_its_charge_from_the_day_it_is_opened(simulator, sim, charge):
    assert sim.fetch(of("charge", charge)).chargeback is None
    number = simulator.control({"chargeback": charge})["chargeback"]["id"]
    assert number == "cb_000001"
    for name in (charge, number):
        answer = sim.fetch(of("chargeback", name))
        assert (answer.kind, answer.external_ref, answer.disputed) == ("charge", charge, True)
        told = Chargeback(number, "open", usd("6177.00"), usd("15.00"))
        assert answer.chargeback == told
    row = simulator.books.rows["chargebacks"][number]
    assert (row["status"], row["charge"], row["amount_minor"]) == ("open", charge, 6177_00)
    assert sim.fetch(of("chargeback", "cb_999999")) is None


@pytest.mark.parametrize(("end", "disputed"), [("won", False), ("lost", True)])
def test_a_chargeback_ends_once(simulator, sim, charge, end, disputed):
    number = simulator.control({"chargeback": charge})["chargeback"]["id"]
    simulator.control({f"chargeback_{end}": number})
    answer = sim.fetch(of("chargeback", number))
    assert (answer.chargeback.status, answer.disputed) == (end, disputed)
    with pytest.raises(Wrong):
        simulator.control({"chargeback_won": number})
    news = [sim.read_event(m.headers, m.body.encode()) for m in simulator.events.kept[1:]]
    assert [(n.kind, n.external_ref) for n in news] == [("chargeback", number)] * 2
    assert [line["did"] for line in simulator.books.log][-3:] == [
        "chargeback.created",
        "chargeback.opened",
        f"chargeback.{end}",
    ]


def test_what_is_charged_back_cannot_be_refunded_too(simulator, charge):
    refund(simulator, charge, 177_00)
    taken = simulator.control({"chargeback": charge})["chargeback"]
    assert taken["amount_minor"] == 6000_00
    with pytest.raises(Wrong):
        refund(simulator, charge, 1, "r-2")
    with pytest.raises(Wrong):
        simulator.control({"chargeback": charge})
    simulator.control({"chargeback_won": taken["id"]})
    refund(simulator, charge, 6000_00, "r-3")


def test_a_settlement_pays_what_is_owed_and_nothing_twice(simulator, sim, charge):
    with pytest.raises(Wrong):
        simulator.control({"settle": True})  # the bank does not know its account
    open_bank(simulator)
    second = paid(simulator, "k-2", amount_minor=1000_00)
    paid(simulator, "k-3", currency="EUR")
    back = refund(simulator, second, 100_00)
    contest = simulator.control({"chargeback": second})["chargeback"]["id"]
    row = simulator.control({"settle": True})["settle"]
    lines = [(item["id"], item["kind"], item["amount_minor"]) for item in row["items"]]
    assert lines == [
        (charge, "charge", 6177_00),
        (second, "charge", 1000_00),
        (back, "refund", -100_00),
        (contest, "chargeback", -900_00),
        (contest, "chargeback_fee", -15_00),
    ]
    fee = Money(FEE + 27_00)
    assert sim.settlement("st_000001") == Settlement(
        "st_000001", usd("6162.00"), fee, usd("6162.00") - fee, (charge, second)
    )
    assert sim.settlement("st_999999") is None
    (statement,) = simulator.bank.statements(0)
    (entry,) = statements.read(statement["content"].encode())[0].entries
    assert (entry.amount, entry.payer_name) == (usd("6162.00") - fee, "Payment Simulator")
    assert entry.texts == ("SETTLEMENT st_000001",)
    with pytest.raises(Wrong):
        simulator.control({"settle": True})
    simulator.control({"chargeback_won": contest})
    assert simulator.control({"settle": True})["settle"]["net_minor"] == 900_00


def test_a_settlement_that_does_not_add_up_is_no_answer(simulator, sim, charge):
    open_bank(simulator)
    row = simulator.control({"settle": True})["settle"]
    row["net_minor"] += 1
    with pytest.raises(NoAnswer):
        sim.settlement("st_000001")
    del row["net_minor"]
    with pytest.raises(NoAnswer):
        sim.settlement("st_000001")


def test_what_changed_since_an_instant_is_listed_page_by_page(simulator, sim, monkeypatch):
    monkeypatch.setattr("payments.simulator.books.PAGE", 1)
    numbers = [paid(simulator, f"k-{n}") for n in range(3)]
    back = refund(simulator, numbers[0], 100_00)
    simulator.books.create("payouts", BODY | {"destination": "622200"}, "p-1", "")
    taken = simulator.control({"chargeback": numbers[1]})["chargeback"]["id"]
    found = {(a.kind, a.external_ref): a for a in sim.recent(clock.now() - timedelta(days=1))}
    assert {key: a.status for key, a in found.items()} == {
        **{("charge", number): Status.SUCCEEDED for number in numbers},
        ("refund", back): Status.SUCCEEDED,
        ("payout", "po_000001"): Status.SUCCEEDED,
        ("chargeback", taken): Status.PENDING,
    }
    assert found["charge", numbers[0]].fee == Money(FEE)
    assert found["charge", numbers[1]].disputed
    assert found["refund", back].charge_ref == numbers[0]
    assert found["chargeback", taken].charge_ref == numbers[1]
    assert sim.recent(clock.now() + timedelta(seconds=5)) == []


def test_a_listing_since_no_instant_is_refused(simulator, sim):
    for since in ("yesterday", "2026-03-02"):
        paid(simulator, since)
        assert sim._call("GET", "charges", params={"since": since})[0] == 422
