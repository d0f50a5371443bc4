"""The inspector measures line by line; both sides read the report; the buyer decides."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Company
from contracts.models import ContractLine
from core import clock as business
from core import days
from inspections import operations, sampling
from inspections.comparison import of_draft, of_report
from inspections.drafts import Draft
from inspections.models import Inspection
from tests.cast import person
from tests.test_stories import file_report, readings
from workflow import deadlines
from workflow.models import Event

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def page(client, user, name, *args, **data):
    client.force_login(user)
    return client.get(reverse(name, args=args), data)


def send(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def line_of(inspection, key):
    return inspection.contract.lines.get(template_key=key)


def answer_every_line(client, inspector, inspection):
    """What an inspector does: readings where the contract has limits, else yes."""
    for line in inspection.contract.lines.all():
        data = {"finding": "yes"}
        if line.kind == "number":
            data = {"reading_1": "200", "reading_2": "201", "reading_3": "199"}
        if line.kind == "colour":
            data = {"reading_1": "0.8", "reading_2": "1.1"}
        number = line.number
        response = send(
            client, inspector, "inspect_line", inspection.public_id, number, then="next", **data
        )
        assert response.status_code == 302
    counted = {"critical": 0, "major": 2, "minor": 3}
    send(client, inspector, "inspect_defects", inspection.public_id, **counted)


def sign(client, inspector, inspection, **changed):
    seen = page(client, inspector, "inspect_review", inspection.public_id).context["seen"]
    data = {"signed_name": inspector.name, "remarks": "Cartons 1 to 40 opened.", "seen": seen}
    return send(client, inspector, "inspect_review", inspection.public_id, **{**data, **changed})


# --- the visit


def test_the_visits_of_my_company_are_listed_and_nobody_elses(client, inspection, inspector, buyer):
    assert "1 visit to make" in text_of(page(client, inspector, "inspect_today"))
    other = Company.objects.create(
        slug="otherlot", name="Otherlot", legal_name="Otherlot", country="CN", inspects=True
    )
    assert "No visits" in text_of(page(client, person("o@x.example", "O", other), "inspect_today"))
    assert "No visits" in text_of(page(client, buyer, "inspect_today"))


def test_somebody_without_a_company_sees_no_visit_that_waits_for_an_agency(
    client, inspection, mediator
):
    Inspection.objects.filter(pk=inspection.pk).update(agency=None)
    assert "No visits" in text_of(page(client, mediator, "inspect_today"))
    assert page(client, mediator, "inspect_visit", inspection.public_id).status_code == 404


@pytest.mark.parametrize("who", ["buyer", "supplier", "stranger", "mediator"])
@pytest.mark.parametrize("name", ["inspect_visit", "inspect_defects", "inspect_review"])
def test_only_the_agency_opens_the_visit(request, client, inspection, who, name):
    user = request.getfixturevalue(who)
    assert page(client, user, name, inspection.public_id).status_code == 404
    assert page(client, user, "inspect_line", inspection.public_id, 1).status_code == 404


def test_the_visit_says_how_many_pieces_which_ones_and_how_many_defects_pass(
    client, inspection, inspector
):
    response = page(client, inspector, "inspect_visit", inspection.public_id)
    text = text_of(response)
    assert "125 of 3,000 pieces are checked." in text
    assert "up to 7 pieces with major and 10 with minor defects do" in text
    picked = sampling.pick_list(inspection.seed, 3000, 125)
    assert response.context["picked"] == picked
    assert ", ".join(map(str, picked[:4])) in text
    assert "Ningbo Little Pine Garment Co., Ltd." in text


def test_readings_are_kept_and_drawn_on_the_band_before_anything_is_signed(
    client, inspection, inspector
):
    line = line_of(inspection, "fabric")
    response = send(
        client, inspector, "inspect_line", inspection.public_id, line.number,
        reading_1="181", reading_2="183", reading_3="179", then="stay",
    )  # fmt: skip
    assert response.url == reverse("inspect_line", args=[inspection.public_id, line.number])
    response = client.get(response.url)
    found = response.context["finding"]
    assert (found.result, found.measured, found.words) == (
        "differs", "181 g/m²", "9 g/m² under the limit",
    )  # fmt: skip
    assert (str(found.lowest), str(found.highest)) == ("179", "183")
    assert "9 g/m² under the limit" in text_of(response)
    assert response.context["form"]["reading_3"].value() == "179"
    assert inspection.results.count() == 0


def test_a_reading_that_is_no_number_is_named_and_the_others_stay(client, inspection, inspector):
    line = line_of(inspection, "fabric")
    response = send(
        client, inspector, "inspect_line", inspection.public_id, line.number,
        reading_1="181", reading_2="18o",
    )  # fmt: skip
    assert response.status_code == 422
    assert "Enter reading 2 as a number, like 198.5." in text_of(response)
    assert response.context["form"]["reading_1"].value() == "181"
    again = page(client, inspector, "inspect_line", inspection.public_id, line.number)
    assert again.context["finding"].result == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Enter at least one reading, or tick that the line cannot be measured."),
        ({"cannot": "on"}, "Say why it cannot be measured."),
        (
            {"reading_1": "200", "cannot": "on", "note": "Wet"},
            "There are readings. Take them out, or the tick that it cannot be measured.",
        ),
    ],
)
def test_a_measured_line_needs_readings_or_a_reason(client, inspection, inspector, data, sentence):
    number = line_of(inspection, "fabric").number
    response = send(client, inspector, "inspect_line", inspection.public_id, number, **data)
    assert (response.status_code, sentence in text_of(response)) == (422, True)


def test_more_than_ten_readings_fit_because_saving_adds_boxes(client, inspection, inspector):
    number = line_of(inspection, "fabric").number
    many = {f"reading_{n}": "200" for n in range(1, 11)}
    send(client, inspector, "inspect_line", inspection.public_id, number, **many, then="stay")
    form = page(client, inspector, "inspect_line", inspection.public_id, number).context["form"]
    assert len(form.reading_fields) == 15


def test_the_draft_is_judged_as_the_report_will_be(client, inspection, inspector):
    drafts = {
        "fabric": Draft(("181", "183", "179")),
        "colour": Draft(("0.8", "1.9")),
        "zipper": Draft(answer="no", note="SBS"),
        "reach": Draft(note="No report on site"),
    }
    lines = {line.template_key: line for line in inspection.contract.lines.all()}
    measured = {
        lines[key].pk: (list(draft.values), draft.answer, draft.note)
        for key, draft in drafts.items()
    }
    operations.report(
        inspection, by=inspector, measured=measured, critical=0, major=0, minor=0,
        remarks="", signed_name="Grace Ho",
    )  # fmt: skip
    reported = {found.line.template_key: found for found in of_report(inspection)}
    for key, draft in drafts.items():
        before = of_draft(lines[key], draft)
        after = reported[key]
        assert (before.result, before.value, before.words) == (
            after.result, after.value, after.words,
        )  # fmt: skip
    assert reported["colour"].words == "0.4 ΔE over the limit"
    assert reported["zipper"].words == "Found not as agreed"
    assert reported["reach"].words == "Could not be judged by the contract"


def test_defects_are_counted_beside_what_is_allowed(client, inspection, inspector):
    text = text_of(page(client, inspector, "inspect_defects", inspection.public_id))
    assert "A single one fails the lot." in text
    assert "Up to 7 pass." in text
    response = send(
        client, inspector, "inspect_defects", inspection.public_id, critical=0, major=126, minor=""
    )
    assert response.status_code == 422
    text = text_of(response)
    assert "Enter at most 125: so many pieces are checked." in text
    assert "Enter how many you found. If there were none, enter 0." in text


def test_an_unfinished_visit_cannot_be_signed_and_nothing_is_filed(client, inspection, inspector):
    events = Event.objects.count()
    response = sign(client, inspector, inspection)
    text = text_of(response)
    assert response.status_code == 422
    assert "Line 1 has no finding yet." in text
    assert "The defects are not counted yet." in text
    inspection.refresh_from_db()
    assert (inspection.state, Event.objects.count()) == ("scheduled", events)


def test_the_signed_report_is_filed_with_the_readings_and_the_drafts_are_gone(
    client, inspection, inspector
):
    answer_every_line(client, inspector, inspection)
    response = sign(client, inspector, inspection)
    assert response.url == reverse("inspection_report", args=[inspection.order.code, 1])
    inspection.refresh_from_db()
    assert (inspection.state, inspection.signed_name) == ("passed", "Grace Ho")
    assert inspection.results.get(line__template_key="fabric").readings == ["200", "201", "199"]
    assert (inspection.major_found, inspection.minor_found) == (2, 3)
    assert client.session["inspection_drafts"] == {}
    assert page(client, inspector, "inspect_review", inspection.public_id).status_code == 302


def test_findings_that_changed_since_the_table_was_shown_are_not_signed(
    client, inspection, inspector
):
    answer_every_line(client, inspector, inspection)
    response = sign(client, inspector, inspection, seen="0" * 64)
    assert response.status_code == 422
    assert "The findings changed since you opened this page." in text_of(response)
    inspection.refresh_from_db()
    assert inspection.state == "scheduled"


def test_a_line_that_is_not_in_the_contract_does_not_exist(client, inspection, inspector):
    assert page(client, inspector, "inspect_line", inspection.public_id, 99).status_code == 404


# --- the proposal


@pytest.fixture
def proposal(funded_order, supplier, inspector):
    return operations.declare_ready(funded_order, by=supplier)


def test_the_proposal_publishes_the_fingerprint_of_the_seed_and_not_the_seed(
    client, proposal, supplier, buyer
):
    for user in (supplier, buyer):
        text = text_of(page(client, user, "inspection_report", proposal.order.code, 1))
        assert hashlib.sha256(proposal.seed.encode()).hexdigest() in text
        assert proposal.seed not in text
        assert "Clearlot Inspection is proposed" in text


@pytest.mark.parametrize("who", ["buyer", "supplier"])
def test_either_side_objects_with_a_reason(request, client, proposal, who):
    user = request.getfixturevalue(who)
    response = send(client, user, "inspection_object", proposal.order.code, 1, reason="")
    assert (response.status_code, "Say why you object." in text_of(response)) == (422, True)
    send(client, user, "inspection_object", proposal.order.code, 1, reason="They are related.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.agency) == ("requested", None)
    assert Event.objects.get(verb="object").reason == "They are related."


def test_after_24_hours_an_objection_is_too_late_though_no_job_ran(client, clock, proposal, buyer):
    clock.move_to(business.now() + timedelta(hours=24))
    response = send(client, buyer, "inspection_object", proposal.order.code, 1, reason="Late.")
    proposal.refresh_from_db()
    assert (response.status_code, proposal.state) == (302, "scheduled")
    assert not Event.objects.filter(verb="object").exists()


def test_the_agency_cannot_object_to_itself(client, proposal, inspector):
    send(client, inspector, "inspection_object", proposal.order.code, 1, reason="Busy.")
    proposal.refresh_from_db()
    assert proposal.state == "appointed"


# --- the report and the decision


@pytest.fixture
def failed(inspection, inspector):
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    return inspection


@pytest.mark.parametrize("who", ["buyer", "supplier", "inspector", "mediator"])
def test_the_report_compares_each_line_with_the_contract(request, client, failed, who):
    user = request.getfixturevalue(who)
    text = text_of(page(client, user, "inspection_report", failed.order.code, 1))
    assert "8 of 9 contract lines match. One differs." in text
    assert "9 g/m² under the limit" in text
    assert "190 to 210 g/m²" in text
    assert "Signed by Grace Ho, Clearlot Inspection" in text
    assert failed.seed in text
    assert "The number has this fingerprint." in text


def test_a_stranger_finds_no_report(client, failed, stranger):
    for name in ("inspection_report", "inspection_object", "inspection_accept"):
        assert send(client, stranger, name, failed.order.code, 1).status_code in {404, 405}
    assert page(client, stranger, "inspection_report", failed.order.code, 1).status_code == 404
    client.logout()
    assert client.get(reverse("inspection_report", args=[failed.order.code, 1])).status_code == 302


def test_only_the_buyer_is_offered_the_decision(client, failed, buyer, supplier):
    text = text_of(page(client, buyer, "inspection_report", failed.order.code, 1))
    assert "Line 1, Fabric: 9 g/m² under the limit. You can no longer claim on it." in text
    assert "If you do nothing: the goods may not be shipped" in text
    assert reverse("dispute_new", args=[failed.order.code]) in text
    text = text_of(page(client, supplier, "inspection_report", failed.order.code, 1))
    assert "Kidzone Retail decides until" in text
    assert "Accept the result as it is" not in text


def test_accepting_needs_every_failed_line_ticked(client, failed, buyer):
    response = send(client, buyer, "inspection_accept", failed.order.code, 1)
    assert response.status_code == 422
    assert "Tick each line that differs" in text_of(response)
    failed.refresh_from_db()
    assert failed.state == "failed"
    row = failed.results.get(result="differs")
    send(client, buyer, "inspection_accept", failed.order.code, 1, waived=[row.pk])
    failed.refresh_from_db()
    failed.order.refresh_from_db()
    row.refresh_from_db()
    assert (failed.state, row.waived, failed.order.shipment_cleared) == (
        "accepted_despite", True, True,
    )  # fmt: skip


def test_the_supplier_cannot_accept_for_the_buyer(client, failed, supplier):
    row = failed.results.get(result="differs")
    send(client, supplier, "inspection_accept", failed.order.code, 1, waived=[row.pk])
    failed.refresh_from_db()
    row.refresh_from_db()
    assert (failed.state, row.waived) == ("failed", False)


def test_the_supplier_has_the_goods_inspected_again_when_the_result_was_not_accepted(
    client, failed, supplier, buyer, clock, run_clock
):
    offered = "Ask for another inspection"
    code = failed.order.code
    assert offered not in text_of(page(client, supplier, "inspection_report", code, 1))
    clock.move_to(deadlines.due_at("inspection.decide", failed))
    run_clock()
    assert offered in text_of(page(client, supplier, "inspection_report", code, 1))
    assert offered not in text_of(page(client, buyer, "inspection_report", code, 1))
    send(client, buyer, "inspection_again", code, 1)
    assert failed.order.inspections.count() == 1
    response = send(client, supplier, "inspection_again", code, 1)
    assert response.url == reverse("inspection_report", args=[code, 2])
    assert failed.order.inspections.get(n=2).state == "appointed"
    assert offered not in text_of(page(client, supplier, "inspection_report", code, 1))


def test_the_number_of_queries_does_not_grow_with_the_lines(
    client, failed, buyer, django_assert_max_num_queries
):
    url = reverse("inspection_report", args=[failed.order.code, 1])
    client.force_login(buyer)
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    template = failed.results.first()
    for n in range(20):
        line = ContractLine.objects.create(
            contract=failed.contract, number=50 + n, characteristic=f"More {n}", kind="compliance"
        )
        template.pk, template.line = None, line
        template.save(force_insert=True)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


# --- back office


def test_a_mediator_appoints_an_agency_that_depends_on_neither_side(
    client, proposal, buyer, mediator, finance, inspector
):
    operations.object_to(proposal, by=buyer, reason="They are related.")
    change = reverse("admin:inspections_inspection_change", args=[proposal.pk])
    appoint = reverse("admin:inspections_inspection_do", args=[proposal.pk, "appoint"])
    client.force_login(finance)
    assert "Appoint an inspection company" not in client.get(change).content.decode()
    assert client.get(appoint).status_code == 403
    client.force_login(mediator)
    text = client.get(change).content.decode()
    assert "Appoint an inspection company" in text
    assert proposal.seed not in text
    Company.objects.filter(pk=proposal.order.supplier_id).update(inspects=True)
    response = client.post(appoint, {"agency": proposal.order.supplier_id})
    assert response.status_code == 200
    proposal.refresh_from_db()
    assert proposal.state == "requested"
    client.post(appoint, {"agency": inspector.company_id})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.agency) == ("appointed", inspector.company)


def test_the_back_office_shows_what_was_measured(client, failed, mediator):
    client.force_login(mediator)
    text = client.get(
        reverse("admin:inspections_inspection_change", args=[failed.pk])
    ).content.decode()
    assert "9 g/m² under the limit" in text


# --- the visit moved, missed, called off; rework


def test_the_agency_names_another_day_on_its_page(client, inspection, inspector):
    day = days.platform_date(business.now()) + timedelta(days=5)
    sent = send(client, inspector, "inspect_day", inspection.public_id, visit_on=day.isoformat())
    assert sent.url == reverse("inspect_visit", args=[inspection.public_id])
    inspection.refresh_from_db()
    assert inspection.visit_on == day


def test_a_day_too_far_off_is_refused_and_stays_typed(client, inspection, inspector):
    before = inspection.visit_on
    response = send(client, inspector, "inspect_day", inspection.public_id, visit_on="2099-01-01")
    assert response.status_code == 422
    assert "Choose a day from today until" in text_of(response)
    assert "2099-01-01" in text_of(response)
    inspection.refresh_from_db()
    assert inspection.visit_on == before


def test_a_missed_visit_is_made_anew_by_the_side_that_bears_it(
    client, inspection, inspector, supplier, buyer
):
    code = inspection.order.code
    data = {"cause": "no_access", "note": "Only six cartons could be opened."}
    send(client, inspector, "inspect_missed", inspection.public_id, **data)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.missed_because) == ("missed", "no_access")
    assert "The visit was missed" in text_of(page(client, buyer, "inspection_report", code, 1))
    send(client, buyer, "inspection_visit", code, 1)
    inspection.refresh_from_db()
    assert inspection.state == "missed"
    send(client, supplier, "inspection_visit", code, 1)
    inspection.refresh_from_db()
    assert inspection.state == "appointed"


def test_a_side_has_no_page_to_declare_a_visit_missed(client, inspection, supplier):
    assert page(client, supplier, "inspect_missed", inspection.public_id).status_code == 404


def test_the_buyer_calls_off_in_time_and_the_supplier_has_no_such_page(
    client, proposal, buyer, supplier
):
    code = proposal.order.code
    assert page(client, supplier, "inspection_off", code, 1).status_code == 404
    assert "Say why you call it off." in text_of(send(client, buyer, "inspection_off", code, 1))
    send(client, buyer, "inspection_off", code, 1, reason="We come ourselves.")
    proposal.refresh_from_db()
    assert proposal.state == "cancelled"


@pytest.mark.parametrize("who", ["buyer", "supplier"])
def test_either_side_asks_for_rework_on_the_report(request, client, failed, who):
    user, code = request.getfixturevalue(who), failed.order.code
    assert "Rework and inspect again" in text_of(page(client, user, "inspection_report", code, 1))
    send(client, user, "inspection_rework", code, 1)
    assert failed.order.inspections.get(n=2).state == "appointed"


def test_a_line_in_words_needs_the_name_of_the_standard_or_cannot_be_checked(
    client, inspection, inspector
):
    line = inspection.contract.lines.first()
    ContractLine.objects.filter(pk=line.pk).update(kind="text", requirement="Colour fast")
    where = ("inspect_line", inspection.public_id, line.number)
    refused = send(client, inspector, *where, finding="yes", note="Fine.")
    assert refused.status_code == 422
    assert "Name the industry standard, or say you cannot check." in text_of(refused)
    send(client, inspector, *where, finding="yes", standard="ISO 105-C06", then="stay")
    shown = text_of(page(client, inspector, *where))
    assert 'value="ISO 105-C06"' in shown
