"""Money: whole minor units of one currency. Never a float, never a sum of two currencies."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision


class WrongCurrency(ValueError):
    """Two amounts of different currencies were put together."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents, fen, paise; yen have none) of an ISO 4217 currency."""

    minor: int
    currency: str = "USD"

    @classmethod
    def parse(cls, text: str | int | Decimal, currency: str = "USD") -> "Money":
        """Read "18,600.00" or Decimal("18600"). Raises ValueError for anything not exact."""
        try:
            amount = Decimal(str(text).replace(",", "").strip())
        except InvalidOperation:
            raise ValueError(f"“{text}” is not an amount of money.") from None
        minor = amount.scaleb(exponent(currency)) if amount.is_finite() else None
        if minor is None or minor != minor.to_integral_value():
            raise ValueError(f"“{text}” is not an amount in {currency}.")
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def share(self, percent: Decimal | int) -> "Money":
        """A percentage of it, rounded half-even to the minor unit (money.md 7.2)."""
        exact = Decimal(self.minor) * Decimal(percent) / 100
        return Money(int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)), self.currency)

    def format(self, locale: str = "en_US") -> str:
        """For people: US$18,600.00, CN¥, ₹4,65,000.00 in Indian grouping."""
        text = format_currency(self.amount, self.currency, locale=locale)
        return text.replace("$", "US$", 1) if text.lstrip("-").startswith("$") else text

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return self.format()

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise WrongCurrency(f"{self.currency} and {other.currency} do not mix.")
        return other


def exponent(currency: str) -> int:
    """How many decimals a currency has: USD 2, JPY 0, KWD 3 (ISO 4217)."""
    return get_currency_precision(currency)
