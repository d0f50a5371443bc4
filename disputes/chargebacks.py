"""A buyer's bank takes a card payment back: frozen where it still is, contested, never paid twice.

It touches disputes too (what they hold is less by it), so it lives here, above the payments.
"""

from accounts.roles import PLATFORM
from core import clock
from core.money import Money
from disputes.claims import claimable
from disputes.endings import stop_clocks
from ledger import chart
from ledger.balances import balance
from ledger.models import Journal
from ledger.operations import Move, post, reverse
from orders.models import Order
from payments import disbursing
from payments.escrow import kept_back, pay_out, refund, release
from payments.models import Chargeback, Disbursement, Payment, ProviderOperation
from payments.owing import owe_refund
from payments.treasury import top_up
from workflow.engine import advance, operation, record

Outcome = Chargeback.Outcome


def hear(operation: int, external_ref: str, status: str, minor: int, fee_minor: int):
    """What a provider says of a chargeback of one of its charges (the outbox's handler)."""
    charge = ProviderOperation.objects.get(pk=operation)
    order, currency = charge.payment.order, charge.currency
    case = open_chargeback(
        order,
        by=PLATFORM,
        charge=charge,
        external_ref=external_ref,
        amount=Money(minor, currency),
        fee=Money(fee_minor, currency),
    )
    if status in {Outcome.WON, Outcome.LOST}:
        end_chargeback(case, by=PLATFORM, won=status == Outcome.WON)


@operation
def open_chargeback(order, *, by, charge, external_ref, amount, fee):
    """Take it from where the money is, once per chargeback; the fee is ours (money.md 7.2)."""
    found = Chargeback.objects.filter(provider=charge.provider, external_ref=external_ref).first()
    if found:
        return found
    payment = Payment.objects.select_for_update().get(pk=charge.payment_id)
    payment.adopt(order)
    taken = _Taking(order, payment, charge, amount).all()
    receivable = f"psp_receivable:{charge.provider}"
    moves = [Move(account, receivable, part) for account, part in taken.items()]
    post(
        "chargeback.opened",
        key=_key(charge.provider, external_ref),
        order_ref=order.ref,
        transfers=[*moves, Move("expense:chargeback_fee", receivable, fee)],
    )
    ours = [part for account, part in taken.items() if not _is_client_money(account)]
    top_up(sum(ours, fee), cause=_key(charge.provider, external_ref))
    case = Chargeback.objects.create(
        order=order,
        payment=payment,
        provider=charge.provider,
        external_ref=external_ref,
        amount_minor=amount.minor,
        fee_minor=fee.minor,
        currency=amount.currency,
        taken={account: part.minor for account, part in taken.items()},
        evidence=evidence_for(order),
    )
    _cut_claims_after_release(order)
    if payment.state == Payment.State.CLEARED:
        facts = {"amount": amount.minor, "number": external_ref}
        advance(payment.chargeback_open, by=by, facts=facts)
    return case


@operation
def end_chargeback(case, *, by, won):
    """The card network has decided; said twice, it counts once."""
    if case.outcome != Outcome.OPEN:
        return
    order = case.order
    payment = Payment.objects.select_for_update().get(pk=case.payment_id)
    payment.adopt(order)
    case.outcome, case.ended_at = (Outcome.WON if won else Outcome.LOST), clock.now()
    case.save(update_fields=["outcome", "ended_at"])
    if payment.state == Payment.State.CB_OPEN:
        verb = payment.chargeback_won if won else payment.chargeback_lost
        advance(verb, by=by, facts={"number": case.external_ref, "amount": case.amount_minor})
    if won:
        _give_back(order, case, by)
    disbursing.reconsider(order.disbursements.all())


def evidence_for(order):
    """What is sent to the card network: the contract, the shipment, the words of both sides."""
    contract = order.contracts.exclude(sha256="").order_by("version").last()
    shipments = order.shipments.values("carrier", "document_type", "document_number", "state")
    said = order.messages.order_by("pk").values_list("author__name", "text", "sent_at")
    return {
        "order": order.code,
        "contract_sha256": contract.sha256 if contract else "",
        "contract": contract.document if contract else None,
        "shipments": list(shipments),
        "delivered_at": order.delivered_at.isoformat() if order.delivered_at else "",
        "messages": [f"{at:%Y-%m-%d %H:%M}Z {name}: {text}" for name, text, at in said],
    }


class _Taking:
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


def _cut_claims_after_release(order):
    """What was taken back is not granted a second time: a claim is about the rest of it."""
    for dispute in order.disputes.open().filter(after_release=True):
        too_much = dispute.claimed - min(dispute.claimed, claimable(order))
        if too_much:
            dispute.adopt(order)
            reduce_claim(dispute, too_much)


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


def _give_back(order, case, by):
    """It was won: each account gets back what it bore, and what has ended since is settled."""
    journal = Journal.objects.get(key=_key(case.provider, case.external_ref))
    lines = range(1, len(case.taken) + 1)
    reverse(journal, key=f"{journal.key}:won", kind="chargeback.won", lines=list(lines))
    cause = f"chargeback-{case.pk}"
    for account, minor in case.taken.items():
        part, family = Money(minor, case.currency), account.partition(":")[0]
        if family == "hold":
            back = [Move(account, f"escrow:{order.ref}", part)]
            post("chargeback.to_escrow", key=f"{journal.key}:escrow", order_ref=order.ref,
                 transfers=back)  # fmt: skip
        if family in {"hold", "escrow"}:
            _to_whom_it_belongs(order, part, cause=f"{cause}-{family}", by=by)
        elif family == "refund_payable":
            owe_refund(order, part, cause=cause, by=by)
        elif family == "supplier_payable":
            pay_out(order, part, cause=f"{cause}-payable", by=by)
        elif family == "receivable_supplier":
            _repay_set_off(order, cause=cause, by=by)


def _to_whom_it_belongs(order, part, *, cause, by):
    """Held money of an order that has ended meanwhile goes where the order's money went."""
    if order.state in {Order.State.COMPLETED, Order.State.SETTLED}:
        release(order, part, cause=cause, by=by)
    elif order.ended:
        refund(order, part, cause=cause, by=by)


def _repay_set_off(order, *, cause, by):
    """What was set off for a debt that is none after all is the supplier's."""
    debt = f"receivable_supplier:{order.supplier_id}"
    too_much = -balance(debt, order.currency)
    if too_much.minor <= 0:
        return
    payable = f"supplier_payable:{order.supplier_id}"
    post("set_off.repaid", key=f"{order.ref}:{cause}:repaid", order_ref=order.ref,
         transfers=[Move(debt, payable, too_much)])  # fmt: skip
    pay_out(order, too_much, cause=cause, by=by)


def _is_client_money(account):
    return chart.entry(account).kind == chart.Kind.LIABILITY


def _key(provider, external_ref):
    return f"{provider}:chargeback:{external_ref}"
