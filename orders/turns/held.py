"""Whose turn it is while the money is held."""

from django.utils.translation import gettext as _

from inspections.models import Inspection
from inspections.operations import MOST_REPEATS
from orders.facts import BUYER, SUPPLIER
from orders.states import OrderState
from orders.turns.before import pay
from orders.turns.parts import decide, is_party, link, press, wait

Visit = Inspection.State


def in_production(facts):
    """The supplier makes the goods and says when they are ready."""
    if facts.side != SUPPLIER:
        text = _("The goods are being made.")
        return wait(facts, facts.order.supplier.name, "order.ship", text)
    text = _("Say so when the goods are finished and packed. No inspection was agreed.")
    if facts.order.inspection_required:
        text = _(
            "Say so when the goods are finished and at least 80% are packed. An independent "
            "inspector is then appointed."
        )
    return decide(
        facts,
        "order.ship",
        _("The money is held for you: make the goods"),
        text,
        press(facts, "order_ready", _("The goods are ready"), "package-check"),
    )


def ready(facts):
    """Inspected, then paid in full, then shipped."""
    if not facts.order.may_ship():
        return _visit(facts)
    if facts.unpaid:
        return _balance(facts)
    if facts.side != SUPPLIER:
        return wait(facts, facts.order.supplier.name, "order.ship", _("The goods may leave."))
    return decide(
        facts,
        "order.ship",
        _("Ship the goods and show the document"),
        _("Everything is paid and held. The document proves on which day the goods left."),
        link(facts, "order_ship", _("Add the shipment"), "ship"),
    )


def shipped(facts):
    """The buyer says when the goods have arrived."""
    if facts.order.in_lots:
        return _lots(facts)
    if facts.side != BUYER:
        text = _("The buyer confirms when the goods are there.")
        return wait(facts, facts.order.buyer.name, "order.deliver", text)
    return decide(
        facts,
        "order.deliver",
        _("Confirm when the goods are there"),
        _("From then on you have 15 days to check them. Your money stays held meanwhile."),
        press(facts, "order_delivered", _("The goods are here"), "package-open"),
        _dispute(facts),
    )


def _lots(facts):
    """Each lot is confirmed and accepted by itself; the supplier ships what is open."""
    see = link(facts, "order_shipments", _("See each lot"), "package-open")
    if facts.side == BUYER:
        text = _("Each lot has its own time to check it, and its value is released with it.")
        return decide(facts, "", _("Confirm each lot when it is there"), text, see, _dispute(facts))
    more = link(facts, "order_ship", _("Ship the next lot"), "ship", variant="quiet")
    ships = facts.side == SUPPLIER and facts.state == OrderState.PARTIALLY_SHIPPED
    text = _("The buyer confirms each lot when it is there.")
    return wait(facts, facts.order.buyer.name, "order.ship", text, [more] if ships else ())


def delivered(facts):
    """The buyer accepts the goods or disputes them."""
    if facts.dispute or facts.side != BUYER:
        text = _("The buyer checks the goods.")
        return wait(facts, facts.order.buyer.name, "order.accept", text)
    accept = link(
        facts,
        "order_accept_goods",
        _("Accept the goods"),
        "circle-check",
        title=_("They match"),
        text=_("The money is released to the supplier. You see the amount before you confirm."),
    )
    differ = _dispute(
        facts,
        title=_("They differ"),
        text=_("Name the contract lines. What you claim stays held until it is settled."),
    )
    text = _("Compare them with the lines of the contract.")
    return decide(facts, "order.accept", _("Check the goods"), text, accept, differ)


def _balance(facts):
    if facts.order.paying:
        return wait(facts, _("the bank"), "order.ship", _("The transfer is on its way."))
    if facts.side != BUYER:
        text = _("The balance is due before shipment.")
        return wait(facts, facts.order.buyer.name, "order.ship", text)
    return pay(facts, "", silence=_("The goods do not leave before the balance is held."))


def _visit(facts):
    visit = facts.visit
    state = visit.state if visit else Visit.REQUESTED
    if state in VISITS:
        return VISITS[state](facts)
    if state == Visit.SCHEDULED:
        return wait(
            facts, visit.agency, "", _("The inspector measures every line of the contract.")
        )
    return wait(facts, _("our staff"), "", _("An independent inspection company is being found."))


def _proposal(facts):
    if not is_party(facts):
        return wait(facts, _("both sides"), "inspection.object")
    return decide(
        facts,
        "inspection.object",
        _("%(name)s is proposed for the inspection") % {"name": facts.visit.agency},
        _("It depends on neither side. You may object with a reason, or let it stand."),
        link(facts, "inspection_report", _("See the proposal"), "microscope"),
        tone="calm",
    )


def _differs(facts):
    if facts.side != BUYER:
        text = _("Lines of the contract differ. The buyer decides.")
        return wait(facts, facts.order.buyer.name, "inspection.decide", text)
    accept = link(
        facts,
        "inspection_report",
        _("Compare and decide"),
        "clipboard-check",
        title=_("Accept anyway"),
        text=_("The order goes on. You can no longer claim on the lines that you accept."),
    )
    claim = _dispute(
        facts,
        title=_("Claim on it"),
        text=_("The supplier has 15 days to settle with you. Then our staff decide."),
    )
    title = _("The inspection found lines that differ")
    return decide(facts, "inspection.decide", title, "", accept, claim, shows="differences")


def _not_shippable(facts):
    text = _("The inspection ended without a pass: the goods may not leave.")
    if facts.side == SUPPLIER and not facts.dispute and facts.visit.n <= MOST_REPEATS:
        again = press(facts, "order_inspect_again", _("Ask for another inspection"), "refresh-cw")
        title = _("Put the goods right, then have them inspected again")
        return decide(facts, "order.ship", title, text, again)
    if facts.dispute or facts.side != BUYER:
        return wait(facts, facts.other.name, "order.ship", text)
    dispute = link(facts, "dispute_new", _("Open a dispute"), "scale")
    return decide(facts, "order.ship", _("The goods may not be shipped"), text, dispute)


def _dispute(facts, **details):
    label = _("Open a dispute")
    return link(facts, "dispute_new", label, "scale", variant="danger", **details)


def _missed(facts):
    text = _("The visit was missed. The side that caused it asks for a new one.")
    if not is_party(facts):
        return wait(facts, _("both sides"), "order.ship", text)
    see = link(facts, "inspection_report", _("See why, and ask for a new visit"), "microscope")
    return decide(facts, "order.ship", _("The visit was missed"), text, see, tone="calm")


VISITS = {
    Visit.APPOINTED: _proposal,
    Visit.MISSED: _missed,
    Visit.FAILED: _differs,
    Visit.PENDING_BUYER: _differs,
    Visit.CLOSED_FAILED: _not_shippable,
    Visit.CANCELLED: _not_shippable,
}
