"""The visit itself: its day, missed or overdue, made anew, called off; and rework after it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core import clock, days
from inspections import policies
from inspections.agencies import OPEN, least_busy
from inspections.models import Inspection
from inspections.operations import (
    check_may_repeat,
    propose,
    request,
    visit_day,
    withdraw_files,
)
from inspections.photos import publish
from orders.models import Order
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

Cause = Inspection.Cause
State = Inspection.State
LATEST_VISIT_DAYS = 14
MADE = {Order.State.IN_PRODUCTION, Order.State.READY_TO_SHIP}
UNDECIDED = [State.REPORTED, State.FAILED, State.PENDING_BUYER]
CLOCKS = ("inspection.object", "inspection.report", "inspection.decide")


@operation
def book(order, *, by, visit_on):
    """The buyer orders an inspection, seven working days before the goods leave or earlier."""
    if by.company_id != order.buyer_id:
        raise NotAllowed
    if not may_be_booked(order):
        raise Refused(_("This order needs no inspection now."), code="no_inspection_due")
    if not policies.may_book(clock.now(), order.ship_deadline):
        raise Refused(
            _(
                "An inspection is booked seven working days before the goods leave, or earlier. "
                "They leave by %(day)s: it is too late for that."
            )
            % {"day": days.last_day_before(order.ship_deadline)},
            code="too_late_to_book",
        )
    first, last = bookable_days(order)
    if visit_on < first or (last and visit_on > last):
        sentence = _("Choose a day from %(first)s until %(last)s.")
        raise Refused(
            sentence % {"first": first, "last": last or "…"}, code="visit_day_out_of_range"
        )
    check_may_repeat(order)
    return request(order, by, visit_on)


def may_be_booked(order):
    """Whether goods are being made that no inspection passed, and none is under way."""
    under_way = order.inspections.filter(state__in=[*OPEN, *UNDECIDED]).exists()
    return order.state in MADE and not order.shipment_cleared and not under_way


def bookable_days(order):
    """The first and the last day a buyer may name: the last is that on which the goods leave."""
    last = days.last_day_before(order.ship_deadline) if order.ship_deadline else None
    return visit_day(), last


@operation
def set_day(inspection, *, by, visit_on):
    """The agency names another day for the agreed visit; its report is due 3 days after."""
    if by.company_id != inspection.agency_id:
        raise NotAllowed
    if inspection.state != State.SCHEDULED:
        raise Refused(_("Name the day once the visit is agreed."), code="not_scheduled")
    today = days.platform_date(clock.now())
    latest = today + timedelta(days=LATEST_VISIT_DAYS)
    if not today <= visit_on <= latest:
        raise Refused(
            _("Choose a day from today until %(latest)s.") % {"latest": latest},
            code="visit_day_out_of_range",
        )
    before, inspection.visit_on = inspection.visit_on, visit_on
    inspection.save(update_fields=["visit_on"])
    facts = {"from": before.isoformat() if before else "", "visit_on": visit_on.isoformat()}
    record(inspection, "set_day", by=by, facts=facts)
    deadlines.restart("inspection.report", inspection, policies.report_due(visit_on))


@operation
def miss(inspection, *, by, cause, note):
    """The inspector came and could not inspect; whoever caused it bears the next visit."""
    if cause not in policies.BORNE_BY or cause == Cause.NO_REPORT:
        raise Refused(_("Choose why the visit was missed."), code="cause_missing")
    if not note.strip():
        raise Refused(_("Describe what you found at the factory."), code="reason_missing")
    facts = {"at_cost_of": policies.BORNE_BY[cause], "photos": publish(inspection)}
    advance(inspection.miss, by=by, cause=cause, reason=note, facts=facts)
    deadlines.keep("inspection.report", inspection)


@operation
def overdue(inspection, *, by):
    """No report three days after the visit: the agency is in breach, another is proposed."""
    breached = inspection.agency
    facts = {"agency": breached.name, "at_cost_of": policies.BORNE_BY[Cause.NO_REPORT]}
    advance(inspection.overdue, by=by, facts=facts)
    withdraw_files(inspection, breached)
    if other := least_busy(inspection.order, visit_day(), but=breached.pk):
        inspection.agency = other
        propose(inspection, inspection.reschedule, by)


@operation
def reschedule(inspection, *, by):
    """A new visit after a missed one: asked for by whoever bears it, with the plan drawn anew."""
    bearer = policies.BORNE_BY.get(inspection.missed_because, "")
    bearing = {"supplier": inspection.supplier_id, "buyer": inspection.buyer_id}
    is_party = by is not PLATFORM and by.company_id in bearing.values()
    if is_party and bearer in bearing and by.company_id != bearing[bearer]:
        raise Refused(
            _("The other side caused the missed visit: it asks for the new one and bears it."),
            code="other_side_bears",
        )
    propose(inspection, inspection.reschedule, by, at_cost_of=bearer)


@operation
def rework(inspection, *, by):
    """The supplier takes the goods back; they are inspected again at its cost, twice at most.

    The report stays as it is, in the record: the new round is an inspection of its own.
    """
    order = inspection.order
    check_may_repeat(order)
    if order.state != Order.State.READY_TO_SHIP:
        raise Refused(_("This order needs no inspection now."))
    advance(inspection.rework, by=by, facts={"at_cost_of": "supplier"})
    deadlines.keep("inspection.decide", inspection)
    return request(order, by)


@operation
def call_off(inspection, *, by, reason):
    """The buyer or a mediator calls the visit off, more than one working day before it.

    The goods stay unshippable without a pass. The buyer may do so once: it delays the supplier.
    """
    if not reason.strip():
        raise Refused(_("Say why you call it off."), code="reason_missing")
    is_buyer = by.company_id == inspection.buyer_id
    agreed = inspection.state == State.SCHEDULED
    if is_buyer and agreed and not policies.may_call_off(clock.now(), inspection.visit_on):
        raise Refused(
            _("The visit is too near: call it off more than one working day before."),
            code="visit_too_near",
        )
    if is_buyer and inspection.order.inspections.filter(state=State.CANCELLED).exists():
        raise Refused(_("You called off a visit of this order already."), code="called_off_before")
    advance(inspection.cancel, by=by, reason=reason)
    for kind in CLOCKS:
        deadlines.keep(kind, inspection)
    if inspection.agency:
        withdraw_files(inspection, inspection.agency)


@operation
def note_sealed(inspection, *, by, path, pdf_sha256):
    """The report is drawn, sealed and stored: its fingerprint belongs to the record, once."""
    if inspection.sealed_at:
        return
    inspection.pdf.name, inspection.pdf_sha256 = path, pdf_sha256
    inspection.sealed_at = clock.now()
    inspection.save(update_fields=["pdf", "pdf_sha256", "sealed_at"])
    record(inspection, "seal", by=by, facts={"pdf_sha256": pdf_sha256})


@operation
def note_pieces(inspection, *, by, path, seed):
    """The pick list is drawn: kept if the visit was not planned anew in the meantime."""
    if inspection.seed == seed:
        inspection.pieces_pdf.name = path
        inspection.save(update_fields=["pieces_pdf"])
