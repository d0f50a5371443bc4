"""Money that already left the escrow: what the buyer gets back all the same (money.md 7.3).

The supplier's own money goes first, then its reserve; what is missing the platform advances up
to what is covered, and the supplier owes it to the platform. Beyond that there is recovery only.
"""

from dataclasses import dataclass

from accounts.models import SupplierStanding
from accounts.operations import covered
from core.money import Money
from ledger.balances import balance
from ledger.models import Transfer
from ledger.operations import Move, post
from payments.models import Chargeback
from payments.owing import owe_refund
from payments.treasury import top_up
from workflow.engine import record

OF_THE_SUPPLIER = ("supplier_payable:", "supplier_reserve:", "receivable_supplier:")


@dataclass(frozen=True)
class Draw:
    """Where a refund after release comes from; `uncovered` is not refunded by the platform."""

    payable: Money
    reserve: Money
    guarantee: Money
    uncovered: Money

    @property
    def refunded(self):
        return self.payable + self.reserve + self.guarantee


def refund_after_release(order, amount, *, cause, by):
    """Owe the buyer `amount` of money that was released, as far as it is there or covered.

    Called inside an operation on the order. Returns the Draw.
    """
    SupplierStanding.objects.select_for_update().filter(company=order.supplier_id).first()
    draw = draw_for(order, amount)
    if not draw.refunded:
        return draw
    payable = f"refund_payable:{order.buyer_id}"
    post(
        "guarantee.refund",
        key=f"{order.ref}:after-release:{cause}",
        order_ref=order.ref,
        transfers=[
            Move(f"supplier_payable:{order.supplier_id}", payable, draw.payable),
            Move(f"supplier_reserve:{order.supplier_id}", payable, draw.reserve),
            Move(f"receivable_supplier:{order.supplier_id}", payable, draw.guarantee),
        ],
    )
    top_up(draw.guarantee, cause=f"{order.ref}:after-release:{cause}")
    owe_refund(order, draw.refunded, cause=cause, by=by)
    facts = {"refunded": draw.refunded.minor, "guarantee": draw.guarantee.minor}
    record(order, "refund_after_release", by=by, facts={**facts, "uncovered": draw.uncovered.minor})
    return draw


def draw_for(order, amount):
    """What a refund of `amount` after release would take from where (refund order, 2 to 5)."""
    nothing = Money(0, order.currency)
    payable = min(balance(f"supplier_payable:{order.supplier_id}", order.currency), amount)
    left = amount - payable
    reserve = min(balance(f"supplier_reserve:{order.supplier_id}", order.currency), left)
    left -= reserve
    cover = max(nothing, covered(order.ref) - drawn(order))
    guarantee = min(cover, left)
    return Draw(payable, reserve, guarantee, left - guarantee)


def drawn(order):
    """What the platform has advanced for an order so far."""
    rows = Transfer.objects.filter(
        journal__order_ref=order.ref,
        journal__kind="guarantee.refund",
        debit__code=f"receivable_supplier:{order.supplier_id}",
    )
    return sum((row.amount for row in rows), Money(0, order.currency))


def charged_back(order):
    """What the buyer's bank took of money that was released: the buyer has it already."""
    cases = order.chargebacks.exclude(outcome=Chargeback.Outcome.WON)
    taken = [part for case in cases for part in case.taken.items()]
    minor = sum(minor for account, minor in taken if account.startswith(OF_THE_SUPPLIER))
    return Money(minor, order.currency)
