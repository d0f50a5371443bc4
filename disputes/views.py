"""Disputes: the list, the page, and what its two sides do there."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.money import Money
from disputes import appeals, hearing, operations
from disputes.acting import (
    accept_seen_offer,
    carry_out,
    find,
    is_confirmed,
    refused_as_error,
    seen_minor,
    status_of,
)
from disputes.forms import AppealForm, EvidenceForm, OfferForm, PasswordForm, RefuseForm
from disputes.models import CLOSED, NEGOTIABLE, Dispute
from disputes.offers import GOES_ON, remedies_of
from disputes.pages import dispute_page, split_of, tone_of
from payments.escrow import escrow_of
from workflow.models import Deadline

PER_PAGE = 25
READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def disputes(request):
    """The disputes of my company, open and closed; staff see all."""
    mine = Dispute.objects.visible_to(request.user)
    closed = request.GET.get("tab") == "closed"
    chosen = mine.filter(state__in=CLOSED) if closed else mine.open()
    until = Deadline.objects.open().filter(
        subject_type=ContentType.objects.get_for_model(Dispute), subject_id=OuterRef("pk")
    )
    rows = chosen.select_related("order__buyer", "order__supplier").annotate(
        due_at=Subquery(until.order_by("due_at").values("due_at")[:1]),
        clock=Subquery(until.order_by("due_at").values("kind")[:1]),
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.tone = tone_of(row)
        row.other = _other(row, request.user)
        row.then = settings.DEADLINES[row.clock].silence if row.clock else ""
    tabs = [
        {
            "url": "?tab=open",
            "label": _("Open"),
            "current": not closed,
            "count": mine.open().count(),
        },
        {"url": "?tab=closed", "label": _("Closed"), "current": closed, "count": None},
    ]
    return render(request, "disputes/list.html", {"page": page, "tabs": tabs, "closed": closed})


@login_required
@require_safe
def dispute(request, public_id):
    """The dispute's page: how long it still takes, what is claimed, what each side can do."""
    return _page(request, find(request.user, public_id))


