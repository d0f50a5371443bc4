"""The states of an order (machines.md, Order). Disputes are not among them: they hold
money, the order stays where it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLACED = "placed", _("Waiting for the supplier")
    CONTRACTING = "contracting", _("Contract being written")
    AWAITING_INITIAL_PAYMENT = "awaiting_initial_payment", _("Waiting for payment")
    IN_PRODUCTION = "in_production", _("Money held, goods being made")
    READY_TO_SHIP = "ready_to_ship", _("Goods ready")
    PARTIALLY_SHIPPED = "partially_shipped", _("Shipped in part")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered, being checked")
    COMPLETED = "completed", _("Completed")
    REFUNDED = "refunded", _("Refunded")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


BEFORE_MONEY = [
    OrderState.DRAFT,
    OrderState.PLACED,
    OrderState.CONTRACTING,
    OrderState.AWAITING_INITIAL_PAYMENT,
]
SHIPPABLE = [OrderState.IN_PRODUCTION, OrderState.READY_TO_SHIP]
LEAVING = [*SHIPPABLE, OrderState.PARTIALLY_SHIPPED]
UNDER_WAY = [
    OrderState.IN_PRODUCTION,
    OrderState.READY_TO_SHIP,
    OrderState.PARTIALLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
]
ENDED = [
    OrderState.COMPLETED,
    OrderState.REFUNDED,
    OrderState.SETTLED,
    OrderState.CANCELLED,
    OrderState.EXPIRED,
]
