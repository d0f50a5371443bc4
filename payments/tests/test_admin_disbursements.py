"""Money that leaves, in the back office: piles, buttons, masked numbers, exports."""

import csv
import io

import pytest

from ledger.balances import balance
from payments import disbursing, sending
from payments.models import Disbursement
from payments.tests.leaving import Bank, approve, checked_account, consider_all, send
from payments.tests.office import (
    buttons,
    do_of,
    earn,
    events,
    give_back,
    list_of,
    page_of,
    text_of,
)
from tests.cast import person
from workflow import approvals
from workflow.models import Approval, Event

pytestmark = pytest.mark.django_db

LIST = list_of("payments_disbursement")
NUMBER = "6222020012345678"
EDITS = ["add/", "{pk}/change/", "{pk}/delete/", "{pk}/history/"]


@pytest.fixture
def payout(funded_order, supplier, finance, second_finance):
    """US$5,468.40 for the supplier, to a checked account; it needs two people."""
    checked_account(supplier, finance, second_finance, number=NUMBER)
    found = earn(funded_order, by=None, amount="5580.00")
    consider_all()
    found.refresh_from_db()
    return found


def state_of(disbursement):
    disbursement.refresh_from_db()
    return disbursement.state


def piles(client):
    page = client.get(LIST)
    return {pile["url"].partition("=")[2]: pile["count"] for pile in page.context["queues"]}


def test_the_piles_count_what_is_to_be_done(
    client, payout, finance, second_finance, account, clock
):
    client.force_login(finance)
    nothing = dict.fromkeys(["propose", "approve", "held", "old", "send", "sent", "back"], 0)
    assert piles(client) == nothing | {"propose": 1}
    asked = disbursing.ask_to_send(payout, by=finance)
    assert piles(client) == nothing | {"approve": 1}
    approvals.approve(asked, by=second_finance)
    assert piles(client) == nothing | {"send": 1}
    assert send(clock) == 1
    assert piles(client) == nothing | {"sent": 1}
    payout.refresh_from_db()
    sending.bounce(payout, by=None, reason="The account is closed.")
    assert piles(client) == nothing | {"back": 1}


def test_a_hold_is_old_after_a_week_however_often_it_was_reviewed(
    client, payout, finance, clock, run_clock
):
    disbursing.hold(payout, by=finance, reason="The bank asks a question.")
    client.force_login(finance)
    assert (piles(client)["held"], piles(client)["old"]) == (1, 0)
    clock.forward(days=7)
    run_clock()
    assert (piles(client)["held"], piles(client)["old"]) == (1, 1)
    found = client.get(LIST, {"queue": "old"}).context["cl"].queryset
    assert list(found) == [payout]


def test_the_list_costs_the_same_for_one_and_for_many(
    client, payout, finance, django_assert_num_queries
):
    client.force_login(finance)
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    for leg in range(2, 8):
        Disbursement.objects.create(
            order=payout.order, kind="refund", cause="many", leg=leg, payee=payout.payee,
            source_account=payout.source_account, amount_minor=100, currency="USD",
        )  # fmt: skip
    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["cl"].result_list) == 7


@pytest.mark.parametrize("term", ["code", "reference", "payee", "5,468.40"])
def test_it_is_found_by_order_reference_payee_and_amount(client, payout, finance, term):
    known = {
        "code": payout.order.code,
        "reference": payout.order.instalments.get(n=1).reference,
        "payee": "little pine",
    }
    client.force_login(finance)
    found = client.get(LIST, {"q": known.get(term, term)}).context["cl"].queryset
    assert list(found) == [payout]
    assert not client.get(LIST, {"q": "5468.41"}).context["cl"].queryset.exists()


def test_the_page_tells_what_is_known_and_the_number_only_in_part(client, payout, finance):
    client.force_login(finance)
    page = text_of(client.get(page_of(payout)))
    assert "US$5,468.40" in page
    assert payout.source_account in page
    assert "•• 5678" in page
    assert NUMBER not in page
    assert NUMBER not in text_of(client.get(LIST))


def test_a_number_is_shown_to_the_finance_office_and_that_is_written_down(client, payout, finance):
    client.force_login(finance)
    address = page_of(payout).replace("/change/", "/bank-data/")
    asked = client.get(address)
    assert NUMBER not in text_of(asked)
    assert events(payout, "look_at_bank_data") == []
    shown = client.post(address)
    assert NUMBER in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert events(payout, "look_at_bank_data") == [finance]
    assert NUMBER not in str(Event.objects.get(verb="look_at_bank_data").facts)


def test_nobody_else_is_shown_a_number(client, payout, mediator):
    client.force_login(mediator)
    address = page_of(payout).replace("/change/", "/bank-data/")
    assert "Show the account number" not in text_of(client.get(page_of(payout)))
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 403
        assert NUMBER not in text_of(answer)
    assert events(payout, "look_at_bank_data") == []


