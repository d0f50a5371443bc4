"""What is owed to the world outside: a row first, the call after the commit."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core import clock
from workflow.models import OutboxMessage

LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
log = logging.getLogger(__name__)


def owe(kind, *, lane, trade_ref="", **payload):
    """Owe an effect: it is written with the change that causes it, and done after it."""
    message = OutboxMessage.objects.create(
        kind=kind, lane=lane, trade_ref=trade_ref, payload=payload
    )
    transaction.on_commit(lambda: wake(lane), robust=True)
    return message


def wake(lane):
    """Tell a worker that something waits. If the broker is down, the sweep finds it anyway."""
    import_string(settings.OUTBOX_WAKE)(lane)


def claim(lane, limit):
    """Lease up to `limit` waiting messages of a lane; other workers skip them."""
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS MATERIALIZED (  -- chosen once: a plan may run a plain subquery again
                SELECT id FROM workflow_outboxmessage
                WHERE delivered_at IS NULL AND lane = %s AND try_at <= %s
                ORDER BY try_at, id LIMIT %s FOR UPDATE SKIP LOCKED
            )
            UPDATE workflow_outboxmessage SET try_at = %s, attempts = attempts + 1 FROM chosen
            WHERE workflow_outboxmessage.id = chosen.id
            RETURNING workflow_outboxmessage.id
            """,
            [lane, now, limit, now + LEASE],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def waiting_lanes():
    """The lanes in which a message could be delivered now."""
    waiting = OutboxMessage.objects.filter(delivered_at=None, try_at__lte=clock.real_now())
    return set(waiting.values_list("lane", flat=True)) & set(settings.OUTBOX_LANES)


def deliver(pk):
    """Run a message's handler, outside any transaction, and note how it went.

    A failure is noted and tried again later, at growing distances; it is never lost.
    """
    message = OutboxMessage.objects.get(pk=pk)
    if message.delivered_at:
        return True
    try:
        import_string(settings.OUTBOX[message.kind])(**message.payload)
    except Exception as error:
        log.exception("outbox message %s (%s) failed", pk, message.kind)
        pause = min(timedelta(seconds=5 * 2 ** min(message.attempts, 12)), LONGEST_PAUSE)
        OutboxMessage.objects.filter(pk=pk).update(
            try_at=clock.real_now() + pause, last_error=repr(error)[:500]
        )
        return False
    OutboxMessage.objects.filter(pk=pk).update(delivered_at=clock.real_now(), last_error="")
    return True
