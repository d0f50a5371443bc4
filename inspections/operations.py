"""What can be done about an inspection: appointed, agreed, reported, answered."""

import secrets
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from attachments.models import Attachment
from contracts import policies as contract_policies
from contracts.models import ContractLine, PurchaseContract
from core import clock, days
from inspections import agencies, photos, policies, sampling
from inspections.models import Inspection, LineResult
from orders.models import Order
from workflow import deadlines, outbox
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

State = Inspection.State
MOST_REPEATS = 2
VISIT_AFTER_WORKING_DAYS = 3
ENDED_WITHOUT_PASS = {State.CLOSED_FAILED, State.CANCELLED}


@operation
def declare_ready(order, *, by):
    """The goods are made and packed: the platform appoints an inspection company (S46)."""
    advance(order.declare_ready, by=by)
    if not order.inspection_required or order.shipment_cleared:
        return None
    return order.inspections.filter(state__in=agencies.OPEN).first() or request(order, by)


@operation
def request_again(order, *, by):
    """After a failed inspection the supplier asks for another, two times at most."""
    if by.company_id != order.supplier_id:
        raise NotAllowed
    before = list(order.inspections.values_list("state", flat=True))
    if order.state != Order.State.READY_TO_SHIP or order.shipment_cleared:
        raise Refused(_("This order needs no inspection now."))
    if not before or before[-1] not in ENDED_WITHOUT_PASS:
        raise Refused(
            _("The inspection before has to end first: the buyer decides on it."),
            code="inspection_open",
        )
    check_may_repeat(order)
    return request(order, by)


def check_may_repeat(order):
    """Two inspections are repeated at most: three reports are all there can be."""
    if order.inspections.exclude(reported_at=None).count() > MOST_REPEATS:
        raise Refused(_("Two inspections were repeated already."), code="too_many_inspections")


def request(order, by, visit_on=None):
    """Ask for an inspection of this order; an agency free of both sides is appointed."""
    contract = order.contracts.get(state=PurchaseContract.State.EFFECTIVE)
    inspection = Inspection.objects.create(
        order=order, contract=contract, n=order.inspections.count() + 1, visit_on=visit_on
    )
    record(inspection, "request", by=by)
    agency = agencies.least_busy(order, visit_on or visit_day())
    if agency:
        appoint(inspection, by=PLATFORM, agency=agency)
    return inspection


@operation
def appoint(inspection, *, by, agency):
    """Name the agency and fix the sampling plan; both sides have 24 hours to object (T12)."""
    order = inspection.order
    if not agencies.independent_of(order).filter(pk=agency.pk).exists():
        raise Refused(
            _("Choose an inspection company that depends on neither side."),
            code="agency_not_independent",
        )
    inspection.agency = agency
    propose(inspection, inspection.appoint, by)


def visit_day():
    """The day proposed for a visit: the third working day from now."""
    due = days.business_days_after(clock.now(), VISIT_AFTER_WORKING_DAYS)
    return days.last_day_before(due)


def propose(inspection, step, by, **facts):
    """Plan a visit, publish the fingerprint of its seed, and give both sides 24 hours (T12)."""
    inspection.visit_on = max(visit_day(), inspection.visit_on or visit_day())
    inspection.missed_because = ""
    inspection.seed, inspection.pieces_pdf = secrets.token_hex(16), ""
    inspection.plan = plan_for(inspection)
    planned = {
        "agency": inspection.agency.name if inspection.agency else "",
        "plan": inspection.plan,
        "visit_on": inspection.visit_on.isoformat(),
        "seed_commitment": sampling.seed_commitment(inspection.seed),
    }
    advance(step, by=by, facts=planned | facts)
    deadlines.start("inspection.object", inspection)
    for attachment in _files(inspection):
        attachment.shared_with.add(inspection.agency)


@operation
def object_to(inspection, *, by, reason):
    """A side objects to the proposal; the platform names another agency."""
    if not reason.strip():
        raise Refused(_("Say why you object."), code="reason_missing")
    agency = inspection.agency
    advance(inspection.object, by=by, reason=reason)
    withdraw_files(inspection, agency)
    deadlines.keep("inspection.object", inspection)


@operation
def agree_by_silence(inspection, *, by):
    """Nobody objected within 24 hours: the visit is agreed, its report due 3 days after."""
    advance(inspection.schedule, by=by)
    deadlines.start("inspection.report", inspection, policies.report_due(inspection.visit_on))
    trade_ref = inspection.order.ref
    outbox.owe("inspection.pieces", lane="documents", trade_ref=trade_ref, inspection=inspection.pk)


