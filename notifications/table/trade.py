"""Who hears of an order, its contract, its inspection and its dispute."""

from django.conf import settings

from core.money import Money
from disputes.policies import needs_second_reader
from notifications.releases import release_of
from notifications.table.to import To, both


def part_is(part):
    return lambda event, order: not from_credit(event, order) and event.facts.get("part") == part


def from_credit(event, order):
    """Only a buyer who uses its credit counts money itself; all other money comes from outside."""
    return event.actor is not None and event.actor.company_id == order.buyer_id


def from_outside(event, order):
    return not from_credit(event, order)


def in_time(event, order):
    return order.late_since is None


def late(event, order):
    return order.late_since is not None


def not_one_more_day(event, order):
    """Goods that wait for the balance gain a day each day: the first one is told."""
    return not event.facts.get("again") or event.facts.get("days", 1) > 1


def all_paid(event, order):
    return not order.instalments.filter(funded_at=None).exists()


def balance_due(event, order):
    return not all_paid(event, order)


def has_gaps(event, contract):
    return contract.gaps.exists()


def no_agency(event, inspection):
    return inspection.agency_id is None


def by_a_person(event, shipment):
    """Somebody looked; where nobody did in 48 hours, what was told before stays true (T14)."""
    return event.actor_id is not None


def called_off(event, inspection):
    """Somebody did it: where the order's end brings it along, that is what is told."""
    return event.actor_id is not None


def big(event, dispute):
    limit = Money(settings.SECOND_READER_FROM_MINOR, dispute.currency)
    return needs_second_reader(dispute.claimed, limit)


def paid_out_whole(event, order):
    return release_of(order, "accepted").is_whole


def paid_out_less(event, order):
    return not paid_out_whole(event, order)


ACCEPTED = (
    To("buyer", "released", receipt=True),
    To("supplier", "released_to_you", receipt=True, when=paid_out_whole),
    To("supplier", "released_less", receipt=True, when=paid_out_less),
)

READERS = {
    "order.place": (To("supplier", "order_request"),),
    "order.decline": (To("buyer", "order_declined"),),
    "order.expire_unconfirmed": both("order_unanswered"),
    "order.accept_order": (To("buyer", "order_accepted"),),
    "order.withdraw": both("order_withdrawn"),
    "order.expire_unsigned": both("order_unsigned"),
    "order.message": (To("other", "message"),),
    "order.contract_effective": (To("buyer", "pay_first", receipt=True),),
    "order.coverage_low": (To("supplier", "coverage_low"),),
    "order.short_payment": (
        To("buyer", "deposit_short", receipt=True, when=part_is("deposit")),
        To("buyer", "balance_short", receipt=True, when=part_is("balance")),
        To("buyer", "credit_short", receipt=True, when=from_credit),
    ),
    "order.money_held": (
        To("buyer", "money_held", receipt=True, when=from_outside),
        To("buyer", "credit_held", receipt=True, when=from_credit),
        To("supplier", "start_production", when=lambda e, o: e.facts.get("part") == "deposit"),
        To("supplier", "all_paid", when=lambda e, o: e.facts.get("part") == "balance"),
    ),
    "order.accept_short": (To("buyer", "short_accepted"),),
    "order.expire_unpaid": both("order_unpaid"),
    "order.declare_ready": (
        To("buyer", "goods_ready_unpaid", when=balance_due),
        To("buyer", "goods_ready", when=all_paid),
    ),
    "order.ship_full": (
        To("buyer", "shipped_on_time", when=in_time),
        To("buyer", "shipped_late", when=late),
    ),
    "order.ship_partial": (To("buyer", "lot_shipped"),),
    "order.lot_accepted": both("lot_released", receipt=True),
    "order.close_short": both("closed_short", receipt=True),
    "shipment.verify": both("document_checked", when=by_a_person),
    "shipment.reject_doc": both("document_rejected", receipt=True),
    "order.extend_delivery": (To("other", "delivery_extended"),),
    "order.confirm_delivery": (To("buyer", "check_goods"), To("supplier", "delivered")),
    "order.auto_delivery": (To("buyer", "check_goods"), To("supplier", "delivered")),
    "order.late": (To("buyer", "late_choose"), To("supplier", "late_prove")),
    "order.choose_refund": (To("supplier", "buyer_wants_refund"),),
    "order.choose_wait": (To("supplier", "buyer_waits"),),
    "order.late_refund_waits": both("late_refund_waits", receipt=True),
    "order.late_refund": (
        To("buyer", "late_refund", receipt=True),
        To("supplier", "late_refund_supplier", receipt=True),
    ),
    "order.accept_goods": ACCEPTED,
    "order.auto_accept": ACCEPTED,
    "order.checking_over": both("undisputed_released", receipt=True),
    "order.shift_ship_clock": both("ship_day_moved", receipt=True, when=not_one_more_day),
    "order.extend_by_offer": both("ship_day_agreed", receipt=True),
    "order.claims_over": both("coverage_over"),
    **{
        f"{model}.extend_clock": both("clock_extended", receipt=True)
        for model in ("order", "payment", "inspection", "dispute")
    },
    "purchasecontract.hand_over": (To("other", "contract_your_turn"),),
    "purchasecontract.upload_paper": (To("buyer", "contract_paper"),),
    "purchasecontract.counter": (To("other", "contract_countered"),),
    "purchasecontract.propose": (
        To("other", "contract_offered"),
        To("own", "contract_has_gaps", receipt=True, when=has_gaps),
    ),
    "purchasecontract.sign": (
        To("other", "contract_sign_too"),
        To("own", "contract_signed_by_you", receipt=True),
    ),
    "purchasecontract.countersign": both("contract_in_force", receipt=True),
    "purchasecontract.seal": both("contract_sealed"),
    "inspection.request": (To("mediators", "inspection_appoint", when=no_agency),),
    "inspection.appoint": (
        *both("inspection_proposed", receipt=True),
        To("agency", "inspection_offered"),
    ),
    "inspection.object": (*both("inspection_objected"), To("mediators", "inspection_appoint")),
    "inspection.schedule": (*both("inspection_agreed"), To("agency", "inspection_visit")),
    "inspection.set_day": (*both("inspection_moved"), To("agency", "inspection_moved")),
    "inspection.miss": (*both("inspection_missed"), To("mediators", "inspection_missed")),
    "inspection.overdue": (*both("inspection_overdue"), To("mediators", "inspection_overdue")),
    "inspection.reschedule": (
        *both("inspection_proposed", receipt=True),
        To("agency", "inspection_offered"),
    ),
    "inspection.rework": both("inspection_rework", receipt=True),
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
    "inspection.cancel": (
        *both("inspection_cancelled", when=called_off),
        To("agency", "inspection_cancelled"),
    ),
    "dispute.file": (
        To("other", "dispute_answer"),
        To("own", "dispute_receipt", receipt=True),
    ),
    "dispute.propose": (To("other", "offer"),),
    "dispute.decline_offer": (To("other", "offer_declined"),),
    "dispute.accept_offer": both("dispute_settled", receipt=True),
    "dispute.concede": both("dispute_settled", receipt=True),
    "dispute.withdraw": (
        *both("dispute_withdrawn", receipt=True),
        To("mediator", "dispute_withdrawn"),
    ),
    "dispute.overtake": (
        *both("dispute_overtaken", receipt=True),
        To("mediator", "dispute_overtaken"),
    ),
    "dispute.claim_reduced": (
        *both("claim_reduced", receipt=True),
        To("mediator", "claim_reduced"),
    ),
    "dispute.refuse": (*both("dispute_taken_over"), To("mediators", "dispute_assign")),
    "dispute.auto_escalate": (*both("dispute_taken_over"), To("mediators", "dispute_assign")),
    "dispute.assign": (*both("dispute_evidence"), To("mediator", "dispute_yours")),
    "dispute.evidence": (To("other", "evidence_added"), To("mediator", "evidence_added")),
    "dispute.close_evidence": (*both("evidence_closed"), To("mediator", "dispute_decide")),
    "dispute.agree_hand_over": (To("other", "hand_over_asked"),),
    "dispute.joint_escalate": (*both("dispute_taken_over"), To("mediators", "dispute_assign")),
    "dispute.take_computed": both("dispute_settled", receipt=True),
    "dispute.screen_out": both("dispute_not_covered", receipt=True),
    "dispute.evidence_done": (To("other", "evidence_done"), To("mediator", "evidence_done")),
    "dispute.order_inspection": both("dispute_inspection"),
    "dispute.inspection_in": (*both("dispute_inspected"), To("mediator", "dispute_decide")),
    "dispute.appeal": both("appealed", receipt=True),
    "dispute.assign_appeal": (To("mediator", "appeal_yours"),),
    "dispute.no_mediator": (To("mediators", "dispute_assign"),),
    "dispute.decide_appeal": both("appeal_decided"),
    "dispute.seal_ruling": both("ruling_sealed"),
    "dispute.propose_ruling": (To("mediators", "second_reader", when=big),),
    "dispute.decide": both("decision"),
    "dispute.enforce": both("decision_carried_out", receipt=True),
    "dispute.review_sla": (*both("decision_slow"), To("mediators", "decision_slow_staff")),
}

