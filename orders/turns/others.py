"""Turns that come between: an order that is late, a dispute, the inspector's visit."""

from django.utils.translation import gettext as _

from disputes.models import DisputeState
from inspections.models import Inspection
from orders.facts import BUYER, SUPPLIER
from orders.turns.parts import decide, is_party, link, press, wait

NEGOTIATED = {DisputeState.OPEN, DisputeState.OFFER_PENDING}


def late(facts, of_order):
    """Not shipped by the agreed instant: the buyer chooses, the supplier ships or proves (S20)."""
    if facts.order.late_choice == "refund":
        return _refund_chosen(facts)
    if facts.order.late_choice == "wait" or facts.dispute:
        return of_order
    if facts.side == BUYER:
        return _choose(facts)
    if facts.side == SUPPLIER:
        return _ship_late(facts, of_order) if of_order.is_yours else of_order
    return wait(facts, facts.order.buyer.name, "order.choose_when_late")


def dispute(facts):
    """A dispute leads the page until it is over."""
    answer = _answer(facts) if is_party(facts) else None
    if answer:
        clock, title, text = answer
        return decide(facts, clock, title, text, link(facts, "dispute", title, "scale"), tone="bad")
    clock = next((kind for kind in facts.clocks if kind.startswith("dispute.")), "")
    whom = facts.other.name if facts.dispute.state in NEGOTIATED else _("our staff")
    see = link(facts, "dispute", _("See the dispute"), "scale", variant="quiet")
    return wait(facts, whom, clock, _("The disputed money stays held."), [see])


def inspector(facts):
    """The inspection company sees its own visit, nothing of the money."""
    if facts.visit and facts.visit.state == Inspection.State.SCHEDULED:
        return decide(
            facts,
            "",
            _("Measure the goods and file the report"),
            _("Every line of the contract is a check of yours."),
            link(facts, "inspection_report", _("Open the visit"), "microscope"),
        )
    return wait(facts, _("both sides"))


def _choose(facts):
    refund = link(
        facts,
        "order_late_choice",
        _("Ask for the refund"),
        "undo-2",
        title=_("Refund"),
        text=_(
            "Everything held goes back to you, once the three days in which the supplier may "
            "prove an earlier shipment are over."
        ),
    )
    waiting = press(
        facts,
        "order_late_choice",
        _("Wait for the goods"),
        "hourglass",
        variant="quiet",
        title=_("Wait"),
        fields={"choice": "wait"},
        text=_("The order goes on. Your money stays held until the goods are shipped."),
    )
    return decide(
        facts,
        "order.choose_when_late",
        _("The goods were not shipped in time"),
        _("No shipment is on record by the agreed date. You need not prove anything."),
        refund,
        waiting,
        tone="bad",
    )


def _refund_chosen(facts):
    text = _("You chose a refund. The supplier may still prove an earlier shipment.")
    if facts.side != BUYER:
        text = _(
            "The buyer chose the refund: do not ship. If the goods left in time, show the document."
        )
    clocks = ("order.prove_shipment", "order.choose_when_late")
    clock = next((kind for kind in clocks if kind in facts.clocks), "")
    may_prove = facts.side == SUPPLIER and "order.prove_shipment" in facts.clocks
    prove = link(facts, "order_ship", _("Prove an earlier shipment"), "ship", variant="quiet")
    return wait(facts, facts.order.supplier.name, clock, text, [prove] if may_prove else ())


def _ship_late(facts, of_order):
    title = _("The ship-by date has passed")
    text = _(
        "Ship now, or show our staff the document of an earlier shipment. Otherwise the buyer "
        "can be refunded."
    )
    return decide(facts, "order.prove_shipment", title, text, *of_order.actions, tone="bad")


def _answer(facts):
    case = facts.dispute
    responds = BUYER if case.by_supplier else SUPPLIER
    if case.state == DisputeState.OPEN and facts.side == responds:
        text = _("Settle with the other side, or say why you refuse.")
        return "dispute.resolve", _("Answer the dispute"), text
    if case.state == DisputeState.OFFER_PENDING and case.offer_by != facts.company_id:
        text = _("An offer is on the table. Accept it, or make one of your own.")
        return "dispute.resolve", _("Answer the offer"), text
    if case.state == DisputeState.EVIDENCE:
        text = _("Our staff decide from the contract, the report and what both sides add.")
        return "dispute.evidence", _("Add your evidence"), text
    if case.state == DisputeState.DECIDED:
        text = _("The money follows it once the time to appeal is over.")
        return "dispute.appeal", _("Read the decision"), text
    return None