@operation
def report(inspection, *, by, measured, critical, major, minor, remarks, signed_name):
    """The inspector signs the report; the verdict follows from the values (S46, S51).

    `measured` maps a ContractLine's pk to (readings: list of Decimal, answer, note), for a line
    in words also to the industry standard applied (S34).
    """
    if not signed_name.strip():
        raise Refused(_("Sign the report with your name."), code="name_missing")
    if min(critical, major, minor) < 0:
        raise Refused(_("A count of defects is never below zero."), code="count_negative")
    inspection.inspector = by
    inspection.critical_found, inspection.major_found = critical, major
    inspection.minor_found, inspection.remarks = minor, remarks
    inspection.signed_name = signed_name
    facts = {"photos": photos.publish(inspection)}
    advance(inspection.report, by=by, reported_at=clock.now(), facts=facts)
    deadlines.keep("inspection.report", inspection)
    judged = [
        _result(inspection, line, *measured.get(line.pk, ([], "", "")))
        for line in inspection.contract.lines.select_related("attachment")
    ]
    LineResult.objects.bulk_create(result for result, _verdict in judged)
    _conclude(inspection, [verdict for _result, verdict in judged], by)
    import_string(settings.ON_INSPECTION_REPORT)(inspection, by=by)


@operation
def accept_despite(inspection, *, by, waived):
    """The buyer takes the goods as they are: each failed line is ticked, and waived."""
    failed = set(
        inspection.results.filter(result=LineResult.Result.DIFFERS).values_list("pk", flat=True)
    )
    if failed - set(waived):
        raise Refused(
            _("Tick each line that differs: you could not claim on it later."),
            code="waiver_missing",
        )
    inspection.results.filter(pk__in=failed).update(waived=True)
    advance(inspection.buyer_accepts, by=by, facts={"waived": sorted(failed)})
    deadlines.keep("inspection.decide", inspection)
    _clear(inspection.order)


@operation
def close_undecided(inspection, *, by):
    """The buyer did not decide (T13): not shippable, and the ship-by clock runs on."""
    advance(inspection.no_decision, by=by)


def withdraw_files(inspection, agency):
    """An agency that does not inspect after all no longer reads the contract's files."""
    for attachment in _files(inspection):
        attachment.shared_with.remove(agency)


def _files(inspection):
    """The files of the contract: the inspector checks against them (S37-S39)."""
    return Attachment.objects.filter(contractline__contract=inspection.contract_id)


def plan_for(inspection):
    """Sample size and limits, from the contract and ISO 2859-1."""
    contract = inspection.contract
    inspection.plan = {"lot": sum(line.quantity for line in inspection.order.lines.all())}
    plans = _plans(inspection)
    return inspection.plan | {
        "level": contract.inspection_level,
        "sample": plans["major"].sample,
        "letter": plans["major"].letter,
        "accept": {name: plan.accept for name, plan in plans.items()},
    }


def _result(inspection, line, values, answer, note, standard=""):
    limits = contract_policies.limits(line.plain())
    verdict = policies.judge_line(
        policies.Measured(
            line_no=line.number,
            kind=line.kind,
            low=limits.low if limits else None,
            high=limits.high if limits else _largest_difference(line),
            unit=line.unit,
            values=tuple(values),
            answer={"yes": True, "no": False}.get(answer),
            standard=standard,
        )
    )
    return LineResult(
        inspection=inspection,
        line=line,
        readings=[str(value) for value in values],
        answer=answer,
        note=note,
        standard=standard,
        result=verdict.result,
        mean=_text(verdict.mean),
        lowest=_text(verdict.minimum),
        highest=_text(verdict.maximum),
        deviation=_text(verdict.deviation),
    ), verdict


def _largest_difference(line):
    """For a colour the tolerance is the largest ΔE."""
    if line.kind != ContractLine.Kind.COLOUR or not line.tolerance_plus:
        return None
    return contract_policies.tolerance(line.tolerance_plus, Decimal(0))


def _conclude(inspection, verdicts, by):
    """The verdict follows from the values; who measured does not choose it."""
    counts = {
        "critical": inspection.critical_found,
        "major": inspection.major_found,
        "minor": inspection.minor_found,
    }
    found = policies.judge_report(verdicts, counts, _plans(inspection))
    facts = {
        "failed_lines": list(found.failed_lines),
        "failed_classes": list(found.failed_classes),
        "unclear_lines": list(found.unclear_lines),
    }
    step = {
        policies.Verdict.PASSED: inspection.verdict_pass,
        policies.Verdict.FAILED: inspection.verdict_fail,
        policies.Verdict.PENDING_BUYER: inspection.verdict_pending,
    }[found.verdict]
    advance(step, by=by, facts=facts)
    trade_ref = inspection.order.ref
    outbox.owe("inspection.seal", lane="documents", trade_ref=trade_ref, inspection=inspection.pk)
    if found.verdict is policies.Verdict.PASSED:
        _clear(inspection.order)
    else:
        deadlines.start("inspection.decide", inspection)


def _plans(inspection):
    contract, plan = inspection.contract, inspection.plan
    return sampling.plans(
        plan["lot"],
        {"critical": Decimal(0), "major": contract.aql_major, "minor": contract.aql_minor},
        contract.inspection_level,
    )


def _clear(order):
    """The ship guard opens."""
    order.shipment_cleared = True
    order.save(update_fields=["shipment_cleared"])


def _text(value):
    return "" if value is None else str(value)
