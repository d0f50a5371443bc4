"""Refunds, payouts and bank accounts over the API: nobody alone lets money go."""

import pytest

from core import clock as business
from ledger.balances import balance
from payments.escrow import refund, release
from payments.models import BankAccount, Disbursement
from payments.tests.leaving import checked_account, consider_all
from tests.cast import PASSWORD, person, usd
from tests.program import problem
from workflow.engine import operation
from workflow.models import Approval

pytestmark = pytest.mark.django_db


@operation
def earn(order, *, by, amount):
    return release(order, usd(amount), cause="test", by=by)


@operation
def give_back(order, *, by, amount):
    return refund(order, usd(amount), cause="test", by=by)[0]


@pytest.fixture
def payout(funded_order, supplier, finance, second_finance):
    """5,468.40 that the supplier has earned, to a checked account, waiting for two people."""
    made = earn(funded_order, by=None, amount="5580.00")
    checked_account(supplier, finance, second_finance)
    consider_all()
    made.refresh_from_db()
    return made


def state(record):
    return type(record).objects.get(pk=record.pk).state


def test_one_asks_another_approves_and_the_payout_may_leave(
    program, finance, second_finance, supplier, payout
):
    daniel, farah = program(finance), program(second_finance)
    problem(farah.post(f"payouts/{payout.public_id}/approve/", {}), 409, "not_requested")
    asked = daniel.post(f"payouts/{payout.public_id}/request/", {"reason": "Due today."})
    assert asked.status_code == 202, asked.content
    assert asked.json()["amount"] == {"amount": "5468.40", "currency": "USD"}
    assert asked.json()["approval"]["proposed_by"] == "Daniel Tan"
    problem(daniel.post(f"payouts/{payout.public_id}/approve/", {}), 403, "own_proposal")
    assert state(payout) == "requested"
    digest = farah.get(f"disbursements/{payout.public_id}/").json()["approval"]["digest"]
    body, key = {"digest": digest, "note": "Seen."}, "approve-1"
    done = farah.post(f"payouts/{payout.public_id}/approve/", body, key=key)
    assert done.json()["state"] == "approved"
    again = farah.post(f"payouts/{payout.public_id}/approve/", body, key=key)
    assert again["Idempotency-Replayed"] == "true"
    assert state(payout) == "approved"
    told = program(supplier).get(f"disbursements/{payout.public_id}/").json()
    assert (told["state"], told["approval"]) == ("approved", None)


def test_a_refund_is_let_go_the_same_way_and_not_as_a_payout(
    program, finance, second_finance, funded_order, buyer
):
    made = give_back(funded_order, by=None, amount="5580.00")
    checked_account(buyer, finance, second_finance)
    consider_all()
    daniel, farah = program(finance), program(second_finance)
    problem(daniel.post(f"payouts/{made.public_id}/request/", {}), 404, "not_found")
    assert daniel.post(f"refunds/{made.public_id}/request/", {}).status_code == 202
    assert farah.post(f"refunds/{made.public_id}/approve/", {}).json()["state"] == "approved"
    told = daniel.get(f"orders/{funded_order.code}/money/").json()
    assert told["disbursements"] == [
        {
            "id": str(made.public_id),
            "kind": "refund",
            "amount": {"amount": "5580.00", "currency": "USD"},
            "state": "approved",
        }
    ]


def test_nobody_else_lets_money_go(program, buyer, supplier, mediator, stranger, finance, payout):
    for verb in ("request", "approve"):
        path = f"payouts/{payout.public_id}/{verb}/"
        for user in (buyer, stranger):
            problem(program(user).post(path, {}), 404, "not_found")
    path = f"payouts/{payout.public_id}/request/"
    problem(program(supplier).post(path, {}), 403, "not_your_duty")
    problem(program(mediator).post(path, {}), 403, "not_your_duty")
    assert Approval.objects.filter(action="disbursement.approve").count() == 0
    program(finance).post(path, {})
    for user in (supplier, mediator):
        answer = program(user).post(f"payouts/{payout.public_id}/approve/", {})
        problem(answer, 403, "not_your_duty")
    assert state(payout) == "requested"


