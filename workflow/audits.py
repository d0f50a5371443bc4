"""Checks of the machinery's rows: the history, the states, the clocks, what is owed, approvals."""

from collections.abc import Iterable
from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from core import clock
from core.audit import check, found, switched_off
from workflow.fields import StateField
from workflow.outbox import LONGEST_PAUSE
from workflow.tasks import up_since

OVERDUE = timedelta(minutes=15)
STUCK = timedelta(hours=1)
MANY_ATTEMPTS = 12
TRIGGERS = (
    "approval_kept",
    "approval_no_truncate",
    "event_append_only",
    "event_chain",
    "event_no_truncate",
)


@check("workflow.events")
def history_is_unbroken() -> Iterable[str]:
    """Each trade's events are numbered without a gap, chained, and what they were."""
    return found("""
        SELECT 'event ' || n || ' of ' || trade_ref || ' (' || verb || '): ' || CASE
            WHEN n <> before + 1 THEN 'event ' || before + 1 || ' is missing'
            WHEN prev_hash <> chained THEN 'it does not follow the event before it'
            ELSE 'it was changed' END
        FROM (
            SELECT id, trade_ref, n, verb, prev_hash, hash, workflow_event_hash(e) AS real,
                   coalesce(lag(n) OVER chain, 0) AS before,
                   coalesce(lag(hash) OVER chain, '') AS chained
            FROM workflow_event e WINDOW chain AS (PARTITION BY trade_ref ORDER BY n, id)
        ) row
        WHERE n <> before + 1 OR prev_hash <> chained OR hash <> real
        ORDER BY id
    """)


@check("workflow.news")
def no_event_is_gone() -> Iterable[str]:
    """A history that was cut at its end: news is owed of an event that is not there."""
    return found("""
        SELECT 'event ' || (m.payload ->> 'event') || ' of ' || m.trade_ref || ' is gone'
        FROM workflow_outboxmessage m
        WHERE m.kind = 'event' AND NOT EXISTS (
            SELECT FROM workflow_event e WHERE e.id = (m.payload ->> 'event')::bigint)
        ORDER BY m.id
    """)


@check("workflow.states")
def every_state_is_what_history_says() -> Iterable[str]:
    """A record is where its last transition brought it, else where such records begin."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, StateField):
                yield from _moved_without_history(model, str(field.default))


def _moved_without_history(model, beginning):
    table, name = model._meta.db_table, model._meta.verbose_name
    return found(
        f"""
        SELECT %s || ' ' || r.id || ': it is “' || r.state || '”, its history says “'
            || coalesce(last.target, %s) || '”'
        FROM {table} r LEFT JOIN LATERAL (
            SELECT target FROM workflow_event e
            WHERE e.subject_type_id = %s AND e.subject_id = r.id AND e.target <> ''
            ORDER BY e.id DESC LIMIT 1
        ) last ON true
        WHERE r.state <> coalesce(last.target, %s) ORDER BY r.id
        """,  # noqa: S608 (the table of a model)
        [
            str(name),
            beginning,
            ContentType.objects.get_for_model(model).pk,
            beginning,
        ],
    )


@check("workflow.deadlines")
def clocks_fire_in_time_and_once() -> Iterable[str]:
    """None is overdue for a quarter of an hour in which it could have fired, none fired twice."""
    yield from found(
        """
        SELECT 'deadline ' || id || ' (' || kind || ' of ' || trade_ref || ') is open, due '
            || to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || 'Z'
        FROM workflow_deadline
        WHERE closed_at IS NULL AND due_at <= %s AND (retry_at IS NULL OR retry_at <= %s) AND %s
        ORDER BY due_at, id
        """,
        [clock.now() - OVERDUE, clock.real_now() - OVERDUE, _could_act_for(OVERDUE)],
    )
    yield from found("""
        SELECT 'deadline ' || max(id) || ' (' || kind || ' of ' || min(trade_ref)
            || ') fired ' || count(*) || ' times'
        FROM workflow_deadline WHERE missed
        GROUP BY kind, subject_type_id, subject_id, due_at HAVING count(*) > 1 ORDER BY max(id)
    """)
    yield from found("""
        SELECT 'deadline ' || id || ' (' || kind || ' of ' || trade_ref || '): ' || CASE
            WHEN closed_at IS NULL THEN 'it fired and is open'
            ELSE 'it fired before it was due' END
        FROM workflow_deadline WHERE missed AND (closed_at IS NULL OR closed_at < due_at)
        ORDER BY id
    """)


@check("workflow.outbox")
def what_is_owed_is_done() -> Iterable[str]:
    """No message is left lying for an hour, failed for half a day, or was put off for ever.

    One that fails is tried again at growing distances: a provider that is down for an hour is
    no doubt about the books. Letters are left out: a mail server must not stop the money.
    """
    now = clock.real_now()
    return found(
        """
        SELECT 'message ' || id || ' (' || kind || ') waits since '
            || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || 'Z, tried '
            || attempts || ' times'
            || CASE WHEN last_error = '' THEN '' ELSE ': ' || left(last_error, 120) END
        FROM workflow_outboxmessage
        WHERE delivered_at IS NULL AND lane <> 'mail' AND (
            attempts >= %s OR try_at > %s OR created_at <= %s AND try_at <= %s AND %s)
        ORDER BY id
        """,
        [
            MANY_ATTEMPTS,
            now + 2 * LONGEST_PAUSE,
            now - STUCK,
            now - OVERDUE,
            _could_act_for(STUCK),
        ],
    )


@check("workflow.approvals")
def two_people_decided() -> Iterable[str]:
    """Every decision has its two people, its moment within its time, and its digest."""
    return found("""
        SELECT 'approval ' || id || ' (' || action || ' ' || subject_key || '): ' || why
        FROM workflow_approval, LATERAL (SELECT CASE
            WHEN checker_id = maker_id THEN 'one person proposed and decided it'
            WHEN decision IN ('approved', 'refused') AND checker_id IS NULL THEN 'nobody decided it'
            WHEN decision = 'waiting' AND (checker_id IS NOT NULL OR decided_at IS NOT NULL)
                THEN 'it waits and was decided'
            WHEN decision <> 'waiting' AND decided_at IS NULL THEN 'it was decided at no time'
            WHEN decided_at < made_at THEN 'it was decided before it was proposed'
            WHEN decision = 'approved' AND decided_at >= expires_at THEN 'it had expired'
            WHEN digest !~ '^[0-9a-f]{64}$' THEN 'its digest is not one'
        END AS why) judged
        WHERE why IS NOT NULL ORDER BY id
    """)


@check("workflow.triggers")
def history_is_guarded() -> Iterable[str]:
    """The triggers that keep history and approvals as they are written are on."""
    return switched_off(TRIGGERS)


def _could_act_for(span: timedelta) -> bool:
    """Whether the sweeps have been up for so long, and the clock was not moved meanwhile."""
    begun = [instant for instant in (up_since(), clock.moved_at()) if instant]
    return all(instant <= clock.real_now() - span for instant in begun)
