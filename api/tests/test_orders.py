"""Orders and the ledger over the API: right to the cent, and shown to nobody else."""

import uuid

import pytest

from api.models import Scope
from ledger.operations import Move, post
from tests.cast import person, usd
from tests.program import problem

pytestmark = pytest.mark.django_db


def money(amount):
    return {"amount": amount, "currency": "USD"}


@pytest.fixture
def auditor(db):
    return person("olive@ta.example", "Olive", duty="auditor")


def test_the_money_of_an_order_is_what_the_ledger_says(program, buyer, funded_order):
    answer = program(buyer).get(f"orders/{funded_order.code}/money/")
    assert answer.status_code == 200
    assert answer.json() == {
        "order": funded_order.code,
        "total": money("18600.00"),
        "due": money("13020.00"),
        "missing": money("13020.00"),
        "received": money("5580.00"),
        "held": money("5580.00"),
        "disputed": money("0.00"),
        "released": money("0.00"),
        "fee": money("0.00"),
        "refunded": money("0.00"),
        "covered": money("5580.00"),
        "disbursements": [],
    }


def test_nothing_is_due_before_the_contract(program, buyer, placed_order):
    told = program(buyer).get(f"orders/{placed_order.code}/money/").json()
    assert (told["due"], told["received"]) == (money("0.00"), money("0.00"))


def test_an_order_names_its_parties_by_ids_that_nobody_guesses(program, supplier, funded_order):
    told = program(supplier).get(f"orders/{funded_order.public_id}/").json()
    assert told["id"] == str(funded_order.public_id)
    assert told["code"] == funded_order.code
    assert told["state"] == "in_production"
    assert told["buyer"] == {
        "id": str(funded_order.buyer.public_id),
        "name": "Kidzone Retail",
        "country": "IN",
    }
    assert told["money"]["held"] == money("5580.00")
    assert told["created_at"].endswith("Z")


@pytest.mark.parametrize("path", ["orders/{}/", "orders/{}/money/", "ledger/entries/?order={}"])
def test_who_sees_an_order(
    program, path, funded_order, buyer, supplier, stranger, inspector, mediator, finance
):
    """The parties and staff; for everybody else it is not there (requirement 14)."""
    nobody = person("nobody@example.com", "Nobody")
    for name in (funded_order.code, str(funded_order.public_id)):
        asked = path.format(name)
        for user in (buyer, supplier, finance):
            assert program(user).get(asked).status_code == 200, user
        for user in (stranger, inspector, nobody):
            problem(program(user).get(asked), 404, "not_found")
    assert program(mediator).get(f"orders/{funded_order.code}/").status_code == 200


def test_a_supplier_does_not_see_a_draft(program, buyer, supplier, draft_order):
    assert program(buyer).get(f"orders/{draft_order.code}/").status_code == 200
    problem(program(supplier).get(f"orders/{draft_order.code}/"), 404, "not_found")


def test_an_order_that_is_not_there(program, finance):
    for name in ("TA-2026-999999", str(uuid.uuid4())):
        problem(program(finance).get(f"orders/{name}/"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "scope"),
    [("orders/{}/", Scope.MONEY_READ), ("orders/{}/money/", Scope.MONEY_WRITE)],
)
def test_another_scope_does_not_do(program, buyer, placed_order, path, scope):
    answer = program(buyer, scope).get(path.format(placed_order.code))
    problem(answer, 403, "scope_missing")


@pytest.fixture
def books(funded_order, buyer, supplier):
    """The deposit, and 120 small movements of the supplier's and of somebody else's money."""
    for n in range(60):
        for company in (supplier.company_id, supplier.company_id + 10_000):
            moves = [Move("psp_receivable:http_sim", f"supplier_payable:{company}", usd("1.00"))]
            post("test", key=f"{company}-{n}", transfers=moves)
    return funded_order


