"""Money that should be there and is not: its payee asks our staff to look, once a day."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core import clock, days
from payments.models import Disbursement
from workflow.engine import operation, record
from workflow.errors import Refused
from workflow.models import Event

PATIENCE = 2  # working days after the day on which it was expected
SENT = {Disbursement.State.SUBMITTED, Disbursement.State.CONFIRMED}


@operation
def nudge(disbursement, *, by):
    """The payee has not got it two working days after it was expected: our staff look into it."""
    if by.company_id is None or by.company_id != disbursement.payee_id:
        raise Refused(_("Only the one who is paid can ask."), code="not_the_payee")
    if not is_overdue(disbursement):
        raise Refused(
            _("It is not overdue yet: wait until two working days after the expected day."),
            code="not_overdue",
        )
    if was_nudged_today(disbursement):
        raise Refused(_("You have asked today. Our staff are looking."), code="nudged_today")
    return record(
        disbursement,
        "nudge",
        by=by,
        facts={"expected_on": str(disbursement.expected_on), "sent": disbursement.end_to_end_id},
    )


def is_overdue(disbursement):
    """Whether it was sent, its payee has not seen it, and the time to wait for it is over."""
    if disbursement.state not in SENT or disbursement.seen_at or not disbursement.expected_on:
        return False
    return clock.now() >= overdue_from(disbursement)


def overdue_from(disbursement):
    """From when on its payee may ask."""
    last_moment = days.end_of(disbursement.expected_on) - timedelta(seconds=1)
    return days.business_days_after(last_moment, PATIENCE)


def was_nudged_today(disbursement):
    """Whether somebody asked already on this platform day."""
    today = days.end_of(days.platform_date(clock.now())) - days.ONE_DAY
    return Event.objects.filter(
        trade_ref=disbursement.trade.ref,
        subject_type=ContentType.objects.get_for_model(Disbursement),
        subject_id=disbursement.pk,
        verb="nudge",
        happened_at__gte=today,
    ).exists()