def test_each_state_has_its_buttons(client, payout, finance):
    client.force_login(finance)
    assert buttons(client, payout) == ["propose", "hold", "cancel"]
    client.post(do_of(payout, "hold"), {"reason": "The bank asks a question."})
    assert (state_of(payout), payout.hold_reason) == ("on_hold", "finance")
    assert buttons(client, payout) == ["unhold", "cancel"]
    client.post(do_of(payout, "unhold"))
    assert state_of(payout) == "requested"
    client.post(do_of(payout, "propose"), {"reason": ""})
    asked = Approval.objects.get(action="disbursement.approve")
    assert (asked.maker, asked.amount_minor, asked.decision) == (finance, 546840, "waiting")
    assert buttons(client, payout) == ["hold", "cancel"]
    assert state_of(payout) == "requested"


def test_what_came_back_is_tried_again(client, payout, finance, second_finance, account, clock):
    approve(payout, finance, second_finance)
    send(clock)
    payout.refresh_from_db()
    sending.bounce(payout, by=None, reason="The account is closed.")
    client.force_login(finance)
    assert buttons(client, payout) == ["retry", "cancel"]
    client.post(do_of(payout, "retry"))
    assert state_of(payout) == "requested"
    assert str(balance(payout.source_account)) == "US$5,468.40"


def test_a_cancellation_is_proposed_with_a_reason_and_cancels_nothing_yet(
    client, payout, finance, second_finance
):
    client.force_login(finance)
    client.post(do_of(payout, "cancel"), {"reason": " "})
    assert not Approval.objects.filter(action="disbursement.cancel").exists()
    client.post(do_of(payout, "cancel"), {"reason": "The ruling was reversed."})
    asked = Approval.objects.get(action="disbursement.cancel")
    assert (asked.maker, asked.reason) == (finance, "The ruling was reversed.")
    assert state_of(payout) == "requested"
    approvals.approve(asked, by=second_finance)
    assert state_of(payout) == "cancelled"
    assert str(balance(payout.source_account)) == "US$5,468.40"


@pytest.mark.parametrize("duty", ["mediator", "administrator"])
@pytest.mark.parametrize("verb", ["propose", "hold", "unhold", "retry", "cancel"])
def test_without_the_duty_there_is_no_button_and_403_by_hand(client, payout, duty, verb):
    client.force_login(person("other@ta.example", "Other", duty=duty))
    assert buttons(client, payout) == []
    assert client.get(do_of(payout, verb)).status_code == 403
    assert client.post(do_of(payout, verb), {"reason": "Because."}).status_code == 403
    assert state_of(payout) == "requested"
    assert not Approval.objects.filter(subject_key=payout.pk, action__startswith="disb").exists()


@pytest.mark.parametrize("edit", EDITS)
def test_it_is_never_added_changed_or_deleted(client, payout, finance, edit):
    client.force_login(finance)
    data = {"amount_minor": "1", "state": "approved", "post": "yes"}
    answer = client.post(LIST + edit.format(pk=payout.pk), data)
    assert answer.status_code in {403, 405} or "history" in edit
    found = Disbursement.objects.get()
    assert (found.amount_minor, found.state) == (546840, "requested")


def test_there_is_no_action_over_many(client, payout, finance):
    client.force_login(finance)
    data = {"action": "delete_selected", "_selected_action": [payout.pk], "post": "yes"}
    client.post(LIST, data)
    assert Disbursement.objects.count() == 1
    assert 'name="action"' not in text_of(client.get(LIST))


def test_the_legs_of_one_cause_are_on_the_page(client, fully_funded_order, finance):
    refund = give_back(fully_funded_order, by=None, amount="18600.00")
    client.force_login(finance)
    page = text_of(client.get(page_of(refund)))
    for leg in Disbursement.objects.filter(cause=refund.cause):
        assert page_of(leg) in page


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_the_export_is_the_filtered_list_and_holds_no_formula(client, payout, finance, start):
    evil = f'{start}HYPERLINK("http://evil.example")'
    Disbursement.objects.update(payee_name=evil)
    client.force_login(finance)
    answer = client.get(LIST + "export.csv", {"state": "requested"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    told = dict(zip(head, row, strict=True))
    assert told["payee"] == f"'{evil}"
    assert (told["amount"], told["account"]) == ("5468.40", "•• 5678")
    assert NUMBER not in answer.content.decode()
    others = client.get(LIST + "export.csv", {"state": "failed"}).content.decode()
    assert len(others.splitlines()) == 1


def test_only_the_finance_office_exports(client, payout, mediator):
    client.force_login(mediator)
    assert client.get(LIST + "export.csv").status_code == 403
    assert "Export as CSV" not in text_of(client.get(LIST))


def test_a_returned_payment_is_told_on_the_page(
    client, payout, finance, second_finance, account, clock
):
    bank = Bank(account, finance)
    approve(payout, finance, second_finance)
    send(clock)
    payout.refresh_from_db()
    bank.pays(payout)
    client.force_login(finance)
    page = text_of(client.get(page_of(payout)))
    assert "Arrived" in page
    assert payout.end_to_end_id in page
    assert payout.bank_file.message_id in page
