"""Where held money goes: back to the buyer, or on to the supplier; once per cause.

Called inside an operation, under the order's lock.
"""

from datetime import timedelta

from contracts.models import PurchaseContract
from core import clock
from ledger.balances import balance
from ledger.operations import Move, post
from payments.models import Disbursement
from workflow.engine import advance

PAYOUT_COOL_OFF = timedelta(hours=24)


def refund(order, amount, *, cause, by, source=None):
    """Owe the buyer `amount` of what is held, once per cause."""
    if not amount:
        return None
    post(
        f"refund.{cause}",
        key=f"{order.ref}:refund:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source or f"escrow:{order.ref}", f"refund_payable:{order.buyer_id}", amount)
        ],
    )
    return _disburse(order, Disbursement.Kind.REFUND, order.buyer, amount, cause, by)


def release(order, amount, *, cause, by, source=None):
    """The supplier has earned `amount`: less the platform's fee, it is his (money.md 7.2)."""
    if not amount:
        return None
    fee = amount.share(order.fee_percent)
    source = source or f"escrow:{order.ref}"
    post(
        f"release.{cause}",
        key=f"{order.ref}:release:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source, f"supplier_payable:{order.supplier_id}", amount - fee),
            Move(source, "income:escrow_fee", fee),
        ],
    )
    return _disburse(order, Disbursement.Kind.PAYOUT, order.supplier, amount - fee, cause, by)


def escrow_of(order):
    """What is held for an order and not disputed."""
    return balance(f"escrow:{order.ref}", order.currency)


def end_contract(order, *, by, fulfilled):
    """The contract in force ends with its order."""
    for contract in order.contracts.filter(state=PurchaseContract.State.EFFECTIVE):
        contract.adopt(order)
        advance(contract.fulfil if fulfilled else contract.terminate, by=by)


def _disburse(order, kind, payee, amount, cause, by):
    now = clock.now()
    return Disbursement.objects.create(
        order=order,
        kind=kind,
        cause=cause,
        payee=payee,
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_by=by,
        requested_at=now,
        not_before=now + PAYOUT_COOL_OFF if kind == Disbursement.Kind.PAYOUT else now,
    )
