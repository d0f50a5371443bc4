"""The dispute machine by its rules, to the instant: settling, escalating, ruling, giving up."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock as business
from core import days
from disputes import appeals, hearing, operations, rulings
from disputes.acting import accept_seen_offer
from disputes.models import Dispute
from inspections import operations as inspections
from ledger.balances import balance
from ledger.models import Transfer
from orders import operations as orders
from payments.models import Disbursement
from tests.cast import both_done, open_deadlines, usd
from tests.test_stories import file_report, ship
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db

SGT = ZoneInfo("Asia/Singapore")


def held(order):
    return balance(f"escrow:{order.ref}")


def refundable(order):
    return balance(f"refund_payable:{order.buyer_id}")


def earned(order):
    return balance(f"supplier_payable:{order.supplier_id}")


def record_of(dispute):
    """Everything that a refusal must leave as it was."""
    fresh = Dispute.objects.get(pk=dispute.pk)
    return (
        Transfer.objects.count(),
        Event.objects.count(),
        Disbursement.objects.count(),
        fresh.state,
        fresh.order.state,
        fresh.offer_refund_minor,
        fresh.answered_at,
        fresh.refund_minor,
        sorted(open_deadlines(fresh.order)),
    )


def refusal_of(dispute, operation, **details):
    """The code of the refusal; fails if the operation goes through or if anything moved."""
    before = record_of(dispute)
    with pytest.raises(Refused) as refusal:
        operation(Dispute.objects.get(pk=dispute.pk), **details)
    assert record_of(dispute) == before
    return refusal.value.code


# --- filing


def test_only_what_is_claimed_is_blocked_and_the_supplier_has_fifteen_days(dispute):
    order = dispute.order
    assert (held(order), balance(dispute.hold_account)) == (usd("0"), usd("5580.00"))
    assert deadlines.due_at("dispute.resolve", dispute) == days.days_after(dispute.filed_at, 15)
    assert dispute.snapshot["contract_sha256"] == order.contracts.get().sha256
    assert dispute.snapshot["report"][0]["mean"] == "181"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lines": []}, "claim_names_no_line"),
        ({"amount": usd("5580.01")}, "claim_out_of_range"),
        ({"amount": usd("0")}, "claim_out_of_range"),
    ],
)
def test_a_claim_outside_the_rules_is_refused_and_nothing_is_blocked(failed, buyer, changed, code):
    order = failed.order
    line = failed.contract.lines.get(template_key="fabric")
    claim = {"amount": usd("100.00"), "lines": [line], **changed}
    events = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        operations.file(order, by=buyer, reason="quality", statement="Light.", **claim)
    assert refusal.value.code == code
    assert (held(order), Event.objects.count()) == (usd("5580.00"), events)
    assert not Dispute.objects.exists()


def test_an_order_has_one_open_dispute_at_a_time(dispute, buyer):
    with pytest.raises(Refused) as refusal:
        operations.file(
            dispute.order, by=buyer, reason="late", statement="Late.", amount=usd("1.00")
        )
    assert refusal.value.code == "in_dispute"


def test_the_supplier_cannot_dispute_his_own_delivery(failed, supplier, stranger):
    claim = {"reason": "late", "statement": "x", "amount": usd("1.00")}
    with pytest.raises(Refused) as refusal:
        operations.file(failed.order, by=supplier, **claim)
    assert refusal.value.code == "reason_unknown"
    with pytest.raises(NotAllowed):
        operations.file(failed.order, by=stranger, **claim)
    assert held(failed.order) == usd("5580.00")


# --- scenario 20: the fifteenth day, to the instant


@pytest.fixture
def filed_on_the_second_of_march(clock, request):
    """A dispute filed on 2 March 2026 at noon in Singapore."""
    clock.move_to(datetime(2026, 2, 20, 12, tzinfo=SGT))
    request.getfixturevalue("failed")
    clock.move_to(datetime(2026, 3, 2, 12, tzinfo=SGT))
    return request.getfixturevalue("dispute")


def test_conceding_in_the_last_second_of_day_fifteen_settles(
    filed_on_the_second_of_march, clock, supplier
):
    dispute = filed_on_the_second_of_march
    clock.move_to(datetime(2026, 3, 17, 23, 59, 59, tzinfo=SGT))
    operations.concede(dispute, by=supplier)
    dispute.refresh_from_db()
    order = dispute.order
    order.refresh_from_db()
    assert (dispute.state, order.state) == ("settled", "refunded")
    assert (refundable(order), balance(dispute.hold_account)) == (usd("5580.00"), usd("0"))


def test_conceding_at_midnight_is_refused_because_the_platform_has_taken_over(
    filed_on_the_second_of_march, clock, supplier
):
    dispute = filed_on_the_second_of_march
    clock.move_to(datetime(2026, 3, 18, tzinfo=SGT))
    with pytest.raises(Refused):
        operations.concede(dispute, by=supplier)
    dispute.refresh_from_db()
    assert dispute.state == "escalated"
    assert (refundable(dispute.order), balance(dispute.hold_account)) == (
        usd("0"),
        usd("5580.00"),
    )
    escalation = Event.objects.get(verb="auto_escalate")
    assert (escalation.actor, escalation.facts) == (None, {"no_answer": True})


@pytest.mark.parametrize("verb", ["propose", "accept", "decline", "refuse"])
def test_at_midnight_nothing_else_is_negotiated_either(
    filed_on_the_second_of_march, clock, buyer, supplier, verb
):
    dispute = filed_on_the_second_of_march
    operations.propose(dispute, by=supplier, refund=usd("1000.00"))
    late = {
        "propose": lambda: operations.propose(dispute, by=buyer, refund=usd("2.00")),
        "accept": lambda: operations.accept_offer(dispute, by=buyer, refund=usd("1000.00")),
        "decline": lambda: operations.decline_offer(dispute, by=buyer),
        "refuse": lambda: operations.refuse(dispute, by=supplier, reason="No."),
    }
    clock.move_to(datetime(2026, 3, 18, tzinfo=SGT))
    with pytest.raises(Refused):
        late[verb]()
    dispute.refresh_from_db()
    assert (dispute.state, balance(dispute.hold_account)) == ("escalated", usd("5580.00"))


def test_an_offer_does_not_reset_the_fifteen_days(
    filed_on_the_second_of_march, clock, run_clock, supplier
):
    dispute = filed_on_the_second_of_march
    clock.move_to(datetime(2026, 3, 17, 22, tzinfo=SGT))
    operations.propose(dispute, by=supplier, refund=usd("1000.00"))
    clock.move_to(datetime(2026, 3, 18, tzinfo=SGT))
    run_clock()
    dispute.refresh_from_db()
    assert dispute.state == "escalated"
    assert Event.objects.get(verb="auto_escalate").facts == {"no_answer": False}


# --- scenario 21: the platform comes in early only if the supplier refuses


@pytest.mark.parametrize("who", ["buyer", "supplier"])
def test_on_day_five_nobody_brings_the_platform_in_alone(
    request, filed_on_the_second_of_march, clock, who
):
    dispute = filed_on_the_second_of_march
    clock.move_to(datetime(2026, 3, 7, 9, tzinfo=SGT))
    before = record_of(dispute)
    with pytest.raises(Refused) as refusal:
        operations.ask_platform(dispute, by=request.getfixturevalue(who))
    assert refusal.value.code == "too_early"
    assert "2026-03-17" in str(refusal.value)
    assert record_of(dispute) == before


def test_asking_the_platform_when_it_has_taken_over_is_refused_with_a_sentence(
    filed_on_the_second_of_march, clock, buyer
):
    dispute = filed_on_the_second_of_march
    clock.move_to(datetime(2026, 3, 18, tzinfo=SGT))
    with pytest.raises(Refused):
        operations.ask_platform(dispute, by=buyer)
    dispute.refresh_from_db()
    assert dispute.state == "escalated"


def test_a_formal_refusal_escalates_at_once(dispute, supplier):
    operations.refuse(dispute, by=supplier, reason="The scale was wrong.")
    assert dispute.state == "escalated"
    assert open_deadlines(dispute.order).count("dispute.assign") == 1
    assert "dispute.resolve" not in open_deadlines(dispute.order)
    assert Event.objects.get(verb="refuse").reason == "The scale was wrong."


# --- offers


def test_an_offer_is_answered_by_a_counter_offer_and_that_one_is_accepted(dispute, buyer, supplier):
    operations.propose(dispute, by=supplier, refund=usd("1000.00"), note="For the weight.")
    assert (dispute.state, dispute.offer, dispute.offer_by) == (
        "offer_pending", usd("1000.00"), supplier.company,
    )  # fmt: skip
    operations.propose(dispute, by=buyer, refund=usd("2000.00"))
    assert (dispute.offer, dispute.offer_by) == (usd("2000.00"), buyer.company)
    operations.accept_offer(dispute, by=supplier, refund=dispute.offer)
    order = dispute.order
    order.refresh_from_db()
    assert (dispute.state, order.state) == ("settled", "settled")
    assert refundable(order) == usd("2000.00")
    assert earned(order) == usd("3508.40")
    assert balance("income:escrow_fee") == usd("71.60")
    assert balance(dispute.hold_account) == usd("0")
    assert open_deadlines(order) == []


@pytest.mark.parametrize("who", ["buyer", "supplier"])
@pytest.mark.parametrize(
    ("answer", "seen"),
    [(operations.accept_offer, {"refund": usd("10.00")}), (operations.decline_offer, {})],
)
def test_nobody_answers_his_own_offer(request, dispute, who, answer, seen):
    author = request.getfixturevalue(who)
    operations.propose(dispute, by=author, refund=usd("10.00"))
    assert refusal_of(dispute, answer, by=author, **seen) == "not_allowed"


@pytest.mark.parametrize("refund", [usd("5580.01"), usd("-1.00")])
def test_an_offer_outside_the_hold_is_refused(dispute, supplier, refund):
    assert refusal_of(dispute, operations.propose, by=supplier, refund=refund) == (
        "offer_out_of_range"
    )


def test_a_declined_offer_is_off_the_table(dispute, buyer, supplier):
    operations.propose(dispute, by=supplier, refund=usd("1000.00"))
    operations.decline_offer(dispute, by=buyer)
    assert (dispute.state, dispute.offer) == ("open", None)
    with pytest.raises(Refused):
        accept_seen_offer(dispute, by=buyer, seen=1000_00)
    assert refundable(dispute.order) == usd("0")


def test_accepting_when_no_offer_is_on_the_table_is_refused_with_a_sentence(dispute, buyer):
    with pytest.raises(Refused) as refusal:
        operations.accept_offer(dispute, by=buyer, refund=usd("1.00"))
    assert refusal.value.code == "no_offer"
    assert balance(dispute.hold_account) == usd("5580.00")


def test_an_offer_that_was_replaced_while_it_was_read_is_not_accepted(dispute, buyer, supplier):
    operations.propose(dispute, by=supplier, refund=usd("2000.00"))
    operations.propose(dispute, by=supplier, refund=usd("1.00"))
    code = refusal_of(dispute, accept_seen_offer, by=buyer, seen=2000_00)
    assert code == "offer_changed"


# --- strangers


STRANGE = {
    "propose": (operations.propose, {"refund": usd("5580.00")}),
    "accept": (operations.accept_offer, {"refund": usd("1.00")}),
    "decline": (operations.decline_offer, {}),
    "concede": (operations.concede, {}),
    "withdraw": (operations.withdraw, {}),
    "refuse": (operations.refuse, {"reason": "x"}),
    "evidence": (hearing.add_evidence, {"text": "x"}),
    "assign": (rulings.assign, {}),
    "close": (hearing.close_evidence, {}),
    "review": (rulings.review_contract, {"review": "x"}),
    "decide": (rulings.decide, {}),
}


@pytest.mark.parametrize("verb", STRANGE)
def test_a_foreign_user_is_refused_everything_and_nothing_moves(
    dispute, supplier, stranger, verb, mediator
):
    operations.propose(dispute, by=supplier, refund=usd("10.00"))
    operation, details = STRANGE[verb]
    refusal_of(dispute, operation, by=stranger, **details)


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("buyer", "concede"), ("buyer", "refuse"), ("supplier", "withdraw"),
        ("inspector", "propose"), ("mediator", "accept"), ("finance", "assign"),
    ],
)  # fmt: skip
def test_each_verb_belongs_to_its_side(request, dispute, supplier, mediator, who, verb):
    operation, details = STRANGE[verb]
    refusal_of(dispute, operation, by=request.getfixturevalue(who), **details)


# --- giving up


@pytest.fixture
def delivered(inspection, inspector, supplier, buyer, paid, clock):
    """Passed, paid in full, shipped, delivered: US$18,600.00 held, the fifteen days run."""
    file_report(inspection, inspector)
    order = inspection.order
    paid(order.instalments.get(n=2))
    ship(order, supplier)
    clock.forward(days=25)
    orders.confirm_delivery(order, by=buyer)
    order.refresh_from_db()
    return order


def dispute_part(order, buyer, amount="8000.00"):
    line = order.contracts.get(state="effective").lines.get(template_key="fabric")
    return operations.file(
        order, by=buyer, reason="quality", statement="Light.", amount=usd(amount), lines=[line]
    )


def test_giving_up_puts_the_money_back_and_does_not_reset_the_time_to_check(
    delivered, buyer, clock
):
    clock.move_to(delivered.delivered_at + timedelta(days=4))
    dispute = dispute_part(delivered, buyer)
    assert held(delivered) == usd("10600.00")
    clock.forward(days=5)
    operations.withdraw(dispute, by=buyer)
    assert (dispute.state, held(delivered)) == ("withdrawn", usd("18600.00"))
    assert balance(dispute.hold_account) == usd("0")
    due = deadlines.due_at("order.accept", delivered)
    assert due == days.days_after(delivered.delivered_at, 15)
    assert open_deadlines(delivered) == ["order.accept"]


def test_giving_up_two_days_before_the_end_still_leaves_three_days(delivered, buyer, clock):
    dispute = dispute_part(delivered, buyer)
    clock.move_to(days.days_after(delivered.delivered_at, 13))
    operations.withdraw(dispute, by=buyer)
    due = deadlines.due_at("order.accept", delivered)
    assert due == days.days_after(business.now(), 3)
    assert due > days.days_after(delivered.delivered_at, 15)


def test_giving_up_on_the_last_day_leaves_three_days_to_check(delivered, buyer, clock):
    clock.move_to(days.days_after(delivered.delivered_at, 15) - timedelta(seconds=1))
    dispute = dispute_part(delivered, buyer)
    clock.forward(days=2)
    operations.withdraw(dispute, by=buyer)
    due = deadlines.due_at("order.accept", delivered)
    assert due == days.days_after(business.now(), 3)


def test_giving_up_before_shipment_leaves_the_order_where_it_was(dispute, buyer):
    operations.withdraw(dispute, by=buyer)
    order = dispute.order
    order.refresh_from_db()
    assert (order.state, held(order)) == ("ready_to_ship", usd("5580.00"))
    assert open_deadlines(order) == ["order.ship"]


# --- scenario 24: only a part is disputed


@pytest.fixture
def partly_disputed(delivered, buyer, supplier, mediator):
    """18,600 held, 8,000 of it claimed; a ruling of 5,000 to 3,000 is given."""
    dispute = dispute_part(delivered, buyer)
    operations.refuse(dispute, by=supplier, reason="No.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    both_done(dispute)
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    findings = {claim.pk: ("differs", "") for claim in dispute.claims.all()}
    rulings.compare(dispute, by=mediator, comparison="Differs.", findings=findings)
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("5000.00"), fault="supplier", reasons="Line 1."
    )
    rulings.decide(dispute, by=mediator)
    return dispute


def test_a_ruling_splits_the_disputed_part_and_the_rest_is_released_as_if_undisputed(
    partly_disputed, delivered, clock, run_clock
):
    clock.move_to(days.days_after(partly_disputed.decided_at, 7))
    run_clock()
    assert refundable(delivered) == usd("5000.00")
    assert earned(delivered) == usd("2940.00")
    while due := deadlines.due_at("order.accept", delivered):
        clock.move_to(due)
        run_clock()
    delivered.refresh_from_db()
    assert delivered.state == "completed"
    assert held(delivered) == usd("0")
    assert refundable(delivered) == usd("5000.00")
    assert earned(delivered) == usd("2940.00") + usd("10388.00")
    assert balance("income:escrow_fee") == usd("60.00") + usd("212.00")


def test_what_is_not_disputed_is_released_when_its_time_to_check_is_over(
    delivered, buyer, clock, run_clock
):
    end = deadlines.due_at("order.accept", delivered)
    dispute = dispute_part(delivered, buyer)
    clock.move_to(end)
    run_clock()
    assert held(delivered) == usd("0")
    assert earned(delivered) == usd("10388.00")
    assert balance(dispute.hold_account) == usd("8000.00")


# --- scenario 25: the discipline of a ruling


def test_a_ruling_without_a_review_of_the_contract_is_refused(under_review, mediator):
    assert refusal_of(under_review, rulings.decide, by=mediator) == "ruling_missing"
    findings = {claim.pk: ("differs", "") for claim in under_review.claims.all()}
    code = refusal_of(under_review, rulings.compare, by=mediator, comparison="x", findings=findings)
    assert code == "contract_review_missing"
    ruling = {"refund": usd("1.00"), "fault": "supplier", "reasons": "x"}
    code = refusal_of(under_review, rulings.propose_ruling, by=mediator, **ruling)
    assert code == "comparison_missing"


def test_a_comparison_names_every_claimed_line(under_review, mediator):
    rulings.review_contract(under_review, by=mediator, review="Line 1.")
    code = refusal_of(under_review, rulings.compare, by=mediator, comparison="x", findings={})
    assert code == "finding_missing"


@pytest.mark.parametrize("refund", [usd("5580.01"), usd("-0.01")])
def test_a_ruling_that_is_not_exactly_the_hold_is_refused(compared, mediator, refund):
    ruling = {"refund": refund, "fault": "supplier", "reasons": "x"}
    code = refusal_of(compared, rulings.propose_ruling, by=mediator, **ruling)
    assert code == "split_out_of_range"


def test_a_ruling_of_3_april_can_be_appealed_until_the_11th(proposed, mediator, clock):
    """The days are those of scenario 25, counted from the instant at which it is given."""
    rulings.decide(proposed, by=mediator)
    assert deadlines.due_at("dispute.appeal", proposed) == days.days_after(proposed.decided_at, 7)
    ruled = datetime(2026, 4, 3, 12, tzinfo=SGT)
    assert days.days_after(ruled, 7) == datetime(2026, 4, 11, tzinfo=SGT)


def test_nothing_is_paid_before_the_appeal_is_over_and_then_once(
    proposed, mediator, clock, run_clock
):
    rulings.decide(proposed, by=mediator)
    order, end = proposed.order, deadlines.due_at("dispute.appeal", proposed)
    clock.move_to(end - timedelta(microseconds=1))
    run_clock()
    assert (refundable(order), balance(proposed.hold_account)) == (usd("0"), usd("5580.00"))
    clock.move_to(end)
    run_clock()
    run_clock()
    proposed.refresh_from_db()
    order.refresh_from_db()
    assert (proposed.state, order.state) == ("enforced", "settled")
    assert (refundable(order), earned(order)) == (usd("2000.00"), usd("3508.40"))
    with pytest.raises(Refused):
        appeals.finalise_by_clock(proposed, by=None)
    assert (refundable(order), earned(order)) == (usd("2000.00"), usd("3508.40"))
    assert Disbursement.objects.filter(order=order).count() == 2


def test_above_the_limit_the_proposer_does_not_give_the_ruling(
    proposed, mediator, second_mediator, settings
):
    settings.SECOND_READER_FROM_MINOR = 5579_99
    assert refusal_of(proposed, rulings.decide, by=mediator) == "second_reader_needed"
    rulings.decide(proposed, by=second_mediator)
    assert (proposed.state, proposed.decided_by) == ("decided", second_mediator)


def test_at_the_limit_one_mediator_is_enough(proposed, mediator, settings):
    settings.SECOND_READER_FROM_MINOR = 5580_00
    rulings.decide(proposed, by=mediator)
    assert proposed.state == "decided"


def test_the_mediator_with_the_fewest_cases_is_assigned(
    dispute, supplier, mediator, second_mediator, clock, run_clock
):
    Dispute.objects.filter(pk=dispute.pk).update(mediator=None)
    operations.refuse(dispute, by=supplier, reason="No.")
    clock.move_to(deadlines.due_at("dispute.assign", dispute))
    run_clock()
    dispute.refresh_from_db()
    assert (dispute.state, dispute.mediator) == ("evidence", mediator)


def test_evidence_is_taken_until_the_window_closes(dispute, buyer, supplier, mediator):
    operations.refuse(dispute, by=supplier, reason="No.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    hearing.add_evidence(dispute, by=buyer, text="The laboratory report.")
    both_done(dispute)
    code = refusal_of(dispute, hearing.add_evidence, by=buyer, text="One more.")
    assert code == "evidence_closed"
    assert dispute.evidence.get().text == "The laboratory report."


# --- the clocks of an order in dispute do not get stuck


def test_a_dispute_that_outlasts_the_ship_by_date_can_still_be_settled(
    dispute, buyer, supplier, mediator, clock, run_clock
):
    order = dispute.order
    order.refresh_from_db()
    operations.refuse(dispute, by=supplier, reason="No.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    clock.move_to(order.ship_deadline + timedelta(days=8))
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    dispute.refresh_from_db()
    assert dispute.contract_review == "Line 1."


def test_a_buyer_who_gives_up_a_late_order_is_still_refunded_if_he_does_nothing(
    funded_order, buyer, clock, run_clock
):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    funded_order.refresh_from_db()
    dispute = operations.file(
        funded_order, by=buyer, reason="late", statement="Late.", amount=usd("5580.00")
    )
    operations.withdraw(dispute, by=buyer)
    clock.forward(days=30)
    run_clock()
    funded_order.refresh_from_db()
    assert funded_order.state == "refunded"


def test_a_line_that_the_buyer_accepted_despite_the_report_cannot_be_claimed(failed, buyer):
    row = failed.results.get(result="differs")
    inspections.accept_despite(failed, by=buyer, waived=[row.pk])
    with pytest.raises(Refused):
        operations.file(
            failed.order,
            by=buyer,
            reason="quality",
            statement="Light.",
            amount=usd("100.00"),
            lines=[row.line],
        )
    assert held(failed.order) == usd("5580.00")
