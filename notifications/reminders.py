"""Deadlines that come near: found and claimed for telling by one statement, each once."""

from dataclasses import dataclass

from django.db import connection

from core import clock
from notifications.models import Reminder


@dataclass(frozen=True)
class Reminding:
    """Whom a clock reminds, with which letter, how many days before it is over."""

    readers: str
    letter: str
    days: tuple[int, ...]


REMINDERS = {
    "order.pay": Reminding("buyer", "remind_pay", (2,)),
    "order.ship": Reminding("supplier", "remind_ship", (7, 3, 1)),
    "dispute.resolve": Reminding("respondent", "remind_dispute", (5, 2, 1)),
}

CLAIM = """
WITH step(kind, days, nearer) AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(days)s::int[], %(nearer)s::int[])
)
INSERT INTO notifications_reminder (deadline_id, days, due_at, made_at)
SELECT d.id, step.days, d.due_at, %(now)s
FROM workflow_deadline d JOIN step ON step.kind = d.kind
WHERE d.closed_at IS NULL
  AND d.due_at > %(now)s + step.nearer * interval '1 day'
  AND d.due_at <= %(now)s + step.days * interval '1 day'
  AND d.started_at <= d.due_at - step.days * interval '1 day'
ON CONFLICT DO NOTHING
RETURNING id
"""


def claim():
    """Make a Reminder for each open deadline that has come near; the ids of the new ones.

    Someone who was not reminded in time (the sweep was down) hears only of the step that
    applies now, and nobody is reminded "7 days before" of what was promised 5 days ahead.
    """
    steps = [
        (kind, days, nearer)
        for kind, rule in REMINDERS.items()
        for days, nearer in zip(rule.days, (*rule.days[1:], 0), strict=True)
    ]
    kinds, days, nearer = (list(column) for column in zip(*steps, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"kinds": kinds, "days": days, "nearer": nearer, "now": clock.now()})
        return [pk for (pk,) in cursor.fetchall()]


def still_true(reminder: Reminder) -> bool:
    """Whether the deadline is still open and where it was when the reminder was made."""
    deadline = reminder.deadline
    return deadline.closed_at is None and deadline.due_at == reminder.due_at