def test_what_changed_since_it_was_looked_at_is_not_approved(
    program, finance, second_finance, payout
):
    program(finance).post(f"payouts/{payout.public_id}/request/", {})
    Disbursement.objects.update(destination={"name": "Mallory", "account": "666", "bic": ""})
    answer = program(second_finance).post(f"payouts/{payout.public_id}/approve/", {})
    problem(answer, 409, "approval_void")
    assert state(payout) == "requested"
    assert Approval.objects.get(action="disbursement.approve").decision == "void"


def test_what_only_we_write_cannot_be_sent(program, finance, payout):
    before = Disbursement.objects.filter(pk=payout.pk).values().get()
    forged = {
        "id": "1", "kind": "refund", "order": "x", "payee": "Mallory", "state": "approved",
        "amount": {"amount": "1.00", "currency": "USD"}, "needs_two": False, "approved_by": 1,
        "not_before": "2000-01-01T00:00:00Z", "destination": {"account": "666"}, "approval": None,
    }  # fmt: skip
    assert program(finance).post(f"payouts/{payout.public_id}/request/", forged).status_code == 202
    assert Disbursement.objects.filter(pk=payout.pk).values().get() == before


ACCOUNT = {
    "password": PASSWORD,
    "holder": "Ningbo Little Pine Garment Co., Ltd.",
    "account_number": "6222 0200 1234 5678",
    "bic": "ICBKCNBJ",
    "bank": "Demo Bank Ningbo",
}


def test_an_account_is_changed_by_a_signer_and_checked_by_two(
    program, supplier, finance, second_finance, clock
):
    answer = program(supplier).post("bank-accounts/", ACCOUNT)
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert (told["number"], told["state"]) == ("•• 5678", "proposed")
    assert "6222" not in answer.content.decode()
    account = BankAccount.objects.get()
    assert (account.usable_from - business.now()).total_seconds() == 72 * 3600
    path = f"bank-accounts/{told['id']}/approve/"
    daniel, farah = program(finance), program(second_finance)
    first = daniel.post(path, {"note": "Register seen."}).json()
    assert (first["state"], first["approval"]["proposed_by"]) == ("proposed", "Daniel Tan")
    problem(daniel.post(path, {}), 403, "own_proposal")
    problem(program(supplier).post(path, {}), 403, "not_your_duty")
    assert farah.post(path, {}).json()["state"] == "active"


def test_another_persons_account_and_a_wrong_password_are_refused(
    program, supplier, stranger, finance, mediator
):
    wrong = ACCOUNT | {"password": "not it"}
    problem(program(supplier).post("bank-accounts/", wrong), 409, "password_wrong")
    other = ACCOUNT | {"holder": "Mallory Trading"}
    problem(program(supplier).post("bank-accounts/", other), 409, "holder_is_another")
    member = person("wu@littlepine.example", "Wu", supplier.company, company_role="member")
    problem(program(member).post("bank-accounts/", ACCOUNT), 403, "not_a_signer")
    problem(program(finance).post("bank-accounts/", ACCOUNT), 403, "not_allowed")
    assert BankAccount.objects.count() == 0
    made = program(supplier).post("bank-accounts/", ACCOUNT).json()
    path = f"bank-accounts/{made['id']}/approve/"
    problem(program(stranger).post(path, {}), 404, "not_found")
    problem(program(mediator).post(path, {}), 403, "not_your_duty")
    assert BankAccount.objects.get().state == "proposed"


def test_what_only_we_write_of_an_account_cannot_be_sent(program, supplier, stranger):
    forged = {
        "state": "active", "usable_from": "2000-01-01T00:00:00Z", "approved_by": 1,
        "company": stranger.company_id, "country": "SG", "id": "1", "number": "x", "approval": {},
    }  # fmt: skip
    assert program(supplier).post("bank-accounts/", forged | ACCOUNT).status_code == 202
    account = BankAccount.objects.get()
    assert (account.state, account.company, account.country) == (
        "proposed",
        supplier.company,
        "CN",
    )
    assert account.usable_from > business.now()


def test_the_money_is_still_there_until_it_is_sent(program, finance, payout, supplier):
    program(finance).post(f"payouts/{payout.public_id}/request/", {})
    assert balance(f"supplier_payable:{supplier.company_id}") == usd("5468.40")
