"""The steps of a visit that are asked for on a page of their own, and those of one button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspections import booking
from inspections.forms import CallOffForm, MissForm, VisitDayForm
from inspections.models import Inspection
from inspections.views import carry_out, find
from inspections.visits import READ_OR_SEND, UNPROCESSABLE, sent, visit_of
from orders.models import Order
from workflow.engine import verbs
from workflow.errors import Refused


@login_required
@READ_OR_SEND
def set_day(request, public_id):
    """The agency names the day of the agreed visit."""
    found = _booked(request, public_id)
    page = {
        "title": _("Day of the visit"),
        "text": _("Both sides see it. The report is due three days after the visit."),
        "label": _("Save the day"),
        "done": _("The day of the visit is saved. Both sides see it."),
    }
    form = VisitDayForm(sent(request), initial={"visit_on": found.visit_on})
    return _step(request, found, form, booking.set_day, page)


@login_required
@READ_OR_SEND
def book(request, code):
    """The buyer orders an inspection for a day before the goods leave."""
    order = get_object_or_404(Order.objects.visible_to(request.user), code=code)
    if order.buyer_id != request.user.company_id:
        raise Http404
    if not booking.may_be_booked(order):
        return redirect("order", code)
    first, last = booking.bookable_days(order)
    form = VisitDayForm(sent(request), initial={"visit_on": first})
    if request.method == "POST" and form.is_valid():
        try:
            found = booking.book(order, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The inspection is ordered. Both sides are told."))
            return redirect("inspection_report", code, found.n)
    page = {"order": order, "form": form, "first": first, "last": last}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "inspections/book.html", page, status=status)


@login_required
@READ_OR_SEND
def miss(request, public_id):
    """The inspector came and could not inspect."""
    found = _booked(request, public_id)
    page = {
        "title": _("I could not inspect"),
        "text": _("The side that caused it bears the next visit. The ship-by date does not move."),
        "label": _("Record the missed visit"),
        "done": _("Recorded. Both sides are told; a new visit can be asked for."),
        "variant": "danger",
    }
    return _step(request, found, MissForm(sent(request)), booking.miss, page)


@login_required
@READ_OR_SEND
def call_off(request, code, n):
    """The buyer or a mediator calls the inspection off."""
    found = find(request.user, code, n)
    if "cancel" not in verbs(found, request.user):
        raise Http404
    page = {
        "title": _("Call the inspection off"),
        "text": _(
            "The goods may still not be shipped without a pass: the supplier can ask for another "
            "inspection. A buyer may call off one visit of an order, more than one working day "
            "before it."
        ),
        "label": _("Call it off"),
        "done": _("The inspection is called off. Both sides are told."),
        "variant": "danger",
        "back": reverse("inspection_report", args=[code, n]),
    }
    return _step(request, found, CallOffForm(sent(request)), booking.call_off, page)


@login_required
@require_POST
def reschedule(request, code, n):
    """Whoever bears the next visit asks for it."""
    said = _("A new visit is proposed. Either side may object within 24 hours.")
    return carry_out(request, find(request.user, code, n), booking.reschedule, said)


@login_required
@require_POST
def rework(request, code, n):
    """The supplier takes the goods back, and they are inspected again."""
    said = _("Noted. The goods are corrected and inspected again.")
    return carry_out(request, find(request.user, code, n), booking.rework, said)


def _booked(request, public_id):
    found = visit_of(request, public_id)
    if found.state != Inspection.State.SCHEDULED:
        raise Http404
    return found


def _step(request, inspection, form, operation, page):
    """Show the form, or carry the operation out; a refusal keeps what was typed."""
    page = {"back": reverse("inspect_visit", args=[inspection.public_id])} | page
    if request.method == "POST" and form.is_valid():
        try:
            operation(inspection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, page["done"])
            return redirect(page["back"])
    of_agency = inspection.agency_id and request.user.company_id == inspection.agency_id
    shown = page | {"inspection": inspection, "form": form, "of_agency": of_agency}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "inspections/step.html", shown, status=status)
