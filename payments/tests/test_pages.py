"""The payment pages: which methods, which account, how far the money is."""

import pytest
from django.urls import reverse

from accounts.designated import approve_account, propose_account
from core.references import grouped
from ledger.balances import balance
from orders.models import Instalment
from payments.models import Payment, PaymentMethod
from payments.operations import pay_by_transfer
from payments.views import bill, card
from payments.views.checking import check
from tests.cast import usd
from workflow.models import Deadline

pytestmark = pytest.mark.django_db

TRANSFER = {"method": "telegraphic_transfer"}
PAGES = ["pay", "pay_transfer", "pay_sheet", "pay_status"]


def text_of(response):
    return " ".join(response.content.decode().split())


def url(name, order):
    return reverse(name, args=[order.code])


@pytest.fixture
def to_pay(account, signed_order):
    """The contract is signed and names the account; the deposit of US$5,580.00 is due."""
    return signed_order


@pytest.fixture
def announced(to_pay, buyer):
    """The buyer has chosen the transfer."""
    pay_by_transfer(to_pay, by=buyer)
    return to_pay


@pytest.fixture
def due(to_pay):
    return to_pay.instalments.get(n=1)


# --- who sees what


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_payment_page(client, stranger, to_pay, name):
    client.force_login(stranger)
    assert client.get(url(name, to_pay)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_an_inspector_sees_nothing_of_the_money(client, inspector, inspection, name):
    client.force_login(inspector)
    assert client.get(url(name, inspection.order)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(client, to_pay, name):
    assert client.get(url(name, to_pay)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", PAGES[:3])
def test_the_supplier_does_not_pay(client, supplier, announced, name):
    client.force_login(supplier)
    answer = client.get(url(name, announced))
    assert answer.status_code == 403
    assert "Only the buyer pays this order. Nothing was changed." in text_of(answer)


def test_the_supplier_cannot_announce_a_transfer(client, supplier, to_pay):
    client.force_login(supplier)
    assert client.post(url("pay", to_pay), TRANSFER).status_code == 403
    assert Payment.objects.count() == 0


def test_a_member_who_may_not_pay_is_told_so(client, buyer, to_pay):
    buyer.company_role = buyer.Role.MEMBER
    buyer.save()
    client.force_login(buyer)
    answer = client.post(url("pay", to_pay), TRANSFER)
    assert answer.status_code == 422
    assert "Your account may read and write for your company, not sign or pay for it." in text_of(
        answer
    )
    assert Payment.objects.count() == 0


# --- choosing a method


def test_the_title_carries_the_amount(client, buyer, to_pay):
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert "<h1>Pay the deposit, US$5,580.00</h1>" in page
    assert f"<title>Pay the deposit, US$5,580.00: {to_pay.code}</title>" in page
    assert 'Later, before shipment</span><span class="money">US$13,020.00' in page


def test_all_eight_methods_stand_there_and_no_page_asks_for_a_card_number(client, buyer, to_pay):
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert page.count('type="radio" name="method"') == 8
    assert page.count("This method is not set up on this platform.") == 7
    assert page.count(" disabled ") == 7
    assert "card number" not in page.lower()
    assert "cvc" not in page.lower()


def test_a_transfer_comes_first_above_two_thousand_dollars(provider, to_pay):
    large = [choice.code for choice in bill.choices_for(to_pay, usd("2000.01"))]
    assert large == [
        "telegraphic_transfer", "visa", "mastercard", "unionpay", "paypal", "cashu",
        "wechat_pay", "alipay",
    ]  # fmt: skip
    small = [choice.code for choice in bill.choices_for(to_pay, usd("2000"))]
    assert small == [
        "visa", "mastercard", "unionpay", "paypal", "cashu", "wechat_pay", "alipay",
        "telegraphic_transfer",
    ]  # fmt: skip


def test_a_method_that_is_closed_stands_last(to_pay):
    PaymentMethod.objects.filter(code="visa").update(provider="nobody")
    found = bill.choices_for(to_pay, usd("100"))
    assert [choice.code for choice in found][:2] == ["telegraphic_transfer", "visa"]
    assert found[1].reason == "This method is not set up on this platform."


def test_a_card_is_paid_on_the_page_of_the_provider(client, buyer, provider, to_pay, run_money):
    client.force_login(buyer)
    answer = client.post(url("pay", to_pay), {"method": "visa"})
    assert answer.url == url("pay_status", to_pay)
    assert "The provider’s page is being opened." in text_of(client.get(answer.url))
    run_money()
    page = client.get(answer.url)
    there = Payment.objects.get().provider_operations.get().redirect_url
    assert there.startswith(provider.url)
    assert f'href="{there}"' in text_of(page)
    assert [step["status"] for step in page.context["rows"][0]["steps"]] == ["now", "todo", "todo"]
    assert client.get(url("pay", to_pay)).url == url("pay_status", to_pay)
    assert client.get(url("pay_transfer", to_pay)).url == url("pay", to_pay)
    assert balance(f"escrow:{to_pay.ref}") == usd("0")


def test_the_supplier_is_not_led_to_the_page_of_the_provider(client, supplier, to_pay, charged):
    client.force_login(supplier)
    page = text_of(client.get(url("pay_status", to_pay)))
    assert charged.redirect_url not in page
    assert "being opened" not in page


def test_an_existing_client_reads_why_the_cards_are_closed(client, buyer, supplier, to_pay):
    type(to_pay).objects.create(
        code="TA-2025-000009",
        buyer=buyer.company,
        supplier=supplier.company,
        placed_by=buyer,
        title="Done before",
        incoterm="FOB",
        named_place="Ningbo",
        state="completed",
    )
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert (
        page.count(
            "Your company has completed an order: from then on you pay by UnionPay, Alipay or "
            "telegraphic transfer (S6)."
        )
        == 5
    )
    assert page.count("This method is not set up on this platform.") == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"method": "visa"}, "This method is not set up on this platform."),
        ({"method": "cash"}, "Choose one of the methods on this page."),
        ({}, "Choose how you want to pay."),
    ],
)
def test_a_refused_method_is_refused_with_its_reason(client, buyer, to_pay, given, sentence):
    client.force_login(buyer)
    answer = client.post(url("pay", to_pay), given)
    assert answer.status_code == 422
    assert f'<li><a href="#id_method">{sentence}</a></li>' in text_of(answer)
    assert Payment.objects.count() == 0


