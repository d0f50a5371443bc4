"""From where a chargeback is taken, and what the claims on the same money are then about."""

from accounts.roles import PLATFORM
from core.money import Money
from disputes.endings import stop_clocks
from ledger.balances import balance
from payments import disbursing
from payments.escrow import kept_back
from payments.models import Disbursement
from payments.models.chargebacks import SUSPENSE
from workflow.engine import advance, record


class Taking:
    """Which accounts bear an amount, in the order of money.md: {account: Money} in `taken`."""

    def __init__(self, order, payment, charge, amount):
        self.order, self.payment, self.amount = order, payment, amount
        self.nothing = Money(0, amount.currency)
        self.left, self.taken = amount, {}
        self.fee = min(charge.fee, max(self.nothing, amount - payment.amount))

    def all(self):
        """Refunds that have not left go first: the buyer gets the money once.

        What was refunded already is nobody's fault: the platform bears and contests it.
        """
        order = self.order
        self._from(SUSPENSE, self._in_suspense())
        self._from("income:payment_fee", self.fee)
        self._from(f"refund_payable:{order.buyer_id}", self._cancel_refunds())
        twice = min(self.left, self._refunded())
        self.left -= twice
        self._from(f"escrow:{order.ref}", balance(f"escrow:{order.ref}", order.currency))
        for dispute in order.disputes.open().filter(after_release=False):
            self._from(dispute.hold_account, self._shrink(dispute))
        self._from(f"supplier_payable:{order.supplier_id}", self._cancel_payouts())
        reserve = f"supplier_reserve:{order.supplier_id}"
        self._from(reserve, min(kept_back(order), balance(reserve, order.currency)))
        self._from(f"receivable_supplier:{order.supplier_id}", self.left)
        self.left += twice
        self._from("expense:guarantee_loss", self.left)
        return self.taken

    def _from(self, account, most):
        part = min(self.left, most)
        if part:
            self.taken[account] = part
            self.left -= part

    def _in_suspense(self):
        """Money under review, or on its way back and not gone, is nobody's but the payer's."""
        returns = self.payment.refunds.filter(kind=Disbursement.Kind.RETURN)
        return self.payment.in_suspense or self._recut(returns)

    def _cancel_refunds(self):
        rows = self.payment.refunds.filter(kind=Disbursement.Kind.REFUND)
        return self._recut(rows)

    def _cancel_payouts(self):
        return self._recut(self.order.disbursements.filter(kind=Disbursement.Kind.PAYOUT))

    def _recut(self, rows):
        """Take waiting disbursements down by what is still to be found; how much that is."""
        found = self.nothing
        resting = [*disbursing.NOT_SENT, Disbursement.State.FAILED]
        for row in rows.filter(state__in=resting).order_by("pk"):
            part = min(row.amount, self.left - found)
            if part:
                row.adopt(self.order)
                disbursing.recut(row, by=PLATFORM, there=row.amount - part)
                found += part
        return found

    def _refunded(self):
        left = [Disbursement.State.SUBMITTED, Disbursement.State.CONFIRMED]
        gone = self.payment.refunds.filter(state__in=left)
        return sum((row.amount for row in gone), self.nothing)

    def _shrink(self, dispute):
        """An open dispute is about less now; about nothing, it has ended (no double refund)."""
        part = min(self.left, dispute.claimed)
        if part:
            dispute.adopt(self.order)
            reduce_claim(dispute, part)
        return part


def reduce_claim(dispute, part):
    """The buyer got `part` of what it claims through its bank: the claim is less by it."""
    dispute.offer_refund_minor = dispute.offer_by = None
    if dispute.refund_minor is not None:
        dispute.refund_minor = max(0, dispute.refund_minor - part.minor)
    if part == dispute.claimed:
        dispute.refund_minor = dispute.release_minor = None
        advance(dispute.overtake, by=PLATFORM, facts={"charged_back": part.minor})
        stop_clocks(dispute)
        return
    dispute.claimed_minor -= part.minor
    if dispute.refund_minor is not None:
        dispute.release_minor = dispute.claimed_minor - dispute.refund_minor
    dispute.save()
    record(dispute, "claim_reduced", by=PLATFORM, facts={"charged_back": part.minor})
