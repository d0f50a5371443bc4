"""Checkout: what each method costs, whose fee it is, what is not assured; the signed sheet."""

import re

import pytest
from django.urls import reverse

from accounts.designated import approve_account, propose_account
from core import clock as business
from core import days
from orders.models import Order
from orders.pages import order_page
from payments.models import PaymentMethod
from payments.operations import pay_by_transfer
from payments.tests.office import text_of
from payments.views import bill
from payments.views.sheet_code import code_for, sheet_of
from tests.cast import usd
from tests.trades import sign_as

pytestmark = pytest.mark.django_db


def url(name, order):
    return reverse(name, args=[order.code])


@pytest.fixture
def to_pay(account, signed_order):
    return signed_order


@pytest.fixture
def announced(to_pay, buyer):
    pay_by_transfer(to_pay, by=buyer)
    return to_pay


def signed_with(proposed_contract, buyer, supplier, **terms):
    Order.objects.filter(pk=proposed_contract.order_id).update(**terms)
    proposed_contract.refresh_from_db()
    sign_as(proposed_contract, supplier)
    sign_as(proposed_contract, buyer)
    return Order.objects.get(pk=proposed_contract.order_id)


# --- what a method costs


def test_each_method_says_its_fee_and_the_sum_that_is_charged(client, buyer, provider, to_pay):
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert page.count("Fee 2.95%, US$164.61. You are charged US$5,744.61.") == 7
    assert "No fee from us. You send US$5,580.00." in page


def test_the_fee_that_is_shown_is_the_fee_that_is_charged(buyer, charged):
    shown = next(c for c in bill.choices_for(charged.order, usd("5580.00")) if c.code == "visa")
    assert (shown.fee, shown.total) == (charged.fee, charged.amount)


def test_a_method_with_a_fee_of_its_own_shows_that(client, buyer, provider, to_pay):
    PaymentMethod.objects.filter(code="alipay").update(fee_percent="1.20")
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert "Fee 1.2%, US$66.96. You are charged US$5,646.96." in page


# --- whose fee is the platform's


@pytest.mark.parametrize(
    ("side", "deposit", "share", "words"),
    [
        ("buyer", "5691.60", "111.60", "Our fee of 2%, which you bear"),
        ("split", "5635.80", "55.80", "Your half of our fee of 2%"),
    ],
)
def test_the_buyers_share_of_our_fee_is_a_line_of_its_own(
    client, proposed_contract, buyer, supplier, side, deposit, share, words
):
    order = signed_with(proposed_contract, buyer, supplier, fee_side=side)
    parts = bill.parts_of(order)
    sums = bill.sums(order, parts[0], parts)
    assert (sums["planned"], sums["our_fee"], sums["now"]) == (
        usd("5580.00"), usd(share), usd(deposit),
    )  # fmt: skip
    assert sums["planned"] + sums["our_fee"] == sums["now"]
    assert sums["percent"] == 30
    client.force_login(buyer)
    assert words in text_of(client.get(url("pay", order)))


def test_on_the_order_page_all_money_adds_up_when_the_buyer_bears_the_fee(
    proposed_contract, buyer, supplier, paid
):
    order = signed_with(proposed_contract, buyer, supplier, fee_side="buyer")
    paid(order.instalments.get(n=1))
    purse = order_page(order.code, buyer)["purse"]
    assert (purse.held, purse.due) == (usd("5691.60"), usd("13280.40"))
    assert purse.held + purse.due == usd("18600.00") + usd("372.00")


def test_a_fee_of_the_supplier_is_no_line_for_the_buyer(client, buyer, to_pay):
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert "Our fee of" not in page
    assert "half of our fee" not in page


# --- what is assured


def test_what_is_fully_covered_says_so(client, buyer, to_pay):
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert "US$5,580.00 stays assured after release." in page
    assert "not assured after release" not in page


