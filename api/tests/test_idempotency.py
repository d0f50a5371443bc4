"""One key, one effect, one answer (reliability requirement 6)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.idempotency import Asked
from api.models import KeptAnswer
from api.tasks import purge_answers
from payments.models import Payment
from payments.operations import pay_by_transfer
from tests.cast import person
from tests.program import Program, problem
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(signed_order):
    return {"order": signed_order.code, "method": "telegraphic_transfer"}


@pytest.fixture
def asha(program, buyer):
    return program(buyer)


def pays(asks, body, key):
    return asks.post("payments/", body, key=key)


@pytest.mark.parametrize("key", [None, "", " ", "two words", "é", "x" * 256, "tab\t"])
def test_without_a_usable_key_nothing_is_done(asha, body, key):
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = asha.client.post(
        "/api/v1/payments/", json.dumps(body), content_type="application/json", headers=headers
    )
    problem(answer, 400, "idempotency_key_required")
    assert (Payment.objects.count(), KeptAnswer.objects.count()) == (0, 0)


def test_the_same_again_is_the_same_answer_and_no_effect(asha, body):
    first = pays(asha, body, "k-1")
    news, events = OutboxMessage.objects.count(), Event.objects.count()
    again = pays(asha, dict(reversed(body.items())), "k-1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 1
    assert (OutboxMessage.objects.count(), Event.objects.count()) == (news, events)


def test_another_body_or_address_under_the_same_key_is_refused(asha, finance, program, body):
    pays(asha, body, "k-1")
    answer = pays(asha, body | {"method": "visa"}, "k-1")
    problem(answer, 422, "idempotency_mismatch")
    answer = asha.post("payments/?x=1", body, key="k-1")
    problem(answer, 422, "idempotency_mismatch")
    assert Payment.objects.get().method_id == "telegraphic_transfer"
    assert KeptAnswer.objects.count() == 1


def test_a_key_belongs_to_the_one_who_sent_it(asha, program, buyer, body):
    colleague = program(person("ravi@kidzone.example", "Ravi", buyer.company))
    first, other = pays(asha, body, "k-1"), pays(colleague, body, "k-1")
    assert "Idempotency-Replayed" not in other
    assert first.json()["id"] == other.json()["id"]
    assert first.json()["operation"] != other.json()["operation"]
    assert Payment.objects.count() == 1


def test_a_new_token_of_the_same_person_repeats_it(program, buyer, body):
    first, again = pays(program(buyer), body, "k-1"), pays(program(buyer), body, "k-1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.content


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"method": "cash"}, 409, "method_not_offered"),
        ({"order": "TA-2026-999999"}, 404, "not_found"),
        ({"order": ""}, 422, "validation"),
    ],
)
def test_a_refusal_is_an_answer_too(asha, body, changed, status, code):
    first = pays(asha, body | changed, "k-1")
    problem(first, status, code)
    again = pays(asha, body | changed, "k-1")
    problem(again, status, code)
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 0


def test_a_refused_person_is_refused_before_the_key_is_looked_at(asha, supplier, program, body):
    pays(asha, body, "k-1")
    problem(pays(Program("ta_no"), body, "k-1"), 401, "token_not_in_force")
    problem(pays(program(supplier), body, "k-1"), 403, "not_allowed")


def test_our_own_failure_is_no_answer_and_leaves_nothing(asha, body, monkeypatch, caplog):
    def fail(payment):
        raise RuntimeError("after the effect")

    with monkeypatch.context() as broken:
        broken.setattr("payments.api.paying.PaymentSerializer", fail)
        events, news = Event.objects.count(), OutboxMessage.objects.count()
        problem(pays(asha, body, "k-1"), 500, "internal_error")
    assert (Payment.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert (Event.objects.count(), OutboxMessage.objects.count()) == (events, news)
    answer = pays(asha, body, "k-1")
    assert answer.status_code == 202
    assert "Idempotency-Replayed" not in answer
    assert Payment.objects.count() == 1


def test_what_became_of_a_key_can_be_asked(asha, body):
    accepted = pays(asha, body, "order/17:payment").json()
    by_key = asha.get("operations/order/17:payment/")
    by_id = asha.get(f"operations/{accepted['operation']}/")
    assert by_key.status_code == 200
    assert by_key.json() == by_id.json()
    told = by_key.json()
    assert told["id"] == accepted["operation"]
    assert told["status"] == "succeeded"
    assert (told["method"], told["path"]) == ("POST", "/api/v1/payments/")
    assert told["answer"] == {"status": 202, "body": accepted}


def test_a_refusal_can_be_asked_for_too(asha, body):
    pays(asha, body | {"method": "cash"}, "k-1")
    told = asha.get("operations/k-1/").json()
    assert (told["status"], told["answer"]["status"]) == ("refused", 409)
    assert told["answer"]["body"]["code"] == "method_not_offered"


def test_a_foreign_or_unknown_key_is_not_found(asha, program, stranger, finance, body):
    accepted = pays(asha, body, "k-1").json()
    for other in (program(stranger), program(finance)):
        problem(other.get("operations/k-1/"), 404, "not_found")
        problem(other.get(f"operations/{accepted['operation']}/"), 404, "not_found")
    problem(asha.get("operations/k-2/"), 404, "not_found")
    problem(asha.get(f"operations/{uuid.uuid4()}/"), 404, "not_found")


def test_a_number_that_is_anothers_key_does_not_hide_it(asha, body):
    number = pays(asha, body, "k-1").json()["operation"]
    pays(asha, body, number)
    assert asha.get(f"operations/{number}/").json()["key"] == number


def test_answers_are_kept_for_a_week_and_then_forgotten(asha, body):
    pays(asha, body, "young")
    pays(asha, body, "old")
    kept = KeptAnswer.objects.get(key="young")
    for key, age in (("young", timedelta(days=7)), ("old", timedelta(days=8, seconds=1))):
        KeptAnswer.objects.filter(key=key).update(answered_at=kept.answered_at - age)
    assert purge_answers() == 1
    assert KeptAnswer.objects.get().key == "young"
    assert pays(asha, body, "young")["Idempotency-Replayed"] == "true"


def test_the_lock_of_a_key_is_its_senders_own(buyer, supplier):
    locks = {Asked(user, key).lock for user in (buyer, supplier) for key in ("a", "b")}
    assert len(locks) == 4
    assert all(-(2**63) <= lock < 2**63 for lock in locks)


def test_the_cost_of_a_repetition_is_known(asha, body, django_assert_num_queries):
    """The token, the transaction, the lock, the answer, the end of the transaction."""
    pays(asha, body, "k-1")
    with django_assert_num_queries(5):
        pays(asha, body, "k-1")


def test_the_cost_of_the_api_around_a_payment_is_known(asha, body, buyer, signed_order):
    """Nine statements, at most, around those of the operation itself."""
    pays(asha, body, "k-1")
    with CaptureQueriesContext(connection) as alone:
        pay_by_transfer(signed_order, by=buyer)
    with CaptureQueriesContext(connection) as asked:
        pays(asha, body, "k-2")
    # Token; BEGIN, lock, kept?; order, method, account; answer, COMMIT: and the operation.
    assert len(asked) - len(alone) <= 9
