"""The directory, the storefront and the track record."""

from datetime import date, timedelta

import pytest

from accounts.models import Company, SupplierStanding
from accounts.operations import strike
from catalog.reputation import (
    BuyerReputation,
    about_supplier,
    buyer_reputation,
    strikes_of,
    supplier_reputation,
)
from catalog.track_record import TrackRecord, track_records
from core import clock as business
from orders.models import Order

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def plain_seller(db):
    return Company.objects.create(
        slug="quicktrade",
        name="Yiwu Quicktrade",
        legal_name="Yiwu Quicktrade",
        country="CN",
        city="Yiwu",
        province="Zhejiang",
        sells=True,
    )


def shipped_orders(buyer, supplier, *, on_time, late, funded_days_ago=30):
    """Orders whose deposit was held and that shipped, so many in time and so many not."""
    now = business.now()
    Order.objects.bulk_create(
        Order(
            code=f"TA-{funded_days_ago}-{n}",
            buyer=buyer.company,
            supplier=supplier.company,
            placed_by=buyer,
            title="Rompers",
            incoterm="FOB",
            named_place="Ningbo",
            funded_at=now - timedelta(days=funded_days_ago),
            shipped_at=now,
            ship_deadline=now + timedelta(days=1 if n < on_time else -1),
        )
        for n in range(on_time + late)
    )


def test_the_directory_shows_gold_suppliers_and_the_others_only_when_asked(
    client, supplier, plain_seller
):
    assert [c.slug for c in client.get("/suppliers/").context["page"]] == ["little-pine"]
    page = client.get("/suppliers/?show=all")
    assert [c.slug for c in page.context["page"]] == ["little-pine", "quicktrade"]
    assert "Orders with this supplier are not protected." in text_of(page)


def test_buyers_and_inspectors_are_not_in_the_directory(client, buyer, inspector):
    assert list(client.get("/suppliers/?show=all").context["page"]) == []


@pytest.mark.parametrize("query", ["q=小松", "q=pine", "province=zhejiang", "category="])
def test_the_directory_is_searched_in_both_scripts(client, product, query):
    Company.objects.filter(slug="little-pine").update(province="Zhejiang")
    found = client.get(f"/suppliers/?{query}").context["page"]
    assert [company.slug for company in found] == ["little-pine"]


def test_the_directory_names_what_it_cannot_use(client, supplier):
    page = client.get("/suppliers/?show=best&page=9&category=x")
    assert page.status_code == 200
    assert "“best” cannot be used for “Which suppliers”, so it was left out." in text_of(page)
    assert "There is no page “9”. This is page 1." in text_of(page)


def test_the_directory_asks_as_many_queries_for_24_suppliers_as_for_one(
    client, supplier, django_assert_num_queries
):
    with django_assert_num_queries(4):
        client.get("/suppliers/")
    for n in range(30):
        company = Company.objects.create(
            slug=f"c{n}", name=f"C{n}", legal_name="C", country="CN", city="X", sells=True
        )
        SupplierStanding.objects.create(company=company, gold=True, limit_minor=1)
    with django_assert_num_queries(4):
        client.get("/suppliers/")


def test_a_gold_storefront_says_why_and_how_much_is_covered(client, supplier):
    SupplierStanding.objects.update(reserved_minor=12_000_00, gold_since=date(2024, 3, 1))
    Company.objects.filter(pk=supplier.company_id).update(tax_number="91330200X", founded=2016)
    page = text_of(client.get("/s/little-pine/"))
    assert "Trade Assurance is available." in page
    assert "US$12,000.00 of US$30,000.00 is in use, US$18,000.00 is free." in page
    assert "Our staff admitted it as a Gold supplier in 2024." in page
    assert "Its legal name is on file: Ningbo Little Pine Garment Co., Ltd." in page
    assert "The company was founded in 2016." in page
    assert "91330200X" not in page


def test_a_storefront_that_is_not_gold_says_so_plainly(client, plain_seller):
    page = text_of(client.get("/s/quicktrade/"))
    assert (
        "Trade Assurance is not available.</strong> Orders with this supplier are not protected. "
        "You cannot pay through us." in page
    )
    assert "Why it is Gold" not in page
    assert "This supplier has not put any goods here." in page


