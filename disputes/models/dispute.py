"""Disputes: a claim on named contract lines, and the way to its end."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.roles import (
    the_claimant,
    the_mediator,
    the_parties,
    the_platform,
    the_respondent,
)
from disputes.models.record import DisputeRecord
from disputes.models.states import (
    HOLDS,
    NEGOTIABLE,
    WITH_THE_PLATFORM,
    DisputeState,
)
from workflow.fields import StateField


class DisputeQuerySet(models.QuerySet):
    def open(self):
        """Those that hold money, or a claim on it: a draft does not."""
        return self.filter(state__in=HOLDS)

    def visible_to(self, user):
        """The disputes of one's own orders, but nobody's draft except one's own; staff see all."""
        if user.is_staff:
            return self.exclude(state=DisputeState.DRAFT)
        if user.company_id is None:
            return self.none()
        buys, sells = Q(order__buyer_id=user.company_id), Q(order__supplier_id=user.company_id)
        sent = ~Q(state=DisputeState.DRAFT)
        return self.filter(
            buys & (sent | Q(by_supplier=False)) | sells & (sent | Q(by_supplier=True))
        )


class Dispute(DisputeRecord):
    """A claim on held money. What is claimed moves from escrow to hold, nothing else stops.

    The buyer claims it back; the supplier may claim that it is released (`by_supplier`).
    """

    State = DisputeState

    state = StateField(choices=DisputeState, default=DisputeState.DRAFT)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_minor__gt=0)
                | Q(claimed_minor=0, state__in=["draft", "withdrawn"]),
                name="claim_positive",
            ),
            models.CheckConstraint(
                condition=Q(refund_minor=None)
                | Q(refund_minor__gte=0)
                & Q(release_minor__gte=0)
                & Q(claimed_minor=F("refund_minor") + F("release_minor")),
                name="ruling_splits_the_hold",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state__in=["draft", "enforced", "settled", "withdrawn", "rejected"]),
                name="one_open_dispute_an_order",
            ),
            models.UniqueConstraint(
                fields=["order", "by_supplier"],
                condition=Q(state="draft"),
                name="one_draft_a_side",
            ),
        ]

    def __str__(self):
        return f"{self.order} dispute {self.pk}"

    def get_absolute_url(self):
        if self.state == DisputeState.DRAFT:
            return reverse("dispute_new", args=[self.order.code])
        return reverse("dispute", args=[self.public_id])

    def has_ruling(self):
        """Contract first, then report, then a split of the whole hold (S51)."""
        return bool(
            self.contract_reviewed_at
            and self.compared_at
            and self.contract_reviewed_at <= self.compared_at
            and self.refund_minor is not None
        )

    def is_first_appeal(self):
        """A ruling is appealed once."""
        return self.appealed_at is None

    # --- claiming

    @transition(state, DisputeState.DRAFT, DisputeState.OPEN, permission=the_claimant)
    def file(self, filed_by, filed_at):
        """The claim is sent: the other side has fifteen days from here (S49)."""
        self.filed_by, self.filed_at = filed_by, filed_at

    @transition(
        state, DisputeState.DRAFT, DisputeState.WITHDRAWN, permission=the_claimant | the_platform
    )
    def discard_draft(self):
        """A claim that was never sent is thrown away."""

    @transition(state, DisputeState.OPEN, DisputeState.REJECTED, permission=the_mediator)
    def screen_out(self, excluded_by):
        """The claim is about something that is not covered (S16, S59-S61)."""
        self.excluded_by = excluded_by

    # --- settling

    @transition(state, NEGOTIABLE, DisputeState.OFFER_PENDING, permission=the_parties)
    def propose(self, refund_minor, note, company, remedy, ship_by):
        """A side offers a way to end it; the clock is not reset."""
        self.offer_refund_minor, self.offer_note, self.offer_by = refund_minor, note, company
        self.offer_remedy, self.offer_ship_by = remedy, ship_by

    @transition(state, DisputeState.OFFER_PENDING, DisputeState.OPEN, permission=the_parties)
    def decline_offer(self):
        """The other side does not take the offer."""
        self.offer_refund_minor = self.offer_by = None

    @transition(state, DisputeState.OFFER_PENDING, DisputeState.SETTLED, permission=the_parties)
    def accept_offer(self):
        """The other side takes the offer: the money is split by it."""

    @transition(state, NEGOTIABLE, DisputeState.SETTLED, permission=the_parties)
    def take_computed(self):
        """A side takes what the signed remedies come to on the record."""

    @transition(state, NEGOTIABLE, DisputeState.SETTLED, permission=the_respondent)
    def concede(self):
        """The other side grants the claim in full."""

    @transition(
        state,
        [*NEGOTIABLE, *WITH_THE_PLATFORM],
        DisputeState.WITHDRAWN,
        permission=the_claimant,
    )
    def withdraw(self):
        """The claimant gives the claim up; the order goes on."""

    @transition(
        state,
        HOLDS,
        DisputeState.WITHDRAWN,
        permission=the_platform,
    )
    def overtake(self):
        """The buyer's bank took all of the disputed money back: nothing is left to decide."""

    # --- handed over to the platform

    @transition(state, NEGOTIABLE, DisputeState.ESCALATED, permission=the_respondent)
    def refuse(self):
        """The other side formally refuses: the rest of its fifteen days is waived."""

    @transition(state, NEGOTIABLE, DisputeState.ESCALATED, permission=the_parties)
    def joint_escalate(self):
        """Both sides want the platform to decide now."""

    @transition(state, NEGOTIABLE, DisputeState.ESCALATED, permission=the_platform)
    def auto_escalate(self):
        """The fifteen days passed without a settlement: the platform takes over (S49, S50)."""

    @transition(
        state,
        DisputeState.ESCALATED,
        DisputeState.EVIDENCE,
        permission=the_mediator | the_platform,
    )
    def assign(self, mediator):
        """A mediator without ties to either side takes the case."""
        self.mediator = mediator

    @transition(
        state,
        DisputeState.EVIDENCE,
        DisputeState.UNDER_REVIEW,
        permission=the_platform | the_parties,
    )
    def close_evidence(self, sha256):
        """The time for evidence is over, the same instant for both sides, or both are done."""
        self.evidence_sha256 = sha256

    @transition(
        state,
        [DisputeState.EVIDENCE, DisputeState.UNDER_REVIEW],
        DisputeState.INSPECTION_PENDING,
        permission=the_mediator,
    )
    def order_inspection(self, ordered_inspection):
        """No report tells enough: an inspection company measures what is disputed (S34)."""
        self.ordered_inspection = ordered_inspection

    @transition(
        state,
        DisputeState.INSPECTION_PENDING,
        DisputeState.UNDER_REVIEW,
        permission=the_platform,
    )
    def inspection_in(self):
        """The report is in, or its time is over (T18)."""

    # --- ruling

    @transition(
        state,
        DisputeState.UNDER_REVIEW,
        DisputeState.UNDER_REVIEW,
        permission=the_platform,
    )
    @transition(state, DisputeState.APPEALED, DisputeState.APPEALED, permission=the_platform)
    def review_sla(self):
        """The ruling takes longer than promised: both sides and the head mediator see it."""

    @transition(
        state,
        DisputeState.UNDER_REVIEW,
        DisputeState.DECIDED,
        conditions=[has_ruling],
        permission=the_mediator,
    )
    def decide(self, decided_by, decided_at):
        """The ruling is given: refund and release make up the hold."""
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(
        state,
        DisputeState.DECIDED,
        DisputeState.APPEALED,
        conditions=[is_first_appeal],
        permission=the_parties,
    )
    def appeal(self, company, ground, text, appealed_at):
        """A side appeals, once: another mediator goes through the same steps (X15)."""
        self.appealed_by, self.appealed_at = company, appealed_at
        self.appeal_ground, self.appeal_text = ground, text

    @transition(
        state,
        DisputeState.APPEALED,
        DisputeState.FINAL,
        conditions=[has_ruling],
        permission=the_mediator,
    )
    def decide_appeal(self, decided_by, decided_at):
        """The appeal is decided: there is no other."""
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(state, DisputeState.DECIDED, DisputeState.FINAL, permission=the_platform)
    def finalise(self):
        """Nobody appealed in time (T19)."""

    @transition(state, DisputeState.FINAL, DisputeState.ENFORCED, permission=the_platform)
    def enforce(self):
        """The money follows the ruling, once."""