def test_what_is_not_covered_stands_at_checkout_to_the_cent(
    client, proposed_contract, buyer, supplier
):
    standing = supplier.company.standing
    standing.limit_minor = 4_000_00
    standing.save()
    order = signed_with(proposed_contract, buyer, supplier, uncovered_accepted_minor=1_580_00)
    client.force_login(buyer)
    page = text_of(client.get(url("pay", order)))
    assert "US$1,580.00 of US$5,580.00 not assured after release." in page
    assert "US$4,000.00 stays assured after release." in page


# --- credit


def test_credit_is_offered_at_checkout(client, buyer, to_pay, paid):
    client.force_login(buyer)
    assert "of credit." not in text_of(client.get(url("pay", to_pay)))
    paid(to_pay.instalments.get(n=1), amount=usd("5615.00"))
    page = text_of(client.get(url("pay", to_pay)))
    assert "You have US$35.00 of credit." in page
    assert 'href="/money/credit/"' in page


# --- the sheet


def test_the_sheet_carries_what_the_bank_asks_for(client, buyer, announced):
    client.force_login(buyer)
    page = text_of(client.get(url("pay_sheet", announced)))
    for words in [
        "(HS 611120)", "FOB Ningbo, to be shipped by", "S0101", "a suggestion, confirm it",
        "OUR: you pay them", "Address of the beneficiary", "Agreement of the three parties",
        "Signature and stamp of Kidzone Retail Private Limited",
        "payment to the platform discharges the buyer towards the supplier",
    ]:  # fmt: skip
        assert words in page, words


def test_the_code_on_the_sheet_proves_it_to_anybody(client, buyer, announced, account):
    client.force_login(buyer)
    page = text_of(client.get(url("pay_sheet", announced)))
    path = re.search(r"/check-account/RF[^<]+/", page).group()
    client.logout()
    answer = text_of(client.get(path))
    assert "This sheet was made by us." in answer
    assert "US$5,580.00" in answer
    assert "0039012345" in answer


@pytest.mark.parametrize("old_new", [("558000", "55800"), ("USD", "EUR"), ("RF", "RG"), ("-", "")])
def test_a_sheet_that_was_altered_is_told(client, announced, account, old_new):
    part = announced.instalments.get(n=1)
    today = days.platform_date(business.now())
    code = code_for(account, part.reference, part.missing, today)
    assert sheet_of(code.lower()).amount == usd("5580.00")
    altered = code.replace(*old_new, 1)
    answer = client.get(f"/check-account/{altered}/")
    assert answer.status_code == 404
    assert "This sheet was altered, or we did not make it. Do not pay." in text_of(answer)


@pytest.mark.parametrize("code", ["x", "a-b-c-d", "-", "RF12-5USD-20260101-AAAAAAAAAAAAAAAA"])
def test_a_code_that_is_none_is_not_ours(account, code):
    assert sheet_of(code) is None


def test_another_account_on_the_paper_makes_another_code(announced, account):
    part = announced.instalments.get(n=1)
    today = days.platform_date(business.now())
    code = code_for(account, part.reference, part.missing, today)
    account.account_number = "9999999999"
    assert code_for(account, part.reference, part.missing, today) != code


def test_a_sheet_with_an_account_of_before_is_not_to_be_paid(
    client, announced, account, finance, second_finance
):
    part = announced.instalments.get(n=1)
    code = code_for(account, part.reference, part.missing, days.platform_date(business.now()))
    other = propose_account(
        by=finance, beneficiary="Trade Assurance Trust", bank="Second Bank",
        account_number="5550001111", bic="OCBCSGSG",
    )  # fmt: skip
    approve_account(other, by=second_finance)
    page = text_of(client.get(f"/check-account/{code}/"))
    assert "its account is no longer in use. Do not pay into it." in page
    assert "0039012345" not in page


def test_a_sheet_signed_with_the_key_of_before_still_counts(settings, announced, account):
    part = announced.instalments.get(n=1)
    code = code_for(account, part.reference, part.missing, days.platform_date(business.now()))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key for the next year"
    assert sheet_of(code) is not None
