"""What a line of the bank is: money for instalments, a payment of ours, or nobody's yet.

Only what the line itself proves counts: a payment reference (RF), the reference of a payment
that we sent, a transfer of our own. Everything else waits in suspense for two people, and goes
back after fourteen days (T9).
"""

import logging
from contextlib import ExitStack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core import clock
from orders.models import Instalment
from payments import policies, sending, treasury
from payments.models import Disbursement, LineShare, Payment, StatementLine
from payments.operations import PAYABLE, TRANSFER, hold
from workflow import deadlines
from workflow.engine import advance, operation
from workflow.locks import holding

SUSPENSE = "suspense:unidentified"
Status = StatementLine.Status
log = logging.getLogger(__name__)


def match_lines(statement):
    """Match every line of a statement that is still new; safe to repeat after any crash.

    One bad order does not hold up the others. Returns the errors: their lines stay new, and
    the outbox tries them again.
    """
    failed = []
    for line in StatementLine.objects.filter(statement_id=statement, status=Status.NEW):
        try:
            match(line)
        except Exception as error:
            log.exception("statement line %s could not be matched", line.pk)
            failed.append(error)
    return failed


def match(line):
    """Say what a new line is, by what it carries; guess nothing."""
    if treasury.match(line):
        return
    ours = _sent_by_us(line)
    if not line.is_credit:
        _match_debit(line, ours)
    elif ours:
        _match_return(line, ours)
    else:
        _match_receipt(line)


def note_pending(line):
    """A line that is not booked yet: its payment is seen, and nothing counts so far."""
    found = _instalments(line)
    if not line.is_credit or len(found) != 1:
        return
    payment = found[0].payments.filter(method_id=TRANSFER, state=Payment.State.PENDING).first()
    if payment:
        _note_seen(payment, by=PLATFORM)


@operation
def credit(order, *, by, instalment, line):
    """Count a receipt towards its instalment, or say why it waits for staff."""
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.status != Status.NEW:
        return
    instalment = order.instalments.get(pk=instalment.pk)
    instalment.order = order
    payment = payment_for(order, instalment, line)
    line.payment = payment
    if why := why_not(order, instalment, line):
        _to_review(payment, line, why)
        return
    count(order, payment, line, line.left, by=by)
    finish(line, _("The reference is this instalment's."))


def count(order, payment, line, amount, *, by):
    """Count `amount` of what a line brought for a payment; its share is written down."""
    LineShare.objects.create(line=line, payment=payment, amount_minor=amount.minor)
    hold(
        order,
        by=by,
        payment=payment,
        received=amount,
        from_account=SUSPENSE,
        key=f"bank:{line.dedupe_key}:{payment.pk}",
    )
    line.left_minor -= amount.minor
    line.payment = line.payment or payment
    line.save(update_fields=["left_minor", "payment"])


def finish(line, reason, status=Status.MATCHED):
    """A line is dealt with: no clock runs for it any more."""
    line.status, line.reason = status, reason
    line.save(update_fields=["status", "reason", "payment"])
    deadlines.keep("line.return", line)


@transaction.atomic
def suspend(line, why):
    """A line waits for staff; what came in goes back after fourteen days (T9).

    The import and the outbox may match a line at the same moment: one of them suspends it.
    """
    if not StatementLine.objects.select_for_update().filter(pk=line.pk, status=Status.NEW):
        return
    line.status, line.reason = Status.SUSPENSE, why
    line.save(update_fields=["status", "reason", "payment"])
    if line.is_credit and line.payment_id is None:
        deadlines.start("line.return", line)


def payment_for(order, instalment, line):
    """The transfer that the buyer announced, or one that came unannounced."""
    open_states = [Payment.State.PENDING, Payment.State.PROCESSING, Payment.State.EXPIRED]
    payment = instalment.payments.filter(method_id=TRANSFER, state__in=open_states).first()
    if payment is None:
        payment = Payment.objects.create(
            order=order,
            instalment=instalment,
            method_id=TRANSFER,
            amount_minor=line.amount_minor,
            currency=line.currency,
        )
        advance(payment.submit, by=PLATFORM)
    payment.order, payment.instalment = order, instalment
    return payment


