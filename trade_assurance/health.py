"""Is the site alive? /healthz speaks for one process, /readyz for the whole installation.

Monitoring asks these pages when things are broken, so they answer within about two
seconds even when PostgreSQL or the broker hangs (C8 of the operator's contract).
"""

import threading

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import clock
from payments import brake
from workflow.models import Heartbeat, OutboxMessage

PATIENCE_SECONDS = 2
HEARTBEAT_LIMIT_SECONDS = 90
PROCESSES = ("worker", "beat")


class Question:
    """Something asked in a thread of its own, because its answer may never come.

    At most one thread per question hangs: while an earlier one waits for its answer, who
    asks again waits for that same answer.
    """

    def __init__(self, ask):
        self.ask = ask
        self.lock = threading.Lock()
        self.pending = None

    def answer(self) -> dict:
        """What `ask` returned, or `{"error": words}` when it failed or is still silent."""
        with self.lock:
            if self.pending is None or not self.pending.is_alive():
                self.pending = _Asking(self.ask)
                self.pending.start()
            asking = self.pending
        asking.join(PATIENCE_SECONDS)
        return asking.answer or {"error": f"no answer within {PATIENCE_SECONDS} seconds"}


class _Asking(threading.Thread):
    def __init__(self, ask):
        super().__init__(daemon=True)
        self.ask, self.answer = ask, None

    def run(self):
        try:
            self.answer = self.ask()
        except Exception as error:  # whatever is wrong, saying so is this page's work
            self.answer = {"error": type(error).__name__}
        finally:
            connection.close()


def _ask_database():
    """The ages, in seconds, of the last signs of life, of the oldest message and of the audit."""
    now = clock.real_now()
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    waiting = OutboxMessage.objects.filter(delivered_at=None).aggregate(since=Min("created_at"))
    since = waiting["since"] or now
    ages = {name: _seconds(now - seen[name]) for name in PROCESSES if name in seen}
    if "beat" in ages:  # beat's sign of life is a sweep, and it is the worker that runs it
        ages["worker"] = min(ages.values())
    audited, clean = brake.last_audit()
    return {
        "ages": ages,
        "outbox_lag": _seconds(now - since),
        "audit": {"ok": clean, "age": _seconds(now - audited) if audited else None},
        "paused": brake.is_paused() is not None,
    }


def _ask_broker():
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        client.ping()
    return {"ok": True}


DATABASE = Question(_ask_database)
BROKER = Question(_ask_broker)


@never_cache
@require_safe
def healthz(request):
    """200 while this process serves requests; it asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """200 when database, broker, worker and beat are alive and the last audit was clean.

    Else 503 with the reasons. `checks` holds "ok" or the error for database and broker, an age
    in seconds for worker, beat and outbox (null when unknown), how the last audit ended and how
    old it is, and whether payouts and refunds are paused. A pause alone is no reason: the site
    goes on taking orders and money.
    """
    report = readiness(DATABASE.answer(), BROKER.answer())
    return JsonResponse(report, status=200 if report["ok"] else 503)


def readiness(database: dict, broker: dict) -> dict:
    """The report of /readyz, from what the database and the broker answered."""
    ages = database.get("ages", {})
    reasons = [
        f"The {name} does not answer: {answer['error']}."
        for name, answer in (("database", database), ("broker", broker))
        if "error" in answer
    ]
    if "error" not in database:
        reasons += [_silence(name, ages.get(name)) for name in PROCESSES]
    audit = database.get("audit", {"ok": None, "age": None})
    if audit["ok"] is False:
        reasons.append("The last audit failed: payouts and refunds are paused.")
    reasons = [reason for reason in reasons if reason]
    return {
        "ok": not reasons,
        "reasons": reasons,
        "checks": {
            "database": database.get("error", "ok"),
            "broker": broker.get("error", "ok"),
            **{name: ages.get(name) for name in PROCESSES},
            "outbox_lag": database.get("outbox_lag"),
            "audit": audit,
            "paused": database.get("paused"),
        },
    }


def _silence(name, age):
    """What is wrong with a process that was last seen `age` seconds ago; empty if nothing."""
    if age is None:
        return f"The {name} has never been seen."
    if age > HEARTBEAT_LIMIT_SECONDS:
        return f"The {name} was last seen {age} seconds ago."
    return ""


def _seconds(span):
    return max(0, round(span.total_seconds()))
