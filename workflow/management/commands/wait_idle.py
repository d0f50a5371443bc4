"""Wait until nothing is to be done: for scripts, tests and a quiet stop before maintenance."""

import json
import sys
import time

from django.core.management.base import BaseCommand

from core import clock
from workflow.models import Deadline, OutboxMessage

LOOK_EVERY = 0.2


class Command(BaseCommand):
    help = (
        "Waits until nothing is owed or due: no message in the outbox, no time limit over, no "
        "provider call and no delivery under way. Exits 1 if it is still not so in the end."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--timeout", type=float, default=60, metavar="S", help="seconds to wait at most"
        )
        parser.add_argument("--json", action="store_true", help="the last look as JSON")

    def handle(self, *args, **options):
        began = time.monotonic()
        found = look()
        while not found["idle"] and time.monotonic() - began < options["timeout"]:
            time.sleep(LOOK_EVERY)
            found = look()
        found["waited"] = round(time.monotonic() - began, 1)
        self.stdout.write(json.dumps(found) if options["json"] else as_text(found))
        if not found["idle"]:
            sys.exit(1)


def look() -> dict:
    """What waits now: everything owed, and of it the calls of providers and the deliveries.

    A call stays owed until its answer is known, so an owed call is one in flight or to come.
    A delivery to somebody's address counts while it is due, not while it waits for its next try.
    """
    owed = OutboxMessage.objects.filter(delivered_at=None)
    later = owed.filter(kind__startswith="webhook", try_at__gt=clock.real_now())
    waiting = {
        "outbox": owed.exclude(pk__in=later.values("pk")).count(),
        "provider_calls": owed.filter(kind__startswith="provider.").count(),
        "deliveries": owed.filter(kind__startswith="webhook").count() - later.count(),
        "deadlines": Deadline.objects.due().count(),
    }
    return {"idle": not any(waiting.values()), **waiting}


def as_text(found: dict) -> str:
    if found["idle"]:
        return "Nothing waits."
    return ", ".join(f"{name} {count}" for name, count in found.items() if name != "idle")
