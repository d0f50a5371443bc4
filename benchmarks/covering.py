"""Reserving cover of one supplier's limit, by eight at once: never more than the limit."""

import time
from functools import partial

from django.db import transaction
from django.db.models import Sum

from accounts.models import Company, CoverageReservation, SupplierStanding
from accounts.operations import reserve_coverage
from benchmarks import bench
from core.money import Money

CLIENTS = 8
LIMIT = 50_000
BASIS = Money(100)


def in_one_statement(supplier, number, count):
    reserve_coverage(supplier, order_ref=f"o-{number}-{time.time_ns()}", basis=BASIS)


@transaction.atomic
def lock_then_sum(supplier, number, count):
    """The usual way: lock the supplier, add up what is reserved, write the new reservation."""
    standing = SupplierStanding.objects.select_for_update().get(company=supplier)
    taken = standing.reservations.filter(freed_at=None).aggregate(sum=Sum("amount_minor"))["sum"]
    amount = min(BASIS.minor, max(0, standing.limit_minor - (taken or 0)))
    CoverageReservation.objects.create(
        standing=standing,
        order_ref=f"o-{number}-{time.time_ns()}",
        basis_minor=BASIS.minor,
        amount_minor=amount,
    )


def run(options):
    suppliers = {}
    for name in ("in_one_statement", "lock_then_sum"):
        suppliers[name] = Company.objects.create(slug=f"bench-{name}", name=name, country="CN")
        SupplierStanding.objects.create(company=suppliers[name], gold=True, limit_minor=LIMIT)
    turns = {
        name: partial(bench.by_python, partial(globals()[name], supplier), CLIENTS, options.seconds)
        for name, supplier in suppliers.items()
    }
    result = bench.compare(
        f"coverage of one supplier, {CLIENTS} processes", turns, options.rounds, ["lock_then_sum"]
    )
    for name, supplier in suppliers.items():
        rows = CoverageReservation.objects.filter(standing__company=supplier)
        reserved = rows.aggregate(sum=Sum("amount_minor"))["sum"]
        result[f"{name}: reserved of {LIMIT}"] = reserved
        bench.say(f"  {name}: {rows.count()} asked, {reserved} of {LIMIT} reserved")
    yield result
