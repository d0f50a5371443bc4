"""Opening a dispute: the claim, a last look at it, and then it is sent."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import clock
from core.money import Money
from disputes import claims, operations, policies
from disputes.acting import refused_as_error, status_of
from disputes.forms import NewDisputeForm
from disputes.models import Dispute
from disputes.settlement import settlement_of
from inspections.comparison import of_draft, of_report
from orders.models import Order

STEPS = ("resolve", "assign", "evidence", "decide", "appeal")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_new(request, code):
    """The buyer names what differs and how much; the check before sending shows it once more."""
    order = _find(code, request.user)
    mine = request.user.company_id
    if mine is None or mine not in {order.buyer_id, order.supplier_id}:
        messages.error(request, _("Only the buyer and the supplier of this order can dispute it."))
        return redirect("order", code)
    if found := order.disputes.open().first():
        return redirect(found)
    held = claims.claimable(order)
    if not claims.may_be_disputed_by(order, mine) or not held:
        messages.error(request, _("A dispute needs an order that is paid and not ended."))
        return redirect("order", code)
    case = _Case(order, held)
    sent = request.POST if request.method == "POST" else None
    draft = case.draft(mine)
    form = NewDisputeForm(
        sent,
        held=held,
        lines=case.choices,
        reasons=claims.reasons_of(order, mine),
        initial=draft.typed if draft else case.initial(mine),
    )
    step = request.POST.get("step", "")
    if step in {"keep", "discard"}:
        return _put_aside(request, order, draft, step)
    if request.method == "POST" and step != "edit" and form.is_valid():
        if step == "send":
            with refused_as_error(form):
                filed = _file(order, request.user, form.cleaned_data, case)
                messages.success(request, _("The dispute is open. The other side has been told."))
                return redirect(filed)
        else:
            return render(request, "disputes/check.html", case.check_page(form))
    page = case.page() | {"form": form, "draft": draft}
    return render(request, "disputes/new.html", page, status=status_of(form))


class _Case:
    """An order about to be disputed: its open lines, its report, its money."""

    def __init__(self, order, held):
        self.order, self.held = order, held
        self.contract = order.contracts.filter(state__in=claims.IN_FORCE).first()
        self.report = order.inspections.exclude(reported_at=None).order_by("n").last()
        found = {row.line.pk: row for row in (of_report(self.report) if self.report else [])}
        lines = self.contract.lines.select_related("attachment") if self.contract else []
        self.findings = [found.get(line.pk) or of_draft(line, None) for line in lines]

    @property
    def choices(self):
        """The lines that can be claimed: not those that the buyer accepted despite the report."""
        return [(row.line.pk, _line_text(row)) for row in self.findings if not row.waived]

    def draft(self, company_id):
        """This side's claim that is not sent yet, or None."""
        by_supplier = company_id == self.order.supplier_id
        found = self.order.disputes.filter(state=Dispute.State.DRAFT, by_supplier=by_supplier)
        return found.first()

    def initial(self, company_id):
        """What the report says differs is ticked; everything that is held is claimed."""
        if company_id == self.order.supplier_id:
            return {}
        differing = [row.line.pk for row in self.findings if row.differs and not row.waived]
        reason = Dispute.Reason.QUALITY if differing else ""
        return {"lines": differing, "reason": reason}

    def page(self):
        """What the form and the check both show around the claim."""
        return {
            "order": self.order,
            "held": self.held,
            "waived": [row for row in self.findings if row.waived],
            "settlement": settlement_of(self.order, self.contract, self.held, self.report),
            "days": days_of(clock.now()),
            "excluded": [_(row.sentence) for row in exclusions()],
        }

    def check_page(self, form):
        """The claim as it will be sent, and what its words call to mind."""
        data = form.cleaned_data
        hints = policies.screening_hints(data["reason"], data["statement"])
        return self.page() | {
            "form": form,
            "claim": data,
            "reason": Dispute.Reason(data["reason"]).label,
            "claimed": [row for row in self.findings if row.line.pk in data["lines"]],
            "left": self.held - data["amount"],
            "until": policies.resolution_deadline(clock.now()),
            "hints": [_(row.sentence) for row in hints],
        }


def exclusions():
    """What nobody can claim; lines accepted despite a report are named one by one instead."""
    return [row for code, row in policies.OUT_OF_SCOPE.items() if code != "waived_clause"]


def days_of(filed_at):
    """What happens when, from the filing on: each step with its length and what ends it."""
    clocks = [settings.DEADLINES[f"dispute.{name}"] for name in STEPS]
    rows = [{"what": row.title, "length": _length(row), "then": row.silence} for row in clocks]
    rows[0]["until"] = policies.resolution_deadline(filed_at)
    return rows


def _length(row):
    if row.business_days is not None:
        text = ngettext("%(n)d working day", "%(n)d working days", row.business_days)
        return text % {"n": row.business_days}
    return ngettext("%(n)d day", "%(n)d days", row.days) % {"n": row.days}


def _line_text(row):
    named = f"{row.line.number}. {row.line.characteristic}"
    told = row.words if row.result else ""
    return " · ".join(filter(None, (named, row.agreed, told)))


def _file(order, by, given, case):
    lines = [row.line for row in case.findings if row.line.pk in given["lines"]]
    return operations.file(
        order,
        by=by,
        reason=given["reason"],
        statement=given["statement"],
        amount=Money(given["amount"].minor, order.currency),
        lines=lines,
        beyond=given["beyond"],
    )


def _put_aside(request, order, draft, step):
    """Keep what was typed for later, or throw it away."""
    if step == "keep":
        operations.save_draft(order, by=request.user, typed=_typed(request.POST))
        messages.success(request, _("Kept as a draft. Nobody else sees it."))
        return redirect("dispute_new", order.code)
    if draft:
        operations.discard_draft(draft, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("order", order.code)


def _typed(sent):
    """What was typed, as the form reads it again."""
    plain = {name: sent.get(name, "") for name in ("reason", "amount", "statement", "beyond")}
    return plain | {"lines": [int(pk) for pk in sent.getlist("lines") if pk.isdecimal()]}


def _find(code, user):
    seen = Order.objects.visible_to(user).filter(code=code).values("pk")
    orders = Order.objects.select_related("buyer", "supplier")
    return get_object_or_404(orders.filter(pk__in=seen))
