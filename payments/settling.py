"""What a provider's answer does to the money: held, open again, or before our staff."""

from django.utils.translation import gettext as _

from ledger.operations import Move, post
from payments.matching import SUSPENSE
from payments.models import Payment, ProviderOperation
from payments.operations import PAYABLE, hold
from payments.sending import bounce, confirm
from workflow import deadlines
from workflow.engine import advance, operation

Kind, Status = ProviderOperation.Kind, ProviderOperation.Status
WAITING = {Payment.State.PENDING, Payment.State.PROCESSING}


@operation
def settle(order, *, by, asked, answer):
    """Take over what a provider says of an operation. Said twice, the money moves once.

    A success is final; so is a failure, unless the provider later reports that it was paid.
    Returns the ProviderOperation as it stands.
    """
    asked = ProviderOperation.objects.select_for_update().get(pk=asked.pk)
    if asked.status == Status.SUCCEEDED:
        return asked
    if asked.status == Status.FAILED and answer.status != Status.SUCCEEDED:
        return asked
    asked.status = answer.status
    asked.external_ref = asked.external_ref or answer.external_ref
    asked.redirect_url = answer.redirect_url or asked.redirect_url
    asked.last_error = answer.reason[:500]
    if answer.fee:
        asked.provider_fee_minor = answer.fee.minor
    asked.save()
    if answer.status == Status.PENDING:
        return asked
    if asked.kind == Kind.CHARGE:
        _charged(order, by, asked, answer)
    else:
        _paid_out(asked, by, answer)
    return asked


def _charged(order, by, asked, answer):
    payment = asked.payment
    payment.adopt(order)
    payment.instalment.order = order
    if answer.status == Status.FAILED:
        if payment.state in WAITING:
            advance(payment.fail, by=by, reason=answer.reason)
        return
    if why := _why_not(order, payment, asked, answer):
        _to_review(order, by, payment, asked, answer, why)
        return
    hold(
        order,
        by=by,
        payment=payment,
        received=asked.amount - asked.fee,
        from_account=_receivable(asked),
        key=_key(asked),
    )
    if asked.fee:
        post(
            "payment.fee",
            key=f"{_key(asked)}:fee",
            order_ref=order.ref,
            transfers=[Move(_receivable(asked), "income:payment_fee", asked.fee)],
        )


def _why_not(order, payment, asked, answer):
    """Why money that the provider has must still be looked at by staff, or nothing."""
    if answer.amount != asked.amount:
        return _("The provider received %(came)s, we asked for %(asked)s.") % {
            "came": answer.amount,
            "asked": asked.amount,
        }
    if answer.reference and answer.reference != asked.reference:
        return _("The provider names another reference: %s.") % answer.reference
    if payment.state not in WAITING:
        return _("It came when the payment was over already.")
    if order.state not in PAYABLE:
        return _("It came when the order was no longer waiting for it.")
    if payment.instalment.funded_at:
        return _("This instalment is paid already.")
    return ""


def _to_review(order, by, payment, asked, answer, why):
    """Book what came as money that is not yet anybody's, and ask staff to look at it."""
    if answer.amount:
        post(
            "payment.review",
            key=f"{_key(asked)}:review",
            order_ref=order.ref,
            transfers=[Move(_receivable(asked), SUSPENSE, answer.amount)],
        )
    if payment.state == Payment.State.FAILED:
        payment = asked.payment = _another(payment, by, answer)
        asked.save(update_fields=["payment"])
    payment.amount_minor, payment.currency = answer.amount.minor, answer.amount.currency
    facts = {"amount": answer.amount.minor, "currency": answer.amount.currency}
    advance(payment.to_review, by=by, reason=why, facts=facts)
    deadlines.start("payment.return", payment)


def _another(failed, by, answer):
    """A failed payment stays failed: money that comes after all is a payment of its own."""
    payment = Payment.objects.create(
        order=failed.order,
        instalment=failed.instalment,
        method=failed.method,
        amount_minor=answer.amount.minor,
        currency=answer.amount.currency,
    )
    advance(payment.submit, by=by)
    return payment


def _paid_out(asked, by, answer):
    """A refund or payout has ended at the provider: it arrived, or it came back."""
    disbursement = asked.disbursement
    if answer.status == Status.SUCCEEDED:
        confirm(disbursement, by=by, out_of=_receivable(asked))
    else:
        bounce(disbursement, by=by, reason=answer.reason or _("The provider did not do it."))


def _receivable(asked):
    return f"psp_receivable:{asked.provider}"


def _key(asked):
    return f"{asked.provider}:{asked.external_ref}"
