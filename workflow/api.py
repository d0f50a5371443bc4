"""Errors of the API as RFC 9457 problems: one shape, a stable code, a sentence to act on."""

import logging
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from workflow.errors import NotAllowed, Refused

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Problem(Exception):
    """An answer that the API itself gives, not a rule of the trade: status, code, sentence."""

    def __init__(self, status, code, detail, *, retry_after=None):
        super().__init__(detail)
        self.status, self.code = status, code
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


def exception_handler(error, context):
    """The answer to whatever a view raises; what nobody foresaw is logged and told as 500."""
    if answer := foreseen(error):
        return answer
    log.error("the API failed", exc_info=error)
    if isinstance(error, OperationalError):
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            _("The database did not answer in time. Send the same request again in a moment."),
            headers={"Retry-After": "2"},
        )
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        _("Something failed on our side. Send the same request again: it is not done twice."),
    )


def foreseen(error):
    """The problem that an error is to the one who asked, or None when it is ours."""
    for kind, answer in ANSWERS.items():
        if isinstance(error, kind):
            return answer(error)
    return None


def problem(status, code, detail, *, headers=None, **members):
    """A problem as a response: the title is the status's own, `detail` is for the person."""
    status = HTTPStatus(status)
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": str(detail),
        **members,
    }
    return Response(body, status=status.value, headers=headers, content_type=CONTENT_TYPE)


def _refused(error):
    """The rules of the trade say no: 409, or 403 when it is not this person's to do."""
    forbidden = isinstance(error, NotAllowed)
    return problem(HTTPStatus.FORBIDDEN if forbidden else HTTPStatus.CONFLICT, error.code, error)


def _validation(error):
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "validation",
        _("Some of what you sent cannot be used: see “errors”."),
        errors=list(_each(error.detail, "#")),
    )


def _each(detail, pointer):
    """Every single error with a JSON pointer to what it is about (RFC 9457, section 3)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _each(inner, pointer if own else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for n, inner in enumerate(detail):
            yield from _each(inner, f"{pointer}/{n}" if isinstance(inner, dict) else pointer)
    else:
        yield {"pointer": pointer, "code": detail.code, "detail": str(detail)}


def _of_the_framework(error):
    """What DRF refuses by itself: its status and headers, in our words."""
    code, detail = SENTENCES.get(type(error), lambda e: ("refused", e.detail))(error)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(round(error.wait))
    return problem(error.status_code, code, detail, headers=headers)


SENTENCES = {
    exceptions.NotAuthenticated: lambda e: (
        "not_authenticated",
        _("Send your token: “Authorization: Bearer <token>”."),
    ),
    exceptions.AuthenticationFailed: lambda e: ("token_not_in_force", e.detail),
    exceptions.MethodNotAllowed: lambda e: (
        "method_not_allowed",
        _("This address does not do that: look the method up in the schema."),
    ),
    exceptions.UnsupportedMediaType: lambda e: (
        "unsupported_media_type",
        _("This address does not read that Content-Type: look it up in the schema."),
    ),
    exceptions.Throttled: lambda e: (
        "too_many_requests",
        _("You have asked too often. Ask again in %d seconds.") % round(e.wait),
    ),
    exceptions.ParseError: lambda e: ("malformed", e.detail),
}

ANSWERS = {
    Problem: lambda e: problem(e.status, e.code, e, headers=e.headers),
    Refused: _refused,
    exceptions.ValidationError: _validation,
    exceptions.APIException: _of_the_framework,
    Http404: lambda e: problem(
        HTTPStatus.NOT_FOUND, "not_found", _("There is nothing here that you may see.")
    ),
    PermissionDenied: lambda e: problem(
        HTTPStatus.FORBIDDEN, "not_allowed", _("You are not the one who may do this.")
    ),
    SuspiciousOperation: lambda e: problem(
        HTTPStatus.BAD_REQUEST, "malformed", _("The request cannot be read safely.")
    ),
}
