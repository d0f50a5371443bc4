"""The sweep of deadlines: flat in the clocks that are open, linear in those that are due.

Nothing due among all; then 1,000, 10,000 and 100,000 due among a tenth of the clocks and among
all of them, claimed as the sweep claims and closed as firing closes them; then real clocks of
real orders, fired by the task itself.
"""

import statistics
import time
from datetime import timedelta
from itertools import count

from django.contrib.contenttypes.models import ContentType

from accounts.models import Company, User
from benchmarks import bench
from core import clock
from orders.models import Order
from workflow import deadlines
from workflow.tasks import BATCH, sweep_deadlines

DUE = (1_000, 10_000, 100_000)
REAL = (100, 1_000)
FILL = """
    INSERT INTO workflow_deadline (trade_ref, subject_type_id, subject_id, kind, due_at,
                                   started_at, missed, last_error)
    SELECT 'TA-' || n, %s, n + 1000000, %s, %s::timestamptz + n * interval '1 second', now(),
           false, ''
    FROM generate_series(%s, %s) n
"""
CLOSE = "UPDATE workflow_deadline SET closed_at = now(), missed = true WHERE id = ANY(%s)"
made = count(1)


def run(options):
    whole = options.deadlines
    reached, filled = [whole // 10, whole], 0
    for total in reached:
        fill("order.accept", clock.now() + timedelta(days=30), filled + 1, total)
        filled = total
        yield empty(total)
        for due in DUE:
            yield claiming(total, due)
    for due in REAL:
        yield firing(whole, due)


def fill(kind, at, first, last):
    of_orders = ContentType.objects.get_for_model(Order).pk
    bench.sql(FILL, [of_orders, kind, at, first, last])
    bench.sql("VACUUM ANALYZE workflow_deadline")


def empty(total):
    median = statistics.median(milliseconds(lambda: deadlines.claim(BATCH)) for _turn in range(200))
    bench.say(f"\nsweep of {total:,} open clocks\n  nothing due: {median:.2f} ms")
    return {"what": "sweep, nothing due", "open": total, "ms": round(median, 2)}


def claiming(total, due):
    """Claim all that is due in the sweep's own batches, closing each batch."""
    fill("order.claim", clock.now() - timedelta(days=30), 1, due)

    def all_of_them():
        claimed = 0
        for rows in deadlines.claim_all(BATCH):
            bench.sql(CLOSE, [rows])
            claimed += len(rows)
        assert claimed == due

    took = milliseconds(all_of_them)
    bench.sql("DELETE FROM workflow_deadline WHERE closed_at IS NOT NULL")
    each = took * 1000 / due
    bench.say(f"  {due:>7,} due: {took / 1000:8.2f} s, {each:6.1f} µs each")
    return {"what": "sweep, claiming", "open": total, "due": due, "us_each": round(each, 1)}


def firing(total, due):
    """The real thing: orders that nobody confirmed in time close, each in its transaction."""
    for _n in range(due):
        start_unconfirmed()
    bench.sql("VACUUM ANALYZE workflow_deadline")
    fired = []
    took = milliseconds(lambda: fired.append(sweep_deadlines()))
    assert fired == [due]
    each = took / due
    bench.say(f"  {due:>7,} fired: {took / 1000:7.2f} s, {each:6.2f} ms each")
    return {"what": "sweep, firing", "open": total, "due": due, "ms_each": round(each, 2)}


def start_unconfirmed():
    number = next(made)
    parties = [
        Company.objects.get_or_create(slug=slug, defaults={"name": slug, "country": "SG"})[0]
        for slug in ("sweep-buyer", "sweep-supplier")
    ]
    person, _made = User.objects.get_or_create(email="sweep@example.com", company=parties[0])
    order = Order.objects.create(
        code=f"TA-S{number:07}",
        buyer=parties[0],
        supplier=parties[1],
        placed_by=person,
        title="Cotton rompers",
        state=Order.State.PLACED,
        incoterm="FOB",
        named_place="Ningbo",
    )
    deadlines.start("order.confirm", order, clock.now() - timedelta(minutes=1))


def milliseconds(call):
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
