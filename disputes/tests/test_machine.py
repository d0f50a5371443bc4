"""The rest of the dispute machine: drafts, screening, hearing, appeal, what remains of a case."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models import Strike
from contracts.documents.seal import verify
from core import clock as business
from core import days
from dashboard.genuine import examine
from disputes import appeals, claims, hearing, operations, rulings, screening, tasks
from disputes.models import Dispute
from disputes.precedents import precedents_of, usual_share
from disputes.tests.test_operations import earned, held, refundable, refusal_of
from inspections.agencies import least_busy
from inspections.operations import visit_day
from ledger.balances import balance
from tests.cast import both_done, open_deadlines, person, readings, usd
from tests.test_stories import file_report, ship
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db

SGT = ZoneInfo("Asia/Singapore")


def again(record):
    return type(record).objects.get(pk=record.pk)


def strikes():
    return [(row.company.slug, row.cause) for row in Strike.objects.order_by("pk")]


# --- a draft


def test_a_draft_is_seen_by_its_own_side_only_and_filing_sends_it(failed, buyer, supplier):
    draft = operations.save_draft(failed.order, by=buyer, typed={"statement": "Light."})
    assert (draft.state, held(failed.order)) == ("draft", usd("5580.00"))
    assert list(Dispute.objects.visible_to(buyer)) == [draft]
    assert not Dispute.objects.visible_to(supplier).exists()
    line = failed.contract.lines.get(template_key="fabric")
    filed = operations.file(
        failed.order, by=buyer, reason="quality", statement="x", amount=usd("10.00"), lines=[line]
    )
    assert (filed.pk, filed.state, balance(filed.hold_account)) == (draft.pk, "open", usd("10.00"))
    assert "dispute.draft" not in {d.kind for d in deadlines.Deadline.objects.open()}


def test_a_draft_is_discarded_by_its_author_or_by_the_clock_when_nothing_can_be_claimed(
    funded_order, buyer, supplier, clock, run_clock
):
    draft = operations.save_draft(funded_order, by=buyer, typed={})
    assert refusal_of(draft, operations.discard_draft, by=supplier) == "not_allowed"
    operations.discard_draft(draft, by=buyer)
    assert again(draft).state == "withdrawn"
    second = operations.save_draft(funded_order, by=buyer, typed={})
    clock.forward(days=31)
    run_clock()
    assert again(second).state == "draft"
    clock.move_to(funded_order.ship_deadline + timedelta(days=8))
    run_clock()
    assert again(funded_order).state == "refunded"
    clock.forward(days=31)
    run_clock()
    assert again(second).state == "withdrawn"


# --- out of scope (scenario 28)


@pytest.mark.parametrize(
    ("exclusion", "source", "reported"),
    [("warranty", "S16", []), ("paid_elsewhere", "S59–S61", [("little-pine", "off_platform")])],
)
def test_screen_out_frees_the_hold_names_the_statement_and_lets_a_covered_claim_follow(
    dispute, buyer, mediator, exclusion, source, reported
):
    order = dispute.order
    screening.screen_out(dispute, by=mediator, exclusion=exclusion, reason="Not in the contract.")
    assert (dispute.state, dispute.excluded_by) == ("rejected", exclusion)
    assert (held(order), balance(dispute.hold_account)) == (usd("5580.00"), usd("0"))
    event = Event.objects.get(verb="screen_out")
    assert (event.reason, event.facts["source"]) == ("Not in the contract.", source)
    assert strikes() == reported
    assert "dispute.resolve" not in open_deadlines(order)
    other = operations.file(order, by=buyer, reason="late", statement="x", amount=usd("1.00"))
    assert other.state == "open"


def test_screening_needs_a_mediator_without_ties_a_listed_exclusion_and_a_reason(
    dispute, buyer, mediator
):
    given = {"exclusion": "warranty", "reason": "x"}
    assert refusal_of(dispute, screening.screen_out, by=buyer, **given) == "not_allowed"
    tied = person("tied@ta.example", "Tied", buyer.company, duty="mediator")
    assert refusal_of(dispute, screening.screen_out, by=tied, **given) == "conflict_of_interest"
    unknown = {"exclusion": "mood", "reason": "x"}
    assert refusal_of(dispute, screening.screen_out, by=mediator, **unknown) == "exclusion_unknown"
    silent = {"exclusion": "warranty", "reason": " "}
    assert refusal_of(dispute, screening.screen_out, by=mediator, **silent) == "reason_missing"


# --- handing over together


def test_joint_escalate_needs_both_sides_and_then_happens_at_once(dispute, buyer, supplier):
    operations.agree_to_hand_over(dispute, by=buyer)
    assert dispute.state == "open"
    assert refusal_of(dispute, operations.agree_to_hand_over, by=buyer) == "agreed_already"
    assert refusal_of(dispute, operations.ask_platform, by=buyer) == "too_early"
    operations.agree_to_hand_over(dispute, by=supplier)
    assert dispute.state == "escalated"
    assert open_deadlines(dispute.order).count("dispute.assign") == 1


def test_silence_for_fifteen_days_counts_against_the_supplier(dispute, clock, run_clock):
    clock.move_to(deadlines.due_at("dispute.resolve", dispute))
    run_clock()
    assert (again(dispute).state, again(dispute).adverse_to) == ("escalated", "supplier")
    assert strikes() == [("little-pine", "no_answer")]


# --- offers that are more than money


def test_an_accepted_extension_moves_the_ship_by_date_and_keeps_the_rest_held(
    dispute, buyer, supplier
):
    order = again(dispute.order)
    later = order.ship_by + timedelta(days=15)
    offer = {"refund": usd("80.00"), "remedy": "extension"}
    assert refusal_of(dispute, operations.propose, by=supplier, **offer) == "ship_by_missing"
    too_late = {**offer, "ship_by": order.ship_by + timedelta(days=91)}
    code = refusal_of(dispute, operations.propose, by=supplier, **too_late)
    assert code == "extension_out_of_range"
    operations.propose(dispute, by=supplier, **offer, ship_by=later)
    operations.accept_offer(dispute, by=buyer, refund=usd("80.00"))
    order = again(order)
    assert (dispute.state, order.state) == ("settled", "ready_to_ship")
    assert (refundable(order), held(order), earned(order)) == (
        usd("80.00"), usd("5500.00"), usd("0"),
    )  # fmt: skip
    assert order.ship_deadline == days.end_of(later)
    assert deadlines.due_at("order.ship", order) == days.end_of(later)


def test_goods_do_not_go_back_before_they_were_shipped(dispute, supplier):
    offer = {"refund": usd("1.00"), "remedy": "return"}
    assert refusal_of(dispute, operations.propose, by=supplier, **offer) == "remedy_not_possible"


def test_take_computed_four_days_late_gives_back_half_a_per_cent_a_day_and_goes_on(
    inspection, inspector, paid, buyer, supplier, clock, run_clock
):
    """Scenario 10, with this cast's order of US$18,600: 4 × 0.5 % is US$372.00."""
    order = inspection.order
    file_report(inspection, inspector)
    paid(order.instalments.get(n=2))
    clock.move_to(again(order).ship_deadline + timedelta(days=3, hours=12))
    run_clock()
    ship(order, supplier)
    dispute = operations.file(
        again(order), by=buyer, reason="late", statement="Late.", amount=usd("18600.00")
    )
    wrong = {"refund": usd("372.01")}
    assert refusal_of(dispute, operations.take_computed, by=supplier, **wrong) == (
        "settlement_changed"
    )
    operations.take_computed(dispute, by=supplier, refund=usd("372.00"))
    order = again(order)
    assert (dispute.state, order.state) == ("settled", "shipped")
    assert (refundable(order), held(order), earned(order)) == (
        usd("372.00"), usd("18228.00"), usd("0"),
    )  # fmt: skip


