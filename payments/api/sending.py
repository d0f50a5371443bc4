"""Money that leaves, over the API: two people of the finance office let it go."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.approvals import ApprovalSerializer, Decided, decide
from api.fields import InstantField, MoneyField, Sent, TextField
from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from payments.disbursing import ask_to_send
from payments.models import Disbursement
from workflow import approvals
from workflow.errors import Refused

Kind = Disbursement.Kind
KINDS, STATES = Kind.choices, Disbursement.State.choices
REFUNDS, PAYOUTS = (Kind.REFUND, Kind.RETURN, Kind.CREDIT), (Kind.PAYOUT,)
APPROVE = "disbursement.approve"


class SendAsked(Sent):
    """Why it is to leave now; the amount and the payee were decided before."""

    reason = TextField(required=False, default="", allow_blank=True, max_length=1_000)


class DisbursementSerializer(serializers.Serializer):
    """A refund or payout, and the proposal that waits for a second person, if one does."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    kind = serializers.ChoiceField(KINDS, read_only=True)
    order = serializers.CharField(source="order.code", default=None, read_only=True)
    payee = serializers.CharField(source="payee_name", read_only=True)
    amount = MoneyField()
    state = serializers.ChoiceField(STATES, read_only=True)
    needs_two = serializers.BooleanField(read_only=True)
    not_before = InstantField(allow_null=True)
    approval = serializers.SerializerMethodField()

    def get_approval(self, disbursement) -> ApprovalSerializer(allow_null=True):
        waiting = approvals.waiting_for(disbursement, APPROVE)
        return ApprovalSerializer(waiting).data if waiting else None


class AcceptedDisbursementSerializer(DisbursementSerializer):
    """The refund or payout, and the operation to look its request up by."""

    operation = serializers.UUIDField(read_only=True)


class DisbursementView(ApiView):
    """For staff and the company that is paid."""

    scopes = (Scope.MONEY_READ,)

    @extend_schema(operation_id="getDisbursement", responses=DisbursementSerializer)
    def get(self, request, disbursement):
        found = _disbursement(disbursement, request.user, Kind.values)
        return Response(DisbursementSerializer(found).data)


def _documented(operation_id, asked):
    return extend_schema(
        operation_id=operation_id,
        request=asked,
        responses={202: AcceptedDisbursementSerializer},
    )


class RequestRefundView(ApiView):
    """The first of two asks that a refund is let go."""

    scopes = (Scope.MONEY_WRITE,)

    @_documented("requestRefund", SendAsked)
    @once
    def post(self, request, disbursement):
        return _request(self, disbursement, REFUNDS)


class RequestPayoutView(ApiView):
    """The first of two asks that a payout is let go."""

    scopes = (Scope.MONEY_WRITE,)

    @_documented("requestPayout", SendAsked)
    @once
    def post(self, request, disbursement):
        return _request(self, disbursement, PAYOUTS)


class ApproveRefundView(ApiView):
    """The second of two lets a refund go."""

    scopes = (Scope.APPROVALS_WRITE,)

    @_documented("approveRefund", Decided)
    @once
    def post(self, request, disbursement):
        return _approve(self, disbursement, REFUNDS)


class ApprovePayoutView(ApiView):
    """The second of two lets a payout go."""

    scopes = (Scope.APPROVALS_WRITE,)

    @_documented("approvePayout", Decided)
    @once
    def post(self, request, disbursement):
        return _approve(self, disbursement, PAYOUTS)


def _request(view, disbursement, kinds):
    asked, by = view.asked(SendAsked, view.request.data), view.request.user
    found = _disbursement(disbursement, by, kinds)
    ask_to_send(found, by=by, reason=asked["reason"])
    return view.accepted(DisbursementSerializer(found).data)


def _approve(view, disbursement, kinds):
    decided, by = view.asked(Decided, view.request.data), view.request.user
    found = _disbursement(disbursement, by, kinds)
    waiting = approvals.waiting_for(found, APPROVE)
    if waiting is None:
        raise Refused(
            _("Nobody has asked for it yet: one asks, another approves."), code="not_requested"
        )
    decide(waiting, decided, by=by)
    found.refresh_from_db()
    return view.accepted(DisbursementSerializer(found).data)


def _disbursement(public_id, user, kinds):
    """One of these kinds that this person may see. Raises Http404."""
    found = Disbursement.objects.select_related("order").filter(kind__in=kinds)
    if not user.is_staff:
        found = found.filter(payee=user.company_id) if user.company_id else found.none()
    return get_object_or_404(found, public_id=public_id)
