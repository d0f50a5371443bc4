"""The inspector's own pages: today's visits, the visit, the defects, review and sign."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections import operations, sampling
from inspections.comparison import of_draft, of_report
from inspections.drafts import Draft, Drafts
from inspections.forms import CLASSES, DefectsForm, SignForm
from inspections.models import Inspection
from workflow.errors import Refused

State = Inspection.State
UNPROCESSABLE = 422
FILED_SHOWN = 20
READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def today(request):
    """The visits of my company: those to make, those proposed, the latest reports."""
    mine = _mine(request.user).select_related("order__supplier")
    coming = mine.filter(state__in=[State.SCHEDULED, State.APPOINTED])
    visits = list(coming.order_by("order__ship_deadline", "pk"))
    page = {
        "booked": [visit for visit in visits if visit.state == State.SCHEDULED],
        "proposed": [visit for visit in visits if visit.state == State.APPOINTED],
        "filed": mine.exclude(reported_at=None).order_by("-reported_at")[:FILED_SHOWN],
    }
    return render(request, "inspections/today.html", page)


@login_required
@require_safe
def visit(request, public_id):
    """The overview: where, how many pieces, which ones, and the lines with what is found."""
    found = visit_of(request, public_id)
    findings = _findings(found, request)
    plan = found.plan
    page = {
        "inspection": found,
        "is_open": found.state == State.SCHEDULED,
        "contact": found.order.supplier.people.filter(is_active=True).order_by("pk").first(),
        "goods": found.order.lines.all(),
        "findings": findings,
        "missing": [row.line.number for row in findings if not row.result],
        "picked": sampling.pick_list(found.seed, plan["lot"], plan["sample"])
        if found.state != State.APPOINTED
        else [],
        "limits": limits_of(found),
        "photos": found.photos.count(),
    }
    return render(request, "inspections/visit.html", page)


@login_required
@READ_OR_SEND
def defects(request, public_id):
    """How many of the checked pieces are defective, by class, beside what is allowed."""
    found = visit_of(request, public_id)
    if found.state != State.SCHEDULED:
        return redirect("inspect_visit", public_id)
    drafts = Drafts(request.session, found)
    sample = found.plan["sample"]
    form = DefectsForm(sent(request), sample=sample, initial=drafts.defects)
    if request.method == "POST" and form.is_valid():
        drafts.keep_defects(form.cleaned_data)
        return redirect("inspect_review", public_id)
    accept = found.plan["accept"]
    page = {
        "inspection": found,
        "form": form,
        "counters": [{"field": form[name], "accept": accept[name]} for name in CLASSES],
    }
    return render(request, "inspections/defects.html", page, status=status_of(form))


@login_required
@READ_OR_SEND
def review(request, public_id):
    """Everything on one table, then the name under it: the report is filed for good."""
    found = visit_of(request, public_id)
    if found.state != State.SCHEDULED:
        return redirect("inspect_visit", public_id)
    drafts = Drafts(request.session, found)
    findings = _findings(found, request)
    seen = _seen(drafts, found)
    form = SignForm(sent(request), initial={"seen": seen})
    if request.method == "POST" and form.is_valid() and _is_complete(form, drafts, findings, seen):
        try:
            operations.report(found, by=request.user, **_report(form, drafts, findings))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            drafts.forget()
            messages.success(request, _("Signed and filed. Both sides can read the report now."))
            return redirect("inspection_report", found.order.code, found.n)
    page = {
        "inspection": found,
        "findings": findings,
        "missing": [row.line.number for row in findings if not row.result],
        "limits": limits_of(found, drafts.defects),
        "counted": drafts.defects is not None,
        "seen": seen,
        "photos": found.photos.select_related("attachment", "line"),
        "form": form,
    }
    return render(request, "inspections/review.html", page, status=status_of(form))


def limits_of(inspection, counts=None):
    """The classes of defects: how many still pass, and how many were found."""
    accept, found = inspection.plan.get("accept", {}), counts or {}
    return [
        {
            "label": label,
            "accept": accept.get(name),
            "found": found.get(name),
            "exceeds": name in found and found[name] > accept.get(name, 0),
        }
        for name, label in CLASSES.items()
    ]


def _mine(user):
    """The inspections of the person's company; none for somebody without a company."""
    if user.company_id is None:
        return Inspection.objects.none()
    return Inspection.objects.filter(agency_id=user.company_id)


def visit_of(request, public_id):
    mine = _mine(request.user).select_related("order__supplier", "contract", "agency")
    return get_object_or_404(mine, public_id=public_id)


def _findings(inspection, request):
    """The lines with what the report says or, before it, with this person's drafts."""
    if inspection.reported_at:
        return of_report(inspection)
    drafts = Drafts(request.session, inspection)
    lines = inspection.contract.lines.select_related("attachment")
    return [of_draft(row, drafts.of(row.number)) for row in lines]


def _seen(drafts, inspection):
    """Changes whenever a finding or a photo does: whoever signs, signs what the page showed."""
    hashes = inspection.photos.values_list("attachment__sha256", flat=True)
    return hashlib.sha256("".join([drafts.fingerprint, *hashes]).encode()).hexdigest()


def _is_complete(form, drafts, findings, seen):
    """Whether it can be signed; each thing that is missing becomes an error of the form."""
    missing = [row.line.number for row in findings if not row.result]
    for number in missing:
        form.add_error(None, _("Line %(n)d has no finding yet.") % {"n": number})
    if drafts.defects is None:
        form.add_error(None, _("The defects are not counted yet."))
    if form.cleaned_data["seen"] != seen:
        text = _("The findings changed since you opened this page. Read the table again.")
        form.add_error(None, text)
    return form.is_valid()


def _report(form, drafts, findings):
    """The arguments of the operation that files the report."""
    measured = {}
    for row in findings:
        draft = drafts.of(row.line.number) or Draft()
        measured[row.line.pk] = (
            list(draft.values),
            draft.answer,
            draft.note,
            draft.standard,
        )
    given = {name: form.cleaned_data[name] for name in ("remarks", "signed_name")}
    return {"measured": measured, **drafts.defects, **given}


def status_of(form):
    return UNPROCESSABLE if form.is_bound and form.errors else 200


def sent(request):
    """What was posted, also when that is nothing at all."""
    return request.POST if request.method == "POST" else None
