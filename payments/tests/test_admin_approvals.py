"""Four eyes in the back office: what is shown, who may decide, and what moves nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from ledger.balances import balance
from payments import disbursing
from payments.models import Disbursement
from payments.tests.leaving import checked_account, consider_all
from payments.tests.office import buttons, do_of, earn, give_back, list_of, page_of, text_of
from tests.cast import PASSWORD, person
from workflow.models import Approval

pytestmark = pytest.mark.django_db

YES = {"password": PASSWORD, "note": "Compared with the contract."}


@pytest.fixture(autouse=True)
def _no_wrong_passwords():
    cache.clear()


@pytest.fixture
def payout(funded_order, supplier, finance, second_finance):
    """US$5,468.40 for the supplier, to a checked account; above the limit."""
    checked_account(supplier, finance, second_finance)
    found = earn(funded_order, by=None, amount="5580.00")
    consider_all()
    found.refresh_from_db()
    return found


@pytest.fixture
def asked(payout, finance):
    return disbursing.ask_to_send(payout, by=finance, reason="Goods passed the inspection.")


def moved(approval):
    """The state of the payout and of the approval, and what rests with the supplier."""
    approval.refresh_from_db()
    payout = Disbursement.objects.get(pk=approval.subject_key)
    return (
        payout.state,
        approval.decision,
        approval.checker,
        str(balance(payout.source_account)),
    )


NOTHING_MOVED = ("requested", "waiting", None, "US$5,468.40")


def test_the_second_person_approves_with_the_password_again(client, asked, second_finance):
    client.force_login(second_finance)
    assert buttons(client, asked) == ["approve", "refuse"]
    answer = client.post(do_of(asked, "approve"), YES)
    assert answer.url == page_of(asked)
    assert moved(asked) == ("approved", "approved", second_finance, "US$5,468.40")
    assert asked.note == "Compared with the contract."


@pytest.mark.parametrize("data", [{}, {"password": ""}, {"password": "wrong"}])
def test_without_the_right_password_nothing_moves(client, asked, second_finance, data):
    client.force_login(second_finance)
    page = text_of(client.post(do_of(asked, "approve"), data))
    assert "errorlist" in page
    assert moved(asked) == NOTHING_MOVED


def test_what_is_sent_back_says_why(client, asked, second_finance):
    client.force_login(second_finance)
    client.post(do_of(asked, "refuse"), {"note": " "})
    assert moved(asked) == NOTHING_MOVED
    client.post(do_of(asked, "refuse"), {"note": "The bank wrote of another holder."})
    assert moved(asked) == ("requested", "refused", second_finance, "US$5,468.40")


def refused_by_hand(client, approval, sentence):
    """Neither button is there; both addresses are answered with 403 and the reason."""
    assert buttons(client, approval) == []
    for verb, data in (("approve", YES), ("refuse", {"note": "No."})):
        for answer in (
            client.get(do_of(approval, verb)),
            client.post(do_of(approval, verb), data),
        ):
            assert answer.status_code == 403
            assert sentence in text_of(answer)


def test_the_maker_has_no_button_and_reads_why(client, asked, finance):
    client.force_login(finance)
    page = text_of(client.get(page_of(asked)))
    assert "You proposed this yourself: somebody else decides it." in page
    refused_by_hand(client, asked, "You proposed this yourself: somebody else decides it.")
    assert moved(asked) == NOTHING_MOVED


def test_the_requester_does_not_decide(
    client, funded_order, supplier, finance, second_finance, account
):
    checked_account(supplier, finance, second_finance)
    payout = earn(funded_order, by=second_finance, amount="5580.00")
    consider_all()
    asked = disbursing.ask_to_send(Disbursement.objects.get(pk=payout.pk), by=finance)
    client.force_login(second_finance)
    refused_by_hand(client, asked, "You asked for this: others decide it.")
    assert moved(asked) == NOTHING_MOVED


def test_somebody_of_the_payee_company_does_not_decide(client, asked, supplier):
    insider = person("in@ta.example", "Ina Side", company=supplier.company, duty="finance")
    client.force_login(insider)
    refused_by_hand(client, asked, "You belong to the company that this is about.")
    assert moved(asked) == NOTHING_MOVED


@pytest.mark.parametrize("duty", ["mediator", "verifier", "administrator"])
def test_staff_without_the_duty_do_not_decide(client, asked, duty):
    client.force_login(person("other@ta.example", "Other", duty=duty))
    assert client.get(page_of(asked)).status_code == 200
    refused_by_hand(client, asked, "This is not among your duties.")
    assert moved(asked) == NOTHING_MOVED


def test_people_who_are_no_staff_do_not_see_it(client, asked, supplier):
    client.force_login(supplier)
    for address in (page_of(asked), do_of(asked, "approve")):
        assert client.post(address, YES).status_code == 302
    assert moved(asked) == NOTHING_MOVED


def test_twice_is_refused(client, asked, second_finance):
    client.force_login(second_finance)
    client.post(do_of(asked, "approve"), YES)
    before = moved(asked)
    refused_by_hand(client, asked, "This was decided already.")
    assert moved(asked) == before


def test_after_a_day_it_is_void(client, asked, second_finance, clock):
    clock.forward(hours=24)
    client.force_login(second_finance)
    page = text_of(client.get(page_of(asked)))
    assert "It is older than a day, or what it is about has changed: it is void." in page
    page = text_of(client.post(do_of(asked, "approve"), YES))
    assert "This proposal is void" in page
    assert moved(asked) == ("requested", "void", None, "US$5,468.40")


def test_when_what_it_is_about_has_changed_it_is_void(client, asked, second_finance):
    Disbursement.objects.update(destination={"name": "Someone", "account": "999", "bic": ""})
    client.force_login(second_finance)
    page = text_of(client.post(do_of(asked, "approve"), YES))
    assert "This proposal is void" in page
    assert moved(asked) == ("requested", "void", None, "US$5,468.40")


def test_exactly_what_is_approved_is_on_the_page_and_the_number_only_in_part(
    client, asked, second_finance
):
    client.force_login(second_finance)
    page = text_of(client.get(page_of(asked)))
    assert "Send money out" in page
    assert "Goods passed the inspection." in page
    assert "US$5,468.40" in page
    assert "•• 5678" in page
    assert "6222020012345678" not in page
    assert "The amount is at or above the limit for four eyes." in page
    assert "It does not go back to where it came from." not in page


def test_a_young_account_and_another_way_back_are_to_be_looked_at_twice(
    client, funded_order, buyer, finance, second_finance
):
    checked_account(buyer, finance, second_finance)
    refund = give_back(funded_order, by=None, amount="5580.00")
    consider_all()
    asked = disbursing.ask_to_send(Disbursement.objects.get(pk=refund.pk), by=finance)
    client.force_login(second_finance)
    page = text_of(client.get(page_of(asked)))
    assert "It does not go back to where it came from." in page
    assert "The bank account was changed less than 72 hours ago." in page


def test_an_approval_is_never_edited(client, asked, second_finance):
    client.force_login(second_finance)
    assert client.post(page_of(asked), {"decision": "approved"}).status_code == 403
    assert client.get(list_of("workflow_approval") + "add/").status_code == 403
    assert client.post(page_of(asked).replace("change", "delete")).status_code == 403
    assert moved(asked) == NOTHING_MOVED


def test_what_waits_comes_first_and_the_list_costs_the_same_for_many(
    client, asked, payout, finance, second_finance, django_assert_num_queries
):
    client.force_login(second_finance)
    done = Approval.objects.exclude(pk=asked.pk).get()
    there = list_of("workflow_approval")
    first = client.get(there)
    assert list(first.context["cl"].result_list) == [asked, done]
    with django_assert_num_queries(7):
        client.get(there)
    for n in range(5):
        Approval.objects.create(
            action="line.own", subject_key=str(n), digest="0" * 64, maker=finance,
            expires_at=asked.expires_at + timedelta(hours=n),
        )  # fmt: skip
    with django_assert_num_queries(7):
        client.get(there)


def test_an_approval_is_found_by_its_order_and_amount(client, asked, second_finance):
    client.force_login(second_finance)
    for term in (asked.trade_ref, "5,468.40", "US$5468.40"):
        found = client.get(list_of("workflow_approval"), {"q": term}).context["cl"].queryset
        assert asked in found
    assert not client.get(list_of("workflow_approval"), {"q": "1.00"}).context["cl"].queryset
