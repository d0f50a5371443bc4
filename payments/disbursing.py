"""The life of a disbursement up to its sending: looked at, held, approved, cancelled.

Below the limit the platform approves what goes back the way it came or to a checked account;
from the limit on two people of the finance office do, and PostgreSQL checks that they did.
"""

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.roles import PLATFORM
from core import clock, days
from core.money import Money
from payments import holds
from payments.models import ApprovalLimit, Disbursement
from payments.owing import owe_again
from workflow import approvals, deadlines, outbox
from workflow.engine import advance, operation, record
from workflow.errors import Refused

State = Disbursement.State
NOT_SENT = [State.REQUESTED, State.ON_HOLD, State.APPROVED]


@operation
def consider(disbursement, *, by):
    """Look at what is to leave: hold it, approve it, or let it wait for two people."""
    if disbursement.state not in {State.REQUESTED, State.ON_HOLD}:
        return
    if disbursement.hold_reason == "finance":
        return
    holds.choose_destination(disbursement)
    if why := holds.why_held(disbursement):
        _hold(disbursement, by, why)
        return
    if disbursement.state == State.ON_HOLD:
        _unhold(disbursement, by)
    disbursement.needs_two = needs_two(disbursement)
    disbursement.save(update_fields=["needs_two"])
    if disbursement.needs_two:
        record(disbursement, "wait_for_two", by=by, facts={"amount": disbursement.amount_minor})
        return
    advance(
        disbursement.approve, by=PLATFORM, proposed_by=None, approved_by=None,
        approved_at=clock.now(),
    )  # fmt: skip


def consider_later(disbursement: int):
    """The outbox's way to `consider`."""
    consider(Disbursement.objects.get(pk=disbursement), by=PLATFORM)


def reconsider(disbursements):
    """Owe another look at each of those that are held, when a cause may be gone. How many."""
    held = list(disbursements.filter(state=State.ON_HOLD).values_list("pk", flat=True))
    for pk in held:
        outbox.owe("disbursement.consider", lane="money", disbursement=pk)
    return len(held)


def needs_two(disbursement):
    """From the limit on, in one sum or in a day's sum for one payee, or to a new direction."""
    limit = ApprovalLimit.objects.filter(currency=disbursement.currency).first()
    if limit is None or disbursement.amount_minor >= limit.amount_minor:
        return True
    if disbursement.kind != Disbursement.Kind.PAYOUT and not holds.is_to_source(disbursement):
        return True
    if disbursement.payee_id is None:
        return False
    # Two at the same moment would each see none of the other: one payee, one after the other.
    Company.objects.select_for_update().get(pk=disbursement.payee_id)
    today = days.end_of(days.platform_date(clock.now())) - days.ONE_DAY
    alone = Disbursement.objects.filter(
        payee=disbursement.payee_id, currency=disbursement.currency, needs_two=False,
        approved_at__gte=today,
    ).exclude(pk=disbursement.pk)  # fmt: skip
    so_far = alone.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    return so_far + disbursement.amount_minor >= limit.amount_minor


def ask_to_send(disbursement, *, by, reason=""):
    """The first of the two: somebody of the finance office proposes to let it go."""
    if disbursement.state != State.REQUESTED:
        raise Refused(_("This is “%s”: nothing is to be approved.") % _label(disbursement))
    return approvals.propose(
        disbursement, "disbursement.approve", by=by, amount=disbursement.amount, reason=reason
    )


@operation
def approve_by_two(disbursement, *, by, proposed_by):
    """The second of the two lets it go (called by the approval)."""
    if why := holds.why_held(disbursement):
        raise Refused(holds.REASONS[why], code=f"held_{why}")
    advance(
        disbursement.approve, by=by, proposed_by=proposed_by, approved_by=by,
        approved_at=clock.now(),
    )  # fmt: skip


@operation
def hold(disbursement, *, by, reason):
    """Somebody of the finance office stops it, and writes down why."""
    if not reason.strip():
        raise Refused(_("Say why it is held: the payee reads that it is."), code="reason_missing")
    _hold(disbursement, by, "finance", reason)


@operation
def unhold(disbursement, *, by):
    """The finance office lets it go on; it is looked at anew."""
    _unhold(disbursement, by)
    consider(disbursement, by=PLATFORM)


