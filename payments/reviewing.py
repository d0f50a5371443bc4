"""Money that somebody has to look at: counted by two people, or sent back to whoever paid.

What nobody decides on within fourteen days goes back by itself (T9), the part of it that was
not counted for anything.
"""

from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core.money import Money
from ledger.operations import Move, post
from orders.models import Instalment
from payments import matching
from payments.charges import charge_of
from payments.matching import SUSPENSE
from payments.models import ApprovalLimit, Payment, StatementLine
from payments.operations import PAYABLE, hold
from payments.owing import owe_return, owe_return_of
from workflow import approvals, deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

Status = StatementLine.Status


def ask_to_clear(payment, *, by, reason):
    """Propose that money under review counts; it always takes two people, and a reason."""
    payment.refresh_from_db()
    _check_review(payment)
    _check_reason(reason)
    return approvals.propose(payment, "payment.clear", by=by, amount=payment.amount, reason=reason)


@operation
def clear_by_two(payment, *, by, proposed_by):
    """Let money under review count for its instalment."""
    _check_review(payment)
    order, instalment = payment.order, Instalment.objects.get(pk=payment.instalment_id)
    instalment.order = order
    if payment.currency != order.currency:
        raise Refused(_("It came in another currency: it can only go back."), code="only_return")
    if order.state not in PAYABLE or instalment.funded_at:
        raise Refused(_("Nothing is due any more: it can only go back."), code="only_return")
    line = payment.statement_lines.select_for_update().filter(status=Status.SUSPENSE).first()
    if line:
        matching.count(order, payment, line, line.left, by=by)
        matching.finish(line, _("Two of our staff counted it."))
    else:
        _hold_what_the_provider_has(order, payment, by)
    deadlines.keep("payment.return", payment)


def ask_to_return(payment, *, by, reason):
    """Propose that money under review goes back where it came from."""
    payment.refresh_from_db()
    _check_review(payment)
    _check_reason(reason)
    return approvals.propose(payment, "payment.return", by=by, amount=payment.amount, reason=reason)


@operation
def return_by_two(payment, *, by, proposed_by):
    """Send money under review back."""
    _return(payment, by)


@operation
def return_payment_by_clock(payment, *, by):
    """Nobody decided on it in fourteen days (T9): it goes back."""
    if payment.state == Payment.State.REVIEW:
        _return(payment, by)


@operation
def match_line(line, *, by, parts, reason):
    """Count a receipt without a reference for instalments that its payer meant.

    `parts` are (instalment reference, minor units). From the limit for four eyes on a second
    person decides: then the Approval is returned.
    """
    _check_finance(by)
    _check_reason(reason)
    _check_waits(line)
    amount = Money(sum(minor for _reference, minor in parts), line.currency)
    payload = {"parts": [list(part) for part in parts]}
    if _needs_two(amount):
        return approvals.propose(
            line, "line.match", by=by, payload=payload, amount=amount, reason=reason
        )
    return match_by_two(line, by=by, proposed_by=None, **payload)


@operation
def match_by_two(line, *, by, proposed_by, parts):
    """Count parts of a receipt for instalments of one order, as it was decided."""
    _check_waits(line)
    found = [(Instalment.objects.filter(reference=ref).first(), minor) for ref, minor in parts]
    if not found or any(instalment is None for instalment, _minor in found):
        raise Refused(_("There is no instalment of this reference."), code="reference_unknown")
    if len({instalment.order_id for instalment, _minor in found}) > 1:
        raise Refused(_("Count it for one order at a time."), code="several_orders")
    if any(minor <= 0 for _i, minor in found) or sum(m for _i, m in found) > line.left_minor:
        raise Refused(_("Count at most the %s that is left.") % line.left, code="too_much")
    return _count_for(found[0][0].order, by=by, line=line, parts=found)


@operation
def _count_for(order, *, by, line, parts):
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    for instalment, minor in parts:
        instalment = order.instalments.get(pk=instalment.pk)
        instalment.order = order
        if line.currency != order.currency:
            raise Refused(_("It came in another currency: it can only go back."))
        if order.state not in PAYABLE or instalment.funded_at:
            raise Refused(_("Nothing is due for %s.") % instalment, code="nothing_due")
        payment = matching.payment_for(order, instalment, line)
        matching.count(order, payment, line, Money(minor, line.currency), by=PLATFORM)
    names = ", ".join(str(instalment) for instalment, _minor in parts)
    record(order, "match_line", by=by, facts={"line": line.pk, "parts": names})
    if not line.left_minor:
        matching.finish(line, _("Counted by our staff for %s.") % names)
    return line


@operation
def return_line(line, *, by, reason):
    """Send what is left of a receipt back; from the limit on two people decide."""
    _check_finance(by)
    _check_reason(reason)
    _check_waits(line)
    if _needs_two(line.left):
        return approvals.propose(line, "line.return", by=by, amount=line.left, reason=reason)
    return return_line_by_two(line, by=by, proposed_by=None)


@operation
def return_line_by_two(line, *, by, proposed_by):
    """Send what is left of a receipt back, as it was decided."""
    _check_waits(line)
    return _return_line(line, by)


@operation
def return_line_by_clock(line, *, by):
    """Nobody could say whose it is in fourteen days (T9): what is left goes back."""
    if line.status == Status.SUSPENSE and line.left_minor:
        _return_line(line, by)


def _return(payment, by):
    _check_review(payment)
    advance(payment.return_funds, by=by)
    deadlines.keep("payment.return", payment)
    line = payment.statement_lines.select_for_update().filter(status=Status.SUSPENSE).first()
    if line:
        _return_line(line, by)
    else:
        owe_return_of(payment, payment.amount, by=by)


def _return_line(line, by):
    owed = owe_return(line, line.left, cause=f"line-{line.pk}", by=by)
    line.left_minor = 0
    line.save(update_fields=["left_minor"])
    matching.finish(line, _("It goes back to whoever paid it."), Status.RETURNED)
    return owed


def _hold_what_the_provider_has(order, payment, by):
    """What a provider took in waits in suspense, the buyer's payment fee included."""
    fee = min(charge_of(payment).fee, payment.amount)
    key = f"review:{payment.pk}"
    if fee:
        post(
            "payment.fee",
            key=f"{key}:fee",
            order_ref=order.ref,
            transfers=[Move(SUSPENSE, "income:payment_fee", fee)],
        )
    received = payment.amount - fee
    hold(order, by=by, payment=payment, received=received, from_account=SUSPENSE, key=key)


def _check_review(payment):
    if payment.state != Payment.State.REVIEW:
        raise Refused(_("Nobody has to look at this payment now."), code="not_in_review")


def _check_waits(line):
    if (
        line.status != Status.SUSPENSE
        or not line.left_minor
        or (line.payment_id and (line.payment.state == Payment.State.REVIEW))
    ):
        raise Refused(_("This line does not wait to be matched."), code="line_not_waiting")


def _check_finance(by):
    if by is None or "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office matches receipts."))


def _check_reason(reason):
    if not reason.strip():
        raise Refused(_("Write down why."), code="reason_missing")


def _needs_two(amount):
    limit = ApprovalLimit.objects.filter(currency=amount.currency).first()
    return limit is None or amount.minor >= limit.amount_minor
