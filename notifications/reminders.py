"""Deadlines that come near: found and claimed for telling by one statement, each once.

Whoever has to act is reminded. What nobody is reminded of stands in `NOT_REMINDED`, each with
its reason, so that a new clock cannot be forgotten.
"""

from dataclasses import dataclass

from django.db import connection

from core import clock
from notifications.models import Reminder


@dataclass(frozen=True)
class Reminding:
    """Whom a clock reminds with which letter, how many days before it is over.

    Each step counts until the next one, the last until `until` days before the end. With
    `after_hours` it counts from so many hours after the clock began instead.
    """

    told: tuple[tuple[str, str], ...]
    days: tuple[int, ...]
    until: int = 0
    after_hours: int = 0

    def steps(self):
        """(days, until how many days before, after how many hours) of each step."""
        for days, nearer in zip(self.days, (*self.days[1:], self.until), strict=True):
            yield days, nearer, self.after_hours


def one(readers, letter, *days, **rest):
    """A reminder of one group of readers."""
    return Reminding(((readers, letter),), days, **rest)


REMINDERS: dict[str, tuple[Reminding, ...]] = {
    "order.confirm": (one("supplier", "remind_answer", 2),),
    "order.sign": (one("unsigned", "remind_sign", 5, 2),),
    "order.pay": (one("buyer", "remind_pay", 2),),
    "order.ship": (one("supplier", "remind_ship", 7, 3, 1),),
    "order.prove_shipment": (one("supplier", "remind_prove", 1),),
    "order.choose_when_late": (one("buyer", "remind_choose", 2),),
    "order.deliver": (one("buyer", "remind_delivery", 3),),
    "order.accept": (one("buyer", "remind_check", 3, 1),),
    "shipment.deliver": (one("buyer", "remind_delivery", 3),),
    "shipment.accept": (one("buyer", "remind_check", 3, 1),),
    "order.claim": (one("buyer", "remind_claim", 5),),
    # 5 days before the report is due is the day before the visit: it is due 3 days after it.
    "inspection.report": (
        Reminding((("agency", "remind_visit_agency"), ("supplier", "remind_visit")), (5,), until=4),
        one("agency", "remind_report", 1),
    ),
    "inspection.decide": (one("buyer", "remind_decide", 3, 1),),
    "dispute.draft": (one("claimant", "remind_draft", 5),),
    "dispute.resolve": (one("respondent", "remind_dispute", 5, 2, 1),),
    "dispute.evidence": (one("undone", "remind_evidence", 2),),
    "dispute.decide": (one("mediator", "remind_ruling", 3, 1),),
    "dispute.appeal": (
        Reminding((("buyer", "remind_appeal"), ("supplier", "remind_appeal")), (2,)),
    ),
    # Four hours without an owner; then once more before it goes back by itself.
    "line.return": (
        one("finance", "line_unmatched", 14, until=3, after_hours=4),
        one("finance", "line_goes_back", 3),
    ),
    "payment.return": (one("finance", "payment_goes_back", 3),),
}

NOT_REMINDED = {
    "inspection.object": "24 hours: the proposal itself says until when",
    "shipment.check": "48 hours, for our own staff: silence takes the moment of submission",
    "dispute.assign": "two working days: the mediators are asked when it begins",
    "dispute.inspection": "the visit and the report have clocks of their own",
    "disbursement.send": "it is itself the alarm, a day before the seven working days are over",
    "disbursement.review": "it is itself the weekly reminder",
    "disbursement.confirm": "it is itself the alarm",
}

CLAIM = """
WITH step(kind, days, nearer, after) AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(days)s::int[], %(nearer)s::int[], %(after)s::int[])
)
INSERT INTO notifications_reminder (deadline_id, days, due_at, made_at)
SELECT d.id, step.days, d.due_at, %(now)s
FROM workflow_deadline d JOIN step ON step.kind = d.kind
WHERE d.closed_at IS NULL
  AND d.due_at > %(now)s + step.nearer * interval '1 day'
  AND CASE WHEN step.after > 0
    THEN d.started_at <= %(now)s - step.after * interval '1 hour'
    ELSE d.due_at <= %(now)s + step.days * interval '1 day'
      AND d.started_at <= d.due_at - step.days * interval '1 day'
  END
ON CONFLICT DO NOTHING
RETURNING id
"""


def claim():
    """Make a Reminder for each open deadline that has come near; the ids of the new ones.

    Someone who was not reminded in time (the sweep was down) hears only of the step that
    applies now, and nobody is reminded "7 days before" of what was promised 5 days ahead.
    """
    steps = [
        (kind, *step)
        for kind, rules in REMINDERS.items()
        for rule in rules
        for step in rule.steps()
    ]
    names = ("kinds", "days", "nearer", "after")
    columns = {
        name: list(column) for name, column in zip(names, zip(*steps, strict=True), strict=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {**columns, "now": clock.now()})
        return [pk for (pk,) in cursor.fetchall()]


def rule_of(reminder: Reminder) -> Reminding:
    """The rule that made a reminder: that of its clock with a step of so many days."""
    rules = REMINDERS[reminder.deadline.kind]
    return next(rule for rule in rules if reminder.days in rule.days)


def still_true(reminder: Reminder) -> bool:
    """Whether the deadline is still open and where it was when the reminder was made."""
    deadline = reminder.deadline
    return deadline.closed_at is None and deadline.due_at == reminder.due_at
