"""Home: what waits for whom, where the money is, and nothing of anybody else's."""

import pytest

from conftest import goods, open_deadlines
from core.money import Money
from dashboard import queues
from dashboard.purse import strip
from disputes.operations import file as file_dispute

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def needs(user):
    return [todo.what for todo in queues.todos(user)]


def figures(user):
    return {figure.label: figure.amounts for figure in strip(user.company)}


def test_a_stranger_to_the_site_is_asked_to_sign_in(client):
    answer = client.get("/home/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/home/")


@pytest.mark.parametrize("who", ["buyer", "supplier", "inspector", "mediator", "finance"])
def test_home_answers_for_everybody_and_its_empty_parts_explain_themselves(client, request, who):
    client.force_login(request.getfixturevalue(who))
    page = text_of(client.get("/home/"))
    assert "Nothing needs you" in page
    assert "No orders yet." in page


def test_a_person_without_a_company_is_told_what_to_do(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("new@example.com", name="New"))
    assert "You act for no company yet" in text_of(client.get("/home/"))


def test_a_draft_waits_for_the_buyer_and_the_supplier_does_not_see_it(
    client, draft_order, buyer, supplier
):
    assert needs(buyer) == ["Finish your draft and send it to the supplier"]
    assert needs(supplier) == []
    client.force_login(supplier)
    assert draft_order.code not in text_of(client.get("/home/"))


def test_a_request_waits_for_the_supplier_until_its_time_limit(client, placed_order, supplier):
    [todo] = queues.todos(supplier)
    assert todo.what == "Answer the order request"
    assert str(todo.silence) == "The order closes. Nothing is charged."
    client.force_login(supplier)
    page = text_of(client.get("/home/"))
    assert "<title>(1) Home" in page
    assert "If you do nothing: The order closes. Nothing is charged." in page
    assert placed_order.get_absolute_url() in page


def test_a_contract_on_the_table_waits_for_both_signatures(proposed_contract, buyer, supplier):
    assert needs(buyer) == ["Read and sign the contract"]
    assert needs(supplier) == ["Read and sign the contract"]


def test_who_has_signed_is_not_asked_again(proposed_contract, buyer, supplier):
    from conftest import sign_as

    sign_as(proposed_contract, supplier)
    assert needs(supplier) == []
    assert needs(buyer) == ["Read and sign the contract"]


def test_the_deposit_waits_for_the_buyer_with_its_exact_amount(signed_order, buyer, supplier):
    assert needs(buyer) == ["Pay US$5,580.00 into the designated account"]
    assert needs(supplier) == []
    assert figures(buyer)["To pay"] == [Money(18_600_00)]


def test_a_transfer_on_its_way_is_not_asked_for_again(signed_order, buyer):
    from payments.operations import pay_by_transfer

    pay_by_transfer(signed_order, by=buyer)
    assert needs(buyer) == []


def test_held_money_waits_for_the_supplier_and_stands_on_both_strips(funded_order, buyer, supplier):
    assert needs(supplier) == ["The money is held: make the goods and ship them in time"]
    assert needs(buyer) == []
    assert figures(buyer)["Held"] == figures(supplier)["Held"] == [Money(5_580_00)]
    assert figures(buyer)["To pay"] == [Money(13_020_00)]


def test_the_visit_waits_for_the_inspector(client, inspection, inspector):
    assert needs(inspector) == ["Measure the goods and file the report"]
    client.force_login(inspector)
    assert inspection.order.code in text_of(client.get("/home/"))


def test_a_late_order_waits_for_the_choice_of_the_buyer(
    funded_order, buyer, supplier, clock, run_clock
):
    clock.forward(days=62)
    run_clock()
    assert "order.choose_when_late" in open_deadlines(funded_order)
    assert "The order is late: choose a refund or wait" in needs(buyer)
    assert "The ship-by date has passed: ship, or prove an earlier shipment" in needs(supplier)


def test_a_dispute_waits_for_the_supplier_and_its_money_is_blocked(funded_order, buyer, supplier):
    file_dispute(
        funded_order,
        by=buyer,
        reason="not_shipped",
        statement="Nothing was made.",
        amount=Money(5_580_00),
        lines=[],
    )
    assert "Answer the dispute" in needs(supplier)
    assert figures(buyer)["Held"] == [Money(0)]
    assert figures(buyer)["In dispute, blocked"] == [Money(5_580_00)]


def test_a_stranger_sees_nothing_of_other_people_s_orders(client, funded_order, stranger):
    assert needs(stranger) == []
    assert list(queues.recent_orders(stranger)) == []
    assert all(amounts == [Money(0)] for amounts in figures(stranger).values())
    client.force_login(stranger)
    assert funded_order.code not in text_of(client.get("/home/"))


def test_staff_see_the_newest_orders_and_the_way_to_the_back_office(client, placed_order, mediator):
    client.force_login(mediator)
    page = text_of(client.get("/home/"))
    assert placed_order.code in page
    assert "Nothing waits at your desk." in page
    assert 'href="/admin/"' in page


def test_the_nearest_time_limit_comes_first(draft_order, placed_order, supplier, buyer, product):
    from orders.operations import start_order

    start_order(
        by=buyer,
        supplier=supplier.company,
        goods=goods(product),
        terms={"incoterm": "FOB", "place": "Ningbo", "lead_days": 30},
    )
    assert needs(buyer) == ["Finish your draft and send it to the supplier"]
    assert [todo.due_at is None for todo in queues.todos(buyer)] == [True]
    assert [todo.due_at is None for todo in queues.todos(supplier)] == [False]


def test_home_asks_as_many_queries_for_ten_orders_as_for_one(
    client, placed_order, supplier, buyer, product, django_assert_num_queries
):
    from orders.operations import place, start_order

    client.force_login(supplier)
    client.get("/home/")
    with django_assert_num_queries(QUERIES):
        client.get("/home/")
    for _n in range(9):
        order = start_order(
            by=buyer,
            supplier=supplier.company,
            goods=goods(product),
            terms={"incoterm": "FOB", "place": "Ningbo", "lead_days": 30},
        )
        place(order, by=buyer, quality_basis=True)
    with django_assert_num_queries(QUERIES):
        page = client.get("/home/")
    assert len(page.context["todos"]) == 10


QUERIES = 14