def why_not(order, instalment, line):
    """Why money with a right reference must still be looked at by staff, or nothing."""
    if line.currency != order.currency:
        return _("It came in %s, the contract is in %s.") % (line.currency, order.currency)
    if line.is_reversal or line.is_batch:
        return _("It is a reversal, or several transfers in one line: nothing is guessed.")
    if order.state not in PAYABLE:
        return _("It came when the order was no longer waiting for it.")
    if instalment.funded_at:
        return _("This instalment is paid already.")
    if order.disputes.open().exists():
        return _("The order is in dispute: nothing is added to it until that ends.")
    names = [order.buyer.name, order.buyer.legal_name, order.buyer.name_local]
    if not policies.payer_matches(line.payer_name, names):
        return _("The payer “%s” is not the buyer.") % line.payer_name
    return ""


def _match_receipt(line):
    found = _instalments(line)
    if len(found) != len(line.references) or not found:
        suspend(line, _("No payment reference of ours, or one that is not known."))
    elif len(found) == 1:
        credit(found[0].order, by=PLATFORM, instalment=found[0], line=line)
    elif len({part.order.buyer_id for part in found}) > 1:
        suspend(line, _("It names the orders of several buyers."))
    else:
        _spread(line, found)


def _spread(line, parts):
    """One receipt for several instalments: each is filled in the order of its reference."""
    orders = sorted({part.order_id: part.order for part in parts}.values(), key=lambda o: o.pk)
    for order in orders:
        deadlines.fire_due(order)
    with transaction.atomic(), ExitStack() as locks:
        locked = {order.pk: locks.enter_context(holding(order)) for order in orders}
        line = StatementLine.objects.select_for_update().get(pk=line.pk)
        if line.status != Status.NEW:
            return
        for part in parts:
            part.refresh_from_db()
            part.order = locked[part.order_id]
        if why := next(filter(None, (why_not(p.order, p, line) for p in parts)), ""):
            suspend(line, why)
            return
        split = policies.allocate(line.left, [part.missing for part in parts])
        amounts = [*split.parts[:-1], split.parts[-1] + split.excess]
        for part, amount in zip(parts, amounts, strict=True):
            if amount:
                count(part.order, payment_for(part.order, part, line), line, amount, by=PLATFORM)
        finish(line, _("It names these instalments, and was divided among them."))


def _match_debit(line, ours):
    if ours is None:
        suspend(line, _("Money left that we did not send: bank charges, or a recall."))
    elif line.amount != ours.amount:
        suspend(line, _("%s was sent, the bank took another amount.") % ours.amount)
    elif sending.confirm(ours, by=PLATFORM) or ours.state == Disbursement.State.CONFIRMED:
        finish(line, _("It is our payment %s.") % line.end_to_end_id)
    else:
        suspend(line, _("It names our payment %s, which is not on its way.") % line.end_to_end_id)


def _match_return(line, ours):
    """A payment of ours came back: it is owed anew."""
    if ours.state != Disbursement.State.CONFIRMED or line.amount > ours.amount:
        suspend(line, _("It returns our payment %s, which does not fit.") % ours.end_to_end_id)
        return
    with transaction.atomic(), holding(ours):
        sending.take_back(
            ours,
            by=PLATFORM,
            returned=line.amount,
            from_account=SUSPENSE,
            key=f"bank:{line.dedupe_key}:returned",
            reason=line.text or _("The bank sent it back."),
        )
        line.left_minor = 0
        line.save(update_fields=["left_minor"])
        finish(line, _("Our payment %s came back.") % ours.end_to_end_id)


def _sent_by_us(line):
    """The disbursement that a line names by our own end-to-end reference, or None."""
    names = {line.return_of, line.end_to_end_id} if line.is_credit else {line.end_to_end_id}
    names.discard("")
    return Disbursement.objects.filter(end_to_end_id__in=names).first() if names else None


def _instalments(line):
    found = {
        part.reference: part
        for part in Instalment.objects.select_related("order__buyer").filter(
            reference__in=line.references
        )
    }
    return [found[reference] for reference in line.references if reference in found]


def _to_review(payment, line, why):
    payment.amount_minor, payment.currency = line.amount_minor, line.currency
    advance(payment.to_review, by=PLATFORM, reason=why)
    suspend(line, why)
    deadlines.start("payment.return", payment)


@operation
def _note_seen(payment, *, by):
    if payment.state == Payment.State.PENDING:
        advance(payment.bank_line_seen, by=by, seen_at=clock.now())
