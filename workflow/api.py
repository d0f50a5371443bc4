"""Errors of the API as RFC 9457 problems with a stable code."""

from rest_framework import status, views
from rest_framework.response import Response

from workflow.errors import NotAllowed, Refused


def exception_handler(error, context):
    """Refused is 409 with its code, NotAllowed is 403; the rest is as DRF has it."""
    if isinstance(error, Refused):
        code = (
            status.HTTP_403_FORBIDDEN if isinstance(error, NotAllowed) else status.HTTP_409_CONFLICT
        )
        problem = {"type": "about:blank", "title": str(error), "status": code, "code": error.code}
        return Response(problem, status=code, content_type="application/problem+json")
    return views.exception_handler(error, context)
