"""The shop window: products, suppliers, and how far each of them is covered."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Company
from catalog.filters import LARGEST, ProductFilters, SupplierFilters, page_of
from catalog.models import Product
from catalog.offers import Offer, standing_of
from catalog.reputation import about_supplier
from catalog.sheet import sheet
from catalog.track_record import TrackRecord, track_records

SIMILAR = 4


@require_safe
def catalogue(request):
    """Every product on offer, narrowed by the filters in the address."""
    filters = ProductFilters(request.GET)
    page, notes = page_of(filters.products(), request.GET)
    _tell(page)
    context = {"filters": filters, "page": page, "notes": filters.notes + notes}
    return render(request, "catalog/catalogue.html", context)


@require_safe
def product(request, slug):
    """One product: its sheet, its price for a quantity, and what is covered of it."""
    rows = Product.objects.select_related("supplier__standing", "category")
    found = get_object_or_404(rows, slug=slug)
    similar = _tell(_similar(found))
    if found.withdrawn:
        context = {"product": found, "similar": similar}
        return render(request, "catalog/withdrawn.html", context, status=410)
    quantity, note = _quantity(request, found)
    context = {
        "product": found,
        "supplier": found.supplier,
        "standing": standing_of(found.supplier),
        "sheet": sheet(found),
        "offer": Offer.of(found, quantity),
        "notes": [note] if note else [],
        "record": about_supplier(found.supplier_id),
        "similar": similar,
    }
    return render(request, "catalog/product.html", context)


@require_safe
def suppliers(request):
    """The directory: Gold suppliers first of all, the others only when asked for."""
    filters = SupplierFilters(request.GET)
    page, notes = page_of(filters.companies(), request.GET)
    records = track_records(company.pk for company in page)
    for company in page:
        company.record = records.get(company.pk, TrackRecord())
        company.now = standing_of(company)
    context = {"filters": filters, "page": page, "notes": filters.notes + notes}
    return render(request, "catalog/suppliers.html", context)


@require_safe
def storefront(request, slug):
    """One supplier: whether its orders are protected, why, and up to how much."""
    sellers = Company.objects.filter(sells=True).select_related("standing")
    company = get_object_or_404(sellers, slug=slug)
    goods = Product.objects.filter(supplier=company, withdrawn=False)
    page, notes = page_of(goods.select_related("supplier__standing", "category"), request.GET)
    _tell(page)
    context = {
        "company": company,
        "standing": standing_of(company),
        "reasons": _reasons(company),
        "record": about_supplier(company.pk),
        "page": page,
        "notes": notes,
    }
    return render(request, "catalog/storefront.html", context)


def _tell(products):
    """Put beside each product where its supplier stands and how its orders went."""
    products = list(products)
    records = track_records(product.supplier_id for product in products)
    for product in products:
        product.standing = standing_of(product.supplier)
        product.record = records.get(product.supplier_id, TrackRecord())
    return products


def _quantity(request, product):
    """The quantity that was asked for, or the least one with a note why."""
    asked = request.GET.get("quantity", "")
    if not asked:
        return product.least_quantity, ""
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:10]) <= LARGEST):
        note = _("“%(value)s” is not a quantity. This is the price for the least quantity.")
        return product.least_quantity, note % {"value": asked[:40]}
    if int(asked) < product.least_quantity:
        note = _("The least quantity is %(least)d %(unit)s. This is the price for it.")
        return product.least_quantity, note % {
            "least": product.least_quantity,
            "unit": product.unit,
        }
    return int(asked), ""


def _similar(product):
    offered = Product.objects.offered().filter(category=product.category)
    return offered.exclude(pk=product.pk).select_related("supplier__standing", "category")[:SIMILAR]


def _reasons(company) -> list[str]:
    """Why this supplier is Gold, from what is on record and nothing else (S53)."""
    standing = standing_of(company)
    if not standing.protected:
        return []
    since = company.standing.gold_since
    found = [
        _("Our staff admitted it as a Gold supplier in %(year)d.") % {"year": since.year}
        if since
        else _("Our staff admitted it as a Gold supplier."),
        _("Its legal name is on file: %(name)s.") % {"name": company.legal_name},
    ]
    if company.tax_number:
        found.append(_("Its registration number is on file."))
    if company.founded:
        found.append(_("The company was founded in %(year)d.") % {"year": company.founded})
    return found
