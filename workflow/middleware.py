"""A refused operation sends the person back to the page, with the reason."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from workflow.errors import Refused


class RefusalMiddleware:
    """Refused becomes a sentence on the page it came from; the state is what it was."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        messages.error(request, str(exception))
        return HttpResponseRedirect(_back(request))


def _back(request):
    """The page it came from, if that is ours; never the page that refuses to be shown."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return came_from
    return request.path if request.method == "POST" else resolve_url(settings.LOGIN_REDIRECT_URL)
