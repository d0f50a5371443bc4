"""What the order page shows: whose turn, where the money is, what was agreed, what happened."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.reputation import briefly_about_other_side
from contracts.clarity import assess
from contracts.models import ContractLine, PurchaseContract, Signature
from core.formats.words import zone_text
from core.money import Money
from ledger.balances import order_position
from orders import policies
from orders.addresses import address, path_to
from orders.facts import (
    BUYER,
    DEAD_VERSIONS,
    INSPECTOR,
    SUPPLIER,
    facts_of,
    with_details,
    with_facts,
)
from orders.fees import fee_share
from orders.history import stream
from orders.lists import clocks_of
from orders.measures import agreed, differences
from orders.models import Order
from orders.route import route
from orders.states import ENDED
from orders.status import chip
from orders.turns import turn
from payments.models import Disbursement

REFUND_STEPS = {
    Disbursement.State.REQUESTED: 2,
    Disbursement.State.ON_HOLD: 2,
    Disbursement.State.APPROVED: 3,
    Disbursement.State.FAILED: 3,
    Disbursement.State.SUBMITTED: 4,
    Disbursement.State.CONFIRMED: 5,
}


@dataclass(frozen=True)
class Purse:
    """Where the order's money is, from the ledger alone; the five parts add up to the total,
    with the buyer's share of the platform's fee where it bears one."""

    held: Money
    disputed: Money
    released: Money
    refunded: Money
    due: Money
    fee: Money
    due_label: str


def find(code, user, orders=None):
    """The order of this code if this person may see it; Http404 otherwise."""
    seen = Order.objects.visible_to(user).filter(code=code).values("pk")
    orders = Order.objects.all() if orders is None else orders
    return get_object_or_404(orders.filter(pk__in=seen))


def order_page(code, user, *, before=None) -> dict:
    """Everything the template of the order page needs. Raises Http404 for strangers."""
    order = find(code, user, with_details(with_facts(Order.objects.all())))
    facts = facts_of(order, user, clocks_of([order.code])[order.code])
    purse = purse_of(facts)
    shows_money = facts.side != INSPECTOR
    items, earlier = stream(order, before=before) if shows_money else ([], None)
    contract = contract_of(order)
    lines = lines_of(contract) if contract else []
    return {
        "order": order,
        "facts": facts,
        "chip": chip(facts),
        "steps": route(facts, purse),
        "turn": turn(facts),
        "differences": differences(order.results, lines),
        "purse": purse if shows_money else None,
        "fees": facts.side == SUPPLIER and purse.fee,
        "cover": cover_of(facts) if shows_money else None,
        "refund": refund_of(facts) if shows_money else None,
        "contract": contract,
        "lines": lines,
        "items": items,
        "earlier": earlier,
        "writes": facts.side in {BUYER, SUPPLIER} and bool(path_to("order_messages", code)),
        "deadlines": deadlines_of(facts),
        "documents": documents_of(facts, contract, lines),
        "record": briefly_about_other_side(order, facts.side),
        "zone": zone_text(timezone.get_current_timezone()),
    }


def purse_of(facts) -> Purse:
    """The order's money by the ledger; what was never paid in is due or, at the end, never due."""
    order = facts.order
    found = order_position(order.ref, order.currency)
    on_top = fee_share(order.total, order.fee_percent, order.fee_side).buyer
    labels = {True: _("Never paid in"), False: _("Still to pay")}
    return Purse(
        held=found["escrow"],
        disputed=found["hold"],
        released=found["released"],
        refunded=found["refunded"],
        due=order.total + on_top - found["received"],
        fee=found["fee"],
        due_label=labels[order.state in ENDED],
    )


