"""One trade, step by step: what a person would click, done by the operation behind the button."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count

from accounts.models import User
from catalog.models import Product
from contracts import drafting
from contracts import operations as contracts
from contracts.signing import STATEMENTS, sign
from core import clock
from core.days import PLATFORM_ZONE, platform_date
from core.money import Money
from dashboard.demo import papers, readings, wares
from dashboard.demo.bank import DemoBank
from dashboard.demo.finance import number_of
from inspections import operations as inspections
from orders import operations as orders
from orders import shipping
from orders.placing import goods_of
from payments import operations as payments
from trade_center import operations as trade_center

BUYER, SUPPLIER = "buyer", "supplier"
PORTS = {"Foshan": "Guangzhou", "Dongguan": "Shenzhen", "Zhongshan": "Guangzhou"}
INLAND = {"Yongkang": "Ningbo", "Yiwu": "Ningbo"}
_minutes = count(7, 11)


@dataclass(frozen=True)
class World:
    """Everything that the stories need: the present, the people, the goods, the bank."""

    present: datetime
    people: dict[str, User]
    products: dict[str, Product]
    bank: DemoBank

    def day(self, ago: int, hour=10, minute=0) -> datetime:
        """An instant so many platform days ago, never after the present."""
        day = platform_date(self.present) - timedelta(days=ago)
        return min(datetime.combine(day, time(hour, minute), PLATFORM_ZONE), self.present)

    def who_works_for(self, company) -> User:
        return next(user for user in self.people.values() if user.company_id == company.pk)


class Trade:
    """A trade that began `began` days ago between a buyer and the product's supplier."""

    def __init__(self, world, buyer, product, *, began):
        self.world, self.began = world, began
        self.buyer = world.people[buyer]
        self.product = world.products[product]
        self.supplier = world.who_works_for(self.product.supplier)
        self.minute = next(_minutes) % 60
        self.order = self.contract = self.visit = self.dispute = None

    def on(self, day, hour=10) -> datetime:
        """The instant on the so-maniest day of this trade, the first being 0."""
        return self.world.day(self.began - day, hour, self.minute)

    # --- the order

    def draft(self, quantity, *, ship_in, deposit=30, mode="sea", inspected=True, price=""):
        """The buyer fills in an order; `ship_in` counts days from the present."""
        goods = goods_of(self.product, quantity)
        if price:
            goods["price"] = Money.parse(price)
        city = self.product.supplier.city
        port = PORTS.get(city) or INLAND.get(city) or city
        self.order = orders.start_order(
            by=self.buyer,
            supplier=self.product.supplier,
            goods=[goods],
            terms={
                "incoterm": "FOB" if mode == "sea" else "FCA",
                "named_place": port,
                "transport_mode": mode,
                "ship_by": platform_date(self.world.present) + timedelta(days=ship_in),
                "deposit_percent": deposit,
                "inspection_required": inspected,
            },
        )

    def place(self, quantity, **terms):
        """The buyer fills in an order and sends it."""
        self.draft(quantity, **terms)
        orders.place(self.order, by=self.buyer, quality_basis=True)

    def say(self, side, text, translation=""):
        """A side writes to the other."""
        trade_center.send(self.order, by=self.person(side), text=text, translation=translation)

    def person(self, side):
        return self.buyer if side == BUYER else self.supplier

    # --- the contract

    def accept(self, buyer_writes=True):
        """The supplier is ready to contract."""
        self.contract = contracts.accept_order(
            self.order, by=self.supplier, buyer_writes=buyer_writes
        )

    def write(self, **instead):
        """The author fills in the product's sheet; `instead` replaces requirements by key."""
        by = self.world.who_works_for(self.contract.drafted_by)
        rows = self.product.specification
        if not any(row["template_key"] for row in rows):
            drafting.use_template(self.contract, by=by, template_key="empty")
        known = {line.template_key: line for line in self.contract.lines.all()}
        for row in rows:
            fields = {key: row[key] for key in drafting.LINE_FIELDS}
            fields["requirement"] = instead.get(row["template_key"], row["requirement"])
            self._write_line(by, known.pop(row["template_key"], None), row, fields)
        for line in sorted(known.values(), key=lambda line: -line.number):
            drafting.remove_line(self.contract, by=by, line=line)

    def _write_line(self, by, line, row, fields):
        if line is None:
            drafting.add_line(self.contract, by=by, **fields)
            return
        name = row.get("attachment_name")
        upload = papers.paper(name) if name and fields["requirement"] else None
        drafting.write_line(self.contract, by=by, line=line, upload=upload, **fields)

    def propose(self):
        """The author offers the draft, acknowledging each gap that is left by name."""
        by = self.world.who_works_for(self.contract.drafted_by)
        gaps = drafting.gaps_of(self.contract)
        contracts.propose(self.contract, by=by, acknowledged=[gap.code for gap in gaps])

    def add_width(self):
        """The author adds the body width as a line of its own."""
        name, kind, requirement, how_checked, tolerance, unit = wares.GARMENT[0]
        drafting.add_line(
            self.contract,
            by=self.world.who_works_for(self.contract.drafted_by),
            characteristic=name,
            kind=kind,
            requirement=requirement,
            how_checked=how_checked,
            tolerance_minus=tolerance,
            tolerance_plus=tolerance,
            unit=unit,
        )

    def counter(self, side):
        """A side answers with a version of its own."""
        self.contract = contracts.counter(self.contract, by=self.person(side))

    def sign(self, side):
        """A side signs the version on the table. Passwords are proven on the page, not here."""
        self.contract.refresh_from_db()
        by = self.person(side)
        sign(
            self.contract,
            by=by,
            typed_name=by.name,
            sha256=self.contract.sha256,
            statements=STATEMENTS,
            address="203.0.113.7" if side == BUYER else "198.51.100.23",
            accept_uncovered=True,
        )

    # --- the money

    def announce(self):
        """The buyer says that the next transfer is on its way."""
        payments.pay_by_transfer(self.order, by=self.buyer)

    def arrive(self, n=1, *, amount="", text=""):
        """The bank books a transfer for an instalment: what is missing, or another amount."""
        part = self.order.instalments.get(n=n)
        self.world.bank.receive(
            Money.parse(amount) if amount else part.missing,
            payer=self.buyer.company.legal_name.upper(),
            account=number_of(self.buyer.company),
            text=text or f"/INV/ {part.reference}",
        )

    # --- the goods

    def ready(self):
        """The goods are made: the platform appoints an inspection company if one is due."""
        self.visit = inspections.declare_ready(self.order, by=self.supplier)

    def report(self, *, found=None, critical=0, major=2, minor=3, remarks=""):
        """The inspector measures every line; `found` has readings by key or characteristic."""
        self.visit.refresh_from_db()
        inspector = self.world.who_works_for(self.visit.agency)
        inspections.report(
            self.visit,
            by=inspector,
            measured=readings.of_contract(self.visit.contract, found or {}),
            critical=critical,
            major=major,
            minor=minor,
            remarks=remarks or "Cartons drawn by the published list; all were opened.",
            signed_name=inspector.name,
        )
        self.visit.refresh_from_db()

    def ship(self, carrier="COSCO Shipping"):
        """The supplier ships everything, with the document that proves it."""
        sea = self.order.transport_mode == "sea"
        shipping.ship(
            self.order,
            by=self.supplier,
            carrier=carrier if sea else "SF Express",
            document_type="bill_of_lading" if sea else "air_waybill",
            document_number=f"{'COSU' if sea else 'SF'}{6_214_000 + self.order.pk}",
            claimed_on=platform_date(clock.now()),
        )

    def deliver(self):
        """The buyer has the goods."""
        orders.confirm_delivery(self.order, by=self.buyer)

    def accept_goods(self):
        """The buyer accepts them."""
        payments.accept_goods(self.order, by=self.buyer)

    # --- the usual way, as stretches of a story

    def to_signature(self, quantity, **terms):
        """Placed on day 0, accepted and offered on day 1, signed by both on day 2."""
        yield self.on(0)
        self.place(quantity, **terms)
        yield self.on(1, 9)
        self.accept()
        yield self.on(1, 15)
        self.write()
        self.propose()
        yield self.on(2, 10)
        self.sign(SUPPLIER)
        yield self.on(2, 16)
        self.sign(BUYER)

    def to_money(self, quantity, **terms):
        """To the signature, and the initial payment held on day 4."""
        yield from self.to_signature(quantity, **terms)
        yield self.on(2, 17)
        self.announce()
        yield self.on(4, 9)
        self.arrive()

    def to_report(self, quantity, ready, *, report=None, **terms):
        """To the money, ready on day `ready`, measured two days later."""
        yield from self.to_money(quantity, **terms)
        yield self.on(ready)
        self.ready()
        yield self.on(ready + 2, 14)
        self.report(**(report or {}))

    def to_shipment(self, quantity, ready, **terms):
        """To a report that matches, the balance held, and shipped four days after it."""
        yield from self.to_report(quantity, ready, **terms)
        yield self.on(ready + 3, 11)
        self.announce()
        yield self.on(ready + 5, 9)
        self.arrive(2)
        yield self.on(ready + 6, 15)
        self.ship()
