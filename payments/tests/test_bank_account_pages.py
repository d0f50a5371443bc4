"""The account a company is paid to: masked, told, checked; a refusal keeps what was typed."""

import pytest

from payments.bank_accounts import refuse_account
from payments.models import BankAccount
from payments.tests.leaving import checked_account
from payments.tests.office import text_of
from tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db
HERE = "/company/bank/"


def given(**changed):
    return {
        "holder": "Ningbo Little Pine Garment Co., Ltd.",
        "account_number": "6222 0200 1234 5678",
        "bic": "ICBKCNBJ",
        "bank": "Demo Bank Ningbo",
        "currency": "USD",
        "password": PASSWORD,
    } | changed


def test_the_page_says_before_what_will_happen(client, supplier):
    person("chen@littlepine.example", "Chen", supplier.company)
    client.force_login(supplier)
    page = text_of(client.get(HERE))
    assert "Nothing is paid to a new account for 72 hours." in page
    assert "All 2 people of your company are told" in page
    assert "two of our staff check it" in page
    assert 'value="Ningbo Little Pine Garment Co., Ltd."' in page


def test_alone_in_a_company_one_is_told_oneself(client, supplier):
    client.force_login(supplier)
    assert "You are told by e-mail" in text_of(client.get(HERE))


def test_a_signer_asks_for_an_account_and_sees_only_its_end(client, supplier):
    client.force_login(supplier)
    assert client.post(HERE, given()).url == HERE
    account = BankAccount.objects.get()
    assert (account.state, account.requested_by) == ("proposed", supplier)
    assert account.account_number == "6222020012345678"
    page = text_of(client.get(HERE))
    assert "•• 5678" in page
    assert "Being checked" in page
    assert "6222020012345678" not in page
    assert "2 of our staff" not in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("holder", "Somebody Else Ltd", "The holder must be your company"),
        ("account_number", "12", "An account number has 4 to 34 letters and digits."),
        ("account_number", "DE00 3704 0044 0532 0130 00", "The check digits of this IBAN"),
        ("bic", "NOTABIC1X", "A BIC is four letters, a country"),
        ("bank", "", "This field is required."),
    ],
)
def test_a_refusal_is_said_at_its_field_and_keeps_what_was_typed(
    client, supplier, field, typed, sentence
):
    client.force_login(supplier)
    answer = client.post(HERE, given(**{field: typed}))
    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in str(answer.context["form"].errors[field])
    assert f'href="#id_{field}"' in page
    assert 'value="ICBKCNBJ"' in page or field == "bic"
    assert PASSWORD not in page
    assert not BankAccount.objects.exists()


def test_a_wrong_password_changes_nothing_and_is_never_shown(client, supplier):
    client.force_login(supplier)
    answer = client.post(HERE, given(password="wrong horse"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count("That is not your password. Nothing was changed.") == 2
    assert "wrong horse" not in page
    assert 'value="6222 0200 1234 5678"' in page
    assert not BankAccount.objects.exists()


def test_a_member_without_the_right_to_sign_only_looks(client, supplier):
    supplier.company_role = supplier.Role.MEMBER
    supplier.save()
    client.force_login(supplier)
    page = text_of(client.get(HERE))
    assert "Ask a colleague who may." in page
    assert 'name="account_number"' not in page
    answer = client.post(HERE, given())
    assert answer.status_code == 422
    assert "not sign or pay for it." in text_of(answer)
    assert not BankAccount.objects.exists()


def test_the_account_in_use_stays_until_the_new_one_is_checked(
    client, supplier, finance, second_finance
):
    checked_account(supplier, finance, second_finance)
    client.force_login(supplier)
    client.post(HERE, given(account_number="7777000011112222", bank="Second Bank"))
    page = client.get(HERE)
    assert [row.masked for row in page.context["in_use"]] == ["•• 5678"]
    assert [row.masked for row in page.context["checked"]] == ["•• 2222"]


def test_an_account_that_was_not_accepted_says_why(client, supplier, finance):
    client.force_login(supplier)
    client.post(HERE, given())
    refuse_account(BankAccount.objects.get(), by=finance, reason="The bank does not know it.")
    page = text_of(client.get(HERE))
    assert "Not accepted" in page
    assert "The bank does not know it." in page


def test_nobody_sees_the_account_of_another_company(client, supplier, stranger):
    client.force_login(supplier)
    client.post(HERE, given())
    client.force_login(stranger)
    page = text_of(client.get(HERE))
    assert "5678" not in page
    assert "Demo Bank Ningbo" not in page


def test_the_menu_of_the_account_leads_there(client, supplier, inspector):
    client.force_login(supplier)
    assert f'href="{HERE}"' in text_of(client.get("/home/"))
    client.force_login(inspector)
    assert f'href="{HERE}"' not in text_of(client.get("/home/"))
