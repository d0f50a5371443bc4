"""A refused operation sends the person back to the page, with the reason."""

from django.contrib import messages
from django.http import HttpResponseRedirect

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
        return HttpResponseRedirect(request.headers.get("Referer") or request.path)
