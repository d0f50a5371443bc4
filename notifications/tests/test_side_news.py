"""News beside the main road: moved days, API tokens, a payee who asks, a proposed account."""

from datetime import timedelta

import pytest

from accounts.designated import propose_account
from api.models import Scope
from api.tokens import issue_token, revoke_token
from core import clock as business
from core.days import end_of, platform_date
from disputes import operations as disputes
from inspections import booking
from notifications.tests.conftest import dispute_all, file_report
from tests.cast import usd

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
