"""Putting the demo on: once, in one transaction, and never over anybody's real data."""

from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from core import clock
from dashboard.demo import before, ends, finance, held, small
from dashboard.demo.bank import DemoBank
from dashboard.demo.cast import EMAILS, engage, open_account
from dashboard.demo.clockwork import drop_letters, moved_clock
from dashboard.demo.goods import stock
from dashboard.demo.trade import World
from notifications.models import Notice
from orders.models import Order
from orders.states import ENDED
from workflow.models import OutboxMessage

BEGAN = timedelta(days=400)
READ_UNTIL = timedelta(days=4)
SEALED_AFTER = timedelta(minutes=5)
ONE_AT_A_TIME = 0x7EA1_DE50


class NotHere(Exception):
    """The demo may not be made in this database, with the sentence that says why."""


def perform(say=lambda line: None) -> bool:
    """Make the demo, unless it is there already; whether it was made. Raises NotHere."""
    if not (settings.DEMO or settings.TESTING):
        raise NotHere("The demo is made only where TA_ENV is demo; here it is not.")
    with moved_clock() as work, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if _is_there():
            return False
        _play(work, say)
    return True


def _is_there() -> bool:
    """Whether all of the demo's people are here; none of them and nobody else is fine too."""
    known = User.objects.filter(email__in=EMAILS).count()
    if known == len(EMAILS):
        return True
    if known or User.objects.exists() or Order.objects.exists():
        raise NotHere(
            "This database has people or orders that are not the demo's. "
            "Make the demo in a database of its own: nothing was changed."
        )
    return False


def _play(work, say):
    work.move_to(work.present - BEGAN)
    people = engage()
    products = stock()
    say(f"{len(people)} people and {len(products)} products")
    world = World(work.present, people, products, DemoBank(open_account(people), people["daniel"]))
    stories = list(chain.from_iterable(part.stories(world) for part in (small, ends, held, before)))
    finance.open_bank_accounts(world)
    office = finance.days_of_work(world, BEGAN.days)
    say(f"{len(stories)} trades are played from {work.present - BEGAN:%B %Y} until today")
    work.play([*stories, office], tell=_each_month(say))
    drop_letters()
    _seal_ended_orders_last()
    _read_old_notices(work.present)


def _seal_ended_orders_last():
    """The worker draws the PDFs of running trades first; those of ended ones can wait."""
    ended = Order.objects.filter(state__in=ENDED).values("code")
    seals = OutboxMessage.objects.filter(kind="contract.seal", trade_ref__in=ended)
    seals.update(try_at=clock.real_now() + SEALED_AFTER)


def _read_old_notices(present):
    """What people were told more than a few days ago, they have read."""
    old = Notice.objects.filter(read_at=None, created_at__lt=present - READ_UNTIL)
    old.update(read_at=F("created_at") + timedelta(hours=3))


def _each_month(say):
    """Report the progress whenever the story has come to another month."""
    told = set()

    def tell():
        month = f"{clock.now():%B %Y}"
        if month not in told:
            told.add(month)
            say(f"{month}: {Order.objects.count()} orders")

    return tell
