"""The list of orders: tabs, filters, and the page of rows, newest first by keyset."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

from contracts.models import PurchaseContract, Signature
from core.money import Money
from disputes.models import Dispute, DisputeState
from inspections.models import Inspection
from inspections.operations import ENDED_WITHOUT_PASS, MOST_REPEATS
from ledger.balances import balances
from orders.facts import ON_ITS_WAY, Facts, facts_of, with_facts
from orders.models import Instalment, Order
from orders.states import ENDED, LEAVING, OrderState
from orders.status import Chip, chip
from payments.models import Payment
from workflow.models import Deadline

PAGE = 20
NEEDS, ACTIVE, DONE, ALL = "needs-you", "active", "done", "all"
Visit = Inspection.State
MAY_LEAVE = Q(shipment_cleared=True) | Q(inspection_required=False)
LATE = Q(late_since__isnull=False, state__in=LEAVING)
NOT_PASSED = Q(visit_state__in=ENDED_WITHOUT_PASS, open_dispute=False)


@dataclass(frozen=True)
class Row:
    """An order in the list."""

    facts: Facts
    chip: Chip
    held: Money
    due_at: datetime | None
    due_title: str


def orders_of(user):
    """The orders that are this person's business, without a join over everybody's."""
    if user.is_staff:
        return Order.objects.all()
    company = user.company
    if company is None:
        return Order.objects.none()
    own = Q(buyer=company) | (Q(supplier=company) & ~Q(state=OrderState.DRAFT))
    if company.inspects:
        own |= Q(pk__in=Inspection.objects.filter(agency=company).values("order"))
    return Order.objects.filter(own)


def in_tab(orders, tab, user):
    """The part of the orders that a tab shows."""
    if tab == NEEDS:
        return waiting_for(orders, user.company)
    if tab == ACTIVE:
        return orders.exclude(state__in=ENDED)
    return orders.filter(state__in=ENDED) if tab == DONE else orders


def waiting_for(orders, company):
    """The orders in which it is this company's turn, as `orders.turns.turn` judges each."""
    if company is None:
        return orders.none()
    visit = Inspection.objects.filter(order=OuterRef("pk")).order_by("-n")
    orders = orders.alias(
        open_dispute=Exists(Dispute.objects.open().filter(order=OuterRef("pk"))),
        unpaid=Exists(Instalment.objects.filter(order=OuterRef("pk"), funded_at=None)),
        on_its_way=Exists(Payment.objects.filter(order=OuterRef("pk"), state__in=ON_ITS_WAY)),
        visit_state=Subquery(visit.values("state")[:1]),
        visit_n=Subquery(visit.values("n")[:1]),
    )
    turn = _buyers_turn(company) | _suppliers_turn(company) | _either_turn(company)
    return orders.filter(turn | _inspectors_turn(company))


def page_of(orders, user, before=None):
    """A page of rows, and the key of the next page or None."""
    if before:
        orders = orders.filter(pk__lt=before)
    found = list(with_facts(orders.order_by("-pk"))[: PAGE + 1])
    shown = found[:PAGE]
    return _rows(shown, user), shown[-1].pk if len(found) > PAGE else None


def clocks_of(codes) -> dict[str, dict[str, datetime]]:
    """The open time limits of orders: code, then kind, then the instant."""
    found = defaultdict(dict)
    private = [kind for kind, row in settings.DEADLINES.items() if row.private]
    open_ones = Deadline.objects.open().filter(trade_ref__in=list(codes)).order_by("due_at")
    open_ones = open_ones.exclude(kind__in=private)
    for code, kind, due_at in open_ones.values_list("trade_ref", "kind", "due_at"):
        found[code][kind] = due_at
    return found


def _rows(orders, user):
    clocks = clocks_of(order.code for order in orders)
    held = _held(orders)
    rows = []
    for order in orders:
        facts = facts_of(order, user, clocks[order.code])
        kind, due_at = next(iter(facts.clocks.items()), ("", None))
        title = settings.DEADLINES[kind].title if kind else ""
        rows.append(Row(facts, chip(facts), held[order.code], due_at, title))
    return rows


def _held(orders) -> dict[str, Money]:
    """What is held for each order, the disputed part included, from the ledger."""
    holds = {
        f"hold:{order.code}-D{order.the_case['number']}": order
        for order in orders
        if order.the_case
    }
    codes = [f"escrow:{order.code}" for order in orders] + list(holds)
    found = {}
    for currency in {order.currency for order in orders}:
        found[currency] = balances(codes, currency)
    totals = {order.code: found[order.currency][f"escrow:{order.code}"] for order in orders}
    for code, order in holds.items():
        totals[order.code] += found[order.currency][code]
    return totals


def _buyers_turn(company):
    waiting = Q(visit_state__in=[Visit.APPOINTED, Visit.FAILED, Visit.PENDING_BUYER])
    turn = (
        Q(state__in=[OrderState.DRAFT, OrderState.SHIPPED, OrderState.PARTIALLY_SHIPPED])
        | Q(state=OrderState.AWAITING_INITIAL_PAYMENT, unpaid=True, on_its_way=False)
        | Q(state=OrderState.READY_TO_SHIP, unpaid=True, on_its_way=False) & MAY_LEAVE
        | Q(state=OrderState.READY_TO_SHIP) & (waiting | NOT_PASSED) & ~MAY_LEAVE
        | Q(state=OrderState.DELIVERED, open_dispute=False)
        | LATE & Q(late_choice="", open_dispute=False)
    )
    turn &= ~(LATE & Q(late_choice="refund"))
    return Q(buyer=company) & (turn | Q(_case(state=DisputeState.OPEN, by_supplier=True)))


def _suppliers_turn(company):
    again = NOT_PASSED & Q(visit_n__lte=MOST_REPEATS)
    inspected = Q(visit_state=Visit.APPOINTED) | again
    turn = (
        Q(state__in=[OrderState.PLACED, OrderState.IN_PRODUCTION])
        | Q(state=OrderState.READY_TO_SHIP, unpaid=False) & MAY_LEAVE
        | Q(state=OrderState.READY_TO_SHIP) & inspected & ~MAY_LEAVE
    )
    turn &= ~(LATE & Q(late_choice="refund"))
    claimed = Q(_case(state=DisputeState.OPEN, by_supplier=False))
    return Q(supplier=company) & (turn | claimed)


def _either_turn(company):
    contracts = PurchaseContract.objects.filter(order=OuterRef("pk"))
    ours = contracts.filter(state="draft", drafted_by=company)
    offered = contracts.filter(state__in=["proposed", "part_signed"]).exclude(
        Exists(Signature.objects.filter(contract=OuterRef("pk"), company=company))
    )
    contracting = Q(state=OrderState.CONTRACTING) & (Q(Exists(ours)) | Q(Exists(offered)))
    answer = Q(
        Exists(
            Dispute.objects.filter(order=OuterRef("pk"), state=DisputeState.OFFER_PENDING).exclude(
                offer_by=company
            )
        )
    )
    both = Q(_case(state__in=[DisputeState.EVIDENCE, DisputeState.DECIDED]))
    return Q(Q(buyer=company) | Q(supplier=company)) & (contracting | answer | both)


def _inspectors_turn(company):
    visits = Inspection.objects.filter(order=OuterRef("pk"), agency=company, state=Visit.SCHEDULED)
    return Q(Exists(visits))


def _case(**conditions):
    return Exists(Dispute.objects.filter(order=OuterRef("pk"), **conditions))
