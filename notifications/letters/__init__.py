"""Every letter of the platform, in tables by subject of the trade (ux.md 7)."""

from notifications.letters import (
    accounts,
    contested,
    contracts,
    disputes,
    inspections,
    leaving,
    money,
    orders,
)
from notifications.letters.letter import Letter

LETTERS: dict[str, Letter] = {
    **orders.LETTERS,
    **contracts.LETTERS,
    **money.LETTERS,
    **leaving.LETTERS,
    **contested.LETTERS,
    **accounts.LETTERS,
    **inspections.LETTERS,
    **disputes.LETTERS,
}
