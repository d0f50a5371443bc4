"""Money that leaves: refunds, payouts, returns (machines.md, Disbursement)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, DesignatedAccount, User
from accounts.roles import the_finance_office, the_platform
from core import clock
from core.money import Money
from orders.models import OfOrder, Order
from payments.models.accounts import BankAccount
from payments.models.payment import Payment
from payments.models.statements import StatementLine
from workflow.fields import StateField


class ApprovalLimit(models.Model):
    """From which amount money needs two people, per currency. Without a row: always."""

    currency = models.CharField(_("currency"), max_length=3, primary_key=True)
    amount_minor = models.BigIntegerField(_("from, in cents"))

    class Meta:
        verbose_name = _("limit for four eyes")
        verbose_name_plural = _("limits for four eyes")

    def __str__(self):
        return f"{self.currency} {self.amount_minor}"


class BankFile(models.Model):
    """Transfers that are handed to the bank together, as an ISO 20022 pain.001 message."""

    message_id = models.CharField(_("message"), max_length=35, unique=True)
    account = models.ForeignKey(DesignatedAccount, models.PROTECT, related_name="+")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField(_("transfers"))
    total_minor = models.BigIntegerField(_("total, in cents"))
    currency = models.CharField(max_length=3)
    made_at = models.DateTimeField(default=clock.now)
    channel = models.CharField(max_length=20, default="manual")
    sent_at = models.DateTimeField(_("handed to the bank"), null=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file for the bank")
        verbose_name_plural = _("files for the bank")
        ordering = ["-pk"]

    def __str__(self):
        return self.message_id

    @property
    def trade(self):
        return self

    @property
    def ref(self):
        """What history calls it."""
        return f"bankfile-{self.pk}"

    @property
    def total(self):
        return Money(self.total_minor, self.currency)


class Disbursement(OfOrder):
    """One transfer out: a refund, a payout to a supplier, a return to whoever paid.

    The money rests in `source_account` until it is sent. A refund that goes back several
    ways is several rows of one `cause`, each with its `leg`. `needs_two` says that two people
    of the finance office let it go; the database checks that they did.
    """

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund")
        PAYOUT = "payout", _("Payout")
        RETURN = "return", _("Return")
        CREDIT = "credit", _("Credit paid back")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Decided")
        ON_HOLD = "on_hold", _("On hold")
        APPROVED = "approved", _("Approved")
        SUBMITTED = "submitted", _("Sent")
        CONFIRMED = "confirmed", _("Arrived")
        FAILED = "failed", _("Came back")
        CANCELLED = "cancelled", _("Cancelled")

    class Route(models.TextChoices):
        PROVIDER = "provider", _("the way it was paid")
        BANK = "bank", _("bank transfer")

    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="disbursements")
    kind = models.CharField(max_length=10, choices=Kind)
    cause = models.CharField(max_length=60)
    leg = models.PositiveSmallIntegerField(default=1)
    payee = models.ForeignKey(Company, models.PROTECT, null=True, related_name="disbursements")
    payee_name = models.CharField(_("payee"), max_length=140, blank=True)
    source_account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    route = models.CharField(_("way"), max_length=10, choices=Route, default=Route.BANK)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="refunds")
    line = models.ForeignKey(StatementLine, models.PROTECT, null=True, related_name="returns")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+")
    destination = models.JSONField(default=dict)
    end_to_end_id = models.CharField(_("reference"), max_length=35, blank=True)
    needs_two = models.BooleanField(_("needs two people"), default=False)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=40, blank=True)
    bank_file = models.ForeignKey(BankFile, models.PROTECT, null=True, related_name="transfers")
    submitted_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    bank_fee_minor = models.BigIntegerField(default=0)
    failure = models.TextField(blank=True)
    seen_at = models.DateTimeField(_("seen by the payee"), null=True)
    state = StateField(choices=State, default=State.REQUESTED)

    class Meta:
        verbose_name = _("disbursement")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="disbursement_positive"),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | ~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("proposed_by")),
                name="disbursement_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(route="bank") | Q(payment__isnull=False) | Q(kind="payout"),
                name="disbursement_way_back_is_known",
            ),
            models.UniqueConstraint(
                fields=["order", "kind", "cause", "leg"], name="one_disbursement_a_cause"
            ),
            models.UniqueConstraint(
                fields=["kind", "cause", "leg"],
                condition=Q(order=None),
                name="one_disbursement_a_cause_without_order",
            ),
            models.UniqueConstraint(
                fields=["end_to_end_id"],
                condition=~Q(end_to_end_id=""),
                name="one_disbursement_of_a_reference",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state="approved"), name="disbursement_to_send"
            ),
            models.Index(
                fields=["id"],
                condition=Q(state="submitted", route="bank", bank_file=None),
                name="disbursement_to_file",
            ),
            models.Index(fields=["payee", "-id"], name="disbursement_of_payee"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def trade(self):
        return self.order if self.order_id else self

    def adopt(self, trade):
        if self.order_id:
            self.order = trade

    @property
    def buyer_id(self):
        return self.order.buyer_id if self.order_id else None

    @property
    def supplier_id(self):
        return self.order.supplier_id if self.order_id else None

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @property
    def transit_account(self):
        return f"payout_transit:{self.pk}"

    @property
    def approval_facts(self):
        """What two people approve: any change of it voids their approval."""
        return {
            "kind": self.kind,
            "payee": self.payee_id,
            "payee_name": self.payee_name,
            "amount": self.amount_minor,
            "currency": self.currency,
            "route": self.route,
            "payment": self.payment_id,
            "destination": self.destination,
        }

    @transition(
        state,
        [State.REQUESTED, State.APPROVED],
        State.ON_HOLD,
        permission=the_finance_office | the_platform,
    )
    def hold(self, hold_reason):
        """It may not leave now; the payee reads why."""
        self.hold_reason = hold_reason

    @transition(state, State.ON_HOLD, State.REQUESTED, permission=the_finance_office | the_platform)
    def unhold(self):
        """The cause of the hold is gone: it is looked at anew."""
        self.hold_reason = ""
        self.proposed_by = self.approved_by = self.approved_at = None

    @transition(state, State.ON_HOLD, None, permission=the_platform)
    def review_hold(self):
        """A week has passed: somebody looks whether the hold is still right (T10)."""

    @transition(
        state, State.REQUESTED, State.APPROVED, permission=the_finance_office | the_platform
    )
    def approve(self, proposed_by, approved_by, approved_at):
        """Two people of the finance office let it go; below the limit the platform does."""
        self.proposed_by, self.approved_by = proposed_by, approved_by
        self.approved_at = approved_at

    @transition(
        state, State.APPROVED, State.SUBMITTED, permission=the_finance_office | the_platform
    )
    def submit(self, end_to_end_id, submitted_at, expected_on):
        """It is handed to the bank or the provider, under a reference of its own."""
        self.end_to_end_id, self.submitted_at = end_to_end_id, submitted_at
        self.expected_on = expected_on

    @transition(state, State.SUBMITTED, State.CONFIRMED, permission=the_platform)
    def confirm(self, confirmed_at):
        """The bank booked it, or the provider says that it is done."""
        self.confirmed_at = confirmed_at

    @transition(state, State.SUBMITTED, State.FAILED, permission=the_platform)
    def bounce(self, failure, bank_fee_minor):
        """It came back, or was refused; the bank may have kept a fee."""
        self.failure, self.bank_fee_minor = failure, bank_fee_minor

    @transition(state, State.SUBMITTED, None, permission=the_platform)
    def timeout_check(self):
        """Nobody has confirmed it in time: the finance office is told (T11)."""

    @transition(state, State.FAILED, State.REQUESTED, permission=the_finance_office)
    def retry(self):
        """It is tried again, to an account that was checked."""
        self.end_to_end_id, self.bank_file = "", None
        self.submitted_at = self.expected_on = None
        self.proposed_by = self.approved_by = self.approved_at = None

    @transition(
        state, [State.REQUESTED, State.APPROVED, State.FAILED], None, permission=the_platform
    )
    def sla_alert(self):
        """The seven working days in which it is to be sent are nearly over."""

    @transition(
        state,
        [State.REQUESTED, State.ON_HOLD, State.FAILED],
        State.CANCELLED,
        permission=the_finance_office | the_platform,
    )
    def cancel(self):
        """It is replaced or reversed by a decision; the money stays where it rests."""
