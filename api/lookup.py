"""What became of a money request: found by the key it was sent with, or by its number."""

import json
import uuid

from django.db.models import Q
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.fields import InstantField
from api.idempotency import Asked, is_running
from api.models import KeptAnswer, Scope
from api.views import ApiView

FIRST_REFUSAL = 400


class AnswerSerializer(serializers.Serializer):
    """The stored answer: what the sender was told, or would have been."""

    status = serializers.IntegerField(read_only=True)
    body = serializers.DictField(read_only=True)


class OperationSerializer(serializers.Serializer):
    """One money request: `in_progress` while it is worked on, then done or refused."""

    id = serializers.UUIDField(read_only=True, allow_null=True)
    key = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(["in_progress", "succeeded", "refused"], read_only=True)
    method = serializers.CharField(read_only=True)
    path = serializers.CharField(read_only=True)
    answered_at = InstantField(allow_null=True)
    answer = AnswerSerializer(read_only=True, allow_null=True)


class OperationView(ApiView):
    """Only one's own requests; an unknown key is 404, which means that nothing was done."""

    scopes = (
        Scope.MONEY_READ,
        Scope.MONEY_WRITE,
        Scope.STATEMENTS_WRITE,
        Scope.APPROVALS_WRITE,
        Scope.PAYEES_WRITE,
    )

    @extend_schema(operation_id="getOperation", responses=OperationSerializer)
    def get(self, request, key):
        named = Q(key=key)
        if number := _as_uuid(key):
            named |= Q(public_id=number)
        # The sender's own key goes before a number that happens to be the same.
        mine = KeptAnswer.objects.filter(named, principal=request.user)
        if kept := next(iter(sorted(mine, key=lambda found: found.key != key)), None):
            return Response(OperationSerializer(_of(kept)).data)
        if is_running(Asked(request.user, key)):
            return Response(OperationSerializer(_running(key)).data)
        raise Http404


def _of(kept):
    return {
        "id": kept.public_id,
        "key": kept.key,
        "status": "succeeded" if kept.status < FIRST_REFUSAL else "refused",
        "method": kept.method,
        "path": kept.path,
        "answered_at": kept.answered_at,
        "answer": {"status": kept.status, "body": json.loads(kept.body)},
    }


def _running(key):
    return {
        "id": None,
        "key": key,
        "status": "in_progress",
        "method": "",
        "path": "",
        "answered_at": None,
        "answer": None,
    }


def _as_uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
