"""What the schema says of every operation alike: the token, the key, the problems."""

from functools import cache

from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="New for each thing you want done, the same when you repeat it; kept 8 days.",
)


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong with what was sent."""

    pointer = serializers.CharField(help_text="a JSON pointer to the member, such as #/order")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """An RFC 9457 problem. `code` is stable; `detail` is a sentence for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = ErrorSerializer(many=True, required=False)


PROBLEMS = {
    "400": "malformed, or idempotency_key_required",
    "401": "not_authenticated, or token_not_in_force",
    "403": "not_allowed, not_a_signer, scope_missing",
    "404": "not_found: there is nothing, or it is not yours",
    "409": "state_conflict and other refusals of the trade; in_progress, with Retry-After",
    "413": "too_large",
    "415": "unsupported_media_type",
    "422": "validation, with errors; idempotency_mismatch",
    "429": "too_many_requests, with Retry-After",
}
OF_READS = ["401", "403", "404", "422", "429"]


class Documented(AutoSchema):
    """Every operation answers problems; a keyed one asks for its key."""

    def get_override_parameters(self):
        return [KEY] if self._is_keyed() else []

    def _get_response_bodies(self, direction="response"):
        answers = super()._get_response_bodies(direction)
        for status in PROBLEMS if self.method in WRITES else OF_READS:
            told = OpenApiResponse(ProblemSerializer, description=PROBLEMS[status])
            answers[status] = self._get_response_for_code(
                told, status, ["application/problem+json"], direction
            )
        return answers

    def _is_keyed(self):
        return getattr(getattr(self.view, self.method.lower()), "keyed", False)


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


@extend_schema(exclude=True)
class SchemaView(APIView):
    """The OpenAPI 3.1 document, for everybody: it says what there is, not what is in it."""

    authentication_classes = permission_classes = throttle_classes = ()

    def get(self, request):
        return HttpResponse(document(), content_type="application/vnd.oai.openapi+json")


@cache
def document():
    """The schema as JSON; it changes only with the code."""
    return OpenApiJsonRenderer().render(SchemaGenerator().get_schema(request=None, public=True))
