"""What decides how an order looks and whose turn it is, fetched with the order itself.

Everything small that hangs on an order comes as JSON in the order's own query, so that the
order page and the list need the same few queries however much has happened.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Cast, JSONObject

from accounts.models import CoverageReservation
from contracts.models import PurchaseContract, Signature
from core import clock
from core.formats.words import money_text
from core.money import Money
from disputes.models import CLOSED, Dispute
from inspections.models import Inspection, LineResult
from orders.models import Instalment, Order, OrderLine, Shipment
from orders.states import LEAVING
from payments.models import Disbursement, Payment
from workflow.models import Event

BUYER, SUPPLIER, INSPECTOR, STAFF = "buyer", "supplier", "inspector", "staff"
DEAD_VERSIONS = [PurchaseContract.State.SUPERSEDED]
ON_ITS_WAY = [Payment.State.PENDING, Payment.State.PROCESSING, Payment.State.REVIEW]
UNDECIDED = [Inspection.State.FAILED, Inspection.State.PENDING_BUYER]


@dataclass(frozen=True)
class ContractFact:
    """The version of the contract that counts now."""

    version: int
    state: str
    drafted_by: int
    effective_at: datetime | None


@dataclass(frozen=True)
class VisitFact:
    """The latest inspection."""

    n: int
    state: str
    agency: str | None
    reported_at: datetime | None


@dataclass(frozen=True)
class CaseFact:
    """The latest dispute."""

    id: str
    number: int
    state: str
    offer_by: int | None
    filed_at: datetime
    by_supplier: bool

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED


@dataclass(frozen=True)
class PartFact:
    """An instalment of the payment plan, in minor units."""

    n: int
    part: str
    due: int
    received: int
    funded_at: datetime | None


@dataclass(frozen=True)
class LeavingFact:
    """A refund or payout that was decided; `kept` is what a bank kept of one that came back."""

    id: str
    kind: str
    state: str
    amount: int
    requested_at: datetime
    approved_at: datetime | None
    failure: str
    kept: int

    @property
    def came_back(self) -> bool:
        """Whether the bank had booked it and returned it: what came back is owed anew."""
        return self.state == Disbursement.State.CONFIRMED and bool(self.failure)


@dataclass(frozen=True)
class Facts:
    """An order as one side sees it now; `clocks` maps the kind of each open deadline to it."""

    order: Order
    side: str
    company_id: int | None
    clocks: dict[str, datetime]
    signed_by: list[int]
    contract: ContractFact | None
    visit: VisitFact | None
    case: CaseFact | None
    parts: list[PartFact]
    leaving: list[LeavingFact]

    @property
    def state(self) -> str:
        return self.order.state

    @property
    def dispute(self) -> CaseFact | None:
        """The dispute that is still open."""
        return self.case if self.case and self.case.is_open else None

    @property
    def other(self):
        """The company on the other side; for anybody else, the supplier."""
        return self.order.buyer if self.side == SUPPLIER else self.order.supplier

    @property
    def unpaid(self) -> PartFact | None:
        """The instalment that is due next."""
        return next((part for part in self.parts if not part.funded_at), None)

    @property
    def is_late(self) -> bool:
        return bool(self.order.late_since) and self.order.state in LEAVING

    def missing(self, part: PartFact) -> Money:
        return self.money(part.due - part.received)

    def money(self, minor: int) -> Money:
        return Money(minor, self.order.currency)

    def text(self, minor: int) -> str:
        """An amount of the order's currency in the reader's writing."""
        return money_text(self.money(minor))


def with_facts(orders):
    """The orders with everything that `facts_of` reads: no further query is needed."""
    here = OuterRef("pk")
    contracts = PurchaseContract.objects.filter(order=here).exclude(state__in=DEAD_VERSIONS)
    return orders.select_related("buyer", "supplier", "supplier__standing").annotate(
        quantity=Subquery(_sum_of(OrderLine.objects.filter(order=here), "quantity")),
        unit=Subquery(OrderLine.objects.filter(order=here).order_by("pk").values("unit")[:1]),
        the_contract=_one(
            contracts.order_by("-version"),
            "version", "state", "effective_at", drafted_by="drafted_by_id",
        ),
        signers=ArraySubquery(
            Signature.objects.filter(
                contract__order=here, contract__state__in=["proposed", "part_signed", "effective"]
            ).values("company_id")
        ),
        the_visit=_one(
            Inspection.objects.filter(order=here).order_by("-n"),
            "n", "state", "reported_at", agency="agency__name",
        ),
        the_case=_one(
            Dispute.objects.filter(order=here).exclude(state="draft").order_by("-pk"),
            "state", "filed_at", "by_supplier", offer_by="offer_by_id", number="pk",
            id=Cast("public_id", CharField()),
        ),
        the_parts=_all(
            Instalment.objects.filter(order=here).order_by("n"),
            "n", "part", "funded_at", due=F("due_minor") + F("carried_minor"),
            received="received_minor",
        ),
        the_leaving=_all(
            Disbursement.objects.filter(order=here).order_by("pk"),
            "kind", "state", "requested_at", "approved_at", "failure", amount="amount_minor",
            kept="bank_fee_minor", id=Cast("public_id", CharField()),
        ),
        paying=Exists(Payment.objects.filter(order=here, state__in=ON_ITS_WAY)),
    )  # fmt: skip


def with_details(orders):
    """What only the order's own page shows besides: cover, the shipment, what differs."""
    here = OuterRef("pk")
    shipments = Shipment.objects.filter(order=here)
    results = LineResult.objects.filter(inspection__order=here, inspection__state__in=UNDECIDED)
    ready = Event.objects.filter(trade_ref=OuterRef("code"), verb="declare_ready")
    return orders.annotate(
        covered=Subquery(
            CoverageReservation.objects.filter(
                order_ref=OuterRef("code"), freed_at=None
            ).values("amount_minor")[:1]
        ),
        ready_at=Subquery(ready.order_by("pk").values("happened_at")[:1]),
        shipping_papers=_all(
            shipments.filter(document__isnull=False),
            "document_type", "document_number", name="document__name",
            id=Cast("document__public_id", CharField()),
        ),
        results=_all(
            results.order_by("line__number"),
            "result", "mean", "lowest", "highest", "deviation", "readings",
            number="line__number", characteristic="line__characteristic", unit="line__unit",
        ),
    )  # fmt: skip


