"""What the facts of a dispute come to, by the remedies that were signed with the contract.

Arithmetic on the record, without anybody's opinion: on the first day of a dispute both sides
see the settlement it yields, and either can take it with one click.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.money import Money
from disputes.policies import gettext_noop


@dataclass(frozen=True)
class RemedySchedule:
    """The remedies that both sides signed with the contract; None where they agreed none.

    Percentages: `late_per_day` of the order's value up to `late_cap`; `aql_failure` of the
    value of goods whose inspection failed. A shortage is always refunded pro rata.
    """

    late_per_day: Decimal | None = Decimal("0.5")
    late_cap: Decimal = Decimal(10)
    aql_failure: Decimal | None = None


@dataclass(frozen=True)
class Facts:
    """What is on record about a disputed order, without anybody's opinion.

    `hold` is the money the dispute holds; `never_shipped` says that the ship deadline and
    the time to prove an earlier shipment have passed with no shipment on record.
    """

    order_value: Money
    hold: Money
    never_shipped: bool = False
    days_late: int = 0
    ordered: Decimal = Decimal(1)
    received: Decimal = Decimal(1)
    tolerance_percent: Decimal = Decimal(0)
    aql_failed: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a computed settlement: what for, how much, by which rule, from what."""

    code: str
    amount: Money
    source: str
    params: Mapping[str, str]


PART_SENTENCES = {
    "not_shipped": gettext_noop("Nothing was shipped: everything that is held goes back."),
    "late": gettext_noop("%(days)s days late, %(percent)s %% a day, at most %(cap)s %%."),
    "shortage": gettext_noop("%(missing)s of %(ordered)s are missing."),
    "aql_failure": gettext_noop("The inspection failed: %(percent)s %% of the goods received."),
}


def late_compensation(
    order_value: Money,
    days_late: int,
    percent_per_day: Decimal = Decimal("0.5"),
    cap: Decimal = Decimal(10),
) -> Money:
    """What lateness costs the supplier by the signed schedule (scenario 10)."""
    return order_value.share(min(percent_per_day * max(days_late, 0), cap))


def shortage_refund(
    value: Money, ordered: Decimal, received: Decimal, tolerance_percent: Decimal = Decimal(0)
) -> Money:
    """The value of what is missing, pro rata, half-even; nothing within the tolerance."""
    if ordered <= 0 or received < 0:
        raise ValueError("More than nothing is ordered, and not less than nothing received.")
    missing = ordered - received
    if missing * 100 <= ordered * tolerance_percent:
        return Money(0, value.currency)
    return Money(round(value.minor * Fraction(missing) / Fraction(ordered)), value.currency)


def aql_failure_refund(value: Money, percent: Decimal) -> Money:
    """The signed share of the value of goods whose inspection failed (ten things, 3)."""
    return value.share(percent)


def computed_settlement(facts: Facts, schedule: RemedySchedule) -> list[Part]:
    """The settlement that follows from the record and the signed schedule, part by part.

    Either side can take it with one click; together its parts never exceed the hold.
    """
    if facts.never_shipped:
        return [Part("not_shipped", facts.hold, "S20", {})]
    shortage = _shortage_part(facts)
    received_value = facts.order_value - shortage.amount
    parts = [
        _late_part(facts, schedule),
        shortage,
        _aql_part(facts, schedule, received_value),
    ]
    return _within(facts.hold, parts)


def _late_part(facts: Facts, schedule: RemedySchedule) -> Part:
    rate = schedule.late_per_day or Decimal(0)
    amount = late_compensation(facts.order_value, facts.days_late, rate, schedule.late_cap)
    params = {"days": str(facts.days_late), "percent": str(rate), "cap": str(schedule.late_cap)}
    return Part("late", amount, "S20", params)


def _shortage_part(facts: Facts) -> Part:
    amount = shortage_refund(
        facts.order_value, facts.ordered, facts.received, facts.tolerance_percent
    )
    missing = facts.ordered - facts.received
    return Part("shortage", amount, "S21", {"missing": str(missing), "ordered": str(facts.ordered)})


def _aql_part(facts: Facts, schedule: RemedySchedule, value: Money) -> Part:
    percent = (schedule.aql_failure or Decimal(0)) if facts.aql_failed else Decimal(0)
    return Part("aql_failure", aql_failure_refund(value, percent), "S21", {"percent": str(percent)})


def _within(hold: Money, parts: Sequence[Part]) -> list[Part]:
    """The parts that come to something, each cut to what the hold has left."""
    kept, left = [], hold
    for part in parts:
        amount = min(part.amount, left)
        if amount:
            kept.append(Part(part.code, amount, part.source, part.params))
            left -= amount
    return kept
