"""Where held money goes: back to the buyer, or on to the supplier; once per cause.

Called inside an operation, under the order's lock.
"""

from accounts.models import SupplierStanding
from contracts.models import PurchaseContract
from core.money import Money
from ledger.balances import balance
from ledger.models import Transfer
from ledger.operations import Move, post
from orders.fees import earned
from payments.owing import charges_of, owe_payout, owe_refund
from workflow.engine import advance


def refund(order, amount, *, cause, by, source=None):
    """Owe the buyer `amount` of what is held, once per cause, the way it came."""
    if not amount:
        return []
    post(
        f"refund.{cause}",
        key=f"{order.ref}:refund:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source or f"escrow:{order.ref}", f"refund_payable:{order.buyer_id}", amount)
        ],
    )
    return owe_refund(order, amount, cause=cause, by=by)


def refund_payment_fee(order, most, *, cause, by, source):
    """The supplier bears what the buyer paid for paying by card, out of `most` (money.md 7.2).

    Only where a ruling says so. Returns what it comes to.
    """
    paid = [row.fee for row in charges_of(order)]
    part = min(sum(paid, Money(0, order.currency)), most)
    if part:
        payable = f"refund_payable:{order.buyer_id}"
        post(
            "refund.payment_fee",
            key=f"{order.ref}:refund:{cause}.fee",
            order_ref=order.ref,
            transfers=[Move(source, payable, part)],
        )
        owe_refund(order, part, cause=f"{cause}.fee", by=by, with_fee=True)
    return part


def release(order, amount, *, cause, by, source=None):
    """The supplier has earned `amount`: less the platform's fee, it is his (money.md 7.2).

    A reserve that was agreed with him stays back until the claims are over; what he owes us
    is set off first. Returns the Disbursement, or None when nothing is left to pay out.
    """
    if not amount:
        return None
    share = earned(amount, order.fee_percent, order.fee_side)
    kept = share.supplier.share(_reserve_percent(order))
    source, payable = source or f"escrow:{order.ref}", f"supplier_payable:{order.supplier_id}"
    post(
        f"release.{cause}",
        key=f"{order.ref}:release:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(source, payable, share.supplier - kept),
            Move(source, f"supplier_reserve:{order.supplier_id}", kept),
            Move(source, "income:escrow_fee", share.fee),
        ],
    )
    return pay_out(order, share.supplier - kept, cause=cause, by=by)


def pay_out(order, amount, *, cause, by):
    """Owe the supplier what lies in his payable account for this cause, after the set-off."""
    left = amount - _set_off(order, amount, cause)
    return owe_payout(order, left, cause=cause, by=by) if left else None


def free_reserve(order, *, by):
    """The claims on an order are over (T8): what was kept back of it is the supplier's."""
    reserve = f"supplier_reserve:{order.supplier_id}"
    amount = min(kept_back(order), balance(reserve, order.currency))
    if not amount:
        return
    post(
        "reserve.freed",
        key=f"{order.ref}:reserve:freed",
        order_ref=order.ref,
        transfers=[Move(reserve, f"supplier_payable:{order.supplier_id}", amount)],
    )
    pay_out(order, amount, cause="reserve", by=by)


def kept_back(order):
    """What the releases of an order put into its supplier's reserve."""
    reserve = f"supplier_reserve:{order.supplier_id}"
    rows = Transfer.objects.filter(journal__order_ref=order.ref, credit__code=reserve)
    return sum((row.amount for row in rows), Money(0, order.currency))


def escrow_of(order):
    """What is held for an order and not disputed."""
    return balance(f"escrow:{order.ref}", order.currency)


def end_contract(order, *, by, fulfilled):
    """The contract in force ends with its order."""
    for contract in order.contracts.filter(state=PurchaseContract.State.EFFECTIVE):
        contract.adopt(order)
        advance(contract.fulfil if fulfilled else contract.terminate, by=by)


def _reserve_percent(order):
    standing = getattr(order.supplier, "standing", None)
    return standing.reserve_percent if standing else 0


def _set_off(order, amount, cause):
    """Take what the supplier owes us out of what it earned; one release at a time for each."""
    owed_to_us, nothing = f"receivable_supplier:{order.supplier_id}", Money(0, order.currency)
    if balance(owed_to_us, order.currency) <= nothing:  # below it when we owe something back
        return nothing
    SupplierStanding.objects.select_for_update().filter(company=order.supplier_id).first()
    part = max(nothing, min(balance(owed_to_us, order.currency), amount))
    if part:
        post(
            "set_off",
            key=f"{order.ref}:set-off:{cause}",
            order_ref=order.ref,
            transfers=[Move(f"supplier_payable:{order.supplier_id}", owed_to_us, part)],
        )
    return part
