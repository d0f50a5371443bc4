"""The platform's fee: how much, and who bears it. Plain values in, plain values out."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from core.money import Money

BUYER, SUPPLIER, SPLIT = "buyer", "supplier", "split"
SIDES = (SUPPLIER, BUYER, SPLIT)


@dataclass(frozen=True)
class FeeShare:
    """A platform fee and who bears how much of it."""

    fee: Money
    buyer: Money
    supplier: Money


@dataclass(frozen=True)
class Earned:
    """Released money: what is the supplier's, and what is the platform's fee."""

    supplier: Money
    fee: Money


def fee_share(amount: Money, percent: Decimal | int, side: str) -> FeeShare:
    """The fee on released money, rounded half-even, borne by the side the contract names.

    Of an odd fee split in two, the remaining smallest unit is the supplier's to bear.
    """
    fee = amount.share(percent)
    by_buyer = {BUYER: fee.minor, SUPPLIER: 0, SPLIT: fee.minor // 2}[side]
    buyer = Money(by_buyer, fee.currency)
    return FeeShare(fee, buyer, fee - buyer)


def earned(gross: Money, percent: Decimal | int, side: str) -> Earned:
    """Split released money. What the buyer bears lies in the escrow on top of the price.

    The price in `gross` is found by taking the buyer's share off, half-even; supplier and
    fee always add up to `gross` (money.md 7.2: earned on released money only).
    """
    on_top = {BUYER: Decimal(percent), SUPPLIER: Decimal(0), SPLIT: Decimal(percent) / 2}[side]
    exact = Decimal(gross.minor) / (1 + on_top / 100)
    price = Money(int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)), gross.currency)
    supplier = price - fee_share(price, percent, side).supplier
    return Earned(supplier, gross - supplier)


def on_top(plan: list[Money], percent: Decimal | int, side: str) -> list[Money]:
    """What the buyer pays on top of each instalment; together exactly his share of the fee."""
    if not plan:
        return []
    whole = fee_share(sum(plan[1:], plan[0]), percent, side).buyer
    parts = [fee_share(part, percent, side).buyer for part in plan[:-1]]
    return [*parts, whole - sum(parts, Money(0, whole.currency))]
