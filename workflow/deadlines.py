"""The one mechanism for time limits: start a promise, keep it, or miss it."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core import clock
from workflow.errors import Refused
from workflow.locks import holding
from workflow.models import Deadline
from workflow.who import PLATFORM

RETRY = timedelta(minutes=5)
FIRST = ("-infinity", 0)
log = logging.getLogger(__name__)


def start(kind, subject, due_at=None):
    """Promise that something happens in time; `due_at` is exclusive, else the clock's own."""
    due_at = due_at or settings.DEADLINES[kind].due(clock.now())
    return Deadline.objects.create(
        kind=kind, subject=subject, trade_ref=subject.trade.ref, due_at=due_at
    )


def keep(kind, subject):
    """The promise was kept, or no longer matters: its clock stops."""
    return _open(kind, subject).update(closed_at=clock.now())


def move(kind, subject, due_at):
    """Give an open promise another instant (an extension, a day-for-day shift)."""
    return _open(kind, subject).update(due_at=due_at)


def restart(kind, subject, due_at):
    """Run a clock to `due_at`, whether it is running already or not."""
    if not move(kind, subject, due_at):
        start(kind, subject, due_at)


def keep_all(trade):
    """The trade is over: its clocks stop, but for those of money that is still to leave."""
    outliving = [kind for kind, row in settings.DEADLINES.items() if row.outlives]
    running = Deadline.objects.open().filter(trade_ref=trade.ref).exclude(kind__in=outliving)
    return running.update(closed_at=clock.now())


def due_at(kind, subject):
    """The instant of an open deadline, or None."""
    return _open(kind, subject).values_list("due_at", flat=True).first()


def last_due_at(kind, subject):
    """The instant of the latest deadline of a kind, running or over; None if there was none."""
    rows = Deadline.objects.filter(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
    )
    return rows.order_by("-pk").values_list("due_at", flat=True).first()


def none_due(trade):
    return not Deadline.objects.due().filter(trade_ref=trade.ref).exists()


def fire_due(trade):
    """Fire every clock of this trade that is already over, oldest first."""
    for pk in list(Deadline.objects.due().filter(trade_ref=trade.ref).values_list("pk", flat=True)):
        try:
            fire(pk)
        except Exception as error:
            log.exception("deadline %s failed", pk)
            raise Refused(
                "A time limit of this order has passed and could not be carried out. "
                "Staff have been told; nothing was changed.",
                code="clock_stalled",
            ) from error


def fire(pk):
    """Close a missed deadline and run what missing it means: both or neither, once only."""
    deadline = Deadline.objects.get(pk=pk)
    try:
        with transaction.atomic(), holding(deadline.subject):
            claimed = Deadline.objects.due().filter(pk=pk)
            if claimed.update(closed_at=clock.now(), missed=True):
                import_string(deadline.clock.handler)(deadline.subject, by=PLATFORM)
    except Exception as error:
        # Step aside for the others, and let the error be seen.
        Deadline.objects.filter(pk=pk).update(
            retry_at=clock.real_now() + RETRY, last_error=repr(error)[:500]
        )
        raise


def claim(limit):
    """Lease up to `limit` missed deadlines to one sweeper; others skip them until it is over."""
    return [pk for pk, _due_at in _claim(limit, FIRST)]


def claim_all(limit):
    """Lease all missed deadlines, a batch at a time, oldest first.

    It goes forward only: where many were closed a moment ago, looking again from the oldest
    would pass all of their dead index entries once for each batch.
    """
    last = FIRST
    while rows := _claim(limit, last):
        yield [pk for pk, _due_at in rows]
        pk, due_at = rows[-1]
        last = (due_at, pk)


def _claim(limit, after):
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS MATERIALIZED (  -- chosen once: a plan may run a plain subquery again
                SELECT id FROM workflow_deadline
                WHERE closed_at IS NULL AND due_at <= %s AND (retry_at IS NULL OR retry_at <= %s)
                    AND (due_at, id) > (%s::timestamptz, %s)
                ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
            )
            UPDATE workflow_deadline SET retry_at = %s FROM chosen
            WHERE workflow_deadline.id = chosen.id
            RETURNING workflow_deadline.id, due_at
            """,
            [clock.now(), now, *after, limit, now + RETRY],
        )
        return sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))


def _open(kind, subject):
    return Deadline.objects.open().filter(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
    )
