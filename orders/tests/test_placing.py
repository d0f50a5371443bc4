"""Step one of the five: an order is filled in, checked and sent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, SupplierStanding
from core import clock as business
from orders.models import Order
from orders.operations import QUALITY_BASIS
from orders.tests.reading import do, see, words
from tests.cast import today, usd

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(clock):
    return {
        "ship_by": (business.now() + timedelta(days=60)).date().isoformat(),
        "quantity": "3000",
        "incoterm": "FOB",
        "named_place": "Ningbo",
        "transport_mode": "sea",
        "deposit_percent": "30",
        "inspection_required": "yes",
    }


def fill_in(client, user, product, answers):
    client.force_login(user)
    return client.post(f"{reverse('order_new')}?product={product.slug}", answers)


def test_the_form_asks_seven_things_and_one_box_and_the_shipping_date_first(client, buyer, product):
    client.force_login(buyer)
    form = client.get(f"{reverse('order_new')}?product={product.slug}").context["form"]
    assert list(form.fields) == [
        "ship_by",
        "quantity",
        "incoterm",
        "named_place",
        "transport_mode",
        "deposit_percent",
        "inspection_required",
        "partial_shipments",
    ]
    assert form["deposit_percent"].value() == 30
    assert form["quantity"].value() == 500


def test_without_a_product_there_is_one_thing_to_do(client, buyer):
    client.force_login(buyer)
    said = words(client.get(reverse("order_new")))
    assert "Choose the goods first" in said


def test_the_answers_become_a_draft_with_its_totals(client, buyer, product, answers):
    response = fill_in(client, buyer, product, answers)
    order = Order.objects.get()
    assert response.url == reverse("order_check", args=[order.code])
    assert (order.state, order.total, order.buyer) == ("draft", usd("18600.00"), buyer.company)
    said = words(client.get(response.url))
    assert "Deposit, 30% US$5,580.00" in said
    assert "Balance, before shipment US$13,020.00" in said
    assert "Total US$18,600.00" in said
    assert "3,000 pcs × US$6.20" in said


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("ship_by", "", "Enter the day by which the goods must leave."),
        ("ship_by", "2020-01-01", "Enter a ship-by day after today."),
        ("quantity", "499", "The supplier makes 500 pcs or more. Enter at least that."),
        ("quantity", "many", "Enter the quantity as a whole number, like 3000."),
        ("named_place", "", "Enter the named place: it is part of the trade term."),
        (
            "transport_mode",
            "air",
            "FOB is for transport by sea. Choose sea, or FCA, CPT or CIP.",
        ),
    ],
)
def test_a_wrong_answer_is_named_twice_and_everything_typed_stays(
    client, buyer, product, answers, field, value, message
):
    response = fill_in(client, buyer, product, {**answers, field: value})
    assert response.status_code == 422
    assert words(response).count(message) == 2
    assert "There is a problem" in words(response)
    assert 'name="deposit_percent" value="30"' in response.content.decode()
    assert not Order.objects.exists()


def test_today_is_too_early_to_ship_by(client, buyer, product, answers):
    response = fill_in(client, buyer, product, {**answers, "ship_by": today().isoformat()})
    assert response.status_code == 422


def test_a_supplier_without_a_buying_account_starts_no_order(client, supplier, product, answers):
    response = fill_in(client, supplier, product, answers)
    assert response.status_code == 422
    assert "Only a buyer's account can start an order." in words(response)
    assert not Order.objects.exists()


def test_an_order_is_not_sent_without_the_quality_basis(client, buyer, draft_order):
    response = do(client, buyer, draft_order, "order_check")
    assert response.status_code == 422
    message = "Tick that the order is checked against the contract before you send it."
    assert words(response).count(message) == 2
    draft_order.refresh_from_db()
    assert (draft_order.state, draft_order.quality_basis_text) == ("draft", "")


def test_the_ticked_sentence_is_kept_with_the_order(client, buyer, draft_order):
    assert QUALITY_BASIS in words(see(client, buyer, draft_order, "order_check"))
    do(client, buyer, draft_order, "order_check", quality_basis="on")
    draft_order.refresh_from_db()
    assert (draft_order.state, draft_order.quality_basis_text) == ("placed", QUALITY_BASIS)


def test_a_draft_can_be_changed_until_it_is_sent(client, buyer, draft_order, answers):
    assert see(client, buyer, draft_order, "order_edit").context["form"]["quantity"].value() == 3000
    do(client, buyer, draft_order, "order_edit", **{**answers, "quantity": "1000"})
    draft_order.refresh_from_db()
    assert draft_order.total == usd("6200.00")
    do(client, buyer, draft_order, "order_check", quality_basis="on")
    assert see(client, buyer, draft_order, "order_edit").status_code == 404


def test_a_draft_is_deleted_after_a_question_and_without_a_reason(client, buyer, draft_order):
    assert "Delete the draft" in words(see(client, buyer, draft_order, "order_withdraw"))
    do(client, buyer, draft_order, "order_withdraw")
    draft_order.refresh_from_db()
    assert draft_order.state == "cancelled"


def test_a_supplier_that_does_not_take_part_is_called_unprotected(
    client, buyer, supplier, draft_order, product
):
    SupplierStanding.objects.update(gold=False)
    client.force_login(buyer)
    said = words(client.get(f"{reverse('order_new')}?product={product.slug}"))
    assert "Orders with this supplier are not protected." in said
    response = do(client, buyer, draft_order, "order_check", quality_basis="on")
    assert response.status_code == 422
    assert "does not take part in Trade Assurance: its orders are not protected." in words(response)
    draft_order.refresh_from_db()
    assert draft_order.state == "draft"


def test_what_the_limit_does_not_cover_is_named_to_the_cent(client, buyer, draft_order):
    SupplierStanding.objects.update(limit_minor=5_000_00)
    said = words(see(client, buyer, draft_order, "order_check"))
    assert "US$580.00 of the initial payment of US$5,580.00 would not be covered." in said


def test_goods_that_were_withdrawn_cannot_be_ordered(client, buyer, product):
    product.withdrawn = True
    product.save()
    client.force_login(buyer)
    assert client.get(f"{reverse('order_new')}?product={product.slug}").status_code == 404


def test_another_buyer_cannot_check_or_change_a_draft(client, stranger, draft_order):
    assert Company.objects.filter(slug="mallory").exists()
    for page in ("order_check", "order_edit", "order_withdraw"):
        assert see(client, stranger, draft_order, page).status_code == 404
        assert do(client, stranger, draft_order, page).status_code == 404
