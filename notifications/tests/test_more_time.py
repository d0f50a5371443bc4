"""Both sides hear when our staff give a clock more time, with the reason."""

from datetime import timedelta

import pytest

from core import days
from workflow.extending import extend
from workflow.models import Deadline

pytestmark = pytest.mark.django_db


def test_both_sides_are_told_until_when_and_why(delivered_order, mediator, told, mailoutbox):
    told()
    row = Deadline.objects.open().get(trade_ref=delivered_order.code, kind="order.accept")
    last_day = days.last_day_before(row.due_at) + timedelta(days=5)
    extend(row, by=mediator, last_day=last_day, reason="The port is closed.")
    subject = f"More time in order {delivered_order.code}: Buyer checks the goods"
    assert told() == [("asha", subject), ("lin", subject)]
    assert "“The port is closed.”" in mailoutbox[0].body
