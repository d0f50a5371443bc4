"""How requests are read and answers written: JSON, whatever the client says it accepts."""

from http import HTTPStatus

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser, MultiPartParser

from workflow.api import Problem

LONGEST_BODY = 256 * 1024


class Json(JSONParser):
    """Strict JSON of a bounded size. Raises ParseError with a sentence for anything else."""

    def parse(self, stream, media_type=None, parser_context=None):
        _check_size(parser_context["request"], LONGEST_BODY)
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError) as error:
            raise ParseError(_("The body is not JSON that can be read.")) from error


class Form(MultiPartParser):
    """A multipart form of a bounded size (the longest bank statement and a little more)."""

    longest = 6 * 1024 * 1024

    def parse(self, stream, media_type=None, parser_context=None):
        _check_size(parser_context["request"], self.longest)
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The body is not a multipart form that can be read.")) from error


class AlwaysJson(BaseContentNegotiation):
    """There is one way to write an answer, so there is nothing to negotiate (RFC 9110, 12.4.1)."""

    def select_parser(self, request, parsers):
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


def _check_size(request, longest):
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > longest:
        raise Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too_large",
            _("The body is longer than %d bytes.") % longest,
        )
