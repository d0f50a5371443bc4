"""The front page, the home page, and the pages that explain the rules."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from catalog.models import Product
from core import clock, days
from core.formats.words import moment_text
from dashboard import desk, facts, purse, queues, rules
from dashboard.forms import ClockForm, CoverForm
from payments.models import PaymentMethod
from workflow.tasks import wake_sweep

ON_THE_FRONT_PAGE = 4
log = logging.getLogger(__name__)


@require_safe
def landing(request):
    """What this is, in twenty seconds, with four products that can be assured."""
    offered = Product.objects.offered().select_related("supplier__standing", "category")
    products = offered.order_by("-pk")[:ON_THE_FRONT_PAGE]
    return render(request, "public/landing.html", {"products": products})


@login_required
@require_safe
def home(request):
    """What waits for you first, then where your money is, then your newest orders."""
    user = request.user
    waiting = queues.todos(user)
    page = {
        "todos": waiting,
        "trays": desk.trays(user) if user.is_staff else [],
        "figures": purse.strip(user.company),
        "rows": queues.newest_orders(user),
        "company": user.company,
    }
    return render(request, "dashboard/home.html", page)


@require_safe
def how_it_works(request):
    """The five steps, and the life of one order with who acts when."""
    return render(request, "public/how_it_works.html", {"rules": rules.time_rules()})


@require_safe
def coverage(request):
    """What is covered and what is not, the limits, the time rules and the ways to pay."""
    form = CoverForm(request.GET) if "value" in request.GET else CoverForm(initial=_usual())
    page = {
        "form": form,
        "cover": form.cover() if form.is_bound and form.is_valid() else None,
        "covered": facts.COVERED,
        "not_covered": facts.NOT_COVERED,
        "conditions": facts.CONDITIONS,
        "limits": facts.LIMITS,
        "rules": rules.time_rules(),
        "methods": PaymentMethod.objects.all(),
        "fee_percent": settings.ESCROW_FEE_PERCENT,
    }
    return render(request, "public/coverage.html", page)


@require_safe
def styleguide(request):
    """Every component in every state, for those who build pages."""
    return render(request, "public/styleguide.html")


@require_POST
def demo_clock(request):
    """Move the demo's time forward and let the time limits that passed take effect."""
    if not (settings.DEMO and settings.DEMO_CLOCK_FILE):
        raise Http404
    form = ClockForm(request.POST)
    if form.is_valid():
        now = clock.move_demo(_to_the_end_of_day(form.step()))
        text = moment_text(now, timezone.get_current_timezone())
        messages.success(request, _("Business time is now %(now)s.") % {"now": text})
        _wake_the_sweep()
    else:
        messages.error(request, _("Time goes forward by 1 to 120 whole days at once."))
    return redirect(_way_back(request))


def _to_the_end_of_day(step):
    """A step to the end of its last day, where the clocks that count days are over."""
    now = clock.now()
    return days.days_after(now, step.days) - now + timedelta(seconds=1)


def _wake_the_sweep():
    try:
        wake_sweep()
    except OperationalError:
        log.exception("the sweep could not be woken; beat runs it at its next turn")


def _way_back(request):
    back = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if own else resolve_url("home" if request.user.is_authenticated else "landing")


def _usual():
    return {"value": 18600, "deposit": 30, "limit": 20000}
