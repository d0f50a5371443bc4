"""Every transition of the Inspection machine (machines.md), by its name, with its clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Company
from attachments.models import Attachment
from contracts.models import ContractLine
from core import clock as business
from core import days
from inspections import booking, operations, policies
from inspections.comparison import of_result
from inspections.models import Absence, Tie
from tests.cast import open_deadlines, readings
from tests.test_stories import file_report, measure
from workflow import deadlines
from workflow.errors import NotAllowed, Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(funded_order, supplier, inspector):
    return operations.declare_ready(funded_order, by=supplier)


@pytest.fixture
def other_agency(inspector):
    return Company.objects.create(
        name="Harbour Inspection", legal_name="Harbour Inspection Ltd", country="HK", inspects=True
    )


@pytest.fixture
def failed(inspection, inspector):
    file_report(inspection, inspector, fabric=(readings("181", "180"), "", ""))
    return inspection


@pytest.fixture
def missed(inspection, inspector):
    booking.miss(inspection, by=inspector, cause="not_ready", note="No carton was packed.")
    return inspection


def last(inspection, verb):
    return Event.objects.filter(subject_id=inspection.pk, verb=verb).order_by("-pk").first()


def test_appoint_names_the_day_the_plan_and_the_fingerprint_and_starts_24_hours(proposal):
    assert proposal.state == "appointed"
    facts = last(proposal, "appoint").facts
    assert facts["visit_on"] == proposal.visit_on.isoformat()
    assert facts["plan"]["sample"] == proposal.plan["sample"]
    due = deadlines.due_at("inspection.object", proposal)
    assert due - business.now() <= timedelta(hours=24)


def test_object_returns_it_to_be_assigned_and_stops_the_24_hours(proposal, buyer):
    operations.object_to(proposal, by=buyer, reason="They worked for the supplier.")
    assert proposal.state == "requested"
    assert proposal.agency is None
    assert deadlines.due_at("inspection.object", proposal) is None


def test_schedule_follows_from_silence_and_starts_the_clock_of_the_report(inspection):
    assert inspection.state == "scheduled"
    expected = days.end_of(inspection.visit_on + timedelta(days=3))
    assert deadlines.due_at("inspection.report", inspection) == expected


def test_the_agency_names_another_day_and_the_report_is_due_three_days_after(
    inspection, inspector, supplier
):
    day = days.platform_date(business.now()) + timedelta(days=9)
    booking.set_day(inspection, by=inspector, visit_on=day)
    due = deadlines.due_at("inspection.report", inspection)
    assert due == days.end_of(day + timedelta(days=3))
    with pytest.raises(NotAllowed):
        booking.set_day(inspection, by=supplier, visit_on=day + timedelta(days=1))
    with pytest.raises(Refused, match="Choose a day from today"):
        booking.set_day(inspection, by=inspector, visit_on=day + timedelta(days=30))
    inspection.refresh_from_db()
    assert inspection.visit_on == day


def test_miss_says_who_bears_the_next_visit_and_stops_the_clock_of_the_report(missed):
    assert (missed.state, missed.missed_because) == ("missed", "not_ready")
    assert last(missed, "miss").facts["at_cost_of"] == "supplier"
    assert last(missed, "miss").reason == "No carton was packed."
    assert deadlines.due_at("inspection.report", missed) is None


@pytest.mark.parametrize(
    ("cause", "note"), [("", "Closed gate."), ("no_report", "x"), ("buyer", " ")]
)
def test_miss_without_a_cause_or_a_note_is_refused(inspection, inspector, cause, note):
    with pytest.raises(Refused):
        booking.miss(inspection, by=inspector, cause=cause, note=note)
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"


def test_a_side_cannot_declare_the_visit_missed(inspection, supplier):
    with pytest.raises(NotAllowed):
        booking.miss(inspection, by=supplier, cause="buyer", note="Nobody came.")
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"


def test_overdue_proposes_another_agency_when_there_is_one(
    inspection, other_agency, clock, run_clock
):
    first = inspection.agency
    clock.move_to(days.end_of(inspection.visit_on + timedelta(days=3)))
    run_clock()
    inspection.refresh_from_db()
    assert last(inspection, "overdue").facts["at_cost_of"] == "agency"
    assert (inspection.state, inspection.agency) == ("appointed", other_agency)
    files = Attachment.objects.filter(contractline__contract=inspection.contract)
    assert not files.filter(shared_with=first).exists()


def test_overdue_stays_missed_where_no_other_agency_is_free(inspection, clock, run_clock):
    clock.move_to(days.end_of(inspection.visit_on + timedelta(days=3)) - timedelta(seconds=1))
    run_clock()
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"
    clock.forward(seconds=1)
    run_clock()
    inspection.refresh_from_db()
    assert (inspection.state, inspection.missed_because) == ("missed", "no_report")


def test_reschedule_draws_new_pieces_and_leaves_the_ship_by_date(missed, supplier):
    seed, deadline = missed.seed, missed.order.ship_deadline
    booking.reschedule(missed, by=supplier)
    assert missed.state == "appointed"
    assert missed.seed != seed
    assert missed.order.ship_deadline == deadline
    assert deadlines.due_at("inspection.object", missed) is not None


def test_reschedule_is_asked_for_by_the_side_that_bears_it(missed, buyer):
    with pytest.raises(Refused, match="The other side caused the missed visit"):
        booking.reschedule(missed, by=buyer)
    missed.refresh_from_db()
    assert missed.state == "missed"


def test_report_and_verdict_pass_open_the_way_to_ship(inspection, inspector):
    file_report(inspection, inspector)
    assert inspection.state == "passed"
    assert inspection.order.shipment_cleared
    assert last(inspection, "report").target == "reported"
    assert last(inspection, "verdict_pass").target == "passed"
    assert deadlines.due_at("inspection.report", inspection) is None


def test_verdict_fail_gives_the_buyer_seven_days(failed):
    assert failed.state == "failed"
    assert not failed.order.shipment_cleared
    assert deadlines.due_at("inspection.decide", failed) == days.days_after(business.now(), 7)


def test_verdict_pending_leaves_what_could_not_be_measured_to_the_buyer(inspection, inspector):
    measured = measure(inspection.contract, fabric=([], "", "The scale was broken."))
    operations.report(
        inspection,
        by=inspector,
        measured=measured,
        critical=0,
        major=0,
        minor=0,
        remarks="",
        signed_name=inspector.name,
    )
    assert inspection.state == "pending_buyer"
    assert deadlines.due_at("inspection.decide", inspection) is not None


def test_buyer_accepts_with_each_failed_line_ticked(failed, buyer):
    with pytest.raises(Refused, match="Tick each line that differs"):
        operations.accept_despite(failed, by=buyer, waived=[])
    failed.refresh_from_db()
    assert failed.state == "failed"
    differing = list(failed.results.filter(result="differs").values_list("pk", flat=True))
    operations.accept_despite(failed, by=buyer, waived=differing)
    assert failed.state == "accepted_despite"
    assert failed.order.shipment_cleared
    assert failed.results.get(pk=differing[0]).waived


@pytest.mark.parametrize("who", ["buyer", "supplier"])
def test_rework_requests_a_new_round_and_keeps_the_report(request, failed, who):
    again = booking.rework(failed, by=request.getfixturevalue(who))
    failed.refresh_from_db()
    assert failed.state == "closed_failed"
    assert failed.results.filter(result="differs").count() == 1
    assert (again.n, again.state) == (2, "appointed")
    assert last(failed, "rework").facts["at_cost_of"] == "supplier"
    assert deadlines.due_at("inspection.decide", failed) is None


def test_rework_is_possible_twice(failed, inspector, supplier, clock, run_clock):
    current = failed
    for _round in range(2):
        current = booking.rework(current, by=supplier)
        clock.forward(hours=24)
        run_clock()
        current.refresh_from_db()
        file_report(current, inspector, fabric=(readings("181"), "", ""))
    with pytest.raises(Refused, match="Two inspections were repeated already"):
        booking.rework(current, by=supplier)
    current.refresh_from_db()
    assert (current.n, current.state) == (3, "failed")


def test_no_decision_in_seven_days_closes_it_and_nothing_may_leave(failed, clock, run_clock):
    clock.move_to(deadlines.due_at("inspection.decide", failed))
    run_clock()
    failed.refresh_from_db()
    assert failed.state == "closed_failed"
    assert not failed.order.shipment_cleared


def test_cancel_by_the_buyer_more_than_a_working_day_before_the_visit(inspection, buyer, clock):
    booking.set_day(
        inspection,
        by=inspection.agency.people.first(),
        visit_on=days.platform_date(business.now()) + timedelta(days=8),
    )
    booking.call_off(inspection, by=buyer, reason="We come ourselves.")
    assert inspection.state == "cancelled"
    assert not inspection.order.shipment_cleared
    assert [kind for kind in open_deadlines(inspection.order) if "inspection" in kind] == []


def test_cancel_by_the_buyer_on_the_day_before_is_refused(inspection, buyer, inspector):
    booking.set_day(
        inspection, by=inspector, visit_on=days.platform_date(business.now()) + timedelta(days=1)
    )
    with pytest.raises(Refused, match="more than one working day before"):
        booking.call_off(inspection, by=buyer, reason="Changed my mind.")
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"


def test_the_supplier_cannot_cancel(inspection, supplier):
    with pytest.raises(NotAllowed):
        booking.call_off(inspection, by=supplier, reason="Not needed.")
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"


def test_cancel_follows_when_a_late_order_is_refunded(inspection, clock, run_clock):
    order = inspection.order
    clock.move_to(order.ship_deadline)
    run_clock()
    clock.move_to(days.days_after(order.ship_deadline, 8))
    run_clock()
    order.refresh_from_db()
    inspection.refresh_from_db()
    assert (order.state, inspection.state) == ("refunded", "cancelled")
    assert last(inspection, "cancel").reason == "The order is closed."


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 3, 4), False),  # Wednesday
        (date(2026, 3, 5), False),
        (date(2026, 3, 6), True),
    ],
)
def test_more_than_one_working_day_is_counted_in_platform_days(day, allowed):
    wednesday = datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert policies.may_call_off(wednesday, day) is allowed


def test_a_weekend_is_no_working_day_before_the_visit():
    friday, monday = datetime(2026, 3, 6, 2, tzinfo=UTC), date(2026, 3, 9)
    assert not policies.may_call_off(friday, monday)
    assert policies.may_call_off(friday, date(2026, 3, 10))


# --- who may inspect


def test_an_agency_with_a_tie_to_a_side_is_never_appointed(funded_order, supplier, inspector):
    agency = inspector.company
    Tie.objects.create(agency=agency, company=supplier.company, why="Audited its factory in May.")
    found = operations.declare_ready(funded_order, by=supplier)
    assert (found.state, found.agency) == ("requested", None)
    with pytest.raises(Refused, match="depends on neither side"):
        operations.appoint(found, by=None, agency=agency)
    found.refresh_from_db()
    assert found.state == "requested"


def test_an_agency_that_is_away_on_the_day_is_passed_over(
    funded_order, supplier, inspector, other_agency
):
    day = operations.visit_day()
    Absence.objects.create(agency=inspector.company, first_day=day, last_day=day)
    assert operations.declare_ready(funded_order, by=supplier).agency == other_agency


def test_an_agency_whose_absence_ended_the_day_before_is_there(funded_order, supplier, inspector):
    before = operations.visit_day() - timedelta(days=1)
    Absence.objects.create(agency=inspector.company, first_day=before, last_day=before)
    assert operations.declare_ready(funded_order, by=supplier).agency == inspector.company


# --- the fallback standard (S34)


@pytest.mark.parametrize(
    ("answer", "standard", "result", "words"),
    [
        ("yes", "ISO 105-C06", "match", "Meets the industry standard ISO 105-C06"),
        ("no", "ISO 105-C06", "differs", "Does not meet the industry standard ISO 105-C06"),
        ("yes", "", "not_measurable", "Could not be judged by the contract"),
    ],
)
def test_a_line_in_words_is_decided_by_the_industry_standard_that_the_inspector_names(
    inspection, inspector, answer, standard, result, words
):
    line = inspection.contract.lines.first()
    ContractLine.objects.filter(pk=line.pk).update(kind="text", requirement="Colour fast")
    measured = measure(inspection.contract) | {line.pk: ([], answer, "", standard)}
    operations.report(
        inspection,
        by=inspector,
        measured=measured,
        critical=0,
        major=0,
        minor=0,
        remarks="",
        signed_name=inspector.name,
    )
    found = inspection.results.select_related("line__attachment").get(line=line)
    assert (found.result, found.standard) == (result, standard)
    assert of_result(found).words == words
