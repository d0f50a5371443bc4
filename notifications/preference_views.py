"""The page on which a person chooses how to be told, and the way out of a kind of mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import preferences
from notifications.forms import DigestForm, rows_for, ticked
from notifications.letters import LETTERS
from notifications.locks import lock_of
from notifications.samples import sample_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Which kinds of news come on the page, by mail at once and in the letter of the day."""
    form = DigestForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        preferences.choose(
            request.user, ticked(request.user, request.POST), digest_hour=form.chosen_hour
        )
        messages.success(request, _("Saved. It counts from the next news on."))
        return redirect("notification_preferences")
    chosen = ticked(request.user, request.POST) if form.is_bound else None
    context = {"form": form, "topics": rows_for(request.user, chosen)}
    status = 422 if form.is_bound else 200
    return render(request, "notifications/preferences.html", context, status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request, token):
    """Stop one kind of mail by the secret in the mail itself, without signing in (RFC 8058).

    A mail program posts it by itself; a person is asked first, because programs that look
    at links before people do must not stop anything.
    """
    meant = preferences.meant_by(token)
    if meant is None:
        raise Http404
    user, letter = meant
    done = request.method == "POST" and preferences.stop_mail(user, letter)
    context = {"sample": sample_of(LETTERS[letter]), "lock": lock_of(letter), "done": done}
    return render(request, "notifications/turn_off.html", context)
