"""A buyer's credit: what was paid too much, applied to an order or sent back."""

from django.utils.translation import gettext as _

from accounts.roles import check_may_commit, the_buyer
from core.money import Money
from ledger.balances import balance
from ledger.operations import Move, post
from payments.models import Disbursement, Payment
from payments.operations import PAYABLE, count_towards
from payments.owing import owe_credit
from workflow.engine import advance, operation
from workflow.errors import NotAllowed, Refused

WAITING = [Disbursement.State.REQUESTED, Disbursement.State.ON_HOLD, Disbursement.State.APPROVED]


def credit_of(company, currency="USD"):
    """What a buyer may still use: its credit, less what is on its way back already."""
    leaving = Disbursement.objects.filter(
        payee=company, kind=Disbursement.Kind.CREDIT, currency=currency, state__in=WAITING
    )
    there = balance(f"buyer_credit:{company.pk}", currency)
    return there - sum((row.amount for row in leaving), Money(0, currency))


@operation
def apply_credit(order, *, by):
    """Use the buyer's credit for the instalment that is due now."""
    if not the_buyer(order, by):
        raise NotAllowed(_("Only the buyer uses its credit."))
    check_may_commit(by)
    instalment = order.instalments.filter(funded_at=None).first()
    if instalment is None or order.state not in PAYABLE:
        raise Refused(_("Nothing is to be paid for this order now."), code="nothing_due")
    instalment.order = order
    amount = min(credit_of(order.buyer, order.currency), instalment.missing)
    if not amount:
        raise Refused(_("Your company has no credit."), code="no_credit")
    n = order.payments.count()
    key = f"{order.ref}:credit:{instalment.n}:{instalment.received_minor}:{n}"
    post(
        "credit.applied",
        key=key,
        order_ref=order.ref,
        transfers=[Move(f"buyer_credit:{order.buyer_id}", f"escrow:{order.ref}", amount)],
    )
    count_towards(order, instalment, amount, by=by)
    return amount


@operation
def send_credit_back(payment, *, by):
    """Send the buyer's credit back to where the payment came from that was too much."""
    finance = by is not None and "finance" in by.duties
    if not finance and not the_buyer(payment, by):
        raise NotAllowed(_("Only the buyer asks for its credit."))
    if not finance:
        check_may_commit(by)
    if payment.state != Payment.State.CLEARED:
        raise Refused(_("This payment is not held."), code="not_held")
    amount = credit_of(payment.order.buyer, payment.order.currency)
    if not amount:
        raise Refused(_("There is no credit to send back."), code="no_credit")
    advance(payment.return_overpayment, by=by, facts={"amount": amount.minor})
    earlier = payment.refunds.filter(kind=Disbursement.Kind.CREDIT).count()
    cause = f"credit-{payment.pk}-{earlier + 1}"
    return owe_credit(payment.order.buyer, amount, payment=payment, cause=cause, by=by)
