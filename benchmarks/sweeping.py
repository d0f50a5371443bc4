"""The sweep of deadlines: nothing due among millions, and claiming many that are."""

import statistics
import time
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType

from benchmarks import bench
from core import clock
from orders.models import Order
from workflow import deadlines

BATCH = 500
FILL = """
    INSERT INTO workflow_deadline (trade_ref, subject_type_id, subject_id, kind, due_at,
                                   started_at, missed, last_error)
    SELECT 'TA-' || n, %s, n + 1000000, %s, %s::timestamptz + n * interval '1 second', now(),
           false, ''
    FROM generate_series(1, %s) n
"""


def run(options):
    of_orders = ContentType.objects.get_for_model(Order).pk
    later = clock.now() + timedelta(days=30)
    bench.sql(FILL, [of_orders, "order.accept", later, options.deadlines])
    bench.sql("VACUUM ANALYZE workflow_deadline")
    empty = statistics.median(_milliseconds(lambda: deadlines.claim(BATCH)) for _turn in range(50))
    due = clock.now() - timedelta(days=30)
    bench.sql(FILL, [of_orders, "order.claim", due, options.due])
    bench.sql("ANALYZE workflow_deadline")
    claimed, start = 0, time.perf_counter()
    while rows := deadlines.claim(BATCH):
        claimed += len(rows)
    rate = round(claimed / (time.perf_counter() - start))
    bench.say(f"\nsweep of {options.deadlines:,} open deadlines")
    bench.say(
        f"  nothing due: {empty:.2f} ms; claiming {claimed:,} due, {BATCH} at once: {rate:,}/s"
    )
    yield {
        "what": "sweep",
        "deadlines": options.deadlines,
        "empty_ms": round(empty, 2),
        "claimed": claimed,
        "claimed_per_s": rate,
    }


def _milliseconds(call):
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
