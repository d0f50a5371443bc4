"""News beside the main road: moved days, API tokens, a payee who asks, a proposed account."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.designated import propose_account
from accounts.models import SupplierStanding
from api.models import Scope
from api.tokens import issue_token, revoke_token
from contracts.drafting import gaps_of
from contracts.operations import propose
from core import clock as business
from core.days import end_of, platform_date
from disputes import operations as disputes
from inspections import booking
from notifications.tests.conftest import dispute_all, file_report
from tests.cast import PASSWORD, person, usd
from tests.trades import sign_as, write_the_brief

pytestmark = pytest.mark.django_db


def test_a_day_of_waiting_for_the_balance_moves_the_ship_by_date_and_both_are_told(
    inspection, inspector, clock, run_clock, told, mailoutbox
):
    order = inspection.order
    file_report(inspection, inspector)
    told()
    order.refresh_from_db()
    before = order.ship_deadline
    clock.move_to(before)
    run_clock()
    order.refresh_from_db()
    assert order.ship_deadline == before + timedelta(days=1)
    moved = [mail for mail in told() if mail[1].startswith("New ship-by date")]
    assert [who for who, _subject in moved] == ["asha", "lin"]
    assert any("The balance due before shipment is not paid." in m.body for m in mailoutbox)


def test_an_extension_that_both_agreed_on_is_told_with_the_new_last_moment(
    funded_order, buyer, supplier, told, mailoutbox
):
    dispute = dispute_all(funded_order, buyer, usd("5580.00"))
    later = funded_order.ship_by + timedelta(days=15)
    disputes.propose(dispute, by=supplier, refund=usd("80.00"), remedy="extension", ship_by=later)
    told()
    disputes.accept_offer(dispute, by=buyer, refund=usd("80.00"))
    moved = [who for who, subject in told() if subject.startswith("New ship-by date")]
    assert moved == ["asha", "lin"]
    assert any(", 23:59 China time." in mail.body for mail in mailoutbox)
    funded_order.refresh_from_db()
    assert funded_order.ship_deadline == end_of(later)


def test_another_day_of_the_visit_is_told_to_both_sides_and_not_to_the_inspector_who_chose_it(
    inspection, inspector, told, mailoutbox
):
    told()
    day = platform_date(business.now()) + timedelta(days=9)
    booking.set_day(inspection, by=inspector, visit_on=day)
    (first, second) = told()
    assert (first[0], second[0]) == ("asha", "lin")
    assert first[1].startswith(f"Inspection of {inspection.order.code} on ")
    assert "at least 80 % of them packed" in mailoutbox[0].body


def test_a_token_made_or_revoked_in_ones_name_is_told_to_oneself(buyer, told):
    token, secret = issue_token(buyer, by=None, name="ERP", scopes=[Scope.ORDERS_READ])
    assert told() == [("asha", f"New API token in your name: {token}")]
    revoke_token(token, by=buyer)
    ((who, subject),) = told()
    assert (who, subject) == ("asha", f"API token revoked: {token}")
    assert secret not in subject


def test_a_proposed_designated_account_is_told_to_the_rest_of_the_finance_office(
    finance, second_finance, told, mailoutbox
):
    propose_account(
        by=finance, beneficiary="TA Trust", bank="DBS", account_number="0011223344",
        bic="DBSSSGSG",
    )  # fmt: skip
    ((who, subject),) = told()
    assert (who, subject.split(" (")[0]) == ("farah", "Look at a new designated account")
    assert "0011223344" not in mailoutbox[0].message().as_string()


# --- a supplier's standing


def change(standing, client, admin, **values):
    """What the back office does when somebody saves the form of a standing."""
    client.force_login(admin)
    address = reverse("admin:accounts_supplierstanding_change", args=[standing.pk])
    form = client.get(address).context["adminform"].form
    data = {k: "" if v is None else v for k, v in form.initial.items()} | values
    data = {name: value for name, value in data.items() if value is not False}
    assert client.post(address, data).status_code == 302
    standing.refresh_from_db()


@pytest.fixture
def chief(db):
    return person("root@ta.example", "Root", duty="administrator", is_superuser=True)


def test_gold_granted_changed_and_ended_is_told_to_the_supplier(client, supplier, chief, told):
    name = supplier.company.name
    standing = SupplierStanding.objects.get(company=supplier.company)
    change(standing, client, chief, gold=False)
    assert told() == [("lin", f"No longer a Gold supplier ({name})")]
    change(standing, client, chief, gold="on", limit_minor="2000000")
    assert told() == [("lin", f"You are a Gold supplier. Coverage US$20,000.00 ({name})")]
    change(standing, client, chief, limit_minor="3000000")
    assert told() == [("lin", f"Your coverage limit is US$30,000.00 now ({name})")]
    change(standing, client, chief)
    assert told() == []
    assert (standing.gold, standing.limit_minor) == (True, 3000000)


def test_the_order_that_takes_the_cover_over_four_fifths_says_so_to_the_supplier_once(
    proposed_contract, buyer, supplier, told
):
    SupplierStanding.objects.update(limit_minor=6_000_00)
    sign_as(proposed_contract, supplier)
    told()
    sign_as(proposed_contract, buyer)
    ref = proposed_contract.order.code
    assert ("lin", f"Coverage nearly used: US$420.00 left (order {ref})") in told()


def test_the_one_who_offers_a_contract_with_open_points_is_told_which(
    contract, buyer, told, mailoutbox
):
    write_the_brief(contract, buyer)
    line = contract.lines.get(template_key="fabric")
    line.requirement, line.kind = "good quality", "text"
    line.save()
    gaps = gaps_of(contract)
    assert gaps
    told()
    propose(contract, by=buyer, acknowledged=[gap.code for gap in gaps])
    subjects = dict(told())
    assert subjects["asha"] == (
        f"Points left open in your contract for {contract.order.code}, version 1: {len(gaps)}"
    )
    (mail,) = (mail for mail in mailoutbox if mail.to == [buyer.email])
    assert contract.gaps.first().sentence[:40] in mail.body


# --- mail of the sign-in


def test_a_changed_password_is_told_as_text_and_as_html(client, buyer, mailoutbox):
    client.force_login(buyer)
    EmailAddress.objects.create(user=buyer, email=buyer.email, primary=True, verified=True)
    data = {
        "oldpassword": PASSWORD,
        "password1": "another long one 77",
        "password2": "another long one 77",
    }
    assert client.post(reverse("account_change_password"), data).status_code == 302
    (mail,) = mailoutbox
    assert mail.to == [buyer.email]
    assert "password has been changed" in mail.body
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    assert "password has been changed" in html
    assert "style=" not in html
