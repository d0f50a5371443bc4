"""Many orders that six people fight over: one order by the real operations, and its copies."""

import threading
import uuid
from collections import Counter

from django.db import connections

from disputes import operations as disputes
from ledger.balances import balance
from ledger.operations import Move, post
from orders.models import Order
from payments.models import ProviderOperation
from workflow.errors import Refused
from workflow.models import Deadline

PARTS = ("instalments", "contracts", "payments", "shipments")


def race(*attempts):
    """Start every attempt at the same moment, each on its own connection; count the ends."""
    return contest([attempts])[0]


def contest(fights):
    """Six (or more) people go from fight to fight together; how each fight ended, in order.

    A fight is a sequence of attempts, one for each person, who all start at the same moment.
    It ends as the attempt says in a word, else it is won; or as the code of its refusal.
    """
    ends = [Counter() for _fight in fights]
    barrier = threading.Barrier(len(fights[0]), timeout=120)

    def fight(person):
        try:
            for n, attempts in enumerate(fights):
                barrier.wait()
                ends[n][_end_of(attempts[person])] += 1
        finally:
            connections.close_all()

    people = [threading.Thread(target=fight, args=[n]) for n in range(len(fights[0]))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return ends


def _end_of(attempt):
    try:
        told = attempt()
    except Refused as refusal:
        return refusal.code
    except Exception as error:
        return repr(error)
    return told if isinstance(told, str) else "won"


def copies(order, count):
    """So many copies of an order that was paid by card, each with money of its own."""
    first = Order.objects.count()
    made = [_copy(order, code=f"TA-2000-{first + n:06d}") for n in range(count)]
    Order.objects.bulk_create(made)
    for name in PARTS:
        for row in getattr(order, name).all():
            _copy_part(row, made)
    _copy_clocks(order, made)
    _pay(order, made)
    return made


def _copy(row, **changed):
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    values |= {"id": None} | changed
    if "public_id" in values:
        values["public_id"] = uuid.uuid4()
    return type(row)(**values)


def _copy_part(row, orders):
    fields = {f.name for f in row._meta.concrete_fields}
    rows = []
    for order in orders:
        changed = {"order_id": order.pk}
        if "reference" in fields:
            changed["reference"] = f"{row.reference[:8]}{order.pk:012d}"
        if "instalment" in fields:
            changed["instalment_id"] = order.instalments.get(n=row.instalment.n).pk
        rows.append(_copy(row, **changed))
    type(row).objects.bulk_create(rows)


def _copy_clocks(order, orders):
    for row in Deadline.objects.open().filter(trade_ref=order.ref, subject_id=order.pk):
        Deadline.objects.bulk_create(
            _copy(row, trade_ref=one.ref, subject_id=one.pk) for one in orders
        )


def _pay(order, orders):
    """The provider has charged each, and it is in the ledger."""
    charge = ProviderOperation.objects.get(payment__order=order, kind="charge")
    rows = []
    for one in orders:
        payment, part = one.payments.get(), one.instalments.get()
        number = f"ch_copy{one.pk:08d}"
        rows.append(
            _copy(charge, payment_id=payment.pk, external_ref=number, reference=part.reference,
                  idempotency_key=f"charge-{payment.public_id}")
        )  # fmt: skip
        receivable = f"psp_receivable:{charge.provider}"
        key, fee = f"{charge.provider}:{number}", charge.fee
        held = Move(receivable, f"escrow:{one.ref}", charge.amount - fee)
        post("payment.cleared", key=f"{key}:held", order_ref=one.ref, transfers=[held])
        post("payment.fee", key=f"{key}:fee", order_ref=one.ref,
             transfers=[Move(receivable, "income:payment_fee", fee)])  # fmt: skip
    ProviderOperation.objects.bulk_create(rows)


def again(row):
    return type(row).objects.get(pk=row.pk)


def held(order):
    return balance(f"escrow:{order.ref}")


def claim(order, by):
    amount = disputes.claimable(order)
    return disputes.file(order, by=by, reason="quantity", statement="Few.", amount=amount)
