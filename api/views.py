"""What every view of the API has; and the answers to what is no address at all."""

from http import HTTPStatus

from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response
from rest_framework.views import APIView

from workflow.api import CONTENT_TYPE, foreseen


class ApiView(APIView):
    """One resource. `scopes` are those of which a token needs one; without any it is closed.

    Everything else is decided in trade_assurance/rest.py, for all views alike.
    """

    scopes = ()
    quota = None
    operation_id = None

    def finalize_response(self, request, response, *args, **kwargs):
        """Answers about money are kept by nobody on the way; and the quota is told."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        for name, value in self.quota.headers.items() if self.quota else ():
            response[name] = value
        return response

    def asked(self, serializer, data):
        """What was sent, checked; whatever else was sent is not looked at. Raises 422."""
        checked = serializer(data=data, context={"request": self.request})
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def accepted(self, data):
        """202: it is written down and will be done; `operation` says where to look."""
        return Response(data | {"operation": str(self.operation_id)}, HTTPStatus.ACCEPTED)


@csrf_exempt  # nothing is done here, and a program must read why
def nothing_here(request, **_rest):
    """Whatever else begins with /api/: a problem for programs, not a page for people."""
    answer = foreseen(Http404())
    return JsonResponse(answer.data, status=answer.status_code, content_type=CONTENT_TYPE)
