"""Claims about what is not covered are sent back before they bind anybody (S16, S59-S61)."""

from django.utils.translation import gettext as _

from accounts.models import Strike
from accounts.operations import strike
from disputes import policies
from disputes.duty import check_on_duty
from disputes.endings import give_days_back, put_back
from workflow.engine import advance, operation
from workflow.errors import Refused


@operation
def screen_out(dispute, *, by, exclusion, reason):
    """A mediator finds the claim out of scope: its hold is freed, and it says why.

    It can be filed again, about something that is covered, while the time for claims is open.
    Money that went to an account of the supplier's own is no claim, but it is a report (S61).
    """
    check_on_duty(dispute, by)
    try:
        (row,) = policies.screen([exclusion])
    except ValueError as error:
        raise Refused(
            _("Choose what is not covered from the list."), code="exclusion_unknown"
        ) from error
    if not reason.strip():
        raise Refused(_("Say why: the claimant reads it."), code="reason_missing")
    advance(
        dispute.screen_out,
        by=by,
        excluded_by=row.code,
        reason=reason.strip(),
        facts={"source": row.source},
    )
    put_back(dispute, why="screened-out")
    give_days_back(dispute, by=None)
    if row.code == "paid_elsewhere":
        strike(dispute.supplier_id, Strike.Cause.OFF_PLATFORM, order_ref=dispute.order.ref)
