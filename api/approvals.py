"""Four eyes over the API: what waits for a second person, and that person's word."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.fields import InstantField, MoneyField, Sent, TextField
from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from core.money import Money
from workflow import approvals
from workflow.errors import Refused
from workflow.models import Approval

DECISIONS = Approval.Decision.choices
VERDICTS = ["approve", "refuse"]


class ApprovalSerializer(serializers.Serializer):
    """What one person proposed. `digest` stands for exactly that: any change makes it void."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    action = serializers.CharField(read_only=True)
    digest = serializers.CharField(read_only=True)
    amount = serializers.SerializerMethodField()
    reason = serializers.CharField(read_only=True)
    proposed_by = serializers.CharField(source="maker", read_only=True)
    proposed_at = InstantField(source="made_at")
    expires_at = InstantField()
    decision = serializers.ChoiceField(DECISIONS, read_only=True)

    def get_amount(self, approval) -> MoneyField(allow_null=True):
        if approval.amount_minor is None:
            return None
        return MoneyField().to_representation(Money(approval.amount_minor, approval.currency))


class Decided(Sent):
    """A note, and the digest of what was looked at: another one is refused."""

    note = TextField(required=False, default="", allow_blank=True, max_length=1_000)
    digest = TextField(required=False, max_length=64)


class DecidedEitherWay(Decided):
    """Yes or no; a no says why in its note."""

    decision = serializers.ChoiceField(
        VERDICTS,
        error_messages={
            "required": "Send approve or refuse.",
            "invalid_choice": "Send approve or refuse.",
            "null": "Send approve or refuse.",
        },
    )


class DecidedApprovalSerializer(ApprovalSerializer):
    """The proposal as it stands, and the operation to look the request up by."""

    operation = serializers.UUIDField(read_only=True)


class ApprovalView(ApiView):
    """Any proposal of another person, for those whose duty it is."""

    scopes = (Scope.APPROVALS_WRITE,)

    @extend_schema(
        operation_id="decideApproval",
        request=DecidedEitherWay,
        responses={202: DecidedApprovalSerializer},
    )
    @once
    def post(self, request, approval):
        asked = self.asked(DecidedEitherWay, request.data)
        found = _approval(approval, request.user)
        decide(found, asked, by=request.user, refuse=asked["decision"] == "refuse")
        found.refresh_from_db()
        return self.accepted(ApprovalSerializer(found).data)

    @extend_schema(operation_id="getApproval", responses=ApprovalSerializer)
    def get(self, request, approval):
        return Response(ApprovalSerializer(_approval(approval, request.user)).data)


def decide(approval, asked, *, by, refuse=False):
    """Agree to a proposal or send it back, if it is still the one that was looked at."""
    if asked.get("digest", approval.digest) != approval.digest:
        raise Refused(
            _("What is proposed now is not what you looked at: look at it again."),
            code="approval_changed",
        )
    if refuse:
        return approvals.refuse(approval, by=by, note=asked["note"])
    return approvals.approve(approval, by=by, note=asked["note"])


def _approval(public_id, user):
    if not user.is_staff:
        raise Http404
    return get_object_or_404(Approval.objects.select_related("maker"), public_id=public_id)
