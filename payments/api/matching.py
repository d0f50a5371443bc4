"""A receipt without a reference, counted for what its payer meant."""

from http import HTTPStatus

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.approvals import ApprovalSerializer
from api.fields import MoneyInput, Sent, TextField
from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from payments.api.statements import StatementLineSerializer, told_line
from payments.models import StatementLine
from payments.reviewing import match_line
from workflow.models import Approval


class PartAsked(Sent):
    """How much of the receipt is for which instalment."""

    reference = TextField(max_length=25, help_text="the instalment's payment reference (RF…)")
    amount = MoneyInput()


class MatchAsked(Sent):
    """The parts of one receipt, and why they are known to be meant so."""

    parts = PartAsked(many=True, allow_empty=False)
    reason = TextField(max_length=1_000)


class MatchedSerializer(serializers.Serializer):
    """The line as it stands; from the limit on a proposal that waits for a second person."""

    line = StatementLineSerializer(read_only=True)
    approval = ApprovalSerializer(read_only=True, allow_null=True)
    operation = serializers.UUIDField(read_only=True)


class MatchLineView(ApiView):
    """For the finance office."""

    scopes = (Scope.STATEMENTS_WRITE,)

    @extend_schema(
        operation_id="matchStatementLine",
        request=MatchAsked,
        responses={HTTPStatus.ACCEPTED.value: MatchedSerializer},
    )
    @once
    def post(self, request, line):
        asked = self.asked(MatchAsked, request.data)
        if not request.user.is_staff:
            raise Http404
        found = get_object_or_404(StatementLine, public_id=line)
        parts = [(part["reference"], _minor(part["amount"], found)) for part in asked["parts"]]
        made = match_line(found, by=request.user, parts=parts, reason=asked["reason"])
        found = StatementLine.objects.select_related("payment__order").get(pk=found.pk)
        approval = made if isinstance(made, Approval) else None
        told = MatchedSerializer({"line": told_line(found), "approval": approval})
        return self.accepted(told.data)


def _minor(amount, line):
    if amount.currency != line.currency:
        raise ValidationError(
            {"parts": [_("The receipt is in %s.") % line.currency]}, code="other_currency"
        )
    return amount.minor