def facts_of(order, user, clocks) -> Facts:
    """The facts of an order that `with_facts` has loaded, as this person's side sees them."""
    return Facts(
        order=order,
        side=side_of(order, user),
        company_id=user.company_id,
        clocks=clocks,
        signed_by=order.signers,
        contract=_read(ContractFact, order.the_contract),
        visit=_read(VisitFact, order.the_visit),
        case=_read(CaseFact, order.the_case),
        parts=[_read(PartFact, part) for part in order.the_parts],
        leaving=[_read(LeavingFact, row) for row in order.the_leaving],
    )


def side_of(order, user) -> str:
    """On which side of the order this person stands."""
    if user.company_id and user.company_id == order.buyer_id:
        return BUYER
    if user.company_id and user.company_id == order.supplier_id:
        return SUPPLIER
    return STAFF if user.is_staff else INSPECTOR


def age_in_days(since: datetime) -> int:
    """Which day it is, counted from 1 on the day it began."""
    return (clock.now() - since).days + 1


def _one(rows, *names, **renamed):
    return Subquery(rows.values(json=JSONObject(**{n: n for n in names}, **renamed))[:1])


def _all(rows, *names, **renamed):
    return ArraySubquery(rows.values(json=JSONObject(**{n: n for n in names}, **renamed)))


def _sum_of(rows, name):
    return rows.order_by().values("order").annotate(all=Sum(name)).values("all")


def _read(kind, row):
    if row is None:
        return None
    return kind(**{field.name: _value(field.name, row[field.name]) for field in fields(kind)})


def _value(name, value):
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value
