"""Disputes in the back office: the mediator's work in its order, and the case on one page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.reputation import about_buyer, about_supplier
from core.formats.words import money_text
from core.money import Money
from disputes import appeals, hearing, rulings, screening
from disputes.duty import first_deciders
from disputes.models import Dispute
from disputes.pages import dispute_page, split_of
from disputes.precedents import precedents_of, usual_share
from disputes.ruling_forms import (
    AssignForm,
    CompareForm,
    InspectionForm,
    PlainForm,
    ReviewForm,
    RulingForm,
    ScreenForm,
    usual_outcome,
)
from disputes.rulings import needs_another_reader
from workflow.admin import OperationsAdmin, takes

State = Dispute.State
GIVING = ("decide", "decide_appeal")


def reviews(dispute, user):
    """The contract comes first, and only before the comparison rests on it (S51)."""
    return _has_the_case(dispute, user) and dispute.compared_at is None


def compares(dispute, user):
    """The report comes after the contract."""
    return _has_the_case(dispute, user) and dispute.contract_reviewed_at is not None


def proposes(dispute, user):
    """The split comes after the comparison."""
    return _has_the_case(dispute, user) and dispute.compared_at is not None


def gives_first(dispute, user):
    """The ruling is given once there is one; who may, `needs_another_reader` says."""
    return dispute.state == State.UNDER_REVIEW and _gives(dispute, user)


def gives_last(dispute, user):
    """The same on appeal."""
    return dispute.state == State.APPEALED and _gives(dispute, user)


def inspects(dispute, user):
    """An inspection can be ordered once, while the case is heard or decided."""
    own = dispute.mediator_id == user.pk and "mediator" in user.duties
    heard = dispute.state in {State.EVIDENCE, State.UNDER_REVIEW}
    return own and heard and dispute.ordered_inspection_id is None


def assigns(dispute, user):
    """A case without a mediator: taken over, or appealed while no other was on duty."""
    orphan = dispute.state == State.APPEALED and dispute.mediator_id is None
    return "mediator" in user.duties and (dispute.state == State.ESCALATED or orphan)


def _gives(dispute, user):
    return _decides(dispute, user) and dispute.proposed_by_id is not None


def _decides(dispute, user):
    decided = {State.UNDER_REVIEW, State.APPEALED}
    before = user.pk in first_deciders(dispute)
    return dispute.state in decided and "mediator" in user.duties and not before


def _has_the_case(dispute, user):
    """Only the mediator whose case it is writes on it; a second reader gives the ruling."""
    return _decides(dispute, user) and dispute.mediator_id == user.pk


@admin.register(Dispute)
class DisputeAdmin(OperationsAdmin):
    operations = {
        "assign": (rulings.assign, AssignForm, gettext_lazy("Assign a mediator"), assigns),
        "screen_out": (
            screening.screen_out,
            ScreenForm,
            gettext_lazy("Not covered: send it back"),
            takes("screen_out"),
        ),
        "order_inspection": (
            hearing.order_inspection,
            InspectionForm,
            gettext_lazy("Order an inspection"),
            inspects,
        ),
        "review_contract": (
            rulings.review_contract,
            ReviewForm,
            gettext_lazy("1. Review the contract"),
            reviews,
        ),
        "compare": (
            rulings.compare,
            CompareForm,
            gettext_lazy("2. Compare with the report"),
            compares,
        ),
        "propose_ruling": (
            rulings.propose_ruling,
            RulingForm,
            gettext_lazy("3. Propose the ruling"),
            proposes,
        ),
        "decide": (rulings.decide, PlainForm, gettext_lazy("4. Give the ruling"), gives_first),
        "decide_appeal": (
            appeals.decide_appeal,
            PlainForm,
            gettext_lazy("4. Decide the appeal"),
            gives_last,
        ),
    }
    list_display = ["order", "claimed_text", "reason", "state", "mediator", "filed_at"]
    list_select_related = ["order", "mediator"]
    list_filter = ["state", "reason"]
    search_fields = ["=order__code", "order__buyer__name", "order__supplier__name"]
    fields = [
        "order",
        "state",
        "reason",
        "claimed_text",
        "statement",
        "filed_by",
        "filed_at",
        "mediator",
        "contract_review",
        "comparison",
        "split_text",
        "fault",
        "reasons",
        "proposed_by",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = ["claimed_text", "split_text"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.decision)
        return [
            path("<path:object_id>/decision/", view, name=self._name("decision")),
            *super().get_urls(),
        ]

    def operate(self, request, object_id, verb):
        """The operation, but for a ruling that another person has to give: that says so."""
        found = self.get_object(request, object_id)
        if verb in GIVING and found is not None and needs_another_reader(found, request.user):
            raise PermissionDenied(
                _("A second mediator reads rulings of this size. Ask a colleague to give it.")
            )
        return super().operate(request, object_id, verb)

    def decision(self, request, object_id):
        """The case on one page: contract line, report on its band, finding; then the record."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        case = dispute_page(found, request.user)
        for row in case["lines"]:
            row.claim.usual = _usual(found, row.claim)
        page = {
            **self.admin_site.each_context(request),
            **case,
            "title": _("Dispute of %(order)s") % {"order": found.order},
            "opts": self.opts,
            "buttons": self._buttons(found, request.user),
            "proposed": _proposed(found),
            "buyer_record": about_buyer(found.buyer_id),
            "supplier_record": about_supplier(found.supplier_id),
            "precedents": (precedents := precedents_of(found)),
            "usual_share": usual_share(precedents),
            "waits_for_reader": _gives(found, request.user)
            and needs_another_reader(found, request.user),
            "back": reverse(f"admin:{self._name('change')}", args=[found.pk]),
        }
        return render(request, "disputes/case.html", page)

    def _buttons(self, found, user):
        """No button for what somebody else has to do; the case on one page comes first."""
        shown = super()._buttons(found, user)
        if needs_another_reader(found, user):
            do = {reverse(f"admin:{self._name('do')}", args=[found.pk, verb]) for verb in GIVING}
            shown = [button for button in shown if button["url"] not in do]
        case = reverse(f"admin:{self._name('decision')}", args=[found.pk])
        return [{"title": _("The case on one page"), "url": case}, *shown]

    @admin.display(description=gettext_lazy("claimed"), ordering="claimed_minor")
    def claimed_text(self, dispute):
        return money_text(dispute.claimed)

    @admin.display(description=gettext_lazy("split"))
    def split_text(self, dispute):
        split = _proposed(dispute)
        if split is None:
            return "–"
        return _("%(refund)s to the buyer + %(release)s to the supplier = %(held)s held") % {
            "refund": money_text(split.refund),
            "release": money_text(split.release),
            "held": money_text(dispute.claimed),
        }


def _proposed(dispute):
    """The split that a mediator proposed or gave; None before."""
    if dispute.refund_minor is None:
        return None
    return split_of(dispute, Money(dispute.refund_minor, dispute.currency))


def _usual(dispute, claim):
    return usual_outcome(claim.finding, dispute.fault) if claim.finding and dispute.fault else ""