# Steps that are part of another event, which is told, or that the other side must not see.
UNTOLD = {
    "order.initial_funded": "order.money_held says it",
    "order.match_line": "order.money_held or order.short_payment says it",
    "order.dispute_settled": "the dispute's own end says it",
    "order.dispute_refunded": "the dispute's own end says it",
    "order.cancel_unpaid": "nobody does it yet",
    "order.start": "a draft: nobody else sees it",
    "order.change_draft": "a draft: nobody else sees it",
    "order.accept_uncovered": "the buyer's own word, before its signature, which is told",
    "order.no_proof": "the refund that follows is told, or the buyer's wish to wait was",
    "purchasecontract.draft": "the order or the answer that it belongs to is told",
    "purchasecontract.use_template": "a draft: the other side hears when it is offered",
    "purchasecontract.remove_paper": "a draft: the other side hears when it is offered",
    "purchasecontract.lapse": "the order's end says it",
    "purchasecontract.discard": "the order's end says it",
    "purchasecontract.fulfil": "the order's end says it",
    "purchasecontract.terminate": "the order's end says it",
    "shipment.submit": "order.ship_full says it",
    "order.reopen_lot": "shipment.reject_doc says it",
    "shipment.discard": "nobody else saw the draft",
    "shipment.add_paper": "it stands on the page of the shipment",
    "order.reopen_shipping": "shipment.reject_doc says it",
    "order.prove_shipment": "shipment.verify says it",
    "shipment.deliver": "the order's delivery says it",
    "shipment.accept_lot": "the order's acceptance says it",
    "inspection.report": "the verdict says it",
    "inspection.seal": "the verdict says it",
    "inspection.photos": "nobody sees them before the verdict, which says it",
    "inspection.photo_removed": "nobody saw it",
    "inspection.dispute": "dispute.file says it",
    "dispute.discard_draft": "nobody else saw the draft",
    "dispute.review_contract": "a step of the mediator's work: the ruling is told",
    "dispute.compare": "a step of the mediator's work: the ruling is told",
    "dispute.finalise": "dispute.enforce follows in the same breath",
}
