"""Money that leaves, as its payee follows it: four steps, holds, what came back, nudges."""

import pytest
from django.urls import reverse

from core import days
from ledger.balances import balance
from orders.facts import facts_of, with_facts
from orders.models import Order
from orders.pages import refund_of
from payments import nudging
from payments.models import Disbursement, Payment, PaymentMethod, StatementLine
from payments.tests.leaving import Bank, approve, checked_account, consider_all, send
from payments.tests.office import earn, give_back, text_of
from tests.cast import usd
from workflow.errors import Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


@pytest.fixture
def refund(funded_order):
    """US$900.00 go back to the buyer's account, of which the bank told us the number."""
    StatementLine.objects.update(payer_account="50200012345")
    return give_back(funded_order, by=None, amount="900.00")


@pytest.fixture
def sent(refund, clock):
    """It is approved and handed to the bank."""
    consider_all()
    send(clock)
    refund.refresh_from_db()
    return refund


def path(row, name="refund"):
    return reverse(name, args=[row.public_id])


def shown(client, row):
    return text_of(client.get(path(row)))


def steps(client, row):
    client_page = client.get(path(row))
    return client_page.context["current"]


# --- who sees what


@pytest.mark.parametrize("who", ["supplier", "stranger", "inspector"])
def test_only_the_payee_follows_it(client, request, refund, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(path(refund)).status_code == 404
    assert client.post(path(refund, "refund_arrived")).status_code == 404
    assert client.post(path(refund, "refund_nudge")).status_code == 404


def test_staff_are_led_to_the_back_office(client, finance, refund):
    client.force_login(finance)
    assert client.get(path(refund)).url == "/admin/"


# --- the four steps


def test_decided_approved_sent_and_arrived_are_four_steps(client, buyer, refund, clock, bank):
    client.force_login(buyer)
    assert steps(client, refund) == 2
    consider_all()
    assert steps(client, refund) == 3
    send(clock)
    assert steps(client, refund) == 4
    refund.refresh_from_db()
    bank.pays(refund)
    assert steps(client, refund) == 5


def test_what_is_sent_has_a_reference_an_expected_day_and_a_masked_destination(client, buyer, sent):
    client.force_login(buyer)
    page = shown(client, sent)
    assert sent.end_to_end_id in page
    assert "KIDZONE RETAIL PVT LTD •• 2345" in page
    assert "50200012345" not in page
    assert "expected by" in page
    assert "India time" in page


def test_before_it_is_sent_no_reference_is_promised(client, buyer, refund):
    client.force_login(buyer)
    page = shown(client, refund)
    assert "once it is sent" in page
    assert "“Sent” means that your bank has been told." in page
    assert "I have it" not in page


def test_a_payout_on_hold_says_why_and_since_when(client, supplier, funded_order, clock):
    payout = earn(funded_order, by=None, amount="2000.00")
    consider_all()
    clock.forward(days=3)
    client.force_login(supplier)
    page = shown(client, payout)
    assert "We have no checked bank account to pay to. Enter one for your company." in page
    assert "(3 days ago)" in page
    assert "On hold since" in page


def test_what_came_back_says_why_what_the_bank_kept_and_what_follows(
    client, supplier, funded_order, finance, second_finance, bank, clock
):
    checked_account(supplier, finance, second_finance)
    payout = earn(funded_order, by=None, amount="2000.00")
    consider_all()
    payout.refresh_from_db()
    if payout.state == "requested":
        approve(payout, finance, second_finance)
    send(clock)
    payout.refresh_from_db()
    bank.pays(payout)
    bank.returns(payout, usd("1945.00"))
    client.force_login(supplier)
    page = shown(client, payout)
    assert "It came back." in page
    assert "The bank kept US$15.00." in page
    anew = Disbursement.objects.exclude(pk=payout.pk).get(kind="payout")
    assert (anew.amount, anew.state) == (usd("1945.00"), "requested")
    assert path(anew) in page
    assert "I have it" not in page


# --- I have it


def test_the_payee_says_that_it_is_there_once(client, buyer, sent):
    client.force_login(buyer)
    assert "I have it" in shown(client, sent)
    client.post(path(sent, "refund_arrived"))
    client.post(path(sent, "refund_arrived"))
    sent.refresh_from_db()
    assert sent.seen_at is not None
    assert sent.state == "submitted"  # only the bank's word moves money
    assert balance(sent.transit_account) == usd("900.00")
    page = shown(client, sent)
    assert "and you have said so" in page
    assert "I have it</" not in page


def test_what_was_not_sent_cannot_have_arrived(client, buyer, refund):
    client.force_login(buyer)
    answer = client.post(path(refund, "refund_arrived"), follow=True)
    assert "It has not been sent yet." in text_of(answer)
    refund.refresh_from_db()
    assert refund.seen_at is None


# --- the nudge


def test_our_staff_can_be_asked_two_working_days_after_the_expected_day(client, buyer, sent, clock):
    client.force_login(buyer)
    asks = "It has not come: ask our staff"
    due = nudging.overdue_from(sent)
    assert due == days.business_days_after(days.end_of(sent.expected_on) - days.ONE_DAY, 2)
    clock.move_to(due - days.ONE_DAY / 1440)
    assert asks not in shown(client, sent)
    with pytest.raises(Refused) as early:
        nudging.nudge(sent, by=buyer)
    assert early.value.code == "not_overdue"
    clock.move_to(due)
    assert asks in shown(client, sent)
    client.post(path(sent, "refund_nudge"))
    [event] = Event.objects.filter(verb="nudge")
    assert (event.actor, event.subject_id) == (buyer, sent.pk)
    assert "They trace it with its reference." in shown(client, sent)


def test_they_are_asked_once_a_day(client, buyer, sent, clock):
    clock.move_to(nudging.overdue_from(sent))
    nudging.nudge(sent, by=buyer)
    with pytest.raises(Refused) as again:
        nudging.nudge(sent, by=buyer)
    assert again.value.code == "nudged_today"
    clock.forward(days=1)
    nudging.nudge(sent, by=buyer)
    assert Event.objects.filter(verb="nudge").count() == 2


def test_a_stranger_asks_for_nothing(stranger, sent, clock):
    clock.move_to(nudging.overdue_from(sent))
    with pytest.raises(Refused) as refused:
        nudging.nudge(sent, by=stranger)
    assert refused.value.code == "not_the_payee"
    assert not Event.objects.filter(verb="nudge").exists()


def test_who_has_it_asks_no_more(buyer, sent, clock):
    from payments.disbursing import report_arrival

    report_arrival(sent, by=buyer)
    clock.move_to(nudging.overdue_from(sent))
    sent.refresh_from_db()
    assert not nudging.is_overdue(sent)


# --- the order's box


def box(order, user):
    found = with_facts(Order.objects.filter(pk=order.pk)).get()
    return refund_of(facts_of(found, user, {}))


@pytest.fixture
def two_ways(funded_order, buyer):
    """US$580.00 of the deposit came by card: a refund goes back two ways."""
    PaymentMethod.objects.filter(code="visa").update(provider="http_sim")
    Payment.objects.create(
        order=funded_order,
        instalment=funded_order.instalments.get(n=1),
        method_id="visa",
        amount_minor=580_00,
        currency="USD",
        started_by=buyer,
        cleared_at=funded_order.funded_at,
        state="cleared",
    )
    give_back(funded_order, by=None, amount="1000.00")
    return funded_order


def test_the_legs_of_a_refund_add_up_and_the_slowest_leads(two_ways, buyer):
    first, second = Disbursement.objects.order_by("leg")
    assert (first.amount, second.amount) == (usd("580.00"), usd("420.00"))
    Disbursement.objects.filter(pk=first.pk).update(state="confirmed")
    found = box(two_ways, buyer)
    assert found["amount"] == usd("1000.00")
    assert found["current"] == 2
    assert [leg["step"] for leg in found["legs"]] == [5, 2]
    assert [leg["url"] for leg in found["legs"]] == [path(first), path(second)]


def test_the_order_page_shows_each_leg_with_its_tracker(client, buyer, two_ways):
    client.force_login(buyer)
    page = text_of(client.get(two_ways.get_absolute_url()))
    assert "Refund, US$1,000.00" in page
    assert "It goes back in 2 parts." in page
    for row in Disbursement.objects.all():
        assert f'href="{path(row)}"' in page


def test_the_supplier_sees_the_refund_and_cannot_follow_it(client, supplier, two_ways):
    client.force_login(supplier)
    page = text_of(client.get(two_ways.get_absolute_url()))
    assert "Refund, US$1,000.00" in page
    assert "/refunds/" not in page


def test_what_came_back_counts_once(sent, funded_order, buyer, bank):
    bank.pays(sent)
    bank.returns(sent, usd("885.00"))
    found = box(funded_order, buyer)
    assert [leg["counts"] for leg in found["legs"]] == [usd("15.00"), usd("885.00")]
    assert found["amount"] == usd("900.00")
    assert found["legs"][0]["word"] == "Came back"
    assert found["current"] == 2


def test_a_cancelled_leg_is_not_counted(two_ways, buyer):
    Disbursement.objects.filter(leg=2).update(state="cancelled")
    assert box(two_ways, buyer)["amount"] == usd("580.00")


def test_an_order_without_a_refund_has_no_box(funded_order, buyer):
    assert box(funded_order, buyer) is None
