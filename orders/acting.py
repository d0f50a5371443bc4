"""How a page carries an operation out, and what it says when the rules say no."""

from contextlib import contextmanager

from django.contrib import messages
from django.shortcuts import redirect

from workflow.errors import Refused


@contextmanager
def refused_as_error(form):
    """A refusal becomes an error of the form: what was typed stays on the page."""
    try:
        yield
    except Refused as refusal:
        form.add_error(None, str(refusal))


def sent(request):
    """What a form was sent with, and its files; nothing at all before it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def carry_out(request, order, operation, done="", **details):
    """Do it and go back to the order; a refusal is said there, beside the state as it is now."""
    try:
        operation(order, by=request.user, **details)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("order", order.code)
