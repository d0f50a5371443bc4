"""Whose money a page shows: a company that buys or sells, and nobody else's."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect


def own_company(user):
    """The company this person trades for. Raises Http404 for inspectors and for nobody's people."""
    company = user.company
    if company is None or not (company.buys or company.sells):
        raise Http404
    return company


def of_a_trader(view):
    """A page of a trading company; staff are led to the back office, where their figures are."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if request.user.is_staff and request.user.company_id is None:
            return redirect("admin:index")
        return view(request, own_company(request.user), *args, **kwargs)

    return login_required(page)
