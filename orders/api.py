"""Orders over the API: what they are, and where their money is."""

import uuid

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.operations import covered
from api.fields import InstantField, MoneyField
from api.models import Scope
from api.views import ApiView
from core.money import Money
from ledger.balances import order_position
from orders.models import Order
from orders.states import OrderState
from payments.models import Disbursement
from payments.operations import PAYABLE


class PartySerializer(serializers.Serializer):
    """A company as the other side of a trade knows it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)
    country = serializers.CharField(read_only=True)


class LeavingSerializer(serializers.Serializer):
    """A refund or payout of an order, and how far it is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    kind = serializers.ChoiceField(Disbursement.Kind.choices, read_only=True)
    amount = MoneyField()
    state = serializers.ChoiceField(Disbursement.State.choices, read_only=True)


class OrderMoneySerializer(serializers.Serializer):
    """received = held + released + refunded; `disputed` is part of held, `fee` of released.

    `due` is what is to be paid now, `missing` all that is still to come, `covered` what the
    supplier's limit stands for.
    """

    order = serializers.CharField(read_only=True)
    total = MoneyField()
    due = MoneyField()
    missing = MoneyField()
    received = MoneyField()
    held = MoneyField()
    disputed = MoneyField()
    released = MoneyField()
    fee = MoneyField()
    refunded = MoneyField()
    covered = MoneyField()
    disbursements = LeavingSerializer(many=True, read_only=True)


class OrderSerializer(serializers.Serializer):
    """The order itself: who trades what with whom, and how far it is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    code = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(OrderState.choices, read_only=True)
    title = serializers.CharField(read_only=True)
    buyer = PartySerializer(read_only=True)
    supplier = PartySerializer(read_only=True)
    created_at = InstantField()
    money = OrderMoneySerializer(read_only=True)


class OrderView(ApiView):
    """For its parties and staff."""

    scopes = (Scope.ORDERS_READ,)

    @extend_schema(operation_id="getOrder", responses=OrderSerializer)
    def get(self, request, order):
        found = order_of_party(order, request.user)
        found.money = money_of(found)
        return Response(OrderSerializer(found).data)


class OrderMoneyView(ApiView):
    """Where the money of an order is, from the ledger; for its parties and staff."""

    scopes = (Scope.MONEY_READ, Scope.ORDERS_READ)

    @extend_schema(operation_id="getOrderMoney", responses=OrderMoneySerializer)
    def get(self, request, order):
        return Response(OrderMoneySerializer(money_of(order_of_party(order, request.user))).data)


def order_of_party(name, user):
    """The order of this code or public id. Raises Http404 for all but its parties and staff."""
    orders = Order.objects.select_related("buyer", "supplier")
    if not user.is_staff:
        mine = Q(buyer_id=user.company_id) | (
            Q(supplier_id=user.company_id) & ~Q(state=OrderState.DRAFT)
        )
        orders = orders.filter(mine) if user.company_id else orders.none()
    return get_object_or_404(orders, **_named(name))


def money_of(order):
    """The sums of an order, and what leaves of it: four queries."""
    position = order_position(order.ref, order.currency)
    missing = _missing(order)
    return position | {
        "order": order.code,
        "total": order.total,
        "due": missing[0] if missing and order.state in PAYABLE else Money(0, order.currency),
        "missing": sum(missing, Money(0, order.currency)),
        "disputed": position["hold"],
        "covered": covered(order.ref),
        "disbursements": order.disbursements.order_by("pk"),
    }


def _missing(order):
    """What each instalment that is not paid yet still needs, in their order."""
    parts = list(order.instalments.filter(funded_at=None))
    for part in parts:
        part.order = order
    return [part.missing for part in parts]


def _named(name):
    try:
        return {"public_id": uuid.UUID(name)}
    except ValueError:
        return {"code": name}
