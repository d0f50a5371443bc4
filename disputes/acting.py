"""How the pages of a dispute carry operations out, and what they say when the rules say no."""

from contextlib import contextmanager

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from accounts.reauthentication import confirm_password
from core.money import Money
from disputes import operations
from disputes.models import Dispute
from workflow.errors import Refused

UNPROCESSABLE = 422


def accept_seen_offer(dispute, *, by, seen):
    """Take the offer that the person read: its refund in minor units, as the page showed it."""
    operations.accept_offer(dispute, by=by, refund=Money(seen, dispute.currency))


def find(user, public_id):
    """The dispute, if this person is of one of its sides or of the staff; Http404 otherwise."""
    seen = Dispute.objects.visible_to(user).select_related(
        "order__buyer", "order__supplier", "inspection", "mediator", "offer_by", "filed_by"
    )
    return get_object_or_404(seen, public_id=public_id)


def carry_out(request, dispute, action, done, **details):
    """Do it and go back to the dispute; a refusal is said there, beside the state as it is."""
    try:
        action(dispute, by=request.user, **details)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(dispute)


def seen_minor(request):
    """The amount that the page showed, in minor units; -1, which nothing equals, if it is none."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


@contextmanager
def refused_as_error(form):
    """A refusal becomes an error of the form: what was typed stays on the page."""
    try:
        yield
    except Refused as refusal:
        form.add_error(None, str(refusal))


def is_confirmed(form, user):
    """Whether the person proved again who it is; a wrong password is said beside the field."""
    if not form.is_valid():
        return False
    try:
        confirm_password(user, form.cleaned_data["password"])
    except Refused as refusal:
        form.add_error("password", str(refusal))
    return form.is_valid()


def status_of(form):
    """422 for a form that was sent and cannot be taken, 200 otherwise."""
    return UNPROCESSABLE if form is not None and form.is_bound and form.errors else 200