def test_choosing_the_transfer_leads_to_the_account(client, buyer, to_pay):
    client.force_login(buyer)
    answer = client.post(url("pay", to_pay), TRANSFER)
    assert answer.url == url("pay_transfer", to_pay)
    payment = Payment.objects.get()
    assert (payment.state, payment.amount) == ("pending", usd("5580.00"))


def test_choosing_it_twice_is_one_payment(client, buyer, to_pay):
    client.force_login(buyer)
    client.post(url("pay", to_pay), TRANSFER)
    client.post(url("pay", to_pay), TRANSFER)
    assert Payment.objects.count() == 1
    assert client.get(url("pay", to_pay)).url == url("pay_transfer", to_pay)


def test_before_the_contract_nothing_is_to_be_paid(client, buyer, contract):
    client.force_login(buyer)
    answer = client.get(url("pay", contract.order))
    assert "The contract comes first" in text_of(answer)
    client.post(url("pay", contract.order), TRANSFER)
    assert Payment.objects.count() == 0


def test_an_order_that_has_ended_asks_for_no_money(client, buyer, to_pay, clock, run_clock):
    clock.move_to(Deadline.objects.open().get(kind="order.pay").due_at)
    run_clock()
    client.force_login(buyer)
    assert "Do not send money for this order" in text_of(client.get(url("pay", to_pay)))
    client.post(url("pay", to_pay), TRANSFER)
    assert Payment.objects.count() == 0
    assert client.get(url("pay_transfer", to_pay)).url == url("pay", to_pay)


