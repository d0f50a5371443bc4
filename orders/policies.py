"""The rules of an order: instalments, clocks, lateness, coverage. Plain values in and out.

Every deadline is an exclusive instant in UTC: in time means earlier than it (machines.md 6.0).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from core.days import days_after, end_of, last_day_before, platform_date
from core.money import Money

DEPOSIT_PERCENT = Decimal(30)  # S57
PROOF_DAYS = 3  # T4p
CHOICE_DAYS = 7  # T4c
COOL_OFF_DAYS = 3  # T5
ACCEPTANCE_DAYS = 15  # T7
CLAIM_DAYS = 30  # T8
EXTENSION_LIMIT_DAYS = 90  # X2: all extensions together
DELIVERY_EXTENSION_DAYS = 15  # T6: once for each party
PACKED_PERCENT = 80  # background finding 4: packed before an inspector comes

# Days after shipment at which the goods count as delivered, by transport mode (T6, X4).
TRANSPORT_MODES = {"express": 20, "air": 30, "road": 45, "rail": 45, "sea": 60}

# When the supplier is paid: once the buyer has the goods, or already once they are shipped.
RELEASE_POLICIES = ("on_acceptance", "on_shipment")

# What the guarantee covers: the initial payment or the whole payment (money.md 7.3).
COVERAGE_KINDS = ("pre_shipment", "post_delivery")


class Funding(StrEnum):
    """How much of the payment plan has been paid in (machines.md 6.0, status axes)."""

    NONE = "none"
    PART_INITIAL = "part_initial"
    INITIAL = "initial"
    PART = "part"
    FULL = "full"


# -- Payment plan -----------------------------------------------------------------------


def deposit(total: Money, percent: Decimal | int = DEPOSIT_PERCENT) -> Money:
    """The initial payment: a share of the total, to the minor unit (S57)."""
    if total.minor <= 0:
        raise ValueError("An order is worth more than nothing.")
    if not 0 < percent <= 100:
        raise ValueError("The initial payment is more than 0 % and at most 100 %.")
    return total.share(percent)


def instalments(total: Money, percent: Decimal | int = DEPOSIT_PERCENT) -> list[Money]:
    """The payment plan, initial payment first; it adds up to the total exactly (X1)."""
    first = deposit(total, percent)
    return [part for part in (first, total - first) if part]


def funding(received: Money, plan: Sequence[Money]) -> Funding:
    """How far the money received meets the plan.

    `plan` holds what each instalment asks now: a shortfall within tolerance, or one that the
    supplier accepted, has already been carried onto the next instalment (money.md 7.2).
    """
    total = sum(plan[1:], start=plan[0])
    if received >= total:
        return Funding.FULL
    if received > plan[0]:
        return Funding.PART
    if received == plan[0]:
        return Funding.INITIAL
    return Funding.PART_INITIAL if received.minor > 0 else Funding.NONE


# -- Shipping on time -------------------------------------------------------------------


def ship_deadline(ship_by: date) -> datetime:
    """The end of the agreed ship-by day in platform time (T4, S20, S26)."""
    return end_of(ship_by)


def ship_deadline_from_funding(funded_at: datetime, lead_days: int) -> datetime:
    """The ship deadline of a contract that counts days from the initial payment (T4, X2)."""
    return days_after(funded_at, lead_days)


def shift_deadline(deadline: datetime, days: int) -> datetime:
    """The deadline after waiting so many days for the buyer: day for day (machines.md 6.0)."""
    return end_of(last_day_before(deadline) + timedelta(days=days))


def proof_deadline(deadline: datetime) -> datetime:
    """Until when the supplier may prove that the goods left in time (T4p)."""
    return shift_deadline(deadline, PROOF_DAYS)


def choice_deadline(deadline: datetime) -> datetime:
    """Until when the buyer of a late order may choose; silence means a refund (T4c, S20)."""
    return shift_deadline(deadline, CHOICE_DAYS)


def extension_days(original: datetime, proposed: date) -> int:
    """How many days the proposed ship-by day lies after the one first agreed."""
    return (proposed - last_day_before(original)).days


def extend_ship_deadline(original: datetime, current: datetime, proposed: date) -> datetime:
    """The deadline that a signed extension sets.

    Raises ValueError if it is no extension, or if all extensions since the original
    deadline would exceed 90 days (X2, scenario 8).
    """
    deadline = ship_deadline(proposed)
    if deadline <= current:
        raise ValueError("The new ship-by date lies after the present one.")
    if extension_days(original, proposed) > EXTENSION_LIMIT_DAYS:
        raise ValueError(f"All extensions together are at most {EXTENSION_LIMIT_DAYS} days.")
    return deadline


def shipment_instant(dated: date, *, confirmed: bool, submitted_at: datetime) -> datetime:
    """When the goods count as shipped (T14, scenario 6).

    A document that the carrier or the check confirms counts from the start of its own date;
    one that nobody confirmed within 48 hours counts from the time it was submitted.
    """
    if dated > platform_date(submitted_at):
        raise ValueError("The document is dated after the day on which it was submitted.")
    return end_of(dated - timedelta(days=1)) if confirmed else submitted_at


def is_late(shipped_at: datetime, deadline: datetime) -> bool:
    """Whether something happened too late: the deadline itself is too late already (S20)."""
    return shipped_at >= deadline


def days_late(shipped_at: datetime, deadline: datetime) -> int:
    """Platform days between the last day in time and the day of shipment; 0 if in time."""
    return max(0, (platform_date(shipped_at) - last_day_before(deadline)).days)


# -- Delivery, acceptance, claims -------------------------------------------------------


def cool_off_deadline(shipped_at: datetime) -> datetime:
    """When the money of an order with release on shipment is released (T5)."""
    return days_after(shipped_at, COOL_OFF_DAYS)


def delivery_deadline(shipped_at: datetime, mode: str, extensions: int = 0) -> datetime:
    """When the goods count as delivered, 15 days later for each extension (T6, X4).

    Each party may extend once; ValueError for a third time or an unknown transport mode.
    """
    if mode not in TRANSPORT_MODES:
        raise ValueError(f"“{mode}” is not a transport mode: use {', '.join(TRANSPORT_MODES)}.")
    if not 0 <= extensions <= 2:
        raise ValueError("Each party may extend the delivery time once.")
    return days_after(shipped_at, TRANSPORT_MODES[mode] + extensions * DELIVERY_EXTENSION_DAYS)


def acceptance_deadline(delivered_at: datetime, days: int = ACCEPTANCE_DAYS) -> datetime:
    """Until when the buyer may object before silence accepts the goods (T7, scenario 22)."""
    if not 1 <= days <= 30:
        raise ValueError("The time to check the goods is 1 to 30 days.")
    return days_after(delivered_at, days)


def claims_deadline(delivered_at: datetime) -> datetime:
    """Until when a claim is possible after the money was released (T8, X5)."""
    return days_after(delivered_at, CLAIM_DAYS)


# -- Quantity ---------------------------------------------------------------------------


def quantity_within_tolerance(ordered: Decimal, shipped: Decimal, percent: Decimal) -> bool:
    """Whether a quantity, more or less, is within the contract's tolerance in per cent."""
    return abs(shipped - ordered) * 100 <= ordered * percent


