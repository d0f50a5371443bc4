"""The list of orders: tabs, filters, pages; and that it agrees with each order's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock as business
from orders.facts import facts_of, with_facts
from orders.lists import PAGE, clocks_of, orders_of, waiting_for
from orders.models import Order
from orders.operations import start_order
from orders.tests.reading import order_of, words
from orders.turns import turn
from payments.lateness import choose_when_late

pytestmark = pytest.mark.django_db
STATES = [
    "draft_order",
    "placed_order",
    "contract",
    "proposed_contract",
    "signed_order",
    "funded_order",
    "fully_funded_order",
    "inspection",
    "differing_order",
    "passed_order",
    "shippable_order",
    "shipped_order",
    "delivered_order",
    "late_order",
    "disputed_order",
    "failed_order",
]


def page_says(order, user):
    """Whether the order's own page says that it is this person's turn."""
    found = with_facts(Order.objects.filter(pk=order.pk)).get()
    facts = facts_of(found, user, clocks_of([found.code])[found.code])
    shown = turn(facts)
    return bool(shown and shown.is_yours)


def list_says(order, user):
    return waiting_for(orders_of(user), user.company).filter(pk=order.pk).exists()


@pytest.mark.parametrize("state", STATES)
def test_the_list_and_the_page_agree_on_whose_turn_it_is(
    request, buyer, supplier, inspector, state
):
    order = order_of(request.getfixturevalue(state))
    for user in (buyer, supplier, inspector):
        if orders_of(user).filter(pk=order.pk).exists():
            assert list_says(order, user) == page_says(order, user), user


@pytest.mark.parametrize("choice", ["refund", "wait"])
def test_they_agree_after_the_buyer_of_a_late_order_chose(buyer, supplier, late_order, choice):
    choose_when_late(late_order, by=buyer, choice=choice)
    for user in (buyer, supplier):
        assert list_says(late_order, user) == page_says(late_order, user)


def order_many(buyer, supplier, product, count):
    return [
        start_order(
            by=buyer,
            supplier=supplier.company,
            goods=[
                {
                    "product": product,
                    "description": f"Romper {n}",
                    "quantity": 500,
                    "unit": "pcs",
                    "price": product.price,
                }
            ],
            terms={
                "incoterm": "FOB",
                "named_place": "Ningbo",
                "ship_by": business.now().date() + timedelta(days=60),
            },
        )
        for n in range(count)
    ]


def test_pages_follow_each_other_by_key_and_repeat_nothing(client, clock, buyer, supplier, product):
    made = order_many(buyer, supplier, product, PAGE + 3)
    client.force_login(buyer)
    first = client.get(reverse("orders"), {"tab": "all", "q": "Romper"})
    shown = [row.facts.order.pk for row in first.context["rows"]]
    second = client.get(reverse("orders") + first.context["earlier"])
    rest = [row.facts.order.pk for row in second.context["rows"]]
    assert shown + rest == [order.pk for order in reversed(made)]
    assert second.context["earlier"] == ""
    assert "q=Romper" in second.context["newest"]


def test_the_list_needs_the_same_few_queries_at_any_length(
    client, clock, buyer, supplier, product, funded_order, django_assert_max_num_queries
):
    client.force_login(buyer)
    client.get(reverse("orders"))
    with django_assert_max_num_queries(8):
        client.get(reverse("orders"), {"tab": "all"})
    order_many(buyer, supplier, product, PAGE)
    with django_assert_max_num_queries(8):
        client.get(reverse("orders"), {"tab": "all"})


def test_a_row_says_status_deadline_and_what_is_held(client, supplier, funded_order):
    client.force_login(supplier)
    said = words(client.get(reverse("orders")))
    assert "Needs you 1" in said
    assert "Money secured: make the goods" in said
    assert "US$5,580.00 of US$18,600.00" in said
    assert "Supplier ships" in said


def test_disputed_money_still_counts_as_held(client, buyer, disputed_order):
    client.force_login(buyer)
    said = words(client.get(reverse("orders"), {"tab": "active"}))
    assert "US$5,580.00 of US$18,600.00" in said


def test_a_code_leads_straight_to_its_order(client, buyer, stranger, funded_order):
    client.force_login(buyer)
    response = client.get(reverse("orders"), {"q": funded_order.code.lower()})
    assert response.url == reverse("order", args=[funded_order.code])
    client.force_login(stranger)
    response = client.get(reverse("orders"), {"q": funded_order.code})
    assert response.status_code == 200
    assert funded_order.title not in words(response)


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("needs-you", "Nothing needs you"),
        ("active", "No orders yet"),
        ("done", "No order has ended yet"),
        ("all", "No orders yet"),
    ],
)
def test_an_empty_tab_explains_itself(client, buyer, tab, title):
    client.force_login(buyer)
    assert title in words(client.get(reverse("orders"), {"tab": tab}))


def test_filters_that_cannot_be_read_are_named_and_left_out(client, buyer, funded_order):
    client.force_login(buyer)
    response = client.get(
        reverse("orders"), {"tab": "all", "since": "yesterday", "before": "x", "status": "odd"}
    )
    assert response.status_code == 200
    assert funded_order.code in words(response)


def test_staff_read_orders_in_the_back_office_and_change_nothing(client, mediator, funded_order):
    client.force_login(mediator)
    listed = client.get(reverse("admin:orders_order_changelist"))
    assert f"{funded_order.code} Kidzone Retail Ningbo Little Pine Garment" in words(listed)
    assert "US$18,600.00" in words(listed)
    page = client.get(reverse("admin:orders_order_change", args=[funded_order.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.get(reverse("admin:orders_order_add")).status_code == 403
