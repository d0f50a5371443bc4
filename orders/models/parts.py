"""What belongs to an order: its goods, its instalments, its shipments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.roles import (
    the_buyer,
    the_finance_office,
    the_mediator,
    the_platform,
    the_supplier,
)
from attachments.models import Attachment
from catalog.models import Product
from core import clock
from core.money import Money
from orders.models.order import Order
from workflow.fields import StateField
from workflow.models import Stateful


class OfOrder(Stateful):
    """A record of one order: it is locked with the order and seen by the order's parties."""

    class Meta:
        abstract = True

    @property
    def trade(self):
        return self.order

    def adopt(self, trade):
        self.order = trade

    @property
    def buyer_id(self):
        return self.order.buyer_id

    @property
    def supplier_id(self):
        return self.order.supplier_id


class OrderLine(models.Model):
    """Goods of an order: how many of what at which price."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True)
    description = models.CharField(_("description"), max_length=160)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit = models.CharField(_("unit"), max_length=10, default="pcs")
    price_minor = models.BigIntegerField(_("price for one unit, in cents"))
    hs_code = models.CharField(_("HS code"), max_length=10, blank=True)

    def __str__(self):
        return f"{self.quantity} {self.unit} {self.description}"

    @property
    def price(self):
        return Money(self.price_minor, self.order.currency)


class Instalment(models.Model):
    """A part of the price that is due at one moment, with a payment reference of its own."""

    class Part(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        BALANCE = "balance", _("Balance")

    order = models.ForeignKey(Order, models.PROTECT, related_name="instalments")
    n = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=Part)
    due_minor = models.BigIntegerField()
    carried_minor = models.BigIntegerField(default=0)
    received_minor = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=25, unique=True)
    funded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["order", "n"], name="instalment_place"),
            models.CheckConstraint(condition=Q(due_minor__gt=0), name="instalment_positive"),
        ]

    def __str__(self):
        return f"{self.order} {self.get_part_display()}"

    @property
    def due(self):
        """What is asked for: the plan's part and what an earlier short payment carried over."""
        return Money(self.due_minor + self.carried_minor, self.order.currency)

    @property
    def missing(self):
        if self.funded_at:
            return Money(0, self.order.currency)
        return self.due - Money(self.received_minor, self.order.currency)


class ShipDateShift(models.Model):
    """The ship-by date was moved by whole days: why, from when to when (machines.md 6.0)."""

    class Cause(models.TextChoices):
        BALANCE_UNPAID = "balance_unpaid", _("The goods waited for the balance")
        APPROVAL_LATE = "approval_late", _("The buyer approved artwork or details late")
        INSPECTION_DELAYED = "inspection_delayed", _("The buyer delayed the inspection")
        DISPUTE_WON = "dispute_won", _("The supplier won a dispute")

    BY_BUYER = (Cause.BALANCE_UNPAID, Cause.APPROVAL_LATE, Cause.INSPECTION_DELAYED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="shifts")
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    days = models.PositiveSmallIntegerField(_("days"))
    before = models.DateTimeField(_("before"))
    after = models.DateTimeField(_("after"))
    reason = models.TextField(_("why"))
    made_at = models.DateTimeField(_("made"), default=clock.now)

    class Meta:
        verbose_name = _("shift of the ship-by date")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gt=0), name="shift_of_whole_days"),
            models.CheckConstraint(
                condition=Q(after__gt=models.F("before")), name="shift_never_shortens"
            ),
        ]

    def __str__(self):
        return f"{self.order}: {self.days} d, {self.get_cause_display()}"


class Shipment(OfOrder):
    """Goods on their way, with the document that proves it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Document being checked")
        VERIFIED = "verified", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Document rejected")

    class Rejection(models.TextChoices):
        FORGED = "forged", _("The document is false")
        UNRELATED = "unrelated", _("The document is about other goods")
        UNREADABLE = "unreadable", _("The document cannot be read or has gaps")
        NOT_CONFIRMED = "not_confirmed", _("The carrier did not confirm an earlier shipment")
        DISCARDED = "discarded", _("It was never sent")

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    quantity = models.PositiveIntegerField(_("quantity"))
    carrier = models.CharField(_("carrier"), max_length=80)
    document_type = models.CharField(_("kind of document"), max_length=20)
    document_number = models.CharField(_("document number"), max_length=40)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    claimed_on = models.DateField(_("shipped on"))
    submitted_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    rejected_because = models.CharField(max_length=20, choices=Rejection, blank=True)
    state = StateField(choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("shipment")

    def __str__(self):
        return f"{self.document_type} {self.document_number}"

    @transition(state, State.DRAFT, State.SUBMITTED, permission=the_supplier)
    def submit(self, submitted_at):
        """The supplier says that the goods left, with a document."""
        self.submitted_at = submitted_at

    @transition(state, State.DRAFT, State.REJECTED, permission=the_supplier | the_platform)
    def discard(self):
        """A shipment that was never sent is thrown away, by its supplier or with the order."""
        self.rejected_because = self.Rejection.DISCARDED

    @transition(
        state,
        State.SUBMITTED,
        State.VERIFIED,
        permission=the_platform | the_finance_office,
    )
    def verify(self, shipped_at):
        """The document holds; without carrier data the time of submission counts (T14)."""
        self.shipped_at = shipped_at

    @transition(
        state,
        [State.SUBMITTED, State.VERIFIED],
        State.REJECTED,
        permission=the_finance_office | the_mediator | the_platform,
    )
    def reject_doc(self, because):
        """The document does not hold: its quantity is open again, as if never shipped."""
        self.rejected_because, self.shipped_at = because, None

    @transition(state, State.VERIFIED, State.DELIVERED, permission=the_buyer | the_platform)
    def deliver(self, delivered_at):
        """The goods arrived."""
        self.delivered_at = delivered_at

    @transition(state, State.DELIVERED, State.ACCEPTED, permission=the_buyer | the_platform)
    def accept_lot(self):
        """The goods were accepted."""


class ShipmentPaper(models.Model):
    """A paper that came with a shipment: invoice, packing list, what its rule asks for."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="papers")
    kind = models.CharField(_("paper"), max_length=30)
    file = models.ForeignKey(Attachment, models.PROTECT)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "kind"], name="one_paper_of_a_kind")
        ]

    def __str__(self):
        return f"{self.shipment}: {self.kind}"
