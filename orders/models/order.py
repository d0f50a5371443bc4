"""The order: the hub that everything about a trade points to, and the row it locks."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, User
from accounts.roles import (
    the_buyer,
    the_finance_office,
    the_mediator,
    the_parties,
    the_platform,
    the_supplier,
)
from core import clock
from core.money import Money
from orders.incoterms import INCOTERM_CHOICES
from orders.states import ENDED, SHIPPABLE, UNDER_WAY, OrderState
from workflow.fields import StateField
from workflow.models import Stateful


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The parties' own orders (a supplier sees none before it is placed); staff see all."""
        if user.is_staff:
            return self
        mine = Q(buyer_id=user.company_id) | (
            Q(supplier_id=user.company_id) & ~Q(state=OrderState.DRAFT)
        )
        inspecting = Q(inspections__agency_id=user.company_id)
        return self.filter(mine | inspecting).distinct() if user.company_id else self.none()


class Order(Stateful):
    """One trade between a buyer and a supplier (S12). Money is never read off this row:
    what is held, released and refunded comes from the ledger."""

    State = OrderState

    code = models.CharField(_("order code"), max_length=20, unique=True, editable=False)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="purchases")
    supplier = models.ForeignKey(Company, models.PROTECT, related_name="sales")
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    title = models.CharField(_("what is ordered"), max_length=160)
    currency = models.CharField(max_length=3, default="USD")
    total_minor = models.BigIntegerField(_("total, in cents"), default=0)
    deposit_percent = models.PositiveSmallIntegerField(_("deposit, %"), default=30)
    incoterm = models.CharField(_("trade term"), max_length=3, choices=INCOTERM_CHOICES)
    named_place = models.CharField(_("named place"), max_length=80)
    transport_mode = models.CharField(_("transport"), max_length=10, default="sea")
    ship_by = models.DateField(_("ship by"), null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("days after funding"), null=True, blank=True)
    ship_deadline = models.DateTimeField(null=True, editable=False)
    inspection_required = models.BooleanField(_("inspection before shipment"), default=True)
    quality_basis_text = models.TextField(blank=True, editable=False)
    quality_basis_at = models.DateTimeField(null=True, editable=False)
    release_policy = models.CharField(max_length=20, default="on_acceptance")
    fee_percent = models.DecimalField(max_digits=5, decimal_places=2, default=2)
    fee_side = models.CharField(max_length=10, default="supplier")
    shipment_cleared = models.BooleanField(default=False, editable=False)
    late_since = models.DateTimeField(null=True, editable=False)
    late_choice = models.CharField(max_length=10, blank=True, editable=False)
    funded_at = models.DateTimeField(null=True, editable=False)
    shipped_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    partial_shipments = models.BooleanField(_("may be shipped in lots"), default=False)
    in_lots = models.BooleanField(default=False, editable=False)
    delivery_extended_by = models.JSONField(default=list, editable=False)
    compliance_hold = models.BooleanField(default=False, editable=False)
    uncovered_accepted_minor = models.BigIntegerField(default=0, editable=False)
    uncovered_acknowledged_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    state = StateField(choices=OrderState, default=OrderState.DRAFT)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["supplier", "-id"], name="order_of_supplier"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_positive"),
            models.CheckConstraint(
                condition=Q(deposit_percent__lte=100), name="deposit_within_total"
            ),
            models.CheckConstraint(
                condition=~Q(buyer=models.F("supplier")), name="nobody_buys_from_himself"
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("order", args=[self.code])

    @property
    def ref(self):
        return self.code

    @property
    def total(self):
        return Money(self.total_minor, self.currency)

    def is_complete(self):
        """Everything that placing needs: goods, a ship date, the quality basis (S26, S27)."""
        return bool(self.total_minor and (self.ship_by or self.lead_days) and self.quality_basis_at)

    def may_ship(self):
        """The inspection, if one is due, is passed or its failure accepted."""
        return self.shipment_cleared or not self.inspection_required

    def may_part(self):
        """The sides agreed that the goods may leave in lots."""
        return self.partial_shipments

    def is_late(self):
        """The ship-by instant passed, and it is on the record."""
        return self.late_since is not None

    # --- before the money

    @transition(
        state,
        OrderState.DRAFT,
        OrderState.PLACED,
        conditions=[is_complete],
        permission=the_buyer,
    )
    def place(self):
        """The buyer asks the supplier for these goods at this price by this date."""

    @transition(state, OrderState.PLACED, OrderState.CONTRACTING, permission=the_supplier)
    def accept_order(self):
        """The supplier is ready to make a contract about it."""

    @transition(state, OrderState.PLACED, OrderState.CANCELLED, permission=the_supplier)
    def decline(self):
        """The supplier does not take the order, and says why."""

    @transition(state, OrderState.DRAFT, OrderState.CANCELLED, permission=the_buyer)
    @transition(
        state,
        [OrderState.PLACED, OrderState.CONTRACTING],
        OrderState.CANCELLED,
        permission=the_parties,
    )
    def withdraw(self):
        """A party leaves before anything was signed."""

    @transition(state, OrderState.PLACED, OrderState.EXPIRED, permission=the_platform)
    def expire_unconfirmed(self):
        """The supplier did not answer in time (T1)."""

    @transition(state, OrderState.CONTRACTING, OrderState.EXPIRED, permission=the_platform)
    def expire_unsigned(self):
        """The contract was not signed by both in time (T2)."""

    @transition(
        state,
        OrderState.CONTRACTING,
        OrderState.AWAITING_INITIAL_PAYMENT,
        permission=the_parties,
    )
    def contract_effective(self):
        """Both have signed: the initial payment is due, the cover is reserved."""

    @transition(
        state, OrderState.AWAITING_INITIAL_PAYMENT, OrderState.EXPIRED, permission=the_platform
    )
    def expire_unpaid(self):
        """The initial payment did not come in time (T3)."""

    @transition(
        state, OrderState.AWAITING_INITIAL_PAYMENT, OrderState.CANCELLED, permission=the_parties
    )
    def cancel_unpaid(self):
        """A party leaves after signing; nothing was paid yet."""

    # --- while the money is held

    @transition(
        state,
        OrderState.AWAITING_INITIAL_PAYMENT,
        OrderState.IN_PRODUCTION,
        permission=the_platform | the_supplier,
    )
    def initial_funded(self, funded_at, ship_deadline):
        """The initial payment is held: the supplier makes the goods, the ship clock runs."""
        self.funded_at, self.ship_deadline = funded_at, ship_deadline

    @transition(state, OrderState.IN_PRODUCTION, OrderState.READY_TO_SHIP, permission=the_supplier)
    def declare_ready(self):
        """The goods are made and at least 80 % packed."""

    @transition(
        state,
        [OrderState.IN_PRODUCTION, OrderState.READY_TO_SHIP, OrderState.PARTIALLY_SHIPPED],
        OrderState.PARTIALLY_SHIPPED,
        conditions=[may_ship, may_part],
        permission=the_supplier,
    )
    def ship_partial(self):
        """A lot is on its way; from now on each lot has clocks and a release of its own."""
        self.in_lots = True

    @transition(
        state,
        OrderState.PARTIALLY_SHIPPED,
        OrderState.SHIPPED,
        permission=the_buyer | the_platform,
    )
    def close_short(self, shipped_at):
        """What was not shipped in time stays away: its value goes back (money.md, short close)."""
        self.shipped_at = shipped_at

    @transition(
        state,
        [OrderState.IN_PRODUCTION, OrderState.READY_TO_SHIP, OrderState.PARTIALLY_SHIPPED],
        OrderState.SHIPPED,
        conditions=[may_ship],
        permission=the_supplier,
    )
    def ship_full(self, shipped_at):
        """The contract quantity is on its way; late if the ship-by instant has passed."""
        self.shipped_at = shipped_at

    @transition(
        state,
        [OrderState.SHIPPED, OrderState.PARTIALLY_SHIPPED],
        OrderState.READY_TO_SHIP,
        permission=the_platform | the_finance_office | the_mediator,
    )
    def reopen_shipping(self):
        """The document did not hold: the goods are still to be shipped, and the clock runs."""
        self.shipped_at = None

    @transition(
        state,
        OrderState.SHIPPED,
        OrderState.PARTIALLY_SHIPPED,
        permission=the_platform | the_finance_office | the_mediator,
    )
    def reopen_lot(self):
        """The document of a lot did not hold: that lot is still to be shipped."""
        self.shipped_at = None

    @transition(
        state,
        SHIPPABLE,
        OrderState.REFUNDED,
        conditions=[is_late],
        permission=the_platform,
    )
    def late_refund(self):
        """Not shipped in time: all that is held goes back to the buyer (S20)."""

    @transition(state, OrderState.SHIPPED, OrderState.DELIVERED, permission=the_buyer)
    def confirm_delivery(self, delivered_at):
        """The buyer has the goods; the time to check them starts."""
        self.delivered_at = delivered_at

    @transition(state, OrderState.SHIPPED, OrderState.DELIVERED, permission=the_platform)
    def auto_delivery(self, delivered_at):
        """The goods count as delivered by the carrier's usual time (T6)."""
        self.delivered_at = delivered_at

    @transition(state, OrderState.DELIVERED, OrderState.COMPLETED, permission=the_buyer)
    def accept_goods(self):
        """The buyer accepts the goods: the supplier has earned the money."""

    @transition(state, OrderState.DELIVERED, OrderState.COMPLETED, permission=the_platform)
    def auto_accept(self):
        """The time to check the goods passed without a dispute (T7)."""

    # --- ends of a dispute

    @transition(state, UNDER_WAY, OrderState.SETTLED, permission=the_parties | the_platform)
    def dispute_settled(self):
        """A dispute over all held money ended, and the supplier keeps a part."""

    @transition(state, UNDER_WAY, OrderState.REFUNDED, permission=the_parties | the_platform)
    def dispute_refunded(self):
        """A dispute ended with everything held going back to the buyer."""

    @property
    def ended(self):
        return self.state in ENDED
