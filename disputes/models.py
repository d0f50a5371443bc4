"""Disputes: a claim on named contract lines, and the way to its end."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, User
from accounts.roles import (
    the_buyer,
    the_mediator,
    the_parties,
    the_platform,
    the_supplier,
)
from attachments.models import Attachment
from contracts.models import ContractLine
from core import clock
from core.money import Money
from inspections.models import Inspection
from orders.models import OfOrder, Order
from workflow.fields import StateField


class DisputeState(models.TextChoices):
    OPEN = "open", _("Waiting for the supplier")
    OFFER_PENDING = "offer_pending", _("An offer is on the table")
    ESCALATED = "escalated", _("Taken over by the platform")
    EVIDENCE = "evidence", _("Both sides add evidence")
    UNDER_REVIEW = "under_review", _("Being decided")
    DECIDED = "decided", _("Decided, may be appealed")
    APPEALED = "appealed", _("Appealed")
    FINAL = "final", _("Final")
    ENFORCED = "enforced", _("Carried out")
    SETTLED = "settled", _("Settled by the parties")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")


CLOSED = [
    DisputeState.ENFORCED,
    DisputeState.SETTLED,
    DisputeState.WITHDRAWN,
    DisputeState.REJECTED,
]
NEGOTIABLE = [DisputeState.OPEN, DisputeState.OFFER_PENDING]


class DisputeQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state__in=CLOSED)

    def visible_to(self, user):
        if user.is_staff:
            return self
        if user.company_id is None:
            return self.none()
        return self.filter(
            Q(order__buyer_id=user.company_id) | Q(order__supplier_id=user.company_id)
        )


class Dispute(OfOrder):
    """A buyer's claim. What is claimed moves from escrow to hold, and nothing else stops."""

    class Reason(models.TextChoices):
        NOT_SHIPPED = "not_shipped", _("Not shipped")
        LATE = "late", _("Shipped late")
        QUALITY = "quality", _("Differs from the contract")
        QUANTITY = "quantity", _("Less than agreed")
        WRONG_GOODS = "wrong_goods", _("Other goods than agreed")

    class Fault(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        BUYER = "buyer", _("Buyer")
        BOTH = "both", _("Both")
        NONE = "none", _("Neither")
        CARRIER = "carrier", _("Carrier")

    State = DisputeState

    order = models.ForeignKey(Order, models.PROTECT, related_name="disputes")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    statement = models.TextField(_("what happened"))
    claimed_minor = models.BigIntegerField(_("amount claimed, in cents"))
    currency = models.CharField(max_length=3)
    snapshot = models.JSONField(default=dict, editable=False)
    supplier_answered_at = models.DateTimeField(null=True)
    offer_refund_minor = models.BigIntegerField(null=True)
    offer_by = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    offer_note = models.TextField(blank=True)
    mediator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    contract_review = models.TextField(_("review of the contract"), blank=True)
    contract_reviewed_at = models.DateTimeField(null=True)
    comparison = models.TextField(_("comparison with the report"), blank=True)
    compared_at = models.DateTimeField(null=True)
    refund_minor = models.BigIntegerField(null=True)
    release_minor = models.BigIntegerField(null=True)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    state = StateField(choices=DisputeState, default=DisputeState.OPEN)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(claimed_minor__gt=0), name="claim_positive"),
            models.CheckConstraint(
                condition=Q(refund_minor=None)
                | Q(refund_minor__gte=0)
                & Q(release_minor__gte=0)
                & Q(claimed_minor=models.F("refund_minor") + models.F("release_minor")),
                name="ruling_splits_the_hold",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state__in=["enforced", "settled", "withdrawn", "rejected"]),
                name="one_open_dispute_an_order",
            ),
        ]

    def __str__(self):
        return f"{self.order} dispute {self.pk}"

    def get_absolute_url(self):
        return reverse("dispute", args=[self.public_id])

    @property
    def claimed(self):
        return Money(self.claimed_minor, self.currency)

    @property
    def offer(self):
        if self.offer_refund_minor is None:
            return None
        return Money(self.offer_refund_minor, self.currency)

    @property
    def hold_account(self):
        return f"hold:{self.order.ref}-D{self.pk}"

    def has_ruling(self):
        """Contract first, then report, then a split of the whole hold (S51)."""
        return bool(
            self.contract_reviewed_at
            and self.compared_at
            and self.contract_reviewed_at <= self.compared_at
            and self.refund_minor is not None
        )

    @transition(state, NEGOTIABLE, DisputeState.OFFER_PENDING, permission=the_parties)
    def propose(self, refund_minor, note, company):
        """A side offers a split of the disputed money; the clock is not reset."""
        self.offer_refund_minor, self.offer_note, self.offer_by = refund_minor, note, company

    @transition(state, DisputeState.OFFER_PENDING, DisputeState.OPEN, permission=the_parties)
    def decline_offer(self):
        """The other side does not take the offer."""
        self.offer_refund_minor = self.offer_by = None

    @transition(state, DisputeState.OFFER_PENDING, DisputeState.SETTLED, permission=the_parties)
    def accept_offer(self):
        """The other side takes the offer: the money is split by it."""

    @transition(state, NEGOTIABLE, DisputeState.SETTLED, permission=the_supplier)
    def concede(self):
        """The supplier grants the claim in full."""

    @transition(
        state,
        [
            *NEGOTIABLE,
            DisputeState.ESCALATED,
            DisputeState.EVIDENCE,
            DisputeState.UNDER_REVIEW,
        ],
        DisputeState.WITHDRAWN,
        permission=the_buyer,
    )
    def withdraw(self):
        """The buyer gives the claim up; the order goes on."""

    @transition(state, NEGOTIABLE, DisputeState.ESCALATED, permission=the_supplier)
    def refuse(self):
        """The supplier formally refuses: the rest of its fifteen days is waived."""

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
        permission=the_platform | the_mediator,
    )
    def close_evidence(self):
        """The time for evidence is over, the same instant for both sides."""

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

    @transition(state, DisputeState.DECIDED, DisputeState.FINAL, permission=the_platform)
    def finalise(self):
        """Nobody appealed in time (T19)."""

    @transition(state, DisputeState.FINAL, DisputeState.ENFORCED, permission=the_platform)
    def enforce(self):
        """The money follows the ruling, once."""


class ClaimLine(models.Model):
    """A contract line that the claim names, and what the platform found about it."""

    class Finding(models.TextChoices):
        CONFORMS = "conforms", _("Conforms")
        DIFFERS = "differs", _("Differs")
        NOT_MEASURABLE = "not_measurable", _("Judged by the industry standard")
        NO_CLAUSE = "no_clause", _("No clause covers it")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="claims")
    line = models.ForeignKey(ContractLine, models.PROTECT, null=True, related_name="claims")
    text = models.TextField(_("what differs"), blank=True)
    finding = models.CharField(max_length=20, choices=Finding, blank=True)
    finding_note = models.TextField(blank=True)

    class Meta:
        ordering = ["line__number"]

    def __str__(self):
        return str(self.line)


class Evidence(models.Model):
    """What a side adds to the case."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="evidence")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("what it shows"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]
