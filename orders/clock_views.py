"""The pages about time: an order's clock certificate, a person's calendar of time limits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import CalendarFeed
from core.formats.words import zone_text
from orders.calendar import calendar_of, end_address, new_address, reader_of
from orders.certificate import certificate
from orders.models import Order
from orders.pages import find


@login_required
@require_safe
def order_clocks(request, code):
    """Each time limit of the order: its rule, its instant, who acts, what silence means."""
    order = find(code, request.user, Order.objects.select_related("buyer", "supplier"))
    page = {
        "order": order,
        "zone": zone_text(timezone.get_current_timezone()),
        **certificate(order, request.user),
    }
    return render(request, "orders/clocks.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request):
    """The address of one's own calendar: made anew, or ended. It is shown once."""
    address = ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            end_address(request.user)
            messages.success(request, _("The address has ended. Nobody can read the calendar."))
            return redirect("calendar")
        secret = new_address(request.user)
        address = request.build_absolute_uri(reverse("calendar_file", args=[secret]))
    made = CalendarFeed.objects.filter(user=request.user).first()
    answer = render(request, "orders/calendar.html", {"address": address, "made": made})
    add_never_cache_headers(answer)
    return answer


@require_safe
def calendar_file(request, secret):
    """The calendar itself, to whoever has the secret address; in its owner's language."""
    user = reader_of(secret)
    if user is None:
        raise Http404
    with translation.override(user.language):
        body = calendar_of(
            user,
            lambda code: request.build_absolute_uri(reverse("order_clocks", args=[code])),
        )
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="trade-assurance.ics"',
            "Cache-Control": "private, max-age=900",
            "X-Robots-Tag": "noindex",
        },
    )
