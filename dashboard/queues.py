"""What waits for a person: one to-do for each thing that only their side can do next."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import PurchaseContract, Signature
from core.formats.words import money_text
from dashboard.needs import NEEDS
from disputes.models import Dispute
from inspections.models import Inspection
from orders.models import Order
from orders.states import ENDED, OrderState
from payments.models import Payment
from workflow.models import Deadline

PROPOSED = [PurchaseContract.State.PROPOSED, PurchaseContract.State.PART_SIGNED]
ON_THE_TABLE = [PurchaseContract.State.DRAFT, *PROPOSED]
ON_ITS_WAY = [Payment.State.PENDING, Payment.State.PROCESSING, Payment.State.REVIEW]


@dataclass(frozen=True)
class Todo:
    """A thing to do: what, about which order, until when, and what silence means."""

    what: str
    about: str
    url: str
    action: str
    due_at: datetime | None = None
    silence: str = ""


def todos(user) -> list[Todo]:
    """Everything that waits for this person's side, the nearest time limit first."""
    company = user.company
    found = []
    if company and (company.buys or company.sells):
        found += _of_trades(company)
    if company and company.inspects:
        found += _of_visits(company)
    return sorted(found, key=lambda todo: (todo.due_at is None, todo.due_at or 0))


def recent_orders(user, count=8):
    """The newest orders that this person may see."""
    return Order.objects.visible_to(user).select_related("buyer", "supplier")[:count]


def running_orders(company):
    """The company's own orders that have not ended; a supplier never sees another's draft."""
    own = Q(buyer=company) | (Q(supplier=company) & ~Q(state=OrderState.DRAFT))
    return Order.objects.filter(own).exclude(state__in=ENDED)


def _of_trades(company) -> Iterator[Todo]:
    orders = list(_with_facts(running_orders(company), company))
    clocks = _open_clocks(order.code for order in orders)
    for order in orders:
        order.clocks = clocks[order.code]
        order.dispute = next(iter(order.open_disputes), None)
        order.unpaid = next((i for i in order.instalments.all() if not i.funded_at), None)
        side = "buyer" if order.buyer_id == company.pk else "supplier"
        for need in NEEDS:
            if side in need.sides and need.when(order, company):
                yield _todo(order, need, side)


def _with_facts(orders, company):
    """The orders with what decides whose turn it is: a fixed number of queries for any number."""
    contract = PurchaseContract.objects.filter(order=OuterRef("pk"), state__in=ON_THE_TABLE)
    signed = Signature.objects.filter(
        contract__order=OuterRef("pk"), contract__state__in=PROPOSED, company=company
    )
    paying = Payment.objects.filter(order=OuterRef("pk"), state__in=ON_ITS_WAY)
    visit = Inspection.objects.filter(order=OuterRef("pk")).order_by("-n")
    return (
        orders.select_related("buyer", "supplier")
        .annotate(
            contract_state=Subquery(contract.values("state")[:1]),
            drafted_by=Subquery(contract.values("drafted_by")[:1]),
            signed_by_us=Exists(signed),
            paying=Exists(paying),
            visit_state=Subquery(visit.values("state")[:1]),
        )
        .prefetch_related(
            "instalments",
            Prefetch("disputes", Dispute.objects.open(), to_attr="open_disputes"),
        )
    )


def _open_clocks(codes) -> dict[str, dict[str, datetime]]:
    """The running time limits of orders: code, then kind, then the instant."""
    found = defaultdict(dict)
    running = Deadline.objects.open().filter(trade_ref__in=list(codes))
    for code, kind, due_at in running.values_list("trade_ref", "kind", "due_at"):
        found[code][kind] = due_at
    return found


def _todo(order, need, side) -> Todo:
    other = order.supplier if side == "buyer" else order.buyer
    missing = money_text(order.unpaid.missing) if order.unpaid else ""
    return Todo(
        what=str(need.what) % {"missing": missing},
        about=f"{order.code} · {order.title} · {other.name}",
        url=(order.dispute if need.about_dispute else order).get_absolute_url(),
        action=str(need.action) % {"missing": missing},
        due_at=order.clocks.get(need.clock),
        silence=settings.DEADLINES[need.clock].silence if need.clock in order.clocks else "",
    )


def _of_visits(company) -> list[Todo]:
    visits = Inspection.objects.filter(agency=company, state=Inspection.State.SCHEDULED)
    return [
        Todo(
            what=_("Measure the goods and file the report"),
            about=f"{visit.order.code} · {visit.order.title} · {visit.order.supplier.name}",
            url=reverse("order", args=[visit.order.code]),
            action=_("Open the visit"),
        )
        for visit in visits.select_related("order__supplier")
    ]
