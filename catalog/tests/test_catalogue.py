"""The catalogue and the product page: found, filtered, and plain about protection."""

import pytest
from django.db import connection

from accounts.models import Company, SupplierStanding
from catalog.models import Category, Product

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def names(response):
    return [product.name for product in response.context["page"]]


@pytest.fixture
def lamps(db):
    """A product of a supplier that is not Gold."""
    seller = Company.objects.create(
        slug="quicktrade",
        name="Yiwu Quicktrade",
        legal_name="Yiwu Quicktrade",
        country="CN",
        city="Yiwu",
        sells=True,
    )
    SupplierStanding.objects.create(company=seller)
    category = Category.objects.create(slug="lamps", name="Lamps")
    return Product.objects.create(
        supplier=seller,
        category=category,
        slug="led-desk-lamp",
        name="LED desk lamp",
        summary="Dimmable, with a colour rendering index of 90.",
        price_minor=9_50,
        least_quantity=100,
        lead_days=20,
        hs_code="940521",
    )


def many(product, count):
    Product.objects.bulk_create(
        Product(
            supplier=product.supplier,
            category=product.category,
            slug=f"shirt-{n}",
            name=f"Shirt {n:02d}",
            price_minor=1_00 + n,
        )
        for n in range(count)
    )


def test_the_catalogue_shows_both_products_and_says_which_one_is_not_protected(
    client, product, lamps
):
    page = client.get("/products/")
    assert names(page) == ["LED desk lamp", "Organic cotton romper"]
    assert text_of(page).count("Not Gold: not protected") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rompers", ["Organic cotton romper"]),
        ("q=omp", ["Organic cotton romper"]),
        ("q=dimmable", ["LED desk lamp"]),
        ("q=quicktrade", ["LED desk lamp"]),
        ("q=940521", ["LED desk lamp"]),
        ("q=porcelain", []),
        ("category=lamps", ["LED desk lamp"]),
        ("gold=on", ["Organic cotton romper"]),
        ("min_price=6.21", ["LED desk lamp"]),
        ("max_price=6.20", ["Organic cotton romper"]),
        ("moq=100", ["LED desk lamp"]),
        ("ships_within=20", ["LED desk lamp"]),
        ("coverage_min=30000", ["Organic cotton romper"]),
        ("coverage_min=30001", []),
        ("sort=-price", ["LED desk lamp", "Organic cotton romper"]),
        ("sort=price", ["Organic cotton romper", "LED desk lamp"]),
        ("q=lamp&category=lamps&gold=on", []),
    ],
)
def test_a_filter_in_the_address_narrows_the_catalogue(client, product, lamps, query, found):
    assert names(client.get(f"/products/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("min_price=abc", "“abc” cannot be used for “Price from (US$)”, so it was left out."),
        ("max_price=NaN", "“NaN” cannot be used for “Price up to (US$)”, so it was left out."),
        ("moq=99999999999999", "“99999999999999” cannot be used for “Least quantity up to”"),
        ("category=nothing", "“nothing” cannot be used for “Category”, so it was left out."),
        ("sort=sideways", "“sideways” cannot be used for “Sort by”, so it was left out."),
        ("page=7", "There is no page “7”. This is page 1."),
        ("page=last", "There is no page “last”. This is page 1."),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_left_out(client, product, query, note):
    page = client.get(f"/products/?{query}")
    assert page.status_code == 200
    assert names(page) == ["Organic cotton romper"]
    assert note in text_of(page)


def test_a_null_character_in_the_search_breaks_nothing(client, product):
    page = client.get("/products/?q=%00&category=%00&page=%00")
    assert page.status_code == 200
    assert names(page) == ["Organic cotton romper"]


def test_an_empty_result_offers_to_take_each_filter_away(client, product):
    page = client.get("/products/?q=romper&moq=1")
    assert "No product matches all of these" in text_of(page)
    assert 'href="?q=romper"' in text_of(page)
    assert 'href="?moq=1"' in text_of(page)


def test_an_empty_catalogue_says_so(client):
    assert "Suppliers have not put any goods here yet." in text_of(client.get("/products/"))


def test_there_are_24_products_on_a_page_and_the_filters_stay_on_the_next(client, product):
    many(product, 30)
    page = client.get("/products/?q=shirt")
    assert len(names(page)) == 24
    assert 'href="?q=shirt&amp;page=2"' in text_of(page)
    assert len(names(client.get("/products/?q=shirt&page=2"))) == 6


def test_the_catalogue_asks_as_many_queries_for_24_products_as_for_one(
    client, product, django_assert_num_queries
):
    with django_assert_num_queries(4):
        client.get("/products/")
    many(product, 30)
    with django_assert_num_queries(4):
        client.get("/products/")


def test_the_search_uses_its_indexes(product):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM catalog_product WHERE "
            "to_tsvector('english'::regconfig, COALESCE(name, '') || ' ' || COALESCE(summary, ''))"
            " @@ websearch_to_tsquery('english'::regconfig, 'romper')"
        )
        assert "product_text" in str(cursor.fetchall())


def test_a_product_shows_its_price_for_a_quantity_and_what_is_covered(client, product):
    page = text_of(client.get("/products/organic-cotton-romper/?quantity=3000"))
    assert "US$18,600.00" in page
    assert "The initial payment of US$5,580.00 is covered in full." in page
    assert "/orders/new/?product=organic-cotton-romper&amp;quantity=3000" in page


def test_a_product_says_what_is_not_covered_when_the_limit_is_too_small(client, product):
    page = text_of(client.get("/products/organic-cotton-romper/?quantity=20000"))
    assert (
        "US$30,000.00 of the initial payment is covered. "
        "US$7,200.00 is not assured after release." in page
    )


def test_a_product_of_an_unprotected_supplier_starts_no_order(client, lamps):
    page = text_of(client.get("/products/led-desk-lamp/"))
    assert "Orders with this supplier are not protected. You cannot pay through us" in page
    assert "/orders/new/?product=" not in page


def test_a_gold_supplier_without_a_limit_is_not_protected(client, product):
    SupplierStanding.objects.update(limit_minor=0)
    page = text_of(client.get("/products/organic-cotton-romper/"))
    assert "Not protected." in page
    assert "/orders/new/?product=" not in page


@pytest.mark.parametrize(
    ("quantity", "note"),
    [
        ("many", "“many” is not a quantity. This is the price for the least quantity."),
        ("-5", "“-5” is not a quantity."),
        ("٣", "“٣” is not a quantity."),
        ("9" * 4301, "is not a quantity."),
        ("499", "The least quantity is 500 pcs. This is the price for it."),
    ],
)
def test_a_quantity_that_cannot_be_used_is_named(client, product, quantity, note):
    page = client.get("/products/organic-cotton-romper/", {"quantity": quantity})
    assert page.context["offer"].quantity == 500
    assert note in text_of(page)


def test_the_sheet_shows_how_clear_each_line_is(client, product):
    product.specification = [
        {
            "characteristic": "Fabric weight",
            "kind": "number",
            "requirement": "200",
            "unit": "g/m²",
            "tolerance_plus": "5 %",
            "tolerance_minus": "5 %",
            "how_checked": "ISO 3801",
        },
        {"characteristic": "Quality", "requirement": "good quality", "unknown": "x"},
        "not a line",
    ]
    product.save()
    page = client.get("/products/organic-cotton-romper/")
    scores = [line.score for line in page.context["sheet"]]
    assert len(scores) == 2
    assert scores[0] >= 90
    assert scores[1] < 60
    assert "200 g/m² ± 5 %" in text_of(page)


def test_a_product_without_a_sheet_says_that_it_is_written_together(client, product):
    assert (
        "This supplier has not written a measurable sheet yet. You can still order; "
        "you will write it together." in text_of(client.get("/products/organic-cotton-romper/"))
    )


def test_a_withdrawn_product_is_gone_and_similar_ones_are_shown(client, product):
    many(product, 1)
    Product.objects.filter(pk=product.pk).update(withdrawn=True)
    page = client.get("/products/organic-cotton-romper/")
    assert page.status_code == 410
    assert "Shirt 00" in text_of(page)
    assert names(client.get("/products/")) == ["Shirt 00"]


def test_an_unknown_product_is_not_found(client, db):
    assert client.get("/products/nothing/").status_code == 404


def test_the_pages_only_show_and_never_take_a_post(client, product):
    for address in ("/products/", "/products/organic-cotton-romper/", "/suppliers/"):
        assert client.post(address).status_code == 405
