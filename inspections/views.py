"""The inspection as both sides see it: the proposal, the report, the buyer's decision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspections import operations, sampling
from inspections.comparison import of_report
from inspections.forms import AcceptDespiteForm, ObjectForm
from inspections.models import Inspection
from inspections.visits import UNPROCESSABLE, limits_of
from workflow import deadlines
from workflow.engine import verbs
from workflow.errors import Refused
from workflow.models import Event

State = Inspection.State
UNDECIDED = {State.FAILED, State.PENDING_BUYER}


@login_required
@require_safe
def report(request, code, n):
    """The proposal, then the report: result, comparison, defects, and what the buyer decides."""
    return _page(request, find(request.user, code, n))


@login_required
@require_safe
def document(request, code, n):
    """The sealed report as a PDF, inert in the browser."""
    found = find(request.user, code, n)
    if not found.sealed_at:
        raise Http404
    name = f"{code}-inspection-{n}.pdf"
    response = FileResponse(
        found.pdf.open(), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


@login_required
@require_POST
def object_to(request, code, n):
    """A side objects to the proposed agency, with a reason (T12)."""
    found = find(request.user, code, n)
    form = ObjectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, objection=form)
    said = _("Noted. Another inspection company will be proposed.")
    return carry_out(request, found, operations.object_to, said, **form.cleaned_data)


@login_required
@require_POST
def accept(request, code, n):
    """The buyer takes the goods as they are, each failed line ticked."""
    found = find(request.user, code, n)
    form = AcceptDespiteForm(request.POST, findings=of_report(found))
    if not form.is_valid():
        return _page(request, found, acceptance=form)
    said = _("You accepted the result as it is. The goods may be shipped.")
    waived = form.cleaned_data.get("waived", [])
    return carry_out(request, found, operations.accept_despite, said, waived=waived)


@login_required
@require_POST
def again(request, code, n):
    """After an inspection that ended without a pass the supplier asks for another one."""
    found = find(request.user, code, n)
    try:
        following = operations.request_again(found.order, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspection_report", code, n)
    messages.success(request, _("Another inspection was asked for."))
    return redirect("inspection_report", code, following.n)


def carry_out(request, inspection, operation, done, **details):
    try:
        operation(inspection, by=request.user, **details)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("inspection_report", inspection.order.code, inspection.n)


def find(user, code, n):
    """The inspection, if this person is of a side, of its agency or of the staff."""
    found = get_object_or_404(
        Inspection.objects.select_related("order__buyer", "order__supplier", "agency", "contract"),
        order__code=code,
        n=n,
    )
    concerned = {found.order.buyer_id, found.order.supplier_id, found.agency_id} - {None}
    if not user.is_staff and user.company_id not in concerned:
        raise Http404
    return found


def _page(request, inspection, *, objection=None, acceptance=None):
    user, order = request.user, inspection.order
    is_reported = inspection.reported_at is not None
    findings = of_report(inspection) if is_reported else []
    counts = {name: getattr(inspection, f"{name}_found") for name in ("critical", "major", "minor")}
    decides = inspection.state in UNDECIDED and user.company_id == order.buyer_id
    can = verbs(inspection, user)
    clock = {State.APPOINTED: "inspection.object"}.get(inspection.state, "inspection.decide")
    page = {
        "inspection": inspection,
        "order": order,
        "is_reported": is_reported,
        "findings": findings,
        "differing": [row for row in findings if row.differs],
        "unclear": [row for row in findings if row.result == "not_measurable"],
        "matching": [row for row in findings if row.result == "match"],
        "limits": limits_of(inspection, counts if is_reported else None),
        "is_party": user.company_id in {order.buyer_id, order.supplier_id},
        "is_agency": user.company_id is not None and user.company_id == inspection.agency_id,
        "decides": decides,
        "may_repeat": _may_repeat(inspection, user),
        "may_rework": "rework" in can and inspection.n <= operations.MOST_REPEATS,
        "may_call_off": "cancel" in can,
        "may_revisit": "reschedule" in can,
        "is_undecided": inspection.state in UNDECIDED,
        "until": deadlines.due_at(clock, inspection),
        "objection": objection or ObjectForm(),
        "acceptance": acceptance or (AcceptDespiteForm(findings=findings) if decides else None),
        "form": objection or acceptance,
        "sampling": _sampling(inspection),
        "photos": _photos(inspection, user),
    }
    broken = objection is not None or acceptance is not None
    status = UNPROCESSABLE if broken else 200
    return render(request, "inspections/report.html", page, status=status)


def _photos(inspection, user):
    """The photos this person may read: both sides' once the visit is reported or missed."""
    found = inspection.photos.select_related("attachment", "line")
    return [photo for photo in found if photo.attachment.readable_by(user)]


def _may_repeat(inspection, user):
    """The supplier may ask again while the goods are ready and this was the last inspection."""
    order = inspection.order
    ended = inspection.state in operations.ENDED_WITHOUT_PASS
    waits = order.state == order.State.READY_TO_SHIP and not order.shipment_cleared
    is_last = ended and waits and not order.inspections.filter(n__gt=inspection.n).exists()
    return is_last and user.company_id == order.supplier_id


def _sampling(inspection):
    """The plan with what was committed to before the visit, and after it the seed itself."""
    if not inspection.plan:
        return None
    plan = inspection.plan
    appointed = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Inspection),
        subject_id=inspection.pk,
        verb__in=["appoint", "reschedule"],
    )
    committed = appointed.order_by("-pk").values_list("facts__seed_commitment", flat=True).first()
    shown = {"plan": plan, "commitment": committed or ""}
    if inspection.reported_at is None:
        return shown
    return shown | {
        "seed": inspection.seed,
        "agrees": sampling.seed_commitment(inspection.seed) == committed,
        "picked": sampling.pick_list(inspection.seed, plan["lot"], plan["sample"]),
    }