def test_after_the_deposit_the_balance_is_asked_for(client, buyer, funded_order):
    client.force_login(buyer)
    assert "<h1>Pay the balance, US$13,020.00</h1>" in text_of(client.get(url("pay", funded_order)))


def test_after_a_short_payment_the_rest_is_asked_for(client, buyer, to_pay, due, paid):
    paid(due, amount=usd("5000.00"))
    client.force_login(buyer)
    page = text_of(client.get(url("pay", to_pay)))
    assert "<h1>Pay what is missing, US$580.00</h1>" in page
    assert "− US$5,000.00" in page


def test_the_page_needs_the_same_few_queries(client, buyer, to_pay, django_assert_num_queries):
    client.force_login(buyer)
    client.get(url("pay", to_pay))
    with django_assert_num_queries(13):
        client.get(url("pay", to_pay))


# --- the account


def test_the_card_shows_the_designated_account_and_the_warning(client, buyer, announced, due):
    client.force_login(buyer)
    page = text_of(client.get(url("pay_transfer", announced)))
    for shown in ["Trade Assurance Trust", "Demo Bank", "0039012345", "DBSSSGSG", "US$5,580.00"]:
        assert f'<div class="v">{shown}</div>' in page
    assert f'<div class="v">{grouped(due.reference)}</div>' in page
    assert f'data-copy="{due.reference}"' in page
    assert 'data-copy="5580.00"' in page
    assert "OUR: you pay them, so that the exact amount arrives" in page
    assert "A payment to any other account is not covered." in page
    assert "not covered, and nobody can call it back" in page


def test_the_reference_is_made_of_digits_only(due):
    assert due.reference[:2] == "RF"
    assert due.reference[2:].isdigit()
    assert len(due.reference) == 14


def test_the_code_says_what_the_card_shows(client, buyer, announced, account, due):
    client.force_login(buyer)
    rows = card.rows(account, due)
    text = card.payload(rows)
    assert text.splitlines()[:2] == [
        "Amount, exactly: US$5,580.00",
        f"Payment reference: {grouped(due.reference)}",
    ]
    assert text.splitlines()[3] == "Account number: 0039012345"
    page = text_of(client.get(url("pay_transfer", announced)))
    for row in rows:
        assert f"{row['label']}: {row['value']}" in text
        assert f'<div class="v">{row["value"]}</div>' in page
    drawn = str(card.qr(text))
    assert drawn in page
    assert drawn != str(card.qr(text + "."))
    assert "style=" not in drawn


def test_without_an_account_nobody_is_told_to_pay(client, buyer, announced, account):
    type(account).objects.filter(pk=account.pk).update(state="retired")
    client.force_login(buyer)
    page = text_of(client.get(url("pay_transfer", announced)))
    assert "<strong>Do not pay now.</strong>" in page
    assert "0039012345" not in page
    assert client.get(url("pay_sheet", announced)).url == url("pay", announced)


def test_an_account_that_was_replaced_after_signing_is_said(
    client, buyer, announced, finance, second_finance
):
    client.force_login(buyer)
    sentence = "The account is another than the contract names."
    assert sentence not in text_of(client.get(url("pay_transfer", announced)))
    other = propose_account(
        by=finance,
        beneficiary="Trade Assurance Trust",
        bank="Second Bank",
        account_number="5550001111",
        bic="OCBCSGSG",
    )
    approve_account(other, by=second_finance)
    page = text_of(client.get(url("pay_transfer", announced)))
    assert sentence in page
    assert "5550001111" in page
    assert "0039012345" not in page


