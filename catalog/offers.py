"""Where a supplier stands, and what that means for a quantity of its goods (S53-S57)."""

from dataclasses import dataclass

from accounts.models import SupplierStanding
from core import clock
from core.money import Money
from orders import policies


@dataclass(frozen=True)
class Standing:
    """Where a supplier stands today; a company without a record of it stands nowhere."""

    gold: bool
    limit: Money
    reserved: Money
    headroom: Money
    years: int

    @property
    def protected(self) -> bool:
        """Only Gold suppliers with a limit take part (S53, S56)."""
        return self.gold and bool(self.limit)


@dataclass(frozen=True)
class Offer:
    """What a quantity costs, its usual initial payment, and what of that is covered (S57)."""

    quantity: int
    total: Money
    initial: Money
    covered: Money

    @classmethod
    def of(cls, product, quantity: int) -> "Offer":
        total = product.price * quantity
        initial = policies.deposit(total) if total else total
        return cls(quantity, total, initial, _covered(standing_of(product.supplier), initial))

    @property
    def uncovered(self) -> Money:
        return self.initial - self.covered


def standing_of(company) -> Standing:
    """The company's standing; not Gold and without a limit if nobody ever wrote one down."""
    found = getattr(company, "standing", None) or SupplierStanding(company=company)
    years = clock.now().year - found.gold_since.year if found.gold and found.gold_since else 0
    return Standing(found.gold, found.limit, found.reserved, found.headroom, years)


def _covered(standing, initial) -> Money:
    if not standing.protected or standing.limit.currency != initial.currency:
        return Money(0, initial.currency)
    return policies.coverage(initial, standing.limit, standing.reserved)
