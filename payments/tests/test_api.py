"""Payments and bank statements over the API."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.models import Scope
from ledger.balances import balance
from ledger.models import Journal
from payments.models import Payment, StatementImport, StatementLine
from tests.bank import camt053
from tests.cast import person, usd
from tests.program import problem
from workflow.models import Event

pytestmark = pytest.mark.django_db
TRANSFER = "telegraphic_transfer"


def money(amount):
    return {"amount": amount, "currency": "USD"}


def test_a_buyer_announces_a_transfer_and_learns_where_to_pay(
    program, buyer, signed_order, account
):
    answer = program(buyer).post("payments/", {"order": signed_order.code, "method": TRANSFER})
    assert answer.status_code == 202
    told, payment = answer.json(), Payment.objects.get()
    assert told == {
        "id": str(payment.public_id),
        "order": signed_order.code,
        "part": "deposit",
        "method": TRANSFER,
        "amount": money("5580.00"),
        "state": "pending",
        "reference": signed_order.instalments.get(n=1).reference,
        "pay_into": {
            "beneficiary": "Trade Assurance Trust",
            "bank": "Demo Bank",
            "account_number": "0039012345",
            "bic": "DBSSSGSG",
        },
        "redirect_url": None,
        "started_at": told["started_at"],
        "cleared_at": None,
        "operation": told["operation"],
    }
    assert payment.started_by == buyer
    assert (
        program(buyer).get(f"payments/{told['id']}/").json() | {"operation": told["operation"]}
        == told
    )


def test_a_card_payment_gets_its_page_once_the_provider_has_opened_it(
    program, buyer, signed_order, provider, run_money, settings
):
    settings.ROOT_URLCONF = "trade_assurance.urls"
    asks = program(buyer)
    answer = asks.post("payments/", {"order": str(signed_order.public_id), "method": "visa"})
    assert answer.status_code == 202
    assert answer.json()["redirect_url"] is None
    assert answer.json()["pay_into"] is None
    assert provider.books.log == [] if hasattr(provider, "books") else True
    assert run_money() == 0
    told = asks.get(f"payments/{answer.json()['id']}/").json()
    assert told["redirect_url"].startswith(provider.url)


def test_only_a_signer_of_the_buyer_pays(
    program, buyer, supplier, stranger, finance, inspector, signed_order
):
    body = {"order": signed_order.code, "method": TRANSFER}
    member = person("ravi@kidzone.example", "Ravi", buyer.company, company_role="member")
    problem(program(member).post("payments/", body), 403, "not_a_signer")
    for user, status, code in (
        (supplier, 403, "not_allowed"),
        (finance, 403, "not_allowed"),
        (stranger, 404, "not_found"),
        (inspector, 404, "not_found"),
    ):
        problem(program(user).post("payments/", body), status, code)
    assert Payment.objects.count() == 0


def test_nothing_can_be_paid_before_it_is_due(program, buyer, placed_order):
    answer = program(buyer).post("payments/", {"order": placed_order.code, "method": TRANSFER})
    problem(answer, 409, "nothing_due")
    assert Payment.objects.count() == 0


def test_what_only_we_write_cannot_be_sent(program, buyer, signed_order):
    """Every member of the answer, and more, sent along: nothing of it counts (requirement 15)."""
    asks = program(buyer)
    plain = {"order": signed_order.code, "method": TRANSFER}
    forged = {
        "id": str(uuid.uuid4()),
        "public_id": str(uuid.uuid4()),
        "part": "balance",
        "amount": money("0.01"),
        "amount_minor": 1,
        "currency": "XXX",
        "state": "cleared",
        "reference": "RF00",
        "pay_into": {"bic": "MALLORY"},
        "redirect_url": "https://example.com",
        "started_at": "2000-01-01T00:00:00Z",
        "started_by": 1,
        "cleared_at": "2000-01-01T00:00:00Z",
        "operation": str(uuid.uuid4()),
        "instalment": 2,
        "fee": money("-5.00"),
        "by": "platform",
    }
    told = asks.post("payments/", forged | plain).json()
    payment = Payment.objects.get()
    assert (payment.amount, payment.state, payment.instalment.n) == (usd("5580.00"), "pending", 1)
    assert payment.started_by == buyer
    assert payment.cleared_at is None
    for name in set(forged) & set(told):
        assert told[name] != forged[name], name
    assert balance(f"escrow:{signed_order.ref}") == usd("0")


def test_a_payment_is_seen_by_both_sides_and_staff_alone(
    program, buyer, supplier, stranger, inspector, finance, signed_order
):
    made = program(buyer).post("payments/", {"order": signed_order.code, "method": TRANSFER})
    path = f"payments/{made.json()['id']}/"
    for user in (buyer, supplier, finance):
        assert program(user).get(path).status_code == 200
    for user in (stranger, inspector):
        problem(program(user).get(path), 404, "not_found")
    problem(program(buyer).get(f"payments/{uuid.uuid4()}/"), 404, "not_found")
    problem(program(buyer, Scope.MONEY_WRITE).get(path), 403, "scope_missing")


def test_looking_at_a_payment_costs_three_queries(
    program, buyer, signed_order, django_assert_num_queries
):
    asks = program(buyer)
    made = asks.post("payments/", {"order": signed_order.code, "method": TRANSFER}).json()
    with django_assert_num_queries(3):  # the token, the payment, the account
        asks.get(f"payments/{made['id']}/")


# Bank statements


def sent(data, name="statement.xml", **more):
    return {"file": SimpleUploadedFile(name, data), **more}


@pytest.fixture
def statement(account, signed_order):
    first = signed_order.instalments.get(n=1)
    return camt053(
        account,
        [
            (first.reference, first.missing, "KIDZONE RETAIL PVT LTD"),
            ("NO-REFERENCE", usd("42.00"), "SOMEBODY ELSE"),
        ],
    )


def test_each_line_of_a_statement_is_told_with_its_status(
    program, finance, signed_order, statement
):
    answer = program(finance).upload("bank-statements/", sent(statement))
    assert answer.status_code == 201, answer.content
    (told,) = answer.json()["imports"]
    assert told["status"] == "accepted"
    assert told["problems"] == []
    matched, suspense = told["lines"]
    payment = Payment.objects.get()
    assert matched == {
        "id": str(StatementLine.objects.get(n=1).public_id),
        "n": 1,
        "amount": money("5580.00"),
        "left": money("0.00"),
        "direction": "credit",
        "status": "matched",
        "reason": matched["reason"],
        "order": signed_order.code,
        "payment": str(payment.public_id),
        "first_seen": None,
    }
    assert (suspense["status"], suspense["order"]) == ("suspense", None)
    assert balance(f"escrow:{signed_order.ref}") == usd("5580.00")
    assert balance("suspense:unidentified") == usd("42.00")


def test_the_same_bytes_again_add_nothing(program, finance, signed_order, statement):
    asks = program(finance)
    first = asks.upload("bank-statements/", sent(statement), key="k-1")
    journals = Journal.objects.count()
    # Another boundary, the same key: it is the same request, and it is not done again.
    again = asks.upload("bank-statements/", sent(statement), key="k-1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert StatementImport.objects.count() == 1
    # A new key: it is read in, and each line is known already.
    (told,) = asks.upload("bank-statements/", sent(statement)).json()["imports"]
    assert [line["status"] for line in told["lines"]] == ["duplicate", "duplicate"]
    assert [line["first_seen"]["status"] for line in told["lines"]] == ["matched", "suspense"]
    assert Journal.objects.count() == journals
    assert balance("bank:sg_trust") == usd("5622.00")
    # Another file under the first key is refused.
    answer = asks.upload("bank-statements/", sent(statement + b" "), key="k-1")
    problem(answer, 422, "idempotency_mismatch")


def test_a_statement_that_does_not_add_up_credits_nobody(program, finance, signed_order, account):
    first = signed_order.instalments.get(n=1)
    data = camt053(account, [(first.reference, first.missing, "KIDZONE RETAIL PVT LTD")], closing=1)
    (told,) = program(finance).upload("bank-statements/", sent(data)).json()["imports"]
    assert told["status"] == "quarantined"
    assert told["problems"]
    assert [line["status"] for line in told["lines"]] == ["quarantined"]
    assert Journal.objects.count() == 0


def test_only_the_finance_office_reads_in_statements(
    program, buyer, supplier, mediator, stranger, statement
):
    for user in (buyer, supplier, mediator, stranger):
        answer = program(user).upload("bank-statements/", sent(statement))
        problem(answer, 403, "not_allowed")
    assert StatementImport.objects.count() == 0


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Document>&a;</Document>'


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"file": "text instead of a file"},
        sent(b""),
        sent(b"\x00\xff" * 500),
        sent(BOMB),
        sent(b"<Document/>"),
        sent(b":20:X\n:61:garbage"),
        sent(b"a,b\n1,2\n", "s.csv"),
        sent(b"a,b\n1,2\n", "s.csv", mapping="{"),
        sent(b"a,b\n1,2\n", "s.csv", mapping="[]"),
        sent(b"a,b\n1,2\n", "s.csv", mapping='{"amount": {"x": []}}'),
        sent(b"a,b\n1,2\n", "s.csv", mapping='{"date": null, "amount": 7}'),
        sent(b"a,b\n1,2\n", "s.csv", mapping="[" * 50_000),
    ],
    ids=range(13),
)
def test_what_is_no_statement_is_said_to_be_none(program, finance, account, parts):
    answer = program(finance).upload("bank-statements/", parts)
    problem(answer, 422, "validation")
    (error,) = answer.json()["errors"]
    assert error["pointer"] in {"#/file", "#/mapping"}
    assert "nvalid" not in error["detail"]
    assert (StatementImport.objects.count(), Journal.objects.count()) == (0, 0)


def test_a_form_that_cannot_be_read_and_one_without_end(program, finance):
    client = program(finance).client
    for content_type, body, status, code in (
        ("multipart/form-data; boundary=x", b"no boundary here", 422, "validation"),
        ("multipart/form-data", b"x", 400, "malformed"),
        ("multipart/form-data; boundary=x", b"x" * (6 * 1024 * 1024 + 1), 413, "too_large"),
        ("application/json", b"{}", 415, "unsupported_media_type"),
    ):
        answer = client.post(
            "/api/v1/bank-statements/",
            body,
            content_type=content_type,
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        problem(answer, status, code)


def test_a_receipt_without_reference_is_matched_by_two(
    program, finance, second_finance, signed_order, account, stranger
):
    data = camt053(account, [("?", usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    daniel, farah = program(finance), program(second_finance)
    (told,) = daniel.upload("bank-statements/", sent(data)).json()["imports"]
    line = told["lines"][0]
    path = f"statement-lines/{line['id']}/match/"
    part = {
        "reference": signed_order.instalments.get(n=1).reference,
        "amount": money("5580.00"),
    }
    body = {"parts": [part], "reason": "The buyer called."}
    problem(program(stranger).post(path, body), 404, "not_found")
    answer = daniel.post(path, body)
    assert answer.status_code == 202, answer.content
    approval = answer.json()["approval"]
    assert approval["amount"] == money("5580.00")
    problem(
        daniel.post(f"approvals/{approval['id']}/", {"decision": "approve"}), 403, "own_proposal"
    )
    assert balance(f"escrow:{signed_order.ref}") == usd("0")
    changed = farah.post(
        f"approvals/{approval['id']}/", {"decision": "approve", "digest": "0" * 64}
    )
    problem(changed, 409, "approval_changed")
    looked = farah.get(f"approvals/{approval['id']}/").json()
    done = farah.post(
        f"approvals/{approval['id']}/", {"decision": "approve", "digest": looked["digest"]}
    )
    assert done.json()["decision"] == "approved"
    assert balance(f"escrow:{signed_order.ref}") == usd("5580.00")
    assert Event.objects.filter(verb="match_line").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"parts": []},
        {"parts": "all"},
        {"parts": [{"reference": "RF00"}]},
        {"parts": [{"reference": "RF00", "amount": 5}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": 5, "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "5.001", "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "-5", "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "0.00", "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "1e9", "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "9" * 400, "currency": "USD"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "5", "currency": "QQQ"}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "5", "currency": ["USD"]}}]},
        {"parts": [{"reference": "RF00", "amount": {"amount": "5", "currency": "EUR"}}]},
        {"reason": ""},
    ],
)
def test_a_match_that_says_nothing_clear_is_refused(program, finance, account, changed):
    data = camt053(account, [("?", usd("900.00"), "SOMEBODY")])
    asks = program(finance)
    (told,) = asks.upload("bank-statements/", sent(data)).json()["imports"]
    body = {
        "parts": [{"reference": "RF00", "amount": money("5.00")}],
        "reason": "why",
    } | changed
    answer = asks.post(f"statement-lines/{told['lines'][0]['id']}/match/", body)
    problem(answer, 422, "validation")
    (error,) = answer.json()["errors"]
    assert error["pointer"].startswith(f"#/{next(iter(changed))}")
    assert "nvalid" not in error["detail"]
    assert StatementLine.objects.get().status == "suspense"