def test_the_sheet_carries_the_narration_for_an_indian_bank(client, buyer, announced, due):
    client.force_login(buyer)
    page = text_of(client.get(url("pay_sheet", announced)))
    assert "Transfer order for the bank" in page
    assert grouped(due.reference) in page
    assert (
        "Payment for the goods of this contract is made to the third party Trade Assurance, in the "
        "account of Trade Assurance Trust, number 0039012345, at Demo Bank, SWIFT DBSSSGSG, "
        "Singapore." in page
    )
    assert "3,000 pcs Organic cotton romper (HS 611120)" in page


def test_a_buyer_elsewhere_gets_no_indian_narration(client, buyer, announced):
    buyer.company.country = "KE"
    buyer.company.save()
    client.force_login(buyer)
    assert "third party" not in text_of(client.get(url("pay_sheet", announced)))


# --- how far the money is


def steps(client, order):
    rows = client.get(url("pay_status", order)).context["rows"]
    return [[step["status"] for step in row["steps"]] for row in rows]


def test_a_transfer_that_was_sent_has_not_arrived(client, buyer, announced):
    client.force_login(buyer)
    assert steps(client, announced) == [["done", "now", "todo", "todo"]]


def test_money_that_is_held_has_passed_every_step(client, buyer, announced, due, paid):
    paid(due)
    client.force_login(buyer)
    assert steps(client, announced) == [["done", "done", "done", "done"]]


def test_money_of_another_payer_waits_for_staff_and_the_buyer_reads_why(
    client, buyer, supplier, announced, due, paid
):
    paid(due, payer="SOMEBODY ELSE LTD")
    client.force_login(buyer)
    assert steps(client, announced) == [["done", "done", "branch", "todo"]]
    why = "The payer “SOMEBODY ELSE LTD” is not the buyer."
    assert why in text_of(client.get(url("pay_status", announced)))
    client.force_login(supplier)
    page = text_of(client.get(url("pay_status", announced)))
    assert why not in page
    assert "It is not held for this order yet." in page
    assert balance(f"escrow:{announced.ref}") == usd("0")


def test_the_supplier_reads_how_far_the_money_is_and_no_bank_details(client, supplier, announced):
    client.force_login(supplier)
    page = text_of(client.get(url("pay_status", announced)))
    assert "Start to make the goods once the deposit is held." in page
    assert "0039012345" not in page
    assert f'href="{url("pay", announced)}"' not in page


# --- the check against false accounts


def test_anybody_may_ask_whether_an_account_is_ours(client, account):
    page = text_of(client.post("/check-account/", {"text": " 0039 012345 "}))
    assert "Yes, this is our designated account." in page
    assert "The beneficiary is Trade Assurance Trust, the bank Demo Bank, SWIFT DBSSSGSG." in page


def test_another_account_is_not_ours(client, account):
    page = text_of(client.post("/check-account/", {"text": "0039012346"}))
    assert "This is not ours. Do not pay." in page


def test_an_account_of_before_is_not_to_be_paid_into(account):
    type(account).objects.filter(pk=account.pk).update(state="retired")
    assert check("0039012345") == {"kind": "old_account"}


def test_an_account_that_waits_for_approval_is_not_ours(account):
    type(account).objects.filter(pk=account.pk).update(state="proposed", approved_by=None)
    assert check("0039012345") == {"kind": "unknown"}


def test_a_reference_is_ours_when_we_issued_it(client, due):
    page = text_of(client.post("/check-account/", {"text": grouped(due.reference).lower()}))
    assert "We issued this reference." in page
    assert "A reference alone proves nothing: check the account number as well." in page


def test_a_correct_reference_that_we_never_issued_is_not_ours(due):
    Instalment.objects.all().delete()
    assert check(due.reference) == {"kind": "unknown"}


def test_an_empty_question_is_asked_again(client):
    answer = client.post("/check-account/", {"text": ""})
    assert answer.status_code == 422
    assert "Enter the account number or the reference that you were given." in text_of(answer)
    assert client.get("/check-account/").status_code == 200