def test_only_suppliers_have_a_storefront(client, buyer):
    assert client.get("/s/kidzone/").status_code == 404
    assert client.get("/s/nobody/").status_code == 404


def test_rates_are_shown_from_ten_orders_on(client, buyer, supplier):
    shipped_orders(buyer, supplier, on_time=8, late=1)
    assert "Too few orders to rate (9)" in text_of(client.get("/s/little-pine/"))
    shipped_orders(buyer, supplier, on_time=31, late=1, funded_days_ago=40)
    page = text_of(client.get("/s/little-pine/"))
    assert "95.1% on time of 41 orders" in page
    assert "0% disputed of 41 orders" in page
    assert "No strike in twelve months" in page
    assert "41 protected orders in twelve months" in page


def test_orders_older_than_twelve_months_do_not_count(buyer, supplier):
    shipped_orders(buyer, supplier, on_time=12, late=0, funded_days_ago=366)
    assert track_records([supplier.company_id]) == {supplier.company_id: TrackRecord()}


def test_an_order_flagged_late_counts_as_due_and_not_as_on_time(buyer, supplier):
    shipped_orders(buyer, supplier, on_time=1, late=0)
    Order.objects.update(shipped_at=None, late_since=business.now())
    assert track_records([supplier.company_id])[supplier.company_id] == TrackRecord(
        protected=1, due=1, on_time=0, disputed=0
    )


def test_a_late_refund_is_a_strike_counted_once_and_answers_are_averaged(
    funded_order, supplier, client, clock, run_clock
):
    clock.move_to(funded_order.ship_deadline + timedelta(days=8))
    run_clock()
    run_clock()
    found = supplier_reputation(supplier.company_id)
    assert (found.strikes, found.answers) == (1, 1)
    page = text_of(client.get("/s/little-pine/"))
    assert "1 strike in twelve months: Refunded because it was not shipped in time (1)" in page
    assert "0 disputed of 1 orders" in page
    assert "hours on average, of 1" in page


def test_a_buyer_is_shown_with_its_claims_and_the_number_of_cases(funded_order, buyer):
    assert buyer_reputation(buyer.company_id) == BuyerReputation(orders=1, ended=0, unfounded=0)
    funded_order.disputes.create(
        filed_by=buyer, currency="USD", claimed_minor=100, refund_minor=0, release_minor=100,
        fault="buyer", reason="late", state="enforced",
    )  # fmt: skip
    found = buyer_reputation(buyer.company_id)
    assert found.summary == "1 of 1 claims without cause, of 1 paid orders"


def test_strikes_are_named_by_cause_and_old_ones_and_reports_do_not_count(buyer, clock):
    for cause, code in (("unfounded", "A"), ("unfounded", "B"), ("at_fault", "C")):
        strike(buyer.company_id, cause, order_ref=code)
    strike(buyer.company_id, "off_platform", order_ref="D")
    assert strikes_of(buyer.company_id).standing == (
        "3 strikes in twelve months: Claimed without cause (2), Found at fault in a ruling (1)"
    )
    clock.forward(days=366)
    assert strikes_of(buyer.company_id).standing == "No strike in twelve months"


def test_how_fast_claims_are_answered_is_an_average_of_so_many(
    funded_order, buyer, supplier, clock
):
    claim = {"filed_by": buyer, "currency": "USD", "claimed_minor": 100, "reason": "late"}
    began = business.now()
    for hours, state in ((10, "settled"), (15, "open")):
        funded_order.disputes.create(
            **claim, state=state, filed_at=began, answered_at=began + timedelta(hours=hours)
        )
    found = supplier_reputation(supplier.company_id)
    assert found.answering_claims == "Answers a claim in 12.5 hours on average, of 2"
    assert about_supplier(supplier.company_id)[-1] == found.answering_claims


def test_each_side_reads_about_the_other_before_it_decides(
    client, placed_order, buyer, supplier, stranger
):
    address = placed_order.get_absolute_url()
    client.force_login(supplier)
    page = text_of(client.get(address))
    assert "Buyer record" in page
    assert "No claim decided, of 0 paid orders" in page
    client.force_login(buyer)
    page = text_of(client.get(address))
    assert "Supplier record" in page
    assert "Too few orders to rate (0)" in page