def all_pages(asks, **asked):
    found, cursor = [], {}
    while True:
        page = asks.get("ledger/entries/", **asked, **cursor).json()
        found += page["entries"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("limit", [1, 7, 50, 200])
def test_page_by_page_every_entry_is_seen_once(program, finance, supplier, books, limit):
    own = all_pages(program(supplier), limit=limit)
    assert len({entry["id"] for entry in own}) == len(own) == 60
    if limit < 7:
        return
    every = all_pages(program(finance), limit=limit)
    assert len({entry["id"] for entry in every}) == len(every) == 244
    assert [entry["posted_at"] for entry in every] == sorted(
        (entry["posted_at"] for entry in every), reverse=True
    )
    assert {entry["id"] for entry in own} < {entry["id"] for entry in every}


def test_the_entries_of_all_add_up_to_nothing(program, auditor, books):
    every = all_pages(program(auditor), limit=200)
    cents = [int(entry["amount"]["amount"].replace(".", "")) for entry in every]
    assert sum(cents) == 0
    assert max(cents) == 5580_00
    assert all(isinstance(entry["seq"], int) for entry in every)


def test_a_company_sees_its_own_accounts_and_no_running_numbers(program, supplier, books):
    own = all_pages(program(supplier), limit=200)
    assert {entry["account"] for entry in own} == {f"supplier_payable:{supplier.company_id}"}
    assert {entry["amount"]["amount"] for entry in own} == {"-1.00"}
    assert {entry["seq"] for entry in own} == {None}


def test_a_party_sees_the_escrow_of_its_order_and_not_the_bank(program, buyer, books):
    found = all_pages(program(buyer), order=books.code)
    assert [(entry["account"], entry["amount"]["amount"]) for entry in found] == [
        (f"escrow:{books.code}", "-5580.00")
    ]
    assert found[0]["order"] == books.code


def test_staff_see_all_of_an_order(program, finance, books):
    accounts = {entry["account"] for entry in all_pages(program(finance), order=books.code)}
    assert accounts == {f"escrow:{books.code}", "suspense:unidentified"}


def test_one_account_can_be_asked_for(program, finance, supplier, buyer, books):
    for user, account, count in (
        (finance, "bank:sg_trust", 1),
        (finance, f"supplier_payable:{supplier.company_id}", 60),
        (supplier, f"supplier_payable:{supplier.company_id}", 60),
        (finance, "no:such", 0),
    ):
        assert len(all_pages(program(user), account=account, limit=9)) == count
    foreign = program(buyer).get("ledger/entries/", account="bank:sg_trust")
    problem(foreign, 404, "not_found")


def test_other_staff_do_not_read_the_ledger(program, mediator, books):
    problem(program(mediator).get("ledger/entries/"), 403, "not_allowed")
    problem(program(mediator).get("ledger/trial-balance/"), 403, "not_allowed")


def test_companies_do_not_read_the_trial_balance(program, buyer, supplier, books):
    for user in (buyer, supplier):
        problem(program(user).get("ledger/trial-balance/"), 403, "not_allowed")


def test_the_trial_balance_balances(program, auditor, books, supplier):
    for by, account in (
        ("family", "supplier_payable:*"),
        ("account", f"supplier_payable:{supplier.company_id}"),
    ):
        (usd_books,) = program(auditor).get("ledger/trial-balance/", by=by).json()["currencies"]
        assert usd_books["currency"] == "USD"
        assert usd_books["debit"] == usd_books["credit"] == money("5700.00")
        lines = {line["account"]: line for line in usd_books["accounts"]}
        assert lines["bank:sg_trust"]["debit"] == money("5580.00")
        assert lines[account]["credit"] == money("120.00" if by == "family" else "60.00")


def test_the_cost_of_a_page_does_not_grow(
    program, finance, supplier, books, django_assert_num_queries
):
    for user, path, queries in (
        (finance, "ledger/entries/?limit=5", 3),  # token, duties, entries
        (finance, "ledger/entries/?limit=200", 3),
        (supplier, "ledger/entries/?limit=200", 2),
        (finance, "ledger/trial-balance/", 4),
    ):
        asks = program(user)
        asks.get(path)
        with django_assert_num_queries(queries):
            asks.get(path)
