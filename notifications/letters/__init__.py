"""Every letter of the platform, in tables by subject of the trade (ux.md 7)."""

from django.utils.translation import gettext_lazy as _

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
from notifications.letters.letter import Letter, shelf

# Topic -> its heading on the page of preferences, and its letters.
TOPICS = {
    "orders": (_("Orders, messages and shipping"), orders.LETTERS),
    "contracts": (_("Contracts and signatures"), contracts.LETTERS),
    "inspections": (_("Inspections"), inspections.LETTERS),
    "disputes": (_("Disputes and decisions"), disputes.LETTERS),
    "money": (_("Money that comes in, is held and released"), money.LETTERS),
    "leaving": (_("Refunds and payouts on their way"), leaving.LETTERS),
    "contested": (_("Payments under review and chargebacks"), contested.LETTERS),
    "accounts": (_("Bank accounts, access and the brake"), accounts.LETTERS),
}

LETTERS: dict[str, Letter] = {
    name: letter
    for topic, (_heading, letters) in TOPICS.items()
    for name, letter in shelf(topic, letters).items()
}
