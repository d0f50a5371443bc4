"""Shipment: the document that proves it, what counts as shipped, and documents that do not hold.

Until a document is checked the moment of its submission counts; a document that the carrier
confirms counts from its own date, so the supplier of a late order can prove an earlier shipment
(T4p, T14, scenario 6). One that does not hold is rejected: the order goes on as if never shipped.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Strike
from accounts.operations import strike
from accounts.roles import PLATFORM, the_finance_office, the_parties, the_supplier
from attachments.operations import store
from core import clock, days
from orders import lots, policies
from orders.incoterms import Paper, documents_for, papers_for
from orders.models import Order, Shipment, ShipmentPaper
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused

Rejection = Shipment.Rejection
BY_STAFF = (Rejection.FORGED, Rejection.UNRELATED, Rejection.UNREADABLE)
STRIKES = (Rejection.FORGED, Rejection.UNRELATED)
LATE_CLOCKS = ("order.ship", "order.prove_shipment", "order.choose_when_late")


@operation
def ship(
    order, *, by, carrier, document_type, document_number, claimed_on, quantity=None, upload=None
):
    """The supplier ships all that is open, or a lot of it, with the document (S20, X3).

    Until the document is checked, the moment of submission counts as shipped (T14).
    """
    now = clock.now()
    quantity = quantity or lots.open_quantity(order)
    lots.check_quantity(order, quantity)
    check_document(order, document_type, document_number, claimed_on)
    check_may_leave(order, claimed_on)
    shipment = Shipment.objects.create(
        order=order,
        quantity=quantity,
        carrier=carrier,
        document_type=document_type,
        document_number=document_number,
        document=_kept(order, upload, by),
        claimed_on=claimed_on,
    )
    whole = lots.completes(order, quantity)
    if whole:
        advance(order.ship_full, by=by, shipped_at=now)
    else:
        advance(order.ship_partial, by=by, facts={"quantity": quantity})
    advance(shipment.submit, by=by, submitted_at=now)
    for kind in LATE_CLOCKS if whole else ():
        deadlines.keep(kind, order)
    deadlines.start("shipment.check", shipment)
    if order.in_lots:
        lots.start_delivery(shipment, now)
    else:
        deadlines.start("order.deliver", order, delivery_deadline(order))
    return shipment


@operation
def add_paper(shipment, *, by, kind, upload):
    """The supplier adds one of the papers that come with the goods under their rule."""
    if not the_supplier(shipment, by):
        raise NotAllowed
    if shipment.state == Shipment.State.REJECTED:
        raise Refused(_("This shipment was rejected: add the papers to a new one."))
    if kind not in papers_for(shipment.order.incoterm):
        raise Refused(
            _("This paper does not belong to a shipment under %s.") % shipment.order.incoterm,
            code="paper_not_needed",
        )
    paper, _made = ShipmentPaper.objects.update_or_create(
        shipment=shipment,
        kind=kind,
        defaults={"file": _kept(shipment.order, upload, by), "added_at": clock.now()},
    )
    record(shipment, "add_paper", by=by, facts={"kind": kind, "sha256": paper.file.sha256})
    return paper


@operation
def verify(shipment, *, by, reason):
    """The finance office saw that the carrier confirms the document: its own date counts."""
    if not the_finance_office(shipment, by):
        raise NotAllowed
    if not reason.strip():
        raise Refused(_("Say what the carrier confirmed."), code="reason_missing")
    if missing := missing_papers(shipment):
        raise Refused(
            _("These are still missing: %s. Until they are there the time of submission counts.")
            % ", ".join(str(PAPERS[kind]) for kind in missing),
            code="papers_missing",
        )
    dated = policies.shipment_instant(
        shipment.claimed_on, confirmed=True, submitted_at=shipment.submitted_at
    )
    advance(shipment.verify, by=by, reason=reason.strip(), shipped_at=dated)
    _count_from(shipment, by)


@operation
def check_by_clock(shipment, *, by):
    """Nobody confirmed the document in 48 hours: the time of its submission counts (T14).

    Where the buyer of a late order has chosen the refund, that proves no earlier shipment.
    """
    order = shipment.order
    late = order.ship_deadline and policies.is_late(shipment.submitted_at, order.ship_deadline)
    if order.late_choice == "refund" and late:
        _reject(shipment, Rejection.NOT_CONFIRMED, by=by, reason="")
        return
    advance(shipment.verify, by=by, shipped_at=shipment.submitted_at)
    _count_from(shipment, by)


@operation
def reject_document(shipment, *, by, because, reason):
    """The document does not hold: nothing was shipped, and a false one is a strike (X19)."""
    if because not in BY_STAFF:
        raise Refused(_("Choose what is wrong with the document."), code="cause_unknown")
    if not reason.strip():
        raise Refused(_("Say why: both sides read it."), code="reason_missing")
    _reject(shipment, because, by=by, reason=reason.strip())
    if because in STRIKES:
        strike(shipment.supplier_id, Strike.Cause.FALSE_DOCUMENT, order_ref=shipment.order.ref)


@operation
def extend_delivery(order, *, by):
    """Each party may once give the carrier fifteen days more (T6, X4)."""
    if not the_parties(order, by):
        raise NotAllowed
    if deadlines.due_at("order.deliver", order) is None:
        raise Refused(_("The goods are not on their way."), code="not_on_their_way")
    side = "buyer" if by.company_id == order.buyer_id else "supplier"
    if side in order.delivery_extended_by:
        raise Refused(_("Your side has extended the delivery time already."), code="extended_once")
    order.delivery_extended_by = [*order.delivery_extended_by, side]
    order.save(update_fields=["delivery_extended_by"])
    due = delivery_deadline(order)
    deadlines.move("order.deliver", order, due)
    record(order, "extend_delivery", by=by, facts={"due_at": due})


def delivery_deadline(order):
    """When the goods count as delivered, by transport mode and both parties' extensions (T6)."""
    count = len(order.delivery_extended_by)
    return policies.delivery_deadline(order.shipped_at, order.transport_mode, count)