def is_full_shipment(ordered: Decimal, shipped: Decimal, percent: Decimal) -> bool:
    """Whether all of the order has been shipped, less the tolerance (machines.md ship_full)."""
    return (ordered - shipped) * 100 <= ordered * percent


def lot_value(total: Money, ordered: int, quantity: int) -> Money:
    """What a lot is worth: its share of the order by quantity, whole minor units (X3)."""
    return Money(total.minor * quantity // ordered, total.currency)


def short_close_refund(held: Money, unshipped: Money, shipped: Money) -> Money:
    """What goes back when the rest is not shipped any more (money.md 7.2, short close).

    Never more than is held beyond what the shipped lots, not released yet, are worth.
    """
    return max(Money(0, held.currency), min(unshipped, held - shipped))


def is_ready_to_inspect(ordered: Decimal, finished: Decimal, packed: Decimal) -> bool:
    """Whether an inspector may come: all goods finished, 80 % packed (background finding 4)."""
    return finished >= ordered and packed * 100 >= ordered * PACKED_PERCENT


# -- Coverage ---------------------------------------------------------------------------


def coverage_basis(kind: str, plan: Sequence[Money]) -> Money:
    """The payment that a kind of coverage is about: the initial one, or all (money.md 7.3)."""
    if kind not in COVERAGE_KINDS:
        raise ValueError(f"“{kind}” is not a kind of coverage: use {', '.join(COVERAGE_KINDS)}.")
    return plan[0] if kind == "pre_shipment" else sum(plan[1:], start=plan[0])


def headroom(limit: Money, reserved: Money) -> Money:
    """What is left of a supplier's limit; nothing when the limit was cut below it (S56)."""
    return max(Money(0, limit.currency), limit - reserved)


def coverage(basis: Money, limit: Money, reserved: Money, override: Money | None = None) -> Money:
    """The guarantee C of an order: basis, headroom or its own cap, whichever is least (7.3).

    It limits only money that has left the escrow: money still held is the buyer's anyway.
    """
    least = min(basis, headroom(limit, reserved))
    return least if override is None else min(least, override)


def uncovered(basis: Money, covered: Money) -> Money:
    """What the buyer is shown as not assured after release, before signing (money.md 7.3)."""
    return basis - covered