@login_required
@require_POST
def offer(request, public_id):
    """A side offers a split of the disputed money, or answers an offer with its own."""
    found = find(request.user, public_id)
    form = OfferForm(request.POST, held=found.claimed, remedies=remedies_of(found))
    if form.is_valid():
        with refused_as_error(form):
            operations.propose(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your offer is on the table. The other side was told."))
            return redirect(found)
    return _page(request, find(request.user, public_id), offer=form)


@login_required
@READ_OR_SEND
def accept(request, public_id):
    """Accepting an offer is confirmed on a page that names both amounts; it cannot be undone."""
    found = find(request.user, public_id)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_confirmed(form, request.user):
        told = _("Settled. The money is on its way by the offer.")
        return carry_out(request, found, accept_seen_offer, told, seen=seen_minor(request))
    if (
        found.offer is None
        or found.offer_by_id == request.user.company_id
        or _is_outside(request, found)
    ):
        return redirect(found)
    split = split_of(found, found.offer)
    goes_on = found.offer_remedy in GOES_ON
    return _confirm(request, "disputes/accept.html", found, form=form, split=split, goes_on=goes_on)


@login_required
@require_POST
def decline(request, public_id):
    """The other side does not take the offer; the fifteen days run on."""
    done = _("Declined. The time until the platform takes over runs on.")
    return carry_out(request, find(request.user, public_id), operations.decline_offer, done)


@login_required
@READ_OR_SEND
def concede(request, public_id):
    """The supplier grants the claim in full, having seen the amount."""
    found = find(request.user, public_id)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_confirmed(form, request.user):
        told = _("You granted the claim. The money is on its way.")
        return carry_out(request, found, operations.concede, told)
    if found.respondent_id != request.user.company_id or found.state not in NEGOTIABLE:
        return redirect(found)
    split = split_of(found, _granted(found))
    return _confirm(request, "disputes/concede.html", found, form=form, split=split)


@login_required
@READ_OR_SEND
def refuse(request, public_id):
    """The supplier refuses formally: the platform takes over at once."""
    found = find(request.user, public_id)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _("You refused the claim. The platform takes over.")
        reason = form.cleaned_data["reason"]
        return carry_out(request, found, operations.refuse, done, reason=reason)
    if found.respondent_id != request.user.company_id or found.state not in NEGOTIABLE:
        return redirect(found)
    return _confirm(request, "disputes/refuse.html", found, form=form)


@login_required
@READ_OR_SEND
def withdraw(request, public_id):
    """The buyer gives the claim up, having seen what that means."""
    found = find(request.user, public_id)
    if request.method == "POST":
        done = _("You gave the claim up. The order goes on.")
        return carry_out(request, found, operations.withdraw, done)
    if found.claimant_id != request.user.company_id or found.state in CLOSED:
        return redirect(found)
    return _confirm(request, "disputes/withdraw.html", found)


@login_required
@require_POST
def evidence(request, public_id):
    """A side adds to the case, with a file or without."""
    found = find(request.user, public_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with refused_as_error(form):
            hearing.add_evidence(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Added to the case."))
            return redirect(found)
    return _page(request, find(request.user, public_id), evidence=form)


@login_required
@require_POST
def escalate(request, public_id):
    """A side asks the platform in; before the fifteen days are over it is refused (S49)."""
    found = find(request.user, public_id)
    if found.state not in NEGOTIABLE:
        messages.info(request, _("The platform has taken over already."))
        return redirect(found)
    done = _("The platform takes over.")
    return carry_out(request, found, operations.ask_platform, done)


@login_required
@require_POST
def hand_over(request, public_id):
    """A side agrees that the platform decides now; when both do, it takes over."""
    found = find(request.user, public_id)
    told = _("You agreed. The platform takes over as soon as both sides have.")
    return carry_out(request, found, operations.agree_to_hand_over, told)


@login_required
@require_POST
def take(request, public_id):
    """A side takes what the signed remedies come to, as it read it."""
    found = find(request.user, public_id)
    told = _("Settled by the signed remedies. The refund is on its way.")
    seen = Money(seen_minor(request), found.currency)
    return carry_out(request, found, operations.take_computed, told, refund=seen)


@login_required
@require_POST
def done(request, public_id):
    """A side has nothing to add; when both have not, nobody waits."""
    found = find(request.user, public_id)
    told = _("Noted: you have nothing to add.")
    return carry_out(request, found, hearing.say_done, told)


@login_required
@READ_OR_SEND
def appeal(request, public_id):
    """A side appeals against the ruling, once, on a ground that it names."""
    found = find(request.user, public_id)
    sent = request.method == "POST"
    form = AppealForm(request.POST, request.FILES) if sent else AppealForm()
    if sent and form.is_valid():
        with refused_as_error(form):
            appeals.appeal(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("You appealed. Another mediator looks at the case."))
            return redirect(found)
    elif not sent and (found.state != Dispute.State.DECIDED or _is_outside(request, found)):
        return redirect(found)
    return _confirm(request, "disputes/appeal.html", found, form=form)


@login_required
@require_safe
def ruling_document(request, public_id, n):
    """Send the sealed document of a ruling to its sides and the staff; inert in the browser."""
    found = find(request.user, public_id)
    ruling = get_object_or_404(found.rulings.exclude(sealed_at=None), n=n)
    name = f"{found.order.code}-ruling-{n}.pdf"
    response = FileResponse(
        ruling.pdf.open(), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _granted(found):
    """What goes back to the buyer when the claim is granted in full."""
    return Money(0, found.currency) if found.by_supplier else found.claimed


def _page(request, found, *, offer=None, evidence=None):
    refund = request.GET.get("refund", "")
    wrong = offer or evidence
    forms = {
        "offer_form": offer
        or OfferForm(held=found.claimed, remedies=remedies_of(found), initial={"refund": refund}),
        "evidence_form": evidence or EvidenceForm(),
        "form": wrong,
    }
    page = dispute_page(found, request.user) | forms
    return render(request, "disputes/dispute.html", page, status=status_of(wrong))


def _confirm(request, template, found, *, form=None, **details):
    page = {
        "dispute": found,
        "order": found.order,
        "form": form,
        "undisputed": escrow_of(found.order),
        **details,
    }
    return render(request, template, page, status=status_of(form))


def _is_outside(request, found):
    """Staff read a dispute; they do not answer for a side."""
    return request.user.company_id not in {found.buyer_id, found.supplier_id}


def _other(row, user):
    order = row.order
    if user.company_id == order.supplier_id:
        return order.buyer.name
    return (
        order.supplier.name
        if user.company_id == order.buyer_id
        else f"{order.buyer} / {order.supplier}"
    )
