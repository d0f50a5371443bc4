"""Do all work that is due now, once, in this process: what beat and the workers do otherwise."""

import json
import logging
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from workflow import deadlines, outbox

BATCH = 100
OWN = {"workflow.tasks.sweep_deadlines", "workflow.tasks.sweep_outbox"}
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Does all work that is due now, once and without Celery: time limits, messages, and "
        "every task that beat wakes. Exits 1 if any of it failed; that is tried again later."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="what was done as JSON")

    def handle(self, *args, **options):
        before, settings.OUTBOX_WAKE = settings.OUTBOX_WAKE, f"{__name__}.wake_nobody"
        try:
            done = tick()
        finally:
            settings.OUTBOX_WAKE = before
        self.stdout.write(json.dumps(done) if options["json"] else as_text(done))
        if done["failed"]:
            sys.exit(1)


def tick() -> dict:
    """Clocks, messages, the tasks of beat, and the messages that all of these owe."""
    done = {"deadlines": 0, "messages": 0, "tasks": [], "failed": []}
    _fire(done)
    _deliver(done)
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if entry["task"] not in OWN and _try(done, entry["task"], import_string(entry["task"])):
            done["tasks"].append(entry["task"])
    _fire(done)
    _deliver(done)
    return done


def wake_nobody(lane):
    """No worker is woken: whatever a message owes is delivered here as well."""


def _fire(done):
    while batch := deadlines.claim(BATCH):
        for pk in batch:
            done["deadlines"] += _try(done, f"deadline {pk}", deadlines.fire, pk)


def _deliver(done):
    """Deliver what may be tried now; what fails is put off, so that this comes to an end."""
    while waiting := [pk for lane in settings.OUTBOX_LANES for pk in outbox.claim(lane, BATCH)]:
        for pk in waiting:
            if outbox.deliver(pk):
                done["messages"] += 1
            else:
                done["failed"].append(f"message {pk}")


def _try(done, name, do, *arguments) -> bool:
    try:
        do(*arguments)
    except Exception:
        log.exception("%s failed", name)
        done["failed"].append(name)
        return False
    return True


def as_text(done: dict) -> str:
    lines = [f"{done['deadlines']} time limits fired, {done['messages']} messages delivered"]
    lines += [f"failed: {name}" for name in done["failed"]]
    return "\n".join(lines)
