"""A small market for the money properties: two buyers, two suppliers, four signed orders."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from accounts.models import Company, SupplierStanding
from catalog.models import Product
from contracts import drafting
from contracts.operations import accept_order, propose
from core import clock
from core.money import Money
from orders.models import Order
from orders.operations import place, start_order
from payments.models import PaymentMethod
from payments.tests.leaving import checked_account
from tests.cast import person
from tests.trades import goods, sign_as, write_the_brief

PRICE = Money(6_20)
# buyer, supplier, pieces, deposit in per cent, who pays the fee: 18,600, 3,100, 4,960, 3,844.
TRADES = [
    (0, 0, 3000, 30, "supplier"),
    (1, 0, 500, 30, "buyer"),
    (0, 1, 800, 100, "split"),
    (1, 1, 620, 50, "supplier"),
]
ACCOUNTS = ["50200012345", "50200067890"]  # of the buyers, as their banks write them
NUMBERS = ["6222020012345678", "6222020087654321"]  # of the suppliers


@dataclass
class Market:
    """Everybody, the designated account, the orders by their keys, and the clock of the test."""

    buyers: list
    suppliers: list
    staff: tuple  # two of the finance office
    mediators: tuple
    account: object
    clock: object
    settings: object
    client: object
    orders: list[int] = field(default_factory=list)

    def order(self, n):
        return Order.objects.get(pk=self.orders[n])

    def buyer_of(self, order):
        return next(user for user in self.buyers if user.company_id == order.buyer_id)

    def supplier_of(self, order):
        return next(user for user in self.suppliers if user.company_id == order.supplier_id)


def open_market(**everything):
    """Make the market: companies, checked accounts, and four orders that both sides signed."""
    market = Market(**everything)
    market.buyers.append(_company("Toyland", "ravi", country="IN", buys=True))
    market.suppliers.append(_company("Suzhou Silk", "mei", country="CN", sells=True))
    for supplier in market.suppliers:
        SupplierStanding.objects.update_or_create(
            company=supplier.company, defaults={"gold": True, "limit_minor": 30_000_00}
        )
    SupplierStanding.objects.filter(company=market.suppliers[0].company).update(
        reserve_percent=Decimal(10)
    )
    PaymentMethod.objects.exclude(kind="transfer").update(provider="http_sim")
    everybody = zip([*market.buyers, *market.suppliers], [*ACCOUNTS, *NUMBERS], strict=True)
    for user, number in everybody:
        checked_account(user, *market.staff, number=number)
    market.orders += [_signed(market, *trade) for trade in TRADES]
    return market


def _company(name, email, **fields):
    company = Company.objects.create(
        slug=email, name=name, legal_name=f"{name} Co., Ltd.", city="Town", **fields
    )
    return person(f"{email}@example.com", email.capitalize(), company)


def _signed(market, buyer, supplier, pieces, deposit, fee_side):
    buyer, supplier = market.buyers[buyer], market.suppliers[supplier]
    category = Product.objects.first().category
    product, _new = Product.objects.get_or_create(
        supplier=supplier.company,
        category=category,
        slug=f"romper-{supplier.company_id}",
        defaults={"name": "Romper", "price_minor": PRICE.minor, "least_quantity": 1,
                  "hs_code": "611120"},
    )  # fmt: skip
    terms = {
        "incoterm": "FOB", "named_place": "Ningbo", "deposit_percent": deposit,
        "ship_by": clock.now().date() + timedelta(days=50), "inspection_required": False,
        "fee_side": fee_side,
    }  # fmt: skip
    order = start_order(
        by=buyer, supplier=supplier.company, goods=goods(product, pieces, PRICE), terms=terms
    )
    place(order, by=buyer, quality_basis=True)
    contract = accept_order(order, by=supplier)
    write_the_brief(contract, buyer)
    propose(contract, by=buyer, acknowledged=[gap.code for gap in drafting.gaps_of(contract)])
    sign_as(contract, supplier)
    sign_as(contract, buyer)
    return order.pk
