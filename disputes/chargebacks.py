"""A buyer's bank takes a card payment back: frozen where it still is, contested, never paid twice.

It touches disputes too (what they hold is less by it), so it lives here, above the payments.
"""

from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core import clock
from core.money import Money
from disputes.claims import claimable
from disputes.taking_back import Taking, reduce_claim
from ledger import chart
from ledger.balances import balance
from ledger.models import Journal
from ledger.operations import Move, post, reverse
from orders.models import Order
from payments import disbursing
from payments.escrow import pay_out, refund, release
from payments.models import Chargeback, Payment, ProviderOperation
from payments.owing import owe_refund, owe_return_of
from payments.treasury import top_up
from workflow import deadlines
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
    taken = Taking(order, payment, charge, amount).all()
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
    if payment.state in {Payment.State.CLEARED, Payment.State.REVIEW}:
        advance(payment.chargeback_open, by=by, facts=_facts(case))
    else:
        record(payment, "chargeback_open", by=by, facts=_facts(case))
    deadlines.keep("payment.return", payment)
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
    uncounted = payment.in_suspense
    just_lost = _end(payment, case, by)
    if won:
        _give_back(order, case, by)
    if not just_lost:
        uncounted = Money(case.from_suspense if won else 0, case.currency)
    if uncounted and payment.state in {Payment.State.CB_LOST, Payment.State.RETURNED}:
        owe_return_of(payment, uncounted, cause=f"chargeback-{case.pk}-rest", by=by)
    disbursing.reconsider(order.disbursements.all())


def _end(payment, case, by):
    """Once none of its cases is open the payment is lost, or what it was; whether it is lost."""
    outcomes = set(payment.chargebacks.values_list("outcome", flat=True))
    if payment.state != Payment.State.CB_OPEN or Outcome.OPEN in outcomes:
        record(payment, f"chargeback_{case.outcome}", by=by, facts=_facts(case))
    elif Outcome.LOST in outcomes:
        advance(payment.chargeback_lost, by=by, facts=_facts(case))
        return True
    elif payment.in_suspense:
        why = _("The card network decided for us.")
        advance(payment.chargeback_won_in_review, by=by, reason=why, facts=_facts(case))
        deadlines.start("payment.return", payment)
    else:
        advance(payment.chargeback_won, by=by, facts=_facts(case))
    return False


def _facts(case):
    return {"number": case.external_ref, "amount": case.amount_minor}


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


def _cut_claims_after_release(order):
    """What was taken back is not granted a second time: a claim is about the rest of it."""
    for dispute in order.disputes.open().filter(after_release=True):
        too_much = dispute.claimed - min(dispute.claimed, claimable(order))
        if too_much:
            dispute.adopt(order)
            reduce_claim(dispute, too_much)


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
