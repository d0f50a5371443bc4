"""Who hears of what, in one table: event → readers, and the letter that each group gets."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from core.money import Money
from disputes.policies import needs_second_reader
from notifications.letters import LETTERS
from workflow.models import Deadline


@dataclass(frozen=True)
class To:
    """A group of readers and its letter.

    The one who acted is left out, except from a receipt: a letter about money, about a
    signature, or about what the platform did on the occasion. `when` is a test of
    (event, subject) for letters that depend on the facts.
    """

    readers: str
    letter: str
    receipt: bool = False
    when: Callable | None = None


def both(letter, *, receipt=False, when=None):
    return tuple(To(side, letter, receipt, when) for side in ("buyer", "supplier"))


def part_is(part):
    return lambda event, subject: event.facts.get("part") == part


def kind_is(kind):
    return lambda event, subject: subject.kind == kind


def in_time(event, order):
    return order.late_since is None


def late(event, order):
    return order.late_since is not None


def all_paid(event, order):
    return not order.instalments.filter(funded_at=None).exists()


def balance_due(event, order):
    return not all_paid(event, order)


def too_much(event, payment):
    return event.facts["amount_minor"] > event.facts["due"]


def no_agency(event, inspection):
    return inspection.agency_id is None


def big(event, dispute):
    limit = Money(settings.SECOND_READER_FROM_MINOR, dispute.currency)
    return needs_second_reader(dispute.claimed, limit)


def money_waits(event, subject):
    return subject.trade.disbursements.filter(state="requested").exists()


FINANCE = To("finance", "approve_money", when=money_waits)

READERS: dict[str, tuple[To, ...]] = {
    "order.place": (To("supplier", "order_request"),),
    "order.decline": (To("buyer", "order_declined"),),
    "order.expire_unconfirmed": both("order_unanswered"),
    "order.accept_order": (To("buyer", "order_accepted"),),
    "order.withdraw": both("order_withdrawn"),
    "order.expire_unsigned": both("order_unsigned"),
    "order.message": (To("other", "message"),),
    "order.contract_effective": (To("buyer", "pay_first", receipt=True),),
    "order.short_payment": (
        To("buyer", "deposit_short", receipt=True, when=part_is("deposit")),
        To("buyer", "balance_short", receipt=True, when=part_is("balance")),
    ),
    "order.money_held": (
        To("buyer", "money_held", receipt=True),
        To("supplier", "start_production", when=part_is("deposit")),
        To("supplier", "all_paid", when=part_is("balance")),
    ),
    "order.expire_unpaid": (*both("order_unpaid"), FINANCE),
    "order.declare_ready": (
        To("buyer", "goods_ready_unpaid", when=balance_due),
        To("buyer", "goods_ready", when=all_paid),
    ),
    "order.ship_full": (
        To("buyer", "shipped_on_time", when=in_time),
        To("buyer", "shipped_late", when=late),
    ),
    "order.confirm_delivery": (To("buyer", "check_goods"), To("supplier", "delivered")),
    "order.auto_delivery": (To("buyer", "check_goods"), To("supplier", "delivered")),
    "order.late": (To("buyer", "late_choose"), To("supplier", "late_prove")),
    "order.choose_refund": (To("supplier", "buyer_wants_refund"),),
    "order.choose_wait": (To("supplier", "buyer_waits"),),
    "order.late_refund": (
        To("buyer", "late_refund", receipt=True),
        To("supplier", "late_refund_supplier", receipt=True),
        FINANCE,
    ),
    "order.accept_goods": (
        To("buyer", "released", receipt=True),
        To("supplier", "released_to_you", receipt=True),
        FINANCE,
    ),
    "order.auto_accept": (
        To("buyer", "released", receipt=True),
        To("supplier", "released_to_you", receipt=True),
        FINANCE,
    ),
    "order.claims_over": both("coverage_over"),
    "purchasecontract.hand_over": (To("other", "contract_your_turn"),),
    "purchasecontract.counter": (To("other", "contract_countered"),),
    "purchasecontract.propose": (To("other", "contract_offered"),),
    "purchasecontract.sign": (
        To("other", "contract_sign_too"),
        To("own", "contract_signed_by_you", receipt=True),
    ),
    "purchasecontract.countersign": both("contract_in_force", receipt=True),
    "purchasecontract.seal": both("contract_sealed"),
    "payment.clear": (To("buyer", "paid_too_much", receipt=True, when=too_much),),
    "payment.to_review": (
        To("buyer", "transfer_checked", receipt=True),
        To("finance", "check_transfer"),
    ),
    "disbursement.approve": (
        To("buyer", "refund_approved", receipt=True, when=kind_is("refund")),
        To("supplier", "payout_approved", receipt=True, when=kind_is("payout")),
    ),
    "inspection.request": (To("mediators", "inspection_appoint", when=no_agency),),
    "inspection.appoint": (
        *both("inspection_proposed", receipt=True),
        To("agency", "inspection_offered"),
    ),
    "inspection.object": (*both("inspection_objected"), To("mediators", "inspection_appoint")),
    "inspection.schedule": (*both("inspection_agreed"), To("agency", "inspection_visit")),
    "inspection.verdict_pass": both("inspection_passed"),
    "inspection.verdict_fail": (
        To("buyer", "inspection_failed_buyer"),
        To("supplier", "inspection_failed_supplier"),
    ),
    "inspection.verdict_pending": (
        To("buyer", "inspection_judge"),
        To("supplier", "inspection_failed_supplier"),
    ),
    "inspection.buyer_accepts": (To("supplier", "inspection_waived"),),
    "inspection.no_decision": both("inspection_undecided"),
    "inspection.cancel": (*both("inspection_cancelled"), To("agency", "inspection_cancelled")),
    "dispute.file": (
        To("supplier", "dispute_answer"),
        To("buyer", "dispute_receipt", receipt=True),
    ),
    "dispute.propose": (To("other", "offer"),),
    "dispute.decline_offer": (To("other", "offer_declined"),),
    "dispute.accept_offer": (*both("dispute_settled", receipt=True), FINANCE),
    "dispute.concede": (*both("dispute_settled", receipt=True), FINANCE),
    "dispute.withdraw": (
        *both("dispute_withdrawn", receipt=True),
        To("mediator", "dispute_withdrawn"),
    ),
    "dispute.refuse": (*both("dispute_taken_over"), To("mediators", "dispute_assign")),
    "dispute.auto_escalate": (*both("dispute_taken_over"), To("mediators", "dispute_assign")),
    "dispute.assign": (*both("dispute_evidence"), To("mediator", "dispute_yours")),
    "dispute.evidence": (To("other", "evidence_added"), To("mediator", "evidence_added")),
    "dispute.close_evidence": (*both("evidence_closed"), To("mediator", "dispute_decide")),
    "dispute.propose_ruling": (To("mediators", "second_reader", when=big),),
    "dispute.decide": both("decision"),
    "dispute.enforce": (*both("decision_carried_out", receipt=True), FINANCE),
    "dispute.review_sla": (*both("decision_slow"), To("mediators", "decision_slow_staff")),
}

# Steps that are part of another event, which is told, or that the other side must not see.
UNTOLD = {
    "designatedaccount.approve", "designatedaccount.retire",  # on the finance office's pages
    "order.initial_funded",  # order.money_held
    "order.dispute_settled", "order.dispute_refunded",  # the dispute's own end
    "purchasecontract.lapse", "purchasecontract.discard",  # the order's end
    "purchasecontract.fulfil", "purchasecontract.terminate",
    "order.cancel_unpaid", "payment.clear_review", "payment.return_funds",  # nobody does them yet
    "payment.fail",  # the buyer sees it on the provider's page
    "payment.submit", "payment.expire",  # the buyer's own word; order.expire_unpaid
    "shipment.submit", "shipment.verify", "shipment.deliver", "shipment.accept_lot",  # the order's
    "inspection.report", "inspection.dispute",  # the verdict; dispute.file
    "dispute.finalise",  # dispute.enforce, in the same breath
}  # fmt: skip


def readers_of(event, subject):
    """Each person who hears of an event, with the letter: [(reader, Letter)], in one query.

    Someone who is in two groups gets the letter of the first one only.
    """
    groups = [
        (to, group)
        for to in READERS.get(event.name, ())
        if (to.when is None or to.when(event, subject))
        and (group := _group(to.readers, event, subject))
    ]
    people = _people([group for _, group in groups])
    found = []
    for reader in people:
        for to, group in groups:
            if _belongs(reader, group):
                if to.receipt or reader.pk != event.actor_id:
                    found.append((reader, LETTERS[to.letter]))
                break
    return found


def side(company_id):
    """The people of one company."""
    return {"company": company_id} if company_id else None


def people_of(company_id):
    """The active people of one company, with what writing to them needs."""
    return _people([side(company_id)])


COMPANIES = {
    "buyer": lambda event, subject: subject.trade.buyer_id,
    "supplier": lambda event, subject: subject.trade.supplier_id,
    "agency": lambda event, subject: subject.agency_id,
    "own": lambda event, subject: event.actor.company_id,
    "other": lambda event, subject: _across(event.actor.company_id, subject.trade),
}
DUTIES = {"mediators": "mediator", "finance": "finance"}


def _group(readers, event, subject):
    """Who is meant by a word of the table, as a test that both the query and we can make."""
    if readers in DUTIES:
        return {"duty": DUTIES[readers]}
    if readers == "mediator":
        return {"person": subject.mediator_id} if subject.mediator_id else None
    return side(COMPANIES[readers](event, subject))


def _across(company_id, trade):
    """The party on the other side of the table."""
    return trade.supplier_id if company_id == trade.buyer_id else trade.buyer_id


def _people(groups):
    wanted = Q(pk=None)
    for group in filter(None, groups):
        wanted |= (
            Q(company=group["company"])
            if "company" in group
            else Q(pk=group["person"])
            if "person" in group
            else Q(is_staff=True, groups__name=group["duty"])
        )
    return list(
        User.objects.filter(wanted, is_active=True)
        .select_related("company")
        .prefetch_related("groups")
        .distinct()
        .order_by("pk")
    )


def _belongs(reader, group):
    if "company" in group:
        return reader.company_id == group["company"]
    if "person" in group:
        return reader.pk == group["person"]
    return reader.is_staff and group["duty"] in {g.name for g in reader.groups.all()}


def last_deadline(kind, trade_ref):
    """The latest deadline of a kind in a trade, open or over; None if there never was one."""
    return Deadline.objects.filter(kind=kind, trade_ref=trade_ref).order_by("-pk").first()
