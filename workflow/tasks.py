"""The sweeps: all that Celery does is wake these. The rows say what is due."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from core import clock
from workflow import deadlines, outbox
from workflow.models import Heartbeat

BATCH = 100
SILENCE = timedelta(minutes=5)
FEW = 5  # messages leased at once: slow ones must all be done before the lease is over
log = logging.getLogger(__name__)


@shared_task
def sweep_deadlines():
    """Fire every missed deadline, batch by batch. Beat calls this every minute."""
    beat("beat")
    fired = 0
    while now_fired := _fire_missed():
        fired += now_fired
    return fired


def _fire_missed():
    """Fire what is missed now. What that starts may itself be over already: ask again."""
    fired = 0
    for batch in deadlines.claim_all(BATCH):
        for pk in batch:
            try:
                deadlines.fire(pk)
                fired += 1
            except Exception:
                log.exception("deadline %s failed and steps aside", pk)
    return fired


@shared_task
def relay(lane):
    """Deliver what waits in one lane of the outbox."""
    beat("worker")
    delivered = 0
    while batch := outbox.claim(lane, FEW):
        delivered += sum(outbox.deliver(pk) for pk in batch)
    return delivered


@shared_task
def sweep_outbox():
    """Wake every lane in which something waits: nothing depends on a wake-up having arrived."""
    for lane in outbox.waiting_lanes():
        wake(lane)


def wake(lane):
    """Ask a worker to relay a lane now."""
    relay.apply_async([lane], queue=settings.OUTBOX_LANES[lane], ignore_result=True)


def wake_sweep():
    """Ask a worker to look at the clocks now: the demo does, when its time is moved."""
    sweep_deadlines.apply_async(ignore_result=True)


def beat(name):
    """Leave a sign of life; after a silence, note since when it is there again."""
    now = clock.real_now()
    before = Heartbeat.objects.filter(name=name).first()
    if before is None or now - before.seen_at > SILENCE:
        Heartbeat.objects.update_or_create(name=f"{name} up", defaults={"seen_at": now})
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now})


def up_since():
    """Since when the sweeps have run without a silence: what is late since then is really late."""
    up = Heartbeat.objects.filter(name="beat up").first()
    return up.seen_at if up else None
