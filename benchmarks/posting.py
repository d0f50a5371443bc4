"""`ledger.operations.post`: hold, release and refund, one journal of two transfers each."""

import random
import time
from datetime import date
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction

from benchmarks import bench, ceiling
from benchmarks.ceiling import ORDERS, PLENTY
from core.money import Money
from ledger.operations import Move, post

pick = random.Random(7)  # noqa: S311 (load, not secrets)


class UsualAccount(models.Model):
    code = models.CharField(max_length=80, unique=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        app_label = "usual"

    def __str__(self):
        return self.code


class UsualJournal(models.Model):
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "usual"

    def __str__(self):
        return self.key


class UsualEntry(models.Model):
    journal = models.ForeignKey(UsualJournal, models.PROTECT)
    account = models.ForeignKey(UsualAccount, models.PROTECT)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        app_label = "usual"

    def __str__(self):
        return str(self.amount)


def lines(kind, n):
    """Debit, credit and cents of the two transfers of one event."""
    escrow = f"escrow:TA-{n}"
    return {
        "hold": [("bank:sg_trust", escrow, 98), ("bank:sg_trust", f"buyer_credit:{n}", 2)],
        "release": [(escrow, f"supplier_payable:{n}", 98), (escrow, "income:escrow_fee", 2)],
        "refund": [(escrow, f"refund_payable:{n}", 98), (escrow, f"buyer_credit:{n}", 2)],
    }[kind]


def ours(kind, number, _count):
    n = pick.randrange(ORDERS)
    moves = [Move(debit, credit, Money(minor)) for debit, credit, minor in lines(kind, n)]
    post(kind, key=f"TA-{n}:{kind}:{number}-{time.time_ns()}", transfers=moves, order_ref=f"TA-{n}")


@transaction.atomic
def usual(kind, number, _count):
    """How it is usually written: get_or_create by key, lock, check, change, save each row."""
    n = pick.randrange(ORDERS)
    key = f"TA-{n}:{kind}:{number}-{time.time_ns()}"
    journal, made = UsualJournal.objects.get_or_create(key=key, defaults={"kind": kind})
    if not made:
        return
    for debit, credit, minor in lines(kind, n):
        for code, amount in ((debit, -minor), (credit, minor)):
            account = UsualAccount.objects.select_for_update().get(code=code)
            if account.balance + amount < -PLENTY:
                raise ValueError(code)
            account.balance += amount
            account.save()
            UsualEntry.objects.create(journal=journal, account=account, amount=amount)


@transaction.atomic
def hordak(kind, _number, _count):
    """One transaction with a leg for each side, as django-hordak's documentation writes it."""
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money as Moneyed

    made = Transaction.objects.create(description=kind, date=date(2026, 3, 2))
    for debit, credit, minor in lines(kind, 1 + pick.randrange(50)):
        amount = Moneyed(minor, "USD") / 100
        Leg.objects.create(transaction=made, account=Account.objects.get(name=debit), debit=amount)
        Leg.objects.create(
            transaction=made, account=Account.objects.get(name=credit), credit=amount
        )


def prepare():
    ceiling.make()
    with connection.schema_editor() as editor:
        for model in (UsualAccount, UsualJournal, UsualEntry):
            editor.create_model(model)
    for n in range(ORDERS):
        fill = [Move("bank:sg_trust", f"escrow:TA-{n}", Money(PLENTY))]
        post("hold", key=f"open-{n}", transfers=fill, order_ref=f"TA-{n}")
        for kind in ceiling.MOVES:
            moves = [Move(debit, credit, Money(minor)) for debit, credit, minor in lines(kind, n)]
            post(kind, key=f"warm-{kind}-{n}", transfers=moves, order_ref=f"TA-{n}")
    codes = {
        code
        for kind in ceiling.MOVES
        for n in range(ORDERS)
        for line in lines(kind, n)
        for code in line[:2]
    }
    UsualAccount.objects.bulk_create(UsualAccount(code=code) for code in sorted(codes))
    if "hordak" in settings.INSTALLED_APPS:
        _prepare_hordak()
    bench.sql("VACUUM ANALYZE")


def _prepare_hordak():
    from hordak.models import Account

    call_command("migrate", "hordak", verbosity=0)
    codes = {
        code
        for kind in ceiling.MOVES
        for n in range(1, 51)
        for line in lines(kind, n)
        for code in line[:2]
    }
    for number, code in enumerate(sorted(codes)):
        type_ = "AS" if code.startswith("bank") else "LI"
        Account.objects.create(name=code, type=type_, currencies=["USD"], code=str(number))


def run(options):
    rivals = {"ledger.post": ours, "usual ORM style": usual}
    if "hordak" in settings.INSTALLED_APPS:
        rivals["django-hordak"] = hordak
    for processes in options.processes:
        for kind in ceiling.MOVES:
            turns = {
                name: ceiling.rival(name, kind, processes, options.seconds)
                for name in ("ceiling", "bare")
            }
            turns |= {
                name: partial(bench.by_python, partial(call, kind), processes, options.seconds)
                for name, call in rivals.items()
            }
            yield bench.compare(
                f"{kind}, {processes} process(es)",
                turns,
                options.rounds,
                ["ceiling", "bare", "usual ORM style", "django-hordak"],
            )
