"""The public page on which anybody checks a paper of ours, without an account."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms import SealedFileForm
from dashboard.genuine import contract_with, examine

FILES, PERIOD_SECONDS = 20, 10 * 60
UNPROCESSABLE, TOO_MANY = 422, 429


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Look a fingerprint up (the code on a contract leads here), or judge a file."""
    sent = request.method == "POST"
    form = SealedFileForm(request.POST, request.FILES) if sent else SealedFileForm()
    fingerprint = request.GET.get("contract", "")[:100]
    page = {"form": form, "asked": fingerprint, "paper": None, "finding": None}
    status = 200
    if sent and _too_many(get_adapter().get_client_ip(request)):
        form.add_error(None, _("Many files were checked from here. Try again in ten minutes."))
        status = TOO_MANY
    elif sent and form.is_valid():
        page["finding"] = examine(form.cleaned_data["file"].read())
    elif sent:
        status = UNPROCESSABLE
    elif fingerprint:
        page["paper"] = contract_with(fingerprint)
    return render(request, "public/verify.html", page, status=status)


def _too_many(address) -> bool:
    """Whether an address has had its twenty files in ten minutes: each costs real work."""
    key = f"verify:{address}"
    if cache.add(key, 1, PERIOD_SECONDS):
        return False
    try:
        return cache.incr(key) > FILES
    except ValueError:  # the ten minutes ended between the two calls
        return False
