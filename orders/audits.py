"""Checks of the orders: their money, their cover and their clocks agree with their states."""

from collections.abc import Iterable

from django.db.models import F, Sum

from core.audit import check, found
from orders.fees import SUPPLIER, fee_share
from orders.models import Order
from orders.states import ENDED, SHIPPABLE, OrderState

ENDS = [str(state) for state in ENDED]
RUNS_IN = {
    "order.confirm": [OrderState.PLACED],
    "order.sign": [OrderState.CONTRACTING],
    "order.pay": [OrderState.AWAITING_INITIAL_PAYMENT],
    "order.ship": [*SHIPPABLE, OrderState.PARTIALLY_SHIPPED],
    "order.prove_shipment": [*SHIPPABLE, OrderState.PARTIALLY_SHIPPED],
    "order.choose_when_late": [*SHIPPABLE, OrderState.PARTIALLY_SHIPPED],
    "order.deliver": [OrderState.SHIPPED],
    "order.accept": [OrderState.DELIVERED],
    "order.claim": [OrderState.COMPLETED, OrderState.SETTLED],
}
SAYS_NOTHING = ["order.choose_when_late"]  # silence may mean: wait on


@check("orders.received")
def instalments_are_what_the_ledger_received() -> Iterable[str]:
    """What the instalments of an order count as received is what came into its escrow."""
    return found("""
        SELECT 'order ' || o.code || ': its instalments received ' || i.received
            || ', the ledger ' || coalesce(p.received, 0)
        FROM (SELECT order_id, sum(received_minor) AS received FROM orders_instalment
              GROUP BY order_id) i
        JOIN orders_order o ON o.id = i.order_id
        LEFT JOIN ledger_order_position p ON p.order_ref = o.code AND p.currency = o.currency
        WHERE i.received <> coalesce(p.received, 0) ORDER BY o.id
    """)


@check("orders.plan")
def instalments_add_up_to_the_price() -> Iterable[str]:
    """The goods add up to the total, the instalments too, and none is funded without money.

    What the buyer bears of the fee is asked for on top of the price.
    """
    yield from found("""
        SELECT 'order ' || o.code || ': its total is ' || o.total_minor || ', its goods come to '
            || sum(l.quantity * l.price_minor)
        FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
        GROUP BY o.id HAVING sum(l.quantity * l.price_minor) <> o.total_minor ORDER BY o.id
    """)
    yield from _divided_otherwise()
    yield from found("""
        SELECT 'instalment ' || i.n || ' of order ' || o.code || ' counts as paid, nothing came'
        FROM orders_instalment i JOIN orders_order o ON o.id = i.order_id
        WHERE i.funded_at IS NOT NULL AND i.received_minor = 0 ORDER BY i.id
    """)


def _divided_otherwise():
    asked_for = Order.objects.annotate(due=Sum("instalments__due_minor"))
    plain = {"due": F("total_minor"), "fee_side": SUPPLIER}
    for order in asked_for.filter(due__isnull=False).exclude(**plain).order_by("pk").iterator():
        asked = order.total + fee_share(order.total, order.fee_percent, order.fee_side).buyer
        if order.due != asked.minor:
            yield (
                f"order {order.ref}: its price and fee are {asked.minor}, "
                f"its instalments come to {order.due}"
            )


@check("orders.ended")
def ended_orders_hold_nothing() -> Iterable[str]:
    """An order that has ended holds no money, neither in escrow nor in dispute."""
    return found(
        """
        SELECT 'order ' || o.code || ' is ' || o.state || ': escrow ' || p.escrow || ', hold '
            || p.hold
        FROM ledger_order_position p JOIN orders_order o ON o.code = p.order_ref
        WHERE o.state = ANY (%s) AND (p.escrow <> 0 OR p.hold <> 0) ORDER BY o.id
        """,
        [ENDS],
    )


