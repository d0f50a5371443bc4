"""The order and what belongs to it."""

from orders.models.order import Order, OrderQuerySet
from orders.models.parts import (
    Instalment,
    OfOrder,
    OrderLine,
    ShipDateShift,
    Shipment,
    ShipmentPaper,
)

__all__ = [
    "Instalment",
    "OfOrder",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "ShipDateShift",
    "Shipment",
    "ShipmentPaper",
]
