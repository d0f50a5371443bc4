"""Whose turn it is: one decision with one primary button, or one line that says who is awaited.

`turn(facts)` answers for the side that reads; `orders.lists` asks the database the same
question for many orders at once, and a test holds the two together.
"""

from orders.facts import INSPECTOR, Facts
from orders.states import ENDED, OrderState
from orders.turns import before, held, others
from orders.turns.parts import Decision, Waiting

__all__ = ["Decision", "Waiting", "turn"]

TURNS = {
    OrderState.DRAFT: before.draft,
    OrderState.PLACED: before.placed,
    OrderState.CONTRACTING: before.contracting,
    OrderState.AWAITING_INITIAL_PAYMENT: before.awaiting_payment,
    OrderState.IN_PRODUCTION: held.in_production,
    OrderState.READY_TO_SHIP: held.ready,
    OrderState.PARTIALLY_SHIPPED: held.shipped,
    OrderState.SHIPPED: held.shipped,
    OrderState.DELIVERED: held.delivered,
}


def turn(facts: Facts) -> Decision | Waiting | None:
    """The decision of this side, else whom it waits for; None when the order has ended."""
    if facts.state in ENDED:
        return None
    if facts.side == INSPECTOR:
        return others.inspector(facts)
    of_order = TURNS[facts.state](facts)
    if facts.is_late:
        of_order = others.late(facts, of_order)
    if not facts.dispute:
        return of_order
    of_dispute = others.dispute(facts)
    return of_order if of_order.is_yours and not of_dispute.is_yours else of_dispute
