"""Methods and limits in the back office: changed by operations, a fee and a limit by two people."""

from decimal import Decimal

import pytest

from payments.models import ApprovalLimit, MethodChange, PaymentMethod
from payments.tests.office import buttons, do_of, list_of, page_of, text_of
from tests.cast import person
from workflow import approvals
from workflow.models import Approval

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db):
    return person("noor@ta.example", "Noor Aziz", duty="administrator")


@pytest.fixture
def visa(db):
    return PaymentMethod.objects.get(code="visa")


@pytest.fixture
def limit(db):
    return ApprovalLimit.objects.get(currency="USD")


def data(**changes):
    return {"title": "Visa", "for_new": "on", "provider": ""} | changes


@pytest.mark.parametrize("who", ["finance", "administrator"])
def test_finance_and_administrators_change_a_method_and_it_is_written_down(
    client, request, visa, who
):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert buttons(client, visa) == ["change", "fee"]
    client.post(do_of(visa, "change"), data(title="Visa cards", for_existing="on"))
    visa.refresh_from_db()
    assert (visa.title, visa.for_existing) == ("Visa cards", True)
    change = MethodChange.objects.get()
    assert (change.changed_by, change.before["title"], change.after["title"]) == (
        user, "Visa", "Visa cards",
    )  # fmt: skip
    assert "Visa cards" in text_of(client.get(page_of(visa)))


def test_a_fee_is_changed_by_two_people(client, visa, finance, administrator):
    client.force_login(finance)
    client.post(do_of(visa, "fee"), {"fee_percent": "3.10", "reason": "The provider asks more."})
    asked = Approval.objects.get(action="method.fee")
    visa.refresh_from_db()
    assert visa.fee_percent == Decimal("2.95")
    assert buttons(client, visa) == ["change"]
    assert client.post(do_of(visa, "fee"), {"fee_percent": "1"}).status_code == 403
    approvals.approve(asked, by=administrator)
    visa.refresh_from_db()
    assert visa.fee_percent == Decimal("3.10")
    change = MethodChange.objects.get()
    assert (change.proposed_by, change.changed_by) == (finance, administrator)


@pytest.mark.parametrize("fee", ["-0.01", "10.01", "two", ""])
def test_a_fee_out_of_range_is_not_proposed(client, visa, finance, fee):
    client.force_login(finance)
    client.post(do_of(visa, "fee"), {"fee_percent": fee, "reason": "x"})
    assert not Approval.objects.exists()


def test_a_fee_is_not_smuggled_into_another_change(client, visa, finance):
    client.force_login(finance)
    client.post(do_of(visa, "change"), data(fee_percent="9.00", code="other"))
    visa.refresh_from_db()
    assert (visa.fee_percent, visa.code) == (Decimal("2.95"), "visa")


@pytest.mark.parametrize("verb", ["change", "fee"])
def test_a_mediator_reads_methods_and_changes_none(client, visa, mediator, verb):
    client.force_login(mediator)
    assert client.get(page_of(visa)).status_code == 200
    assert buttons(client, visa) == []
    answer = client.post(do_of(visa, verb), data(title="Mine", fee_percent="0", reason="x"))
    assert answer.status_code == 403
    assert "Only the finance office and administrators change the methods." in text_of(answer)
    visa.refresh_from_db()
    assert (visa.title, visa.fee_percent) == ("Visa", Decimal("2.95"))
    assert not Approval.objects.exists()


def test_a_method_is_never_edited_added_or_deleted_by_form(client, visa, finance):
    client.force_login(finance)
    fields = data(fee_percent="3.10", position="0", post="yes")
    assert client.post(page_of(visa), fields).status_code == 403
    assert client.post(list_of("payments_paymentmethod") + "add/", fields).status_code == 403
    assert client.post(page_of(visa).replace("/change/", "/delete/"), fields).status_code == 403
    assert PaymentMethod.objects.count() == 8
    visa.refresh_from_db()
    assert visa.fee_percent == Decimal("2.95")


def test_a_limit_is_changed_by_two_people(client, limit, finance, administrator):
    before = limit.amount_minor
    client.force_login(finance)
    client.post(do_of(limit, "change"), {"amount": "2,000.00", "reason": "Fewer small ones."})
    asked = Approval.objects.get(action="limit.change")
    limit.refresh_from_db()
    assert limit.amount_minor == before
    approvals.approve(asked, by=administrator)
    limit.refresh_from_db()
    assert limit.amount_minor == 2000_00


def test_others_propose_no_limit(client, limit, mediator):
    client.force_login(mediator)
    assert buttons(client, limit) == []
    answer = client.post(do_of(limit, "change"), {"amount": "0", "reason": "x"})
    assert answer.status_code == 403
    assert not Approval.objects.exists()
