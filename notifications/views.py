"""The list of what a person was told."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from notifications.models import Notice
from notifications.queries import by_order, page_of, unread_count


@login_required
@require_safe
def notifications(request):
    """Unread first, grouped by order, a page at a time (`?after=`)."""
    notices, after = page_of(request.user, request.GET.get("after", ""))
    unread = [notice for notice in notices if notice.read_at is None]
    read = [notice for notice in notices if notice.read_at]
    context = {
        "new": by_order(unread),
        "earlier": by_order(read),
        "after": after,
        "unread": unread_count(request.user),
        "newest": max((notice.pk for notice in unread), default=0),
    }
    return render(request, "notifications/list.html", context)


@login_required
@require_POST
def mark_read(request):
    """Mark as read all that was there when the page was shown (`newest`), and nothing later."""
    newest = request.POST.get("newest", "")
    if newest.isdecimal() and len(newest) < 19:
        Notice.objects.filter(reader=request.user, read_at=None, pk__lte=int(newest)).update(
            read_at=clock.now()
        )
    return redirect("notifications")