def cover_of(facts) -> dict:
    """What the supplier's limit guarantees of this order, now or once it is signed (7.3)."""
    order = facts.order
    plan = policies.instalments(order.total, order.deposit_percent) if order.total_minor else []
    basis = policies.coverage_basis("pre_shipment", plan) if plan else Money(0, order.currency)
    if order.covered is not None:
        return {"reserved": facts.money(order.covered), "basis": basis}
    standing = getattr(order.supplier, "standing", None)
    if standing is None or not standing.gold or order.state in ENDED:
        return {"none": not (standing and standing.gold), "basis": basis}
    free = Money(standing.headroom.minor, order.currency)
    covered = min(basis, free)
    return {"planned": covered, "basis": basis, "missing": policies.uncovered(basis, covered)}


def refund_of(facts) -> dict | None:
    """All refunds of the order as one: what they add up to, and how far the slowest of them is.

    A refund may go back several ways. One that was cancelled is replaced by another; of one
    that came back only what the bank kept counts, because the rest is owed anew.
    """
    rows = [
        row
        for row in facts.leaving
        if row.kind == Disbursement.Kind.REFUND and row.state in REFUND_STEPS
    ]
    if not rows:
        return None
    legs = [_leg(facts, row) for row in rows]
    whole = sum((leg["counts"] for leg in legs), Money(0, facts.order.currency))
    return {"amount": whole, "current": min(leg["step"] for leg in legs), "legs": legs}


def _leg(facts, row) -> dict:
    """One way of a refund, with the address of its own page for the buyer."""
    state = Disbursement.State(row.state)
    failed = row.came_back or state == Disbursement.State.FAILED
    tones = {Disbursement.State.CONFIRMED: "info", Disbursement.State.ON_HOLD: "held"}
    return {
        "amount": facts.money(row.amount),
        "counts": facts.money(row.kept if row.came_back else row.amount),
        "step": REFUND_STEPS[state],
        "word": _("Came back") if failed else state.label,
        "tone": "bad" if failed else tones.get(state, "info outline"),
        "url": path_to("refund", row.id) if facts.side == BUYER else "",
    }


def contract_of(order):
    """The version that counts now, with its signatures; None while there is none."""
    signatures = Signature.objects.filter(contract=OuterRef("pk")).order_by("pk")
    described = JSONObject(name="typed_name", side="side", at="signed_at")
    contract = (
        PurchaseContract.objects.filter(order=order)
        .exclude(state__in=DEAD_VERSIONS)
        .annotate(signed=ArraySubquery(signatures.values(json=described)))
        .order_by("-version")
        .first()
    )
    for signature in contract.signed if contract else []:
        signature["at"] = datetime.fromisoformat(signature["at"])
    return contract


def lines_of(contract) -> list[ContractLine]:
    """The lines of a version, each with its clarity score."""
    lines = list(contract.lines.select_related("attachment"))
    for line in lines:
        line.agreed = agreed(line)
        line.clarity = assess(line.plain(), get_language() or "en").score
    return lines


def deadlines_of(facts) -> list[dict]:
    """The open time limits: what, until when, and what happens otherwise."""
    return [
        {
            "what": settings.DEADLINES[kind].title,
            "at": due_at,
            "then": settings.DEADLINES[kind].silence,
        }
        for kind, due_at in facts.clocks.items()
    ]


def documents_of(facts, contract, lines) -> list[dict]:
    """The papers of the order, with where to get each."""
    papers = []
    if contract and contract.pdf and (url := address("contract_document", facts)):
        name = _("Signed contract, version %(n)d") % {"n": contract.version}
        papers.append({"href": url, "icon": "file-check", "name": name})
    if facts.visit and facts.visit.reported_at and (url := address("inspection_report", facts)):
        papers.append({"href": url, "icon": "clipboard-check", "name": _("Inspection report")})
    papers += [
        {"href": path_to("attachment", paper["id"]), "icon": "ship", "name": paper["name"]}
        for paper in facts.order.shipping_papers
    ]
    for line in lines:
        if line.attachment:
            href = path_to("attachment", line.attachment.public_id)
            detail = _("Contract line %(n)d") % {"n": line.number}
            papers.append(
                {"href": href, "icon": "paperclip", "name": line.attachment.name, "detail": detail}
            )
    return papers
