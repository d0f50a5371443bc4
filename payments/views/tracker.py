"""Where money is that leaves for this company: decided, approved, sent, in its account."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.formats.words import day_text, moment_text
from orders.addresses import path_to
from payments import nudging
from payments.disbursing import fee_of, report_arrival
from payments.models import Disbursement
from payments.views import movements
from payments.views.owners import of_a_trader
from workflow.errors import Refused
from workflow.models import Event

Kind, Route, State = Disbursement.Kind, Disbursement.Route, Disbursement.State
STEPS = {
    State.REQUESTED: 2,
    State.ON_HOLD: 2,
    State.APPROVED: 3,
    State.FAILED: 3,
    State.SUBMITTED: 4,
    State.CONFIRMED: 5,
}
TITLES = {
    Kind.REFUND: lambda: _("Refund, %s"),
    Kind.PAYOUT: lambda: _("Payout, %s"),
    Kind.RETURN: lambda: _("Money returned, %s"),
    Kind.CREDIT: lambda: _("Credit sent back, %s"),
}


@of_a_trader
@require_safe
def refund(request, company, public_id):
    """The four steps with their instants, where it goes, and what holds it up."""
    row = _find(company, public_id)
    zone = timezone.get_current_timezone()
    overdue = nudging.is_overdue(row)
    page = {
        "row": row,
        "title": TITLES[row.kind](),
        "chip": movements.leaving_chip(row),
        "current": STEPS.get(row.state),
        "details": _details(row, zone),
        "destination": destination_of(row),
        "why": movements.why_held(row),
        "held_since": _held_since(row),
        "came_back": movements.came_back(row),
        "bank_fee": fee_of(row),
        "others": _others(company, row),
        "may_report": row.state in {State.SUBMITTED, State.CONFIRMED}
        and not row.seen_at
        and not movements.came_back(row),
        "overdue": overdue,
        "nudged": overdue and nudging.was_nudged_today(row),
        "overdue_from": nudging.overdue_from(row) if row.expected_on else None,
        "crumbs": [
            {"label": _("Money"), "url": path_to("money")},
            {"label": row.get_kind_display()},
        ],
    }
    return render(request, "payments/refund.html", page)


@of_a_trader
@require_POST
def refund_arrived(request, company, public_id):
    """The payee says that it has the money."""
    return _carry_out(request, company, public_id, report_arrival, _("Noted: you have it."))


@of_a_trader
@require_POST
def refund_nudge(request, company, public_id):
    """The payee asks our staff to look where it is."""
    done = _("Our staff were told. They trace it with its reference.")
    return _carry_out(request, company, public_id, nudging.nudge, done)


def destination_of(row) -> str:
    """Where it goes, as much as a page may show: never a whole account number."""
    if row.kind != Kind.PAYOUT and row.route == Route.PROVIDER:
        return _("the way it was paid")
    to = row.destination
    if not to:
        return _("not chosen yet")
    bank = to.get("bank") or to.get("bic") or to.get("name", "")
    return f"{bank} •• {to['account'][-4:]}".strip()


def _find(company, public_id):
    rows = Disbursement.objects.select_related("order", "payment__method", "bank_account")
    return get_object_or_404(rows, public_id=public_id, payee=company)


def _details(row, zone) -> list[str]:
    """What stands under each of the four steps."""

    def at(instant):
        return moment_text(instant, zone) if instant else ""

    approved = at(row.approved_at)
    if approved and row.needs_two:
        approved = _("%s, by two people of our finance office") % approved
    expected = row.expected_on and row.state == State.SUBMITTED
    arrived = _("expected by %s") % day_text(row.expected_on) if expected else at(row.confirmed_at)
    if row.seen_at:
        arrived = _("%s, and you have said so") % (at(row.confirmed_at) or at(row.seen_at))
    return [at(row.requested_at), approved, at(row.submitted_at), arrived]


def _held_since(row):
    """When it was put on hold."""
    if row.state != State.ON_HOLD:
        return None
    held = Event.objects.filter(trade_ref=row.trade.ref, verb="hold", subject_id=row.pk)
    return held.order_by("-pk").values_list("happened_at", flat=True).first()


def _others(company, row):
    """The other parts of the same order's money to this payee: legs, and what replaced what."""
    if not row.order_id:
        return []
    rows = Disbursement.objects.filter(order=row.order_id, kind=row.kind, payee=company)
    others = list(rows.exclude(pk=row.pk).order_by("pk"))
    for other in others:
        other.chip = movements.leaving_chip(other)
    return others


def _carry_out(request, company, public_id, operation, done):
    row = _find(company, public_id)
    try:
        operation(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("refund", row.public_id)
