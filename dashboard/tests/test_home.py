"""Home: what waits for whom, where the money is, and nothing of anybody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.money import Money
from dashboard import desk, queues
from dashboard.purse import strip
from disputes.operations import file as file_dispute
from orders.operations import place, start_order
from payments.operations import pay_by_transfer
from payments.receipts import import_statement
from tests.bank import camt053
from tests.trades import goods, sign_as

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def text_of(response):
    return " ".join(response.content.decode().split())


def waits(user):
    """The codes of the orders in which it is this person's turn."""
    return [todo.about.split(" · ")[0] for todo in queues.todos(user)]


def figures(user):
    return {figure.label: figure.amounts for figure in strip(user.company)}


def one_more_order(buyer, supplier, product):
    order = start_order(
        by=buyer,
        supplier=supplier.company,
        goods=goods(product),
        terms={"incoterm": "FOB", "named_place": "Ningbo", "lead_days": 30},
    )
    place(order, by=buyer, quality_basis=True)
    return order


def test_who_is_not_signed_in_is_asked_to(client):
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
    assert waits(buyer) == [draft_order.code]
    assert waits(supplier) == []
    client.force_login(supplier)
    assert draft_order.code not in text_of(client.get("/home/"))


def test_a_request_waits_for_the_supplier_until_its_time_limit(
    client, placed_order, supplier, buyer
):
    assert waits(buyer) == []
    [todo] = queues.todos(supplier)
    assert todo.about == f"{placed_order.code} · Organic cotton romper · Kidzone Retail"
    assert todo.url == placed_order.get_absolute_url()
    client.force_login(supplier)
    page = text_of(client.get("/home/"))
    assert "<title>(1) Home" in page
    assert "1 thing needs you" in page
    assert "If you do nothing: The order closes. Nothing is charged." in page


def test_a_contract_on_the_table_waits_for_the_signatures_that_are_missing(
    proposed_contract, buyer, supplier
):
    code = proposed_contract.order.code
    assert (waits(buyer), waits(supplier)) == ([code], [code])
    sign_as(proposed_contract, supplier)
    assert (waits(buyer), waits(supplier)) == ([code], [])


def test_the_deposit_waits_for_the_buyer_with_its_exact_amount(signed_order, buyer, supplier):
    [todo] = queues.todos(buyer)
    assert todo.what == "Pay US$5,580.00"
    assert waits(supplier) == []
    assert figures(buyer)["To pay"] == [Money(18_600_00)]


def test_a_transfer_on_its_way_is_not_asked_for_again(signed_order, buyer):
    pay_by_transfer(signed_order, by=buyer)
    assert waits(buyer) == []


def test_held_money_waits_for_the_supplier_and_stands_on_both_strips(funded_order, buyer, supplier):
    assert waits(supplier) == [funded_order.code]
    assert waits(buyer) == []
    assert figures(buyer)["Held"] == figures(supplier)["Held"] == [Money(5_580_00)]
    assert figures(buyer)["To pay"] == [Money(13_020_00)]


def test_the_visit_waits_for_the_inspector_who_sees_no_money(client, inspection, inspector):
    assert waits(inspector) == [inspection.order.code]
    client.force_login(inspector)
    page = text_of(client.get("/home/"))
    assert inspection.order.code in page
    assert "US$5,580.00" not in page


def test_a_late_order_waits_for_the_choice_of_the_buyer(funded_order, buyer, clock, run_clock):
    assert waits(buyer) == []
    clock.forward(days=62)
    run_clock()
    assert waits(buyer) == [funded_order.code]


def test_a_dispute_waits_for_the_supplier_and_its_money_is_blocked(funded_order, buyer, supplier):
    file_dispute(
        funded_order,
        by=buyer,
        reason="not_shipped",
        statement="Nothing was made.",
        amount=Money(5_580_00),
    )
    assert waits(supplier) == [funded_order.code]
    assert figures(buyer)["Held"] == [Money(0)]
    assert figures(buyer)["In dispute, blocked"] == [Money(5_580_00)]


def test_a_stranger_sees_nothing_of_other_people_s_orders(client, funded_order, stranger):
    assert waits(stranger) == []
    assert queues.newest_orders(stranger) == []
    assert all(amounts == [Money(0)] for amounts in figures(stranger).values())
    client.force_login(stranger)
    assert funded_order.code not in text_of(client.get("/home/"))


def test_staff_see_the_newest_orders_and_the_way_to_the_back_office(client, placed_order, mediator):
    client.force_login(mediator)
    page = text_of(client.get("/home/"))
    assert placed_order.code in page
    assert "Nothing waits at your desk." in page
    assert 'href="/admin/"' in page


def test_a_transfer_that_matches_nothing_waits_at_the_desk_of_finance(client, finance, account):
    statement = camt053(account, [("GOODS OF MAY", Money(8_000_00), "SOMEBODY LTD")])
    import_statement(statement, by=finance, file_name="statement.xml")
    client.force_login(finance)
    page = client.get("/home/")
    assert [(tray.what, tray.count) for tray in page.context["trays"]] == [
        ("Bank lines that match nothing", 1)
    ]
    assert "Bank lines that match nothing: 1" in text_of(page)


def test_a_dispute_without_a_mediator_waits_at_their_desk(
    funded_order, buyer, mediator, finance, clock, run_clock
):
    file_dispute(
        funded_order, by=buyer, reason="not_shipped", statement="None.", amount=Money(5_580_00)
    )
    assert desk.trays(mediator) == []
    clock.forward(days=16)
    run_clock()
    assert [(tray.what, tray.count) for tray in desk.trays(mediator)] == [
        ("Disputes without a mediator", 1)
    ]
    assert desk.trays(finance) == []


def test_the_nearest_time_limit_comes_first(clock, buyer, supplier, product):
    later = one_more_order(buyer, supplier, product)
    clock.forward(days=-2)
    sooner = one_more_order(buyer, supplier, product)
    assert waits(supplier) == [sooner.code, later.code]


def test_the_newest_eight_orders_are_shown(clock, buyer, supplier, product):
    codes = [one_more_order(buyer, supplier, product).code for _n in range(9)]
    shown = [row.facts.order.code for row in queues.newest_orders(buyer)]
    assert shown == codes[:0:-1]


def test_home_asks_as_many_queries_for_ten_orders_as_for_one(
    client, clock, buyer, supplier, product
):
    one_more_order(buyer, supplier, product)
    client.force_login(supplier)
    client.get("/home/")
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        client.get("/home/")
    for _n in range(9):
        one_more_order(buyer, supplier, product)
    with CaptureQueriesContext(connection) as for_ten:
        page = client.get("/home/")
    assert len(page.context["todos"]) == 10
    assert len(for_ten) == len(for_one) <= MOST_QUERIES
