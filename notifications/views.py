"""The list of what a person was told, and the way from a notice to what it is about."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from notifications.letters import TOPICS
from notifications.models import Notice
from notifications.queries import ACT, UNREAD, Sieve, by_order, page_of, unread_count


@login_required
@require_safe
def notifications(request):
    """Unread first, grouped by order, a page at a time (`?after=`), through a sieve."""
    sieve = Sieve.of(request.GET)
    notices, after = page_of(request.user, request.GET.get("after", ""), sieve)
    unread = [notice for notice in notices if notice.read_at is None]
    read = [notice for notice in notices if notice.read_at]
    context = {
        "new": by_order(unread),
        "earlier": by_order(read),
        "after": after,
        "sieve": sieve,
        "tabs": _tabs(sieve),
        "topics": [(key, heading) for key, (heading, _letters) in TOPICS.items()],
        "unread": unread_count(request.user),
        "newest": max((notice.pk for notice in unread), default=0),
    }
    return render(request, "notifications/list.html", context)


@login_required
@require_safe
def open_notice(request, pk):
    """Lead to what a notice is about; it counts as read from then on."""
    notice = get_object_or_404(Notice, pk=pk, reader=request.user)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=clock.now())
    return redirect(notice.path or "notifications")


@login_required
@require_POST
def mark_read(request):
    """Mark as read all that passed the sieve when the page was shown (`newest`), nothing later."""
    sieve = Sieve.of(request.POST)
    newest = request.POST.get("newest", "")
    if newest.isdecimal() and len(newest) < 19:
        shown = sieve.notices_of(request.user).filter(read_at=None, pk__lte=int(newest))
        shown.update(read_at=clock.now())
    return redirect(_address(sieve))


def _tabs(sieve):
    for show, label in (("", _("All")), (UNREAD, _("Unread")), (ACT, _("You act"))):
        url = _address(Sieve(show, sieve.topic, sieve.order))
        yield {"url": url, "label": label, "current": show == sieve.show}


def _address(sieve):
    return resolve_url("notifications") + (f"?{sieve.query}" if sieve.query else "")
