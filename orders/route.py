"""The stations of this order's way, with the days of those that are behind it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats.words import day_text
from orders import policies
from orders.facts import Facts
from orders.models import Instalment
from orders.states import OrderState
from orders.tracker import Node, Trouble, steps

JUST_BEFORE = timedelta(seconds=1)


def route(facts: Facts, purse) -> list[dict]:
    """The tracker: seven stations, six when nothing is inspected or all is paid at once."""
    nodes = [_signed(facts), *_deposit(facts), _made(facts)]
    if facts.order.inspection_required:
        nodes.append(_inspected(facts))
    nodes += [*_balance(facts), _shipped(facts), _released(facts, purse)]
    return steps(nodes, _trouble(facts))


def _signed(facts):
    contract = facts.contract
    if contract and contract.effective_at:
        return Node(_("Signed"), _day(contract.effective_at), done=True)
    return Node(_("Signed"), _by(facts, "order.confirm", "order.sign"), icon="signature")


def _deposit(facts):
    label = _("Deposit held")
    if facts.order.deposit_percent == 100:
        label = _("Payment held")
    if facts.order.funded_at:
        return [Node(label, _day(facts.order.funded_at), done=True)]
    return [Node(label, _by(facts, "order.pay"), icon="landmark")]


def _made(facts):
    order = facts.order
    made = order.ready_at or order.shipped_at
    return Node(_("Made"), _day(made) if made else "", done=bool(made), icon="hourglass")


def _inspected(facts):
    visit = facts.visit
    if facts.order.shipment_cleared:
        return Node(_("Inspected"), _day(visit.reported_at) if visit else "", done=True)
    until = facts.clocks.get("inspection.decide")
    detail = _("decide by %(day)s") % {"day": _last_day(until)} if until else ""
    return Node(_("Inspected"), detail, icon="clipboard-check")


def _balance(facts):
    part = next((part for part in facts.parts if part.part == Instalment.Part.BALANCE), None)
    if facts.order.deposit_percent == 100:
        return []
    if part and part.funded_at:
        return [Node(_("Balance paid"), _day(part.funded_at), done=True)]
    return [Node(_("Balance paid"), _("before shipment"), icon="landmark")]


def _shipped(facts):
    order = facts.order
    if order.shipped_at:
        return Node(_("Shipped"), _day(order.shipped_at), done=True)
    day = order.ship_by
    if order.ship_deadline:
        day = policies.last_day_before(order.ship_deadline)
    return Node(_("Shipped"), _by_day(day), icon="ship")


def _released(facts, purse):
    done = bool(purse.released) and facts.state in {OrderState.COMPLETED, OrderState.SETTLED}
    until = facts.clocks.get("order.accept")
    detail = _("check by %(day)s") % {"day": _last_day(until)} if until else _("after delivery")
    return Node(_("Released"), "" if done else detail, done=done, icon="banknote")


def _trouble(facts):
    ends = {
        OrderState.CANCELLED: Trouble(_("Cancelled"), "circle-x"),
        OrderState.EXPIRED: Trouble(_("Closed: the time was over"), "circle-x"),
        OrderState.REFUNDED: Trouble(_("Ended with a refund"), "undo-2"),
        OrderState.SETTLED: Trouble(_("Ended by the dispute"), "scale"),
    }
    if facts.dispute:
        return Trouble(_("in dispute"), "scale")
    if facts.is_late:
        return Trouble(_("late"), "alarm-clock")
    return ends.get(facts.state)


def _by_day(day):
    return _("by %(day)s") % {"day": day_text(day)} if day else ""


def _day(instant):
    return day_text(timezone.localdate(instant))


def _by(facts, *kinds):
    until = next((facts.clocks[kind] for kind in kinds if kind in facts.clocks), None)
    return _("by %(day)s") % {"day": _last_day(until)} if until else ""


def _last_day(until):
    return _day(until - JUST_BEFORE)