@check("orders.known")
def money_belongs_to_an_order() -> Iterable[str]:
    """No money is filed under an order that there is not, or held before its contract."""
    return found("""
        SELECT 'order ' || p.order_ref || ': ' || p.received || ' ' || p.currency || ' came in, '
            || CASE WHEN o.id IS NULL THEN 'there is no such order'
                    ELSE 'it is ' || o.state END
        FROM ledger_order_position p LEFT JOIN orders_order o ON o.code = p.order_ref
        WHERE p.received <> 0
          AND (o.id IS NULL OR o.state IN ('draft', 'placed', 'contracting')
               OR p.currency <> o.currency)
        ORDER BY p.order_ref
    """)


@check("orders.coverage")
def cover_lasts_as_long_as_its_order() -> Iterable[str]:
    """A reservation is what was promised at signing, held until the order and its claims end.

    A completed order keeps its cover while the time for claims after release runs (T8).
    """
    return found(
        """
        SELECT 'cover of ' || r.order_ref || ': ' || why
        FROM accounts_coveragereservation r
        LEFT JOIN orders_order o ON o.code = r.order_ref
        LEFT JOIN LATERAL (
            SELECT (e.facts ->> 'covered')::bigint AS covered FROM workflow_event e
            WHERE e.trade_ref = r.order_ref AND e.verb = 'contract_effective' LIMIT 1
        ) signed ON true
        CROSS JOIN LATERAL (SELECT CASE
            WHEN o.id IS NULL THEN 'there is no such order'
            WHEN signed.covered IS DISTINCT FROM r.amount_minor
                THEN r.amount_minor || ' is reserved, ' || coalesce(signed.covered, 0)
                     || ' was promised'
            WHEN r.freed_at IS NOT NULL AND o.state <> ALL (%s) THEN 'it is freed, the order runs'
            WHEN r.freed_at IS NULL AND o.state = ANY (%s) AND NOT EXISTS (
                SELECT FROM workflow_deadline d WHERE d.trade_ref = o.code
                AND d.kind = 'order.claim' AND d.closed_at IS NULL)
                THEN 'it is not freed, the order has ended'
        END AS why) judged
        WHERE why IS NOT NULL ORDER BY r.id
        """,
        [ENDS, ENDS],
    )


@check("orders.clocks")
def clocks_agree_with_the_state() -> Iterable[str]:
    """No clock of an order runs that its state has left behind, and none fired in silence."""
    pairs = [(kind, str(state)) for kind, states in RUNS_IN.items() for state in states]
    yield from found(
        """
        SELECT 'deadline ' || d.id || ' (' || d.kind || ') of ' || d.trade_ref
            || ' is open, the order is ' || o.state
        FROM workflow_deadline d JOIN orders_order o ON o.code = d.trade_ref
        WHERE d.closed_at IS NULL AND d.kind = ANY (%s) AND NOT EXISTS (
            SELECT FROM unnest(%s::text[], %s::text[]) AS runs (kind, state)
            WHERE runs.kind = d.kind AND runs.state = o.state)
           OR d.closed_at IS NULL AND d.kind = 'order.ship' AND o.late_since IS NOT NULL
        ORDER BY d.id
        """,
        [list(RUNS_IN), [kind for kind, _ in pairs], [state for _, state in pairs]],
    )
    yield from found(
        """
        SELECT 'deadline ' || d.id || ' (' || d.kind || ') of ' || d.trade_ref
            || ' fired, and nothing happened'
        FROM workflow_deadline d
        WHERE d.missed AND d.kind = ANY (%s) AND d.kind <> ALL (%s)
          AND NOT EXISTS (SELECT FROM workflow_event e
              WHERE e.trade_ref = d.trade_ref AND e.happened_at >= d.closed_at)
          AND NOT EXISTS (SELECT FROM workflow_deadline again
              WHERE again.kind = d.kind AND again.trade_ref = d.trade_ref
              AND again.started_at >= d.closed_at AND again.id > d.id)
        ORDER BY d.id
        """,
        [list(RUNS_IN), SAYS_NOTHING],
    )