@operation
def retry(disbursement, *, by, by_transfer=False):
    """Send again what came back; `by_transfer` when the way it was paid is closed.

    Then it goes to a checked account of the payee, and two people let it go.
    """
    if by_transfer:
        disbursement.route = Disbursement.Route.BANK
    advance(disbursement.retry, by=by, facts={"by_transfer": by_transfer})
    consider(disbursement, by=PLATFORM)


def ask_to_cancel(disbursement, *, by, reason):
    """The first of the two proposes that it does not leave: a decision replaces it."""
    if disbursement.state not in {State.REQUESTED, State.ON_HOLD, State.FAILED}:
        raise Refused(_("This is “%s”: it cannot be cancelled.") % _label(disbursement))
    if not reason.strip():
        raise Refused(_("Write down why."), code="reason_missing")
    return approvals.propose(
        disbursement, "disbursement.cancel", by=by, payload={"reason": reason},
        amount=disbursement.amount, reason=reason,
    )  # fmt: skip


@operation
def cancel_by_two(disbursement, *, by, proposed_by, reason=""):
    """A decision replaces it: the money stays where it rests."""
    advance(disbursement.cancel, by=by, reason=reason, facts={"proposed_by": str(proposed_by)})
    _stop_clocks(disbursement)


@operation
def recut(disbursement, *, by, there):
    """Less is there than was decided (a claim took it): owe what is left anew.

    It is put on hold and cancelled; approvals given to the old amount do not carry over.
    """
    if disbursement.state not in {State.ON_HOLD, State.FAILED}:
        _hold(disbursement, by, "not_enough")
    advance(disbursement.cancel, by=PLATFORM, facts={"there": there.minor})
    _stop_clocks(disbursement)
    if there:
        return owe_again(disbursement, there, cause=_next_cause(disbursement, "rest"), by=None)
    return None


@operation
def review_hold(disbursement, *, by):
    """A week on hold (T10): it is looked at again, and the head of finance sees its age."""
    if disbursement.state != State.ON_HOLD:
        return
    advance(disbursement.review_hold, by=by, facts={"reason": disbursement.hold_reason})
    deadlines.start("disbursement.review", disbursement)
    consider(disbursement, by=by)


@operation
def report_slow(disbursement, *, by):
    """The seven working days in which it is to be sent are nearly over."""
    if disbursement.state in {State.REQUESTED, State.APPROVED, State.FAILED}:
        advance(disbursement.sla_alert, by=by)


@operation
def report_unconfirmed(disbursement, *, by):
    """Nobody confirmed it in three working days (T11): the finance office asks the bank."""
    if disbursement.state == State.SUBMITTED:
        advance(disbursement.timeout_check, by=by)
        deadlines.start("disbursement.confirm", disbursement)


@operation
def report_arrival(disbursement, *, by):
    """The payee says that the money is there."""
    if by.company_id is None or by.company_id != disbursement.payee_id:
        raise Refused(_("Only the one who is paid can say that."), code="not_the_payee")
    if disbursement.state not in {State.SUBMITTED, State.CONFIRMED}:
        raise Refused(_("It has not been sent yet."), code="not_sent")
    disbursement.seen_at = disbursement.seen_at or clock.now()
    disbursement.save(update_fields=["seen_at"])
    record(disbursement, "report_arrival", by=by)


def fee_of(disbursement):
    """What the bank kept of one that came back."""
    return Money(disbursement.bank_fee_minor, disbursement.currency)


def _hold(disbursement, by, why, reason=""):
    if disbursement.state == State.ON_HOLD:
        if disbursement.hold_reason != why:
            disbursement.hold_reason = why
            disbursement.save(update_fields=["hold_reason"])
        return
    advance(disbursement.hold, by=by, hold_reason=why, reason=reason)
    deadlines.start("disbursement.review", disbursement)


def _unhold(disbursement, by):
    advance(disbursement.unhold, by=by)
    deadlines.keep("disbursement.review", disbursement)


def _stop_clocks(disbursement):
    for kind in ("send", "review", "confirm"):
        deadlines.keep(f"disbursement.{kind}", disbursement)


def _next_cause(disbursement, word):
    base = disbursement.cause.rsplit(f".{word}", 1)[0]
    same = Disbursement.objects.filter(
        order=disbursement.order_id, kind=disbursement.kind, cause__startswith=f"{base}.{word}"
    )
    return f"{base}.{word}{same.count() + 1}"


def _label(disbursement):
    return disbursement.get_state_display()
