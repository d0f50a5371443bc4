"""Signing up, signing in, one's own settings, the staff groups, and the back office's lists."""

import time

import pytest
from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from accounts.demo_people import DEMO_PEOPLE
from accounts.models import Company, SupplierStanding, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
GIVEN = {
    "part": "buys",
    "name": "Ravi Kumar",
    "email": "ravi@vegamobiles.example",
    "password1": PASSWORD,
    "company": "Vega Mobiles",
    "country": "IN",
    "city": "Bengaluru",
}


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def _no_rate_limits():
    cache.clear()


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "accounts.tests.demo_urls"


# --- signing in


@pytest.mark.parametrize(
    "address", ["login/", "signup/", "password/reset/", "password/reset/done/"]
)
def test_the_entrance_answers_to_everybody(client, address):
    assert client.get(f"/accounts/{address}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/settings/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
    ],
)
def test_one_s_own_pages_answer_to_who_is_signed_in(client, buyer, address):
    assert client.get(address).status_code == 302
    client.force_login(buyer)
    assert client.get(address).status_code == 200


def test_a_person_signs_in_with_address_and_password_and_lands_at_home(client, buyer):
    answer = client.post("/accounts/login/", {"login": buyer.email, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/home/")


def test_a_person_lands_in_their_own_language(client, supplier):
    User.objects.filter(pk=supplier.pk).update(language="zh-hans")
    answer = client.post("/accounts/login/", {"login": supplier.email, "password": PASSWORD})
    assert answer.url == "/zh-hans/home/"


def test_a_wrong_password_signs_nobody_in(client, buyer):
    answer = client.post("/accounts/login/", {"login": buyer.email, "password": "wrong"})
    assert "There is a problem" in text_of(answer)
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client, buyer):
    client.force_login(buyer)
    assert "Sign out?" in text_of(client.get("/accounts/logout/"))
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_person_with_a_confirmed_address_switches_two_step_sign_in_on(client, buyer):
    EmailAddress.objects.create(user=buyer, email=buyer.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": buyer.email, "password": PASSWORD})
    asked = client.get("/accounts/2fa/totp/activate/")
    assert "Is it you?" in text_of(client.get(asked.url))
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert secret in text_of(page)
    assert 'src="data:image/svg+xml' in text_of(page)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    assert Authenticator.objects.filter(user=buyer, type="totp").exists()
    assert "10 of 10 codes are unused." in text_of(answer)
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", {"login": buyer.email, "password": PASSWORD})
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert "The second step" in text_of(client.get(answer.url))


# --- signing up


def test_a_buyer_signs_up_with_a_company_in_its_own_time_zone(client):
    answer = client.post("/accounts/signup/", GIVEN)
    assert answer.status_code == 302
    user = User.objects.get(email="ravi@vegamobiles.example")
    assert (user.name, user.language, user.company.name) == ("Ravi Kumar", "en", "Vega Mobiles")
    assert (user.company.buys, user.company.sells) == (True, False)
    assert user.company.time_zone == "Asia/Kolkata"
    assert not SupplierStanding.objects.exists()


def test_a_new_supplier_is_not_gold(client):
    client.post("/accounts/signup/", GIVEN | {"part": "sells", "country": "CN"})
    standing = SupplierStanding.objects.get(company__name="Vega Mobiles")
    assert (standing.gold, standing.limit_minor) == (False, 0)


def test_two_companies_of_one_name_get_two_addresses(client, buyer):
    Company.objects.create(
        slug="vega-mobiles", name="Vega", legal_name="Vega", country="IN", city="Pune"
    )
    client.post("/accounts/signup/", GIVEN)
    assert User.objects.get(name="Ravi Kumar").company.slug == "vega-mobiles-2"


@pytest.mark.parametrize("field", ["part", "name", "email", "password1", "company", "city"])
def test_without_an_answer_nobody_is_signed_up(client, field):
    page = client.post("/accounts/signup/", GIVEN | {field: ""})
    assert page.context["form"].errors.keys() == {field}
    assert not User.objects.exists()
    assert not Company.objects.exists()


def test_a_taken_address_makes_no_second_person_and_no_company(client, buyer):
    client.post("/accounts/signup/", GIVEN | {"email": buyer.email})
    assert User.objects.count() == 1
    assert Company.objects.count() == 1


def test_the_sign_up_form_is_ours():
    from accounts.forms import SignUpForm

    assert issubclass(SignUpForm, SignupForm)
    assert list(SignUpForm().fields) == list(SignUpForm.field_order)


# --- settings


def test_a_person_changes_language_and_time_zone(client, buyer):
    client.force_login(buyer)
    given = {"name": "Asha M.", "language": "hi", "time_zone": "Asia/Dubai"}
    answer = client.post("/settings/", given)
    assert answer.url == "/hi/settings/"
    buyer.refresh_from_db()
    assert (buyer.name, buyer.language, buyer.time_zone) == ("Asha M.", "hi", "Asia/Dubai")


def test_a_wrong_time_zone_changes_nothing(client, buyer):
    client.force_login(buyer)
    given = {"name": "X", "language": "en", "time_zone": "Moon/Base"}
    answer = client.post("/settings/", given)
    assert answer.status_code == 422
    buyer.refresh_from_db()
    assert (buyer.name, buyer.time_zone) == ("Asha Mehta", "")


def test_nobody_gives_themselves_rights_by_the_settings(client, buyer):
    client.force_login(buyer)
    client.post("/settings/", {"name": "A", "language": "en", "is_staff": "1", "company": ""})
    buyer.refresh_from_db()
    assert (buyer.name, buyer.is_staff, buyer.company.slug) == ("A", False, "kidzone")


# --- the demo


def test_the_demo_signs_in_with_one_click(client, buyer, demo):
    assert f'value="{buyer.email}"' in text_of(client.get("/accounts/login/"))
    answer = client.post("/demo/login/", {"email": buyer.email})
    assert (answer.status_code, answer.url) == (302, "/home/")
    assert client.session["_auth_user_id"] == str(buyer.pk)


def test_the_demo_signs_in_nobody_who_is_not_on_its_list(client, stranger, demo):
    assert client.post("/demo/login/", {"email": stranger.email}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_without_its_data_the_demo_says_so(client, demo):
    answer = client.post("/demo/login/", {"email": DEMO_PEOPLE[0].email}, follow=True)
    assert "The demo has no such person yet. Load the demo data first." in text_of(answer)


def test_outside_the_demo_there_is_no_one_click_sign_in(client, buyer):
    with pytest.raises(NoReverseMatch):
        reverse("demo_login")
    assert buyer.email not in text_of(client.get("/accounts/login/"))
    assert client.post("/demo/login/", {"email": buyer.email}).status_code == 404


def test_even_with_its_address_it_refuses_outside_the_demo(client, buyer, settings):
    settings.ROOT_URLCONF = "accounts.tests.demo_urls"
    assert client.post("/demo/login/", {"email": buyer.email}).status_code == 404
    assert "_auth_user_id" not in client.session


# --- staff


def test_the_five_staff_groups_are_there():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "mediator",
        "finance",
        "verifier",
        "administrator",
        "auditor",
    }


def rights(duty):
    group = Group.objects.get(name=duty)
    return set(group.permissions.values_list("codename", flat=True))


def test_only_the_verifier_changes_a_supplier_s_standing():
    assert "change_supplierstanding" in rights("verifier")
    for duty in ("mediator", "finance", "administrator", "auditor"):
        assert "change_supplierstanding" not in rights(duty)


def test_the_auditor_changes_nothing():
    assert all(codename.startswith("view_") for codename in rights("auditor"))


def test_an_administrator_cannot_make_anybody_staff(client, buyer, mediator):
    mediator.groups.set([Group.objects.get(name="administrator")])
    client.force_login(mediator)
    address = reverse("admin:accounts_user_change", args=[buyer.pk])
    given = {"email": buyer.email, "name": "B", "language": "en", "company_role": "signer",
             "is_active": "on", "is_staff": "on", "is_superuser": "on",
             "company": buyer.company_id, "time_zone": ""}  # fmt: skip
    assert client.post(address, given).status_code == 302
    buyer.refresh_from_db()
    assert (buyer.name, buyer.is_staff, buyer.is_superuser) == ("B", False, False)


def test_what_is_reserved_cannot_be_typed_in(client, supplier, mediator):
    mediator.groups.set([Group.objects.get(name="verifier")])
    client.force_login(mediator)
    standing = supplier.company.standing
    address = reverse("admin:accounts_supplierstanding_change", args=[standing.pk])
    given = {"company": supplier.company_id, "gold": "on", "gold_since": "", "currency": "USD",
             "limit_minor": "1000000", "reserve_percent": "5", "reserved_minor": "99"}  # fmt: skip
    assert client.post(address, given).status_code == 302
    standing.refresh_from_db()
    assert (standing.limit_minor, standing.reserved_minor) == (1_000_000, 0)


@pytest.mark.parametrize("model", ["user", "company", "supplierstanding", "coveragereservation"])
def test_the_auditor_reads_every_list(client, mediator, supplier, model):
    mediator.groups.set([Group.objects.get(name="auditor")])
    client.force_login(mediator)
    assert client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
