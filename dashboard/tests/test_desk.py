"""What waits for our own staff, on the front page of the back office."""

import pytest
from django.urls import reverse

from dashboard.desk import trays
from payments import brake, disbursing, treasury
from payments.tests.leaving import Bank, checked_account, consider_all
from payments.tests.office import earn
from tests.cast import person, usd

pytestmark = pytest.mark.django_db


def piles(user):
    return {tray.what: tray.count for tray in trays(user)}


@pytest.fixture
def payout(funded_order, supplier, finance, second_finance):
    checked_account(supplier, finance, second_finance)
    found = earn(funded_order, by=None, amount="5580.00")
    consider_all()
    found.refresh_from_db()
    return found


def test_nothing_waits_for_those_without_a_duty(payout):
    assert trays(person("v@ta.example", "Vera", duty="verifier")) == []


def test_what_is_proposed_waits_for_the_other_person_only(payout, finance, second_finance):
    assert piles(finance) == {"Payouts and refunds to propose": 1}
    disbursing.ask_to_send(payout, by=finance)
    assert piles(finance) == {}
    assert piles(second_finance) == {"Approvals for you to decide": 1}


def test_lines_transfers_and_payments_wait_for_the_finance_office(account, signed_order, finance):
    bank = Bank(account, finance)
    bank.receives(usd("12.00"), payer="SOMEBODY", text="WHO KNOWS")
    reference = signed_order.instalments.get(n=1).reference
    bank.receives(usd("5580.00"), payer="SOMEBODY ELSE", text=reference)
    treasury.top_up(usd("1.00"), cause="test")
    assert piles(finance) == {
        "Treasury transfers to carry out": 1,
        "Bank lines that match nothing": 1,
        "Payments under review": 1,
    }


def test_a_pulled_brake_is_first_and_loud(client, finance, payout):
    brake.pull("The bank called.", by=finance)
    first = trays(finance)[0]
    assert (first.what, first.tone, first.detail) == (
        "The brake is pulled",
        "hot",
        "The bank called.",
    )
    client.force_login(finance)
    page = client.get(reverse("admin:index")).content.decode()
    assert '<li class="hot"><b>1</b>' in page
    assert "The bank called." in page


def test_every_pile_leads_to_its_records(client, payout, finance):
    client.force_login(finance)
    for tray in trays(finance):
        found = client.get(tray.url).context["cl"].queryset
        assert found.count() == tray.count, tray.what
