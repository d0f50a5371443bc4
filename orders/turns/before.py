"""Whose turn it is before any money is held."""

from django.utils.translation import gettext as _

from contracts.models import PurchaseContract
from core.formats.words import number_text
from orders.facts import BUYER, SUPPLIER
from orders.turns.parts import decide, is_party, link, press, wait

DRAFTING = PurchaseContract.State.DRAFT


def draft(facts):
    """The buyer checks the draft and sends it."""
    return decide(
        facts,
        "",
        _("Check your order and send it to %(name)s") % {"name": facts.order.supplier.name},
        _("It is saved as a draft that only you can see."),
        link(facts, "order_check", _("Check and send"), "arrow-right"),
        link(facts, "order_edit", _("Change"), variant="quiet"),
        _leaving(facts, _("Delete the draft")),
        tone="calm",
        silence=_("The draft stays here. Nothing binds you."),
    )


def placed(facts):
    """The supplier answers the request."""
    if facts.side != SUPPLIER:
        return wait(
            facts,
            facts.order.supplier.name,
            "order.confirm",
            _("Nothing binds either side until both have signed the contract."),
            _leave(facts),
        )
    return decide(
        facts,
        "order.confirm",
        _("%(name)s asks for %(goods)s")
        % {"name": facts.order.buyer.name, "goods": goods_text(facts)},
        _("Nothing binds you until you both sign the contract."),
        press(facts, "order_accept", _("Accept the request"), "check", form="accept"),
        press(facts, "order_decline", _("Decline"), variant="quiet", form="decline"),
    )


def contracting(facts):
    """The side that holds the draft writes it; then both sign."""
    if not is_party(facts):
        return wait(facts, _("both sides"), "order.sign")
    contract = facts.contract
    if contract is None or contract.state == DRAFTING:
        return _writing(facts, contract)
    if facts.company_id in facts.signed_by:
        text = _("You have signed. Their signature is missing.")
        return wait(facts, facts.other.name, "order.sign", text, _leave(facts))
    return decide(
        facts,
        "order.sign",
        _("Read and sign version %(n)d of the contract") % {"n": contract.version},
        _("You sign exactly the text that you see, by its fingerprint."),
        link(facts, "contract_sign", _("Read and sign"), "signature"),
        link(facts, "contract", _("Suggest a change"), variant="quiet"),
        *_leave(facts),
    )


def awaiting_payment(facts):
    """The buyer pays the initial payment."""
    if facts.order.paying:
        return wait(facts, _("the bank"), "order.pay", _("The transfer is on its way."))
    if facts.side != BUYER:
        text = _("Do not start production before the money is held.")
        return wait(facts, facts.order.buyer.name, "order.pay", text)
    return pay(facts, "order.pay")


def pay(facts, clock, **more):
    """The buyer pays what is still missing of the instalment that is due."""
    part = facts.unpaid
    missing = facts.text(part.due - part.received)
    text = _(
        "You pay into the designated account in Singapore. The money stays held until the "
        "goods ship on time and match the contract."
    )
    if part.received:
        text = _("%(received)s of %(due)s has arrived. The rest is missing.") % {
            "received": facts.text(part.received),
            "due": facts.text(part.due),
        }
    title = _("Pay %(missing)s") % {"missing": missing}
    return decide(facts, clock, title, text, link(facts, "pay", title, "landmark"), **more)


def goods_text(facts):
    """3,000 pcs, Organic cotton rompers, for US$18,600.00."""
    order = facts.order
    return _("%(quantity)s %(unit)s, %(title)s, for %(total)s") % {
        "quantity": number_text(order.quantity or 0),
        "unit": order.unit,
        "title": order.title,
        "total": facts.text(order.total_minor),
    }


def _writing(facts, contract):
    if contract is None or contract.drafted_by != facts.company_id:
        text = _("They write the contract.")
        return wait(facts, facts.other.name, "order.sign", text, _leave(facts))
    return decide(
        facts,
        "order.sign",
        _("Your turn: write version %(n)d of the contract") % {"n": contract.version},
        _("Only what is written as a measurable line can be inspected and claimed."),
        link(facts, "contract", _("Write the contract"), "file-pen"),
        *_leave(facts),
    )


def _leave(facts):
    return [_leaving(facts, _("Withdraw from the order"))] if is_party(facts) else []


def _leaving(facts, label):
    return link(facts, "order_withdraw", label, variant="text")
