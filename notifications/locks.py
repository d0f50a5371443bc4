"""Which letters always reach their reader, and why.

What is about money, about a time limit, about something the reader must do, or about the
safety of an account is never switched off. Which letters these are follows from their own
words and facts, so that a new letter cannot forget to say it.
"""

from functools import cache

from django.utils.translation import gettext_lazy as _

from notifications.letters import LETTERS

MONEY = _("It is about money.")
DEADLINE = _("A time limit runs.")
ACT = _("It asks you to do something.")
SAFETY = _("It is about the safety of your account or of the books.")

ABOUT_MONEY = {"money", "leaving", "contested"}
AMOUNTS = {
    "amount", "charged_back", "claimed", "credit", "due_amount", "excess", "fee",
    "first_payment", "from_supplier", "guarantee", "held", "kept", "left", "limit", "missing",
    "payout", "received", "refund", "refunded", "release", "released", "returned", "set_off",
    "split", "there", "to_pay", "to_pay_first", "total", "uncovered", "where",
}  # fmt: skip

DATES = {"due", "due_day", "ship_day", "ship_deadline"}


@cache
def lock_of(name: str):
    """Why the letter of this name cannot be switched off, or "" when it can."""
    letter = LETTERS[name]
    if letter.topic == "accounts":
        return SAFETY
    if letter.topic in ABOUT_MONEY or letter.facts & AMOUNTS:
        return MONEY
    if letter.deadline or letter.facts & DATES:
        return DEADLINE
    return ACT if letter.needs_you else ""