def settle_checks(order, *, by):
    """The goods are there: a document that is still being checked needs no check any more."""
    for shipment in order.shipments.filter(state=Shipment.State.SUBMITTED):
        shipment.adopt(order)
        advance(shipment.verify, by=PLATFORM, shipped_at=shipment.submitted_at)
        deadlines.keep("shipment.check", shipment)


def missing_papers(shipment):
    """The papers of the rule that are not there yet, in their usual order."""
    there = set(shipment.papers.values_list("kind", flat=True))
    return [kind for kind in papers_for(shipment.order.incoterm) if kind not in there]


def is_proof(order, claimed_on):
    """Whether a document of this date would prove a shipment before the deadline (T4p)."""
    start = policies.shipment_instant(claimed_on, confirmed=True, submitted_at=clock.now())
    in_window = clock.now() < policies.proof_deadline(order.ship_deadline)
    return in_window and not policies.is_late(start, order.ship_deadline)


def check_document(order, document_type, number, claimed_on):
    """Raises Refused unless it is a document of the order's rule, with a number and a past day."""
    if document_type not in documents_for(order.incoterm, order.transport_mode):
        raise Refused(
            _("This kind of document does not prove a shipment under %s.") % order.incoterm,
            code="document_not_accepted",
        )
    if not number.strip():
        raise Refused(_("Enter the number of the document."), code="document_number_missing")
    if claimed_on > days.platform_date(clock.now()):
        raise Refused(
            _("The goods cannot have left on a day that is still to come."),
            code="shipped_in_future",
        )


def check_may_leave(order, claimed_on):
    """Raises Refused while a chosen refund, the inspection or the balance stands in the way."""
    if order.late_choice == "refund" and not is_proof(order, claimed_on):
        raise Refused(
            _("The order is late and the buyer chose the refund: do not ship it."),
            code="refund_chosen",
        )
    if order.inspection_required and not order.shipment_cleared:
        raise Refused(
            _("The goods may be shipped once the inspection is passed or the buyer accepts it."),
            code="inspection_open",
        )
    if order.instalments.filter(funded_at=None).exists():
        raise Refused(
            _("The balance is not paid yet. It is due before shipment."), code="balance_unpaid"
        )


def _kept(order, upload, by):
    return store(upload, by=by, shared_with=[order.buyer, order.supplier]) if upload else None


def _count_from(shipment, by):
    """The date of shipment is fixed: the order's clocks and its lateness follow from it."""
    order = shipment.order
    deadlines.keep("shipment.check", shipment)
    if order.in_lots:
        lots.start_delivery(shipment, shipment.shipped_at)
        return
    order.shipped_at = shipment.shipped_at
    if order.late_since and not policies.is_late(order.shipped_at, order.ship_deadline):
        order.late_since, order.late_choice = None, ""
        record(order, "prove_shipment", by=by, facts={"shipped_at": order.shipped_at})
    order.save(update_fields=["shipped_at", "late_since", "late_choice"])
    deadlines.move("order.deliver", order, delivery_deadline(order))


def _reject(shipment, because, *, by, reason):
    """Nothing is shipped by this document: the quantity is open again, and so are the clocks."""
    order = shipment.order
    facts = {"because": str(because)}
    advance(shipment.reject_doc, by=by, because=because, reason=reason, facts=facts)
    deadlines.keep("shipment.check", shipment)
    _reopen(order, by, reason)
    deadlines.keep("order.deliver", order)
    deadlines.keep("shipment.deliver", shipment)
    if order.late_since is None:
        deadlines.restart("order.ship", order, order.ship_deadline)
        return
    proof = policies.proof_deadline(order.ship_deadline)
    deadlines.restart("order.prove_shipment", order, proof)
    if order.late_choice != "wait":
        choice = policies.choice_deadline(order.ship_deadline)
        deadlines.restart("order.choose_when_late", order, choice)


def _reopen(order, by, reason):
    """Other lots that are on their way, or there, stay so."""
    if not lots.live(order):
        advance(order.reopen_shipping, by=by, reason=reason)
    elif order.state == Order.State.SHIPPED:
        advance(order.reopen_lot, by=by, reason=reason)


PAPERS = {
    Paper.COMMERCIAL_INVOICE: gettext_lazy("commercial invoice"),
    Paper.PACKING_LIST: gettext_lazy("packing list"),
    Paper.EXPORT_DECLARATION: gettext_lazy("export declaration"),
    Paper.INSURANCE_CERTIFICATE: gettext_lazy("insurance certificate"),
    Paper.IMPORT_CLEARANCE: gettext_lazy("import clearance"),
}
