"""What waits for a person: a to-do for each order in which it is their side's turn.

Whose turn it is, and what the button says, is judged by `orders.turns`, the same that leads
the page of the order: the two can never disagree.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dashboard import desk
from orders import lists
from orders.facts import facts_of, with_facts
from orders.turns import turn

NEWEST = 8


@dataclass(frozen=True)
class Todo:
    """A thing to do: what, about which order, until when, and what silence means."""

    what: str
    about: str
    url: str
    action: str
    due_at: datetime | None = None
    silence: str = ""


def todos(user) -> list[Todo]:
    """Everything that waits for this person's side, the nearest time limit first."""
    waiting = lists.waiting_for(lists.orders_of(user), user.company)
    orders = list(with_facts(waiting.order_by("-pk")))
    clocks = lists.clocks_of(order.code for order in orders)
    found = []
    for order in orders:
        facts = facts_of(order, user, clocks[order.code])
        decision = turn(facts)
        if decision and decision.is_yours:
            found.append(_todo(facts, decision))
    return sorted(found, key=lambda todo: (todo.due_at is None, todo.due_at))


def work_of(user) -> list[Todo]:
    """What waits for this person in orders, then the piles of their duties if they are staff."""
    piles = [
        Todo(what=f"{tray.what}: {tray.count}", about=tray.detail, url=tray.url, action=_("Open"))
        for tray in (desk.trays(user) if user.is_staff else [])
    ]
    return [*todos(user), *piles]


def newest_orders(user) -> list[lists.Row]:
    """The newest orders that are this person's business, as the list of orders shows them."""
    rows, _more = lists.page_of(lists.orders_of(user), user)
    return rows[:NEWEST]


def _todo(facts, decision) -> Todo:
    first = decision.actions[0] if decision.actions else None
    leads_there = first and first.url and not (first.post or first.form)
    return Todo(
        what=decision.title,
        about=" · ".join([facts.order.code, facts.order.title, facts.other.name]),
        url=first.url if leads_there else facts.order.get_absolute_url(),
        action=first.label if leads_there else _("Open the order"),
        due_at=decision.due_at,
        silence=decision.silence,
    )
