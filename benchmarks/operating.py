"""A whole operation: lock, transition, event, deadlines, outbox and journal in one commit.

`accept_goods` on orders that were delivered, each once: the order's own rows without the
contract and the shipment that a real trade has, which are two more machines that move.
"""

from datetime import timedelta
from functools import partial
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, SupplierStanding, User
from benchmarks import bench, ceiling
from core import clock
from core.money import Money
from ledger.operations import Move, post
from orders.models import Order
from payments.operations import accept_goods
from workflow import deadlines

PRICE = Money(600_000)
made = count(1)


def prepare(options):
    """The parties; orders are made as the turns need them."""
    buyer = Company.objects.create(slug="bench-buyer", name="Buyer", country="IN", buys=True)
    for n in range(20):
        supplier = Company.objects.create(slug=f"bench-{n}", name=f"Supplier {n}", country="CN")
        SupplierStanding.objects.create(company=supplier, gold=True, limit_minor=10**9)
    User.objects.create_user("bench@example.com", None, name="Bench", company=buyer)


def deliver(buyer, supplier):
    now = clock.now()
    order = Order.objects.create(
        code=f"TA-B{next(made):07}",
        buyer=buyer.company,
        supplier=supplier,
        placed_by=buyer,
        title="Cotton rompers",
        total_minor=PRICE.minor,
        incoterm="FOB",
        named_place="Ningbo",
        state=Order.State.DELIVERED,
        delivered_at=now,
    )
    held = [Move("bank:sg_trust", f"escrow:{order.ref}", PRICE)]
    post("payment.cleared", key=f"{order.ref}:held", order_ref=order.ref, transfers=held)
    deadlines.start("order.accept", order, now + timedelta(days=7))
    return order.pk


def turn(processes, seconds, rate):
    buyer = User.objects.get(email="bench@example.com")
    suppliers = list(Company.objects.filter(slug__startswith="bench-").exclude(slug="bench-buyer"))
    each = 40 + int(rate * seconds)
    orders = [
        [deliver(buyer, suppliers[n % len(suppliers)]) for n in range(each)]
        for _process in range(processes)
    ]

    def accept(number, n):
        if n >= each:
            raise StopIteration
        accept_goods(Order.objects.get(pk=orders[number][n]), by=buyer)

    return bench.by_python(accept, processes, seconds)


def statements():
    buyer = User.objects.get(email="bench@example.com")
    order = Order.objects.get(pk=deliver(buyer, Company.objects.get(slug="bench-1")))
    with CaptureQueriesContext(connection) as asked:
        accept_goods(order, by=buyer)
    return len(asked)


def run(options):
    prepare(options)
    statements()
    asked = statements()
    for processes in options.processes:
        turns = {
            name: ceiling.rival(name, "release", processes, options.seconds)
            for name in ("ceiling", "bare")
        }
        turns["accept_goods"] = partial(turn, processes, options.seconds, 200)
        result = bench.compare(
            f"accept_goods, {processes} process(es)", turns, options.rounds, ["ceiling", "bare"]
        )
        bench.say(f"  {asked} statements")
        yield result | {"statements": asked}
