"""Who hears of what, in one table: event → readers, and the letter that each group gets."""

from notifications.table import money, trade
from notifications.table.to import To

READERS: dict[str, tuple[To, ...]] = trade.READERS | money.READERS
UNTOLD: dict[str, str] = trade.UNTOLD | money.UNTOLD

__all__ = ["READERS", "UNTOLD", "To"]
