"""An appeal, and how a ruling becomes final and is carried out (X15, T19)."""

from django.utils.translation import gettext as _

from accounts.models import Strike
from accounts.operations import strike
from accounts.roles import PLATFORM
from core import clock
from core.money import Money
from disputes.claims import check_is_a_side
from disputes.duty import least_loaded
from disputes.endings import give_days_back, share_out
from disputes.hearing import add_evidence
from disputes.models import Dispute
from disputes.rulings import (
    check_may_give,
    give_appeal_to,
    given_now,
    split_facts,
    take_proposal_back,
)
from disputes.written import write_down
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import Refused

Fault, State = Dispute.Fault, Dispute.State


@operation
def appeal(dispute, *, by, ground, text, upload=None):
    """A side appeals, once and in time (T19), with new evidence or an error that it names.

    Nothing is paid meanwhile. A mediator who had no part in the ruling starts at step one.
    """
    check_is_a_side(dispute.order, by)
    if dispute.state != State.DECIDED:
        raise Refused(
            _("There is no ruling that can be appealed now: the time is over, or it is final."),
            code="appeal_over",
        )
    if ground not in Dispute.Ground.values:
        raise Refused(_("Choose on what ground you appeal."), code="ground_unknown")
    if not text.strip():
        raise Refused(
            _("Name the error, or say what the new evidence shows."), code="ground_missing"
        )
    _start_over(dispute)
    advance(
        dispute.appeal,
        by=by,
        company=by.company,
        ground=ground,
        text=text.strip(),
        appealed_at=clock.now(),
        reason=text.strip(),
    )
    deadlines.keep("dispute.appeal", dispute)
    deadlines.start("dispute.decide", dispute)
    if upload or ground == Dispute.Ground.NEW_EVIDENCE:
        add_evidence(dispute, by=by, text=text.strip(), upload=upload)
    if other := least_loaded(dispute):
        give_appeal_to(dispute, other, by=PLATFORM)
    else:
        record(dispute, "no_mediator", by=PLATFORM)
        deadlines.start("dispute.assign", dispute)


@operation
def decide_appeal(dispute, *, by):
    """The appeal is decided by another mediator, and carried out: there is no other appeal."""
    check_may_give(dispute, by)
    advance(dispute.decide_appeal, by=by, **given_now(by), facts=split_facts(dispute))
    deadlines.keep("dispute.decide", dispute)
    write_down(dispute)
    enforce(dispute, by=PLATFORM)


@operation
def finalise_by_clock(dispute, *, by):
    """Nobody appealed (T19): the ruling is final, and the money follows it at once."""
    advance(dispute.finalise, by=by)
    enforce(dispute, by=by)


def enforce(dispute, *, by):
    """The money follows the ruling, once; what it says about the two sides is noted."""
    advance(dispute.enforce, by=PLATFORM)
    share_out(dispute, refund_part=Money(dispute.refund_minor, dispute.currency), by=by)
    if not dispute.by_supplier and not dispute.refund_minor:
        give_days_back(dispute, by=by)
    for company, cause in _strikes(dispute):
        strike(company, cause, order_ref=dispute.order.ref)


def _strikes(dispute):
    """Whom the ruling counts against: whoever is at fault, and whoever claimed without cause."""
    won_nothing = dispute.release_minor == 0 if dispute.by_supplier else dispute.refund_minor == 0
    own_fault = Fault.SUPPLIER if dispute.by_supplier else Fault.BUYER
    if dispute.fault == own_fault and won_nothing:
        yield dispute.claimant_id, Strike.Cause.UNFOUNDED
    elif dispute.reason == Dispute.Reason.ABUSIVE_CLAIM and dispute.fault == Fault.BUYER:
        yield dispute.buyer_id, Strike.Cause.UNFOUNDED
    elif dispute.fault == Fault.SUPPLIER:
        yield dispute.supplier_id, Strike.Cause.AT_FAULT
    elif dispute.fault == Fault.BUYER:
        yield dispute.buyer_id, Strike.Cause.AT_FAULT


def _start_over(dispute):
    """The second mediator owes nothing to the first: every step is made again."""
    take_proposal_back(dispute)
    dispute.mediator = dispute.decided_by = dispute.decided_at = None
    dispute.contract_review = dispute.comparison = ""
    dispute.contract_reviewed_at = dispute.compared_at = None
    dispute.claims.update(finding="", finding_note="")
