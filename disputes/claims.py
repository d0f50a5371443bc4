"""What can be claimed, by whom, and what is kept of the trade at the moment of the claim."""

from django.utils.translation import gettext as _

from contracts.models import ContractLine, PurchaseContract
from core.money import Money
from disputes import policies
from disputes.models import Dispute
from ledger.balances import order_position
from orders.models import Order
from orders.states import UNDER_WAY
from payments.escrow import escrow_of
from payments.guarantee import charged_back
from workflow import deadlines
from workflow.errors import NotAllowed, Refused

IN_FORCE = [PurchaseContract.State.EFFECTIVE, PurchaseContract.State.FULFILLED]


def may_be_disputed(order):
    """An order that is paid and under way, or one whose claims after release are open (T8)."""
    if order.state == Order.State.COMPLETED:
        return deadlines.due_at("order.claim", order) is not None
    return order.state in UNDER_WAY


def may_be_disputed_by(order, company_id):
    """A side of the order: the supplier only while money is held, for that is what it claims."""
    if company_id == order.supplier_id:
        return order.state in UNDER_WAY
    return company_id == order.buyer_id and may_be_disputed(order)


def claimable(order):
    """At most so much can be claimed: what is held, or what was released and not given back."""
    if order.state != Order.State.COMPLETED:
        return escrow_of(order)
    nothing = Money(0, order.currency)
    back = order.disbursements.filter(kind="refund").exclude(state="cancelled")
    released = order_position(order.ref, order.currency)["released"]
    left = released - sum((row.amount for row in back), charged_back(order))
    return max(nothing, left)


def reasons_of(order, company_id):
    """The reasons that this side can give (machines.md, Dispute.file)."""
    own = policies.SUPPLIER_REASONS if company_id == order.supplier_id else policies.BUYER_REASONS
    return [(value, label) for value, label in Dispute.Reason.choices if value in own]


def check_can_file(order, by, reason, amount, lines, beyond):
    """Raise Refused, with what to do, unless this claim can be filed now."""
    check_is_a_side(order, by)
    if reason not in dict(reasons_of(order, by.company_id)):
        raise Refused(_("Choose one of the reasons."), code="reason_unknown")
    if not may_be_disputed_by(order, by.company_id):
        raise Refused(_("A dispute needs an order that is paid and not ended."), code="not_open")
    if order.disputes.open().exists():
        raise Refused(_("This order is in dispute already."), code="in_dispute")
    if reason == Dispute.Reason.BALANCE_UNPAID and not _balance_is_open(order):
        raise Refused(_("Everything that is due has been paid."), code="balance_paid")
    if reason == Dispute.Reason.ABUSIVE_CLAIM and not _claimed_before(order):
        raise Refused(_("The buyer has claimed nothing on this order."), code="nothing_claimed")
    if reason == Dispute.Reason.QUALITY and not (lines or beyond.strip()):
        raise Refused(
            _("Name the contract lines that differ. Only these can be compared (S31)."),
            code="claim_names_no_line",
        )
    _check_lines(order, lines)
    if not Money(0, order.currency) < amount <= claimable(order):
        raise Refused(
            _("Claim more than nothing and at most %s.") % claimable(order),
            code="claim_out_of_range",
        )


def check_is_a_side(order, by):
    """Raise NotAllowed for anybody but the buyer and the supplier of this order."""
    if by.company_id is None or by.company_id not in {order.buyer_id, order.supplier_id}:
        raise NotAllowed(_("Only the buyer and the supplier of this order can dispute it."))


def snapshot(order):
    """What both sides can rely on later: the contract, the messages, the report as they were."""
    contract = order.contracts.filter(state__in=IN_FORCE).first()
    report = order.inspections.exclude(reported_at=None).last()
    return {
        "contract": contract.document if contract else None,
        "contract_sha256": contract.sha256 if contract else "",
        "messages": [
            {"author": name, "text": text, "sent_at": sent_at.isoformat()}
            for name, text, sent_at in order.messages.values_list("author__name", "text", "sent_at")
        ],
        "report": list(report.results.values("line__number", "readings", "result", "mean"))
        if report
        else [],
    }


def _balance_is_open(order):
    return order.instalments.filter(funded_at=None).exists()


def _claimed_before(order):
    ended = order.disputes.filter(by_supplier=False)
    return ended.exclude(state=Dispute.State.DRAFT).exists()


def _check_lines(order, lines):
    """Only lines of the contract in force can be claimed, and none that the buyer waived."""
    ours = ContractLine.objects.filter(
        pk__in=[line.pk for line in lines],
        contract__order=order,
        contract__state__in=IN_FORCE,
    ).exclude(results__waived=True)
    if ours.count() != len(set(lines)):
        raise Refused(
            _("Claim only lines of this contract that you have not accepted as they are."),
            code="line_not_claimable",
        )
