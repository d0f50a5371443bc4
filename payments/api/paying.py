"""Payments over the API: the buyer starts one, both sides follow it."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.designated import the_account
from accounts.roles import check_may_commit
from api.fields import InstantField, MoneyField, Sent, TextField
from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from orders.api import order_of_party
from payments.charges import charge_of, start_charge
from payments.models import Payment
from payments.operations import TRANSFER, pay_by_transfer

STATES = Payment.State.choices


class PaymentAsked(Sent):
    """Which order is paid, and how. The amount is what is due: it cannot be sent."""

    order = TextField(max_length=40, help_text="code or id of the order")
    method = TextField(max_length=50, help_text="telegraphic_transfer, visa, paypal, …")


class AccountSerializer(serializers.Serializer):
    """The designated account: money paid anywhere else is not covered."""

    beneficiary = serializers.CharField(read_only=True)
    bank = serializers.CharField(read_only=True)
    account_number = serializers.CharField(read_only=True)
    bic = serializers.CharField(read_only=True)


class PaymentSerializer(serializers.Serializer):
    """A payment for one instalment.

    A transfer names the account and the `reference` to pay with; a card or wallet the page of
    its provider, `redirect_url`, once the provider has opened it.
    """

    id = serializers.UUIDField(source="public_id", read_only=True)
    order = serializers.CharField(source="order.code", read_only=True)
    part = serializers.CharField(source="instalment.part", read_only=True)
    method = serializers.CharField(source="method_id", read_only=True)
    amount = MoneyField()
    state = serializers.ChoiceField(STATES, read_only=True)
    reference = serializers.CharField(source="instalment.reference", read_only=True)
    pay_into = serializers.SerializerMethodField()
    redirect_url = serializers.SerializerMethodField()
    started_at = InstantField()
    cleared_at = InstantField(allow_null=True)

    def get_pay_into(self, payment) -> AccountSerializer(allow_null=True):
        account = the_account(payment.currency) if payment.method_id == TRANSFER else None
        return AccountSerializer(account).data if account else None

    def get_redirect_url(self, payment) -> str | None:
        charge = None if payment.method_id == TRANSFER else charge_of(payment)
        return charge.redirect_url or None if charge else None


class AcceptedPaymentSerializer(PaymentSerializer):
    """The payment, and the operation to look its request up by."""

    operation = serializers.UUIDField(read_only=True)


class PaymentsView(ApiView):
    """The buyer pays what is due: a transfer is announced, a card or wallet is charged."""

    scopes = (Scope.MONEY_WRITE,)

    @extend_schema(
        operation_id="createPayment",
        request=PaymentAsked,
        responses={202: AcceptedPaymentSerializer},
    )
    @once
    def post(self, request):
        asked = self.asked(PaymentAsked, request.data)
        order = order_of_party(asked["order"], request.user)
        check_may_commit(request.user)
        if asked["method"] == TRANSFER:
            payment = pay_by_transfer(order, by=request.user)
        else:
            payment = start_charge(order, by=request.user, method=asked["method"])
        return self.accepted(PaymentSerializer(payment).data)


class PaymentView(ApiView):
    """For the parties of its order and staff."""

    scopes = (Scope.MONEY_READ,)

    @extend_schema(operation_id="getPayment", responses=PaymentSerializer)
    def get(self, request, payment):
        payments = Payment.objects.select_related("order", "instalment")
        if not request.user.is_staff:
            company = request.user.company_id
            mine = Q(order__buyer=company) | Q(order__supplier=company)
            payments = payments.filter(mine) if company else payments.none()
        return Response(PaymentSerializer(get_object_or_404(payments, public_id=payment)).data)