# --- the supplier claims


def test_a_supplier_whose_balance_is_not_paid_claims_a_part_of_the_deposit(
    funded_order, buyer, supplier
):
    claim = {"statement": "Made, not paid.", "amount": usd("1000.00")}
    abusive = {"by": supplier, "reason": "abusive_claim", **claim}
    with pytest.raises(Refused) as refusal:
        operations.file(funded_order, **abusive)
    assert refusal.value.code == "nothing_claimed"
    dispute = operations.file(funded_order, by=supplier, reason="balance_unpaid", **claim)
    assert (dispute.by_supplier, held(funded_order)) == (True, usd("4580.00"))
    assert refusal_of(dispute, operations.concede, by=supplier) == "not_allowed"
    operations.concede(dispute, by=buyer)
    assert (refundable(funded_order), earned(funded_order)) == (usd("0"), usd("980.00"))
    assert again(funded_order).state == "in_production"


# --- evidence


@pytest.fixture
def heard(dispute, supplier, mediator):
    operations.refuse(dispute, by=supplier, reason="No.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    return dispute


def test_close_evidence_waits_for_the_same_instant_unless_both_are_done(
    heard, buyer, supplier, mediator, clock, run_clock
):
    end = days.days_after(business.now(), 7)
    assert deadlines.due_at("dispute.evidence", heard) == end
    assert refusal_of(heard, hearing.close_evidence, by=buyer) == "evidence_open"
    assert refusal_of(heard, hearing.say_done, by=mediator) == "not_allowed"
    hearing.say_done(heard, by=buyer)
    assert refusal_of(heard, hearing.say_done, by=buyer) == "said_already"
    assert refusal_of(heard, hearing.add_evidence, by=buyer, text="More.") == "evidence_done"
    hearing.add_evidence(heard, by=supplier, text="The scale's certificate.")
    clock.move_to(end - timedelta(microseconds=1))
    run_clock()
    assert again(heard).state == "evidence"
    clock.move_to(end)
    run_clock()
    assert again(heard).state == "under_review"
    assert again(heard).evidence_sha256 == hearing.evidence_seal(heard)


def test_both_done_closes_the_evidence_at_once(heard):
    both_done(heard)
    assert again(heard).state == "under_review"
    assert "dispute.evidence" not in open_deadlines(heard.order)


# --- an inspection for the dispute (T18)


def test_order_inspection_is_refused_where_a_report_measured_every_claimed_line(heard, mediator):
    why = {"why": "Weigh it again."}
    assert refusal_of(heard, hearing.order_inspection, by=mediator, **why) == "report_is_enough"


@pytest.fixture
def unmeasured(funded_order, supplier, buyer, mediator, inspector):
    """A claim on goods that nobody has measured, before its mediator."""
    line = funded_order.contracts.get().lines.get(template_key="fabric")
    found = operations.file(
        funded_order, by=buyer, reason="quality", statement="Light.", amount=usd("1000.00"),
        lines=[line],
    )  # fmt: skip
    operations.refuse(found, by=supplier, reason="No.")
    rulings.assign(found, by=mediator, mediator=mediator)
    both_done(found)
    return found


def test_inspection_in_brings_the_case_back_with_the_report(
    unmeasured, mediator, inspector, clock, run_clock
):
    hearing.order_inspection(unmeasured, by=mediator, why="No report at all.")
    assert again(unmeasured).state == "inspection_pending"
    due = deadlines.due_at("dispute.inspection", unmeasured)
    assert due == days.days_after(business.now(), 21)
    clock.forward(hours=24)
    run_clock()
    visit = again(unmeasured.ordered_inspection)
    file_report(visit, inspector, fabric=(readings("181", "183", "179"), "", ""))
    found = again(unmeasured)
    assert (found.state, found.inspection, again(visit).state) == (
        "under_review", visit, "closed_failed",
    )  # fmt: skip
    assert sorted(open_deadlines(found.order)) == ["dispute.decide", "order.ship"]


def test_inspection_in_without_a_report_after_21_days(unmeasured, mediator, clock, run_clock):
    hearing.order_inspection(unmeasured, by=mediator, why="No report at all.")
    due = deadlines.due_at("dispute.inspection", unmeasured)
    clock.move_to(due - timedelta(microseconds=1))
    run_clock()
    assert again(unmeasured).state == "inspection_pending"
    clock.move_to(due)
    run_clock()
    assert again(unmeasured).state == "under_review"
    assert Event.objects.get(verb="inspection_in").facts == {"report": False}


def test_withdraw_calls_an_ordered_visit_off(unmeasured, buyer, mediator):
    hearing.order_inspection(unmeasured, by=mediator, why="No report at all.")
    operations.withdraw(unmeasured, by=buyer)
    assert again(unmeasured.ordered_inspection).state == "cancelled"
    assert held(unmeasured.order) == usd("5580.00")


# --- without a clause (scenario 18)


def test_a_claim_without_a_clause_fails_alone_and_the_other_line_goes_on(
    failed, buyer, supplier, mediator
):
    line = failed.contract.lines.get(template_key="fabric")
    dispute = operations.file(
        failed.order, by=buyer, reason="quality", statement="x", amount=usd("5580.00"),
        lines=[line], beyond="Too light in the carton",
    )  # fmt: skip
    operations.refuse(dispute, by=supplier, reason="No.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    both_done(dispute)
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    on_line, beyond = dispute.claims.get(line=line), dispute.claims.get(line=None)
    wrong = {on_line.pk: ("differs", ""), beyond.pk: ("differs", "")}
    code = refusal_of(dispute, rulings.compare, by=mediator, comparison="x", findings=wrong)
    assert code == "finding_unknown"
    unnamed = {on_line.pk: ("differs", ""), beyond.pk: ("not_measurable", "")}
    code = refusal_of(dispute, rulings.compare, by=mediator, comparison="x", findings=unnamed)
    assert code == "standard_missing"
    good = {on_line.pk: ("differs", "9 under"), beyond.pk: ("no_clause", "S29")}
    rulings.compare(dispute, by=mediator, comparison="x", findings=good)
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("100.00"), fault="supplier", reasons="Line 1."
    )
    assert [claim.finding for claim in dispute.claims.all()].count("no_clause") == 1


def test_nothing_is_refunded_where_no_line_was_found_to_differ(under_review, mediator):
    rulings.review_contract(under_review, by=mediator, review="Line 1.")
    findings = {claim.pk: ("conforms", "") for claim in under_review.claims.all()}
    rulings.compare(under_review, by=mediator, comparison="x", findings=findings)
    ruling = {"refund": usd("0.01"), "fault": "buyer", "reasons": "x"}
    assert refusal_of(under_review, rulings.propose_ruling, by=mediator, **ruling) == "no_ground"


# --- the ruling's own time


def test_review_sla_is_told_and_the_case_stays(under_review, clock, run_clock):
    clock.move_to(deadlines.due_at("dispute.decide", under_review))
    run_clock()
    event = Event.objects.get(verb="review_sla")
    assert (event.source, event.target) == ("under_review", "under_review")


# --- appeal (scenario 25)


@pytest.fixture
def decided(proposed, mediator):
    rulings.decide(proposed, by=mediator)
    return proposed


def rule(dispute, by, refund):
    """All three steps, and the ruling given by the same mediator."""
    rulings.review_contract(dispute, by=by, review="Line 1.")
    findings = {claim.pk: ("differs", "9 under") for claim in dispute.claims.all()}
    rulings.compare(dispute, by=by, comparison="181.", findings=findings)
    rulings.propose_ruling(
        dispute, by=by, refund=usd(refund), fault="supplier", reasons="Line 1, again."
    )


def test_appeal_goes_to_another_mediator_who_starts_at_step_one(
    decided, buyer, mediator, second_mediator
):
    appeals.appeal(decided, by=buyer, ground="named_error", text="Line 1 was misread.")
    assert (decided.state, decided.mediator) == ("appealed", second_mediator)
    assert (decided.contract_reviewed_at, decided.refund_minor) == (None, None)
    assert open_deadlines(decided.order).count("dispute.decide") == 1
    assert "dispute.appeal" not in open_deadlines(decided.order)
    assert refundable(decided.order) == usd("0")
    code = refusal_of(decided, rulings.review_contract, by=mediator, review="Mine again.")
    assert code == "decided_before"
    findings = {claim.pk: ("differs", "") for claim in decided.claims.all()}
    early = {"comparison": "x", "findings": findings}
    code = refusal_of(decided, rulings.compare, by=second_mediator, **early)
    assert code == "contract_review_missing"
    assert refusal_of(decided, appeals.decide_appeal, by=second_mediator) == "ruling_missing"


def test_decide_appeal_is_final_and_enforced_once(decided, supplier, second_mediator):
    appeals.appeal(decided, by=supplier, ground="new_evidence", text="A second weighing.")
    assert decided.evidence.last().text == "A second weighing."
    rule(decided, second_mediator, "500.00")
    appeals.decide_appeal(decided, by=second_mediator)
    order = again(decided.order)
    assert (decided.state, order.state) == ("enforced", "settled")
    assert (refundable(order), earned(order)) == (usd("500.00"), usd("4978.40"))
    assert [row.refund_minor for row in decided.rulings.all()] == [2000_00, 500_00]
    second = decided.rulings.get(n=2)
    assert second.document["first_sha256"] == decided.rulings.get(n=1).sha256
    assert strikes() == [("little-pine", "at_fault")]
    assert refusal_of(decided, appeals.decide_appeal, by=second_mediator) == "decided_before"


def test_an_appeal_is_possible_until_the_end_of_the_seventh_day_to_the_instant(
    clock, request, buyer
):
    clock.move_to(datetime(2026, 3, 1, 12, tzinfo=SGT))
    request.getfixturevalue("proposed")
    found, mediator = request.getfixturevalue("proposed"), request.getfixturevalue("mediator")
    clock.move_to(datetime(2026, 4, 3, 12, tzinfo=SGT))
    rulings.decide(found, by=mediator)
    end = datetime(2026, 4, 11, tzinfo=SGT)
    assert deadlines.due_at("dispute.appeal", found) == end
    clock.move_to(end)
    with pytest.raises(Refused) as refusal:
        appeals.appeal(found, by=buyer, ground="named_error", text="Too late.")
    assert refusal.value.code == "appeal_over"
    assert (again(found).state, refundable(found.order)) == ("enforced", usd("2000.00"))


def test_a_stranger_and_a_side_without_a_ground_do_not_appeal(decided, buyer, stranger):
    given = {"ground": "named_error", "text": "x"}
    assert refusal_of(decided, appeals.appeal, by=stranger, **given) == "not_allowed"
    empty = {"ground": "named_error", "text": " "}
    assert refusal_of(decided, appeals.appeal, by=buyer, **empty) == "ground_missing"
    unknown = {"ground": "mood", "text": "x"}
    assert refusal_of(decided, appeals.appeal, by=buyer, **unknown) == "ground_unknown"


def test_without_another_mediator_the_appeal_waits_for_one(decided, buyer, clock, run_clock):
    appeals.appeal(decided, by=buyer, ground="named_error", text="Misread.")
    assert (decided.state, decided.mediator) == ("appealed", None)
    noor = person("noor@ta.example", "Noor Rahman", duty="mediator")
    clock.move_to(deadlines.due_at("dispute.assign", decided))
    run_clock()
    assert again(decided).mediator == noor


def test_above_the_limit_a_second_reader_without_ties_gives_the_appeal_too(
    decided, buyer, mediator, second_mediator, settings
):
    appeals.appeal(decided, by=buyer, ground="named_error", text="Misread.")
    rule(decided, second_mediator, "500.00")
    settings.SECOND_READER_FROM_MINOR = 5579_99
    code = refusal_of(decided, appeals.decide_appeal, by=second_mediator)
    assert code == "second_reader_needed"
    assert refusal_of(decided, appeals.decide_appeal, by=mediator) == "decided_before"
    third = person("kofi@ta.example", "Kofi Mensah", duty="mediator")
    appeals.decide_appeal(decided, by=third)
    assert (decided.state, decided.rulings.last().given_by) == ("enforced", third)


# --- carried out


def test_a_buyer_at_fault_who_gets_nothing_has_claimed_without_cause_and_the_supplier_gets_days(
    compared, mediator, buyer, clock, run_clock
):
    before = again(compared.order).ship_deadline
    clock.move_to(compared.filed_at + timedelta(days=2))
    rulings.propose_ruling(
        compared, by=mediator, refund=usd("0.00"), fault="buyer", reasons="Own sample."
    )
    rulings.decide(compared, by=mediator)
    clock.move_to(deadlines.due_at("dispute.appeal", compared))
    run_clock()
    order = again(compared.order)
    assert (again(compared).state, refundable(order)) == ("enforced", usd("0"))
    assert strikes() == [("kidzone", "unfounded")]
    assert order.ship_deadline >= before


def test_the_ruling_is_sealed_as_a_document_that_only_the_sides_and_staff_can_read(
    decided, client, buyer, stranger
):
    ruling = decided.rulings.get()
    assert OutboxMessage.objects.filter(kind="ruling.seal").count() == 1
    tasks.seal_ruling(ruling.pk)
    tasks.seal_ruling(ruling.pk)
    ruling.refresh_from_db()
    assert Event.objects.filter(verb="seal_ruling").count() == 1
    with ruling.pdf.open() as stored:
        sealed = stored.read()
    checked = verify(sealed, expected_sha256=ruling.pdf_sha256)
    found = examine(sealed)
    assert (found.answer, found.paper.what) == ("genuine", "Ruling 1")
    assert found.paper.state == "The latest ruling"
    assert checked.sha256 == ruling.pdf_sha256
    address = reverse("ruling_document", args=[decided.public_id, 1])
    client.force_login(buyer)
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_precedents_tell_what_went_back_in_like_cases(decided, clock, run_clock):
    clock.move_to(deadlines.due_at("dispute.appeal", decided))
    run_clock()
    (row,) = precedents_of_claims(decided)
    assert (row.finding, row.fault, row.refund_percent) == ("Differs", "Supplier", 36)
    assert usual_share([row]) == 36


def precedents_of_claims(decided):
    """What a later case with the same finding would be shown."""
    later = Dispute.objects.create(
        order=decided.order,
        filed_by=decided.filed_by,
        currency="USD",
        reason="quality",
    )
    claim = decided.claims.get()
    later.claims.create(line=claim.line, finding=claim.finding)
    return precedents_of(later)


def test_a_side_of_the_order_alone_may_dispute_it(funded_order, buyer, supplier, stranger):
    assert claims.may_be_disputed_by(funded_order, buyer.company_id)
    assert claims.may_be_disputed_by(funded_order, supplier.company_id)
    assert not claims.may_be_disputed_by(funded_order, stranger.company_id)
    with pytest.raises(NotAllowed):
        claims.check_is_a_side(funded_order, stranger)


def test_a_report_that_nobody_waits_for_changes_no_dispute(dispute, inspection):
    hearing.take_report(inspection, by=None)
    assert again(dispute).state == "open"
    assert least_busy(dispute.order, visit_day()) == inspection.agency
