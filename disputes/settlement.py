"""What the record of a disputed order comes to by the signed remedies, for the dispute page.

Nobody's opinion is in it: the facts are read here, the arithmetic is in remedies.py.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import clock
from core.money import Money
from disputes import remedies
from disputes.claims import IN_FORCE
from orders import policies
from orders.models import Shipment

# Until a document is rejected, what was submitted counts as shipped (T14).
PROVEN = [
    Shipment.State.SUBMITTED,
    Shipment.State.VERIFIED,
    Shipment.State.DELIVERED,
    Shipment.State.ACCEPTED,
]


@dataclass(frozen=True)
class Settlement:
    """The parts that follow from the record, each with its sentence, and their sum."""

    parts: list[dict]
    total: Money


def settlement_of(order, contract, hold: Money, report=None) -> Settlement | None:
    """What the facts come to for money held; None where they come to nothing.

    `report` is the filed inspection that the claim rests on. A number of pieces received is
    not on record, so what was shipped by a proven document counts.
    """
    if contract is None:
        return None
    schedule = remedies.RemedySchedule(contract.late_percent_per_day, contract.late_cap_percent)
    facts = facts_of(order, hold, report, contract.under_percent)
    found = remedies.computed_settlement(facts, schedule)
    parts = [
        {
            "sentence": _(remedies.PART_SENTENCES[part.code]) % part.params,
            "amount": part.amount,
            "source": part.source,
        }
        for part in found
    ]
    total = sum((part.amount for part in found), Money(0, hold.currency))
    return Settlement(parts, total) if total else None


def computed_for(dispute) -> Settlement | None:
    """What the record of a disputed order comes to now; a supplier's claim is no breach."""
    if dispute.by_supplier:
        return None
    contract = dispute.order.contracts.filter(state__in=IN_FORCE).first()
    return settlement_of(dispute.order, contract, dispute.claimed, dispute.inspection)


def facts_of(order, hold: Money, report, tolerance: Decimal) -> remedies.Facts:
    """The facts of a disputed order as they are on record now."""
    ordered = sum(line.quantity for line in order.lines.all())
    shipped = sum(row.quantity for row in order.shipments.all() if row.state in PROVEN)
    deadline = order.ship_deadline
    late = policies.days_late(order.shipped_at, deadline) if order.shipped_at and deadline else 0
    return remedies.Facts(
        order_value=order.total,
        hold=hold,
        never_shipped=is_never_shipped(order),
        days_late=late,
        ordered=Decimal(ordered or 1),
        received=Decimal(shipped if order.shipped_at else ordered or 1),
        tolerance_percent=tolerance,
        aql_failed=too_many_defects(report),
    )


def is_never_shipped(order) -> bool:
    """No shipment on record, and the time to prove an earlier one is over (S20)."""
    if order.shipped_at or order.ship_deadline is None:
        return False
    return policies.proof_deadline(order.ship_deadline) <= clock.now()


def too_many_defects(report) -> bool:
    """Whether the report counts more defects of a class than its sampling plan lets pass."""
    if report is None or report.reported_at is None:
        return False
    accept = report.plan["accept"]
    return any((getattr(report, f"{name}_found") or 0) > accept[name] for name in accept)
