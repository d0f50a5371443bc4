"""Where payment providers report: checked, kept, answered; acted upon afterwards."""

import logging

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import providers
from payments.calls import note_news
from payments.providers.base import Forged, NoAnswer

LARGEST = 256 * 1024
log = logging.getLogger(__name__)


@csrf_exempt  # the provider's signature over the raw body takes its place
@require_POST
def receive(request, provider):
    """Answer 200 once a signed message is stored, 400 for a forged one, of which nothing is kept.

    503 means that a signature could not be checked just now: the provider tries again.
    """
    known = providers.every().get(provider)
    if known is None or not known.is_configured():
        raise Http404
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        news = known.read_event(request.headers, body)
    except Forged as why:
        log.warning("a message in the name of %s was refused: %s", provider, why)
        return HttpResponseBadRequest()
    except NoAnswer as why:
        log.warning("a message of %s could not be checked: %s", provider, why)
        return HttpResponse(status=503)
    note_news(known.code, news, body)
    return HttpResponse()
