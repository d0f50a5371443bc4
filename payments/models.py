"""Money in and money out: methods, the designated account, payments, statements, disbursements."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, DesignatedAccount, User
from accounts.roles import the_buyer, the_finance_office, the_platform
from core import clock
from core.money import Money
from orders.models import Instalment, OfOrder, Order
from workflow.fields import StateField


class PaymentMethod(models.Model):
    """A way to pay, and which clients it is offered to (S5, S6): data that staff can change."""

    code = models.SlugField(primary_key=True)
    title = models.CharField(_("title"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10)
    for_new = models.BooleanField(_("for new clients"), default=True)
    for_existing = models.BooleanField(_("for existing clients"), default=False)
    provider = models.CharField(_("provider"), max_length=30, blank=True)
    fee_percent = models.DecimalField(_("fee, %"), max_digits=5, decimal_places=2, default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("payment method")
        ordering = ["position"]

    def __str__(self):
        return self.title

    @property
    def is_set_up(self):
        """A transfer needs no provider; the others work once one has credentials."""
        return self.kind == "transfer" or bool(self.provider)


class Payment(OfOrder):
    """Money that a buyer pays for one instalment (machines.md, Payment)."""

    class State(models.TextChoices):
        INITIATED = "initiated", _("Started")
        PENDING = "pending", _("Transfer on its way")
        PROCESSING = "processing", _("Seen, not final")
        CLEARED = "cleared", _("Held")
        REVIEW = "review", _("Being checked by our staff")
        RETURNED = "returned", _("Returned")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        CB_OPEN = "cb_open", _("Charged back, being contested")
        CB_LOST = "cb_lost", _("Charged back")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="payments")
    method = models.ForeignKey(PaymentMethod, models.PROTECT)
    amount_minor = models.BigIntegerField(_("amount, in cents"))
    currency = models.CharField(max_length=3)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    cleared_at = models.DateTimeField(null=True)
    state = StateField(choices=State, default=State.INITIATED)

    class Meta:
        verbose_name = _("payment")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_positive")
        ]

    def __str__(self):
        return f"{self.amount} by {self.method}"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @transition(state, State.INITIATED, State.PENDING, permission=the_buyer | the_platform)
    def submit(self):
        """The buyer says that the money is on its way."""

    @transition(state, [State.PENDING, State.PROCESSING], State.CLEARED, permission=the_platform)
    def clear(self, cleared_at, amount_minor):
        """The bank has booked it: it counts, for what really came."""
        self.cleared_at, self.amount_minor = cleared_at, amount_minor

    @transition(
        state,
        [State.PENDING, State.PROCESSING, State.EXPIRED],
        State.REVIEW,
        permission=the_platform,
    )
    def to_review(self):
        """Something does not fit (payer, amount, currency, time): staff look at it."""

    @transition(state, State.REVIEW, State.CLEARED, permission=the_finance_office)
    def clear_review(self, cleared_at, amount_minor):
        """Two people of the finance office let it count, with a reason."""
        self.cleared_at, self.amount_minor = cleared_at, amount_minor

    @transition(state, State.REVIEW, State.RETURNED, permission=the_finance_office | the_platform)
    def return_funds(self):
        """It goes back to where it came from."""

    @transition(state, [State.PENDING, State.PROCESSING], State.FAILED, permission=the_platform)
    def fail(self):
        """The provider declined it, or the buyer gave up: the instalment is open again."""

    @transition(state, [State.INITIATED, State.PENDING], State.EXPIRED, permission=the_platform)
    def expire(self):
        """The time to pay is over (T3)."""


class StatementImport(models.Model):
    """A bank statement that was read in. Reading it again adds nothing."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        QUARANTINED = "quarantined", _("Quarantined: it does not add up")

    account = models.ForeignKey(DesignatedAccount, models.PROTECT, null=True)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    statement_id = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    status = models.CharField(max_length=12, choices=Status)
    problems = models.JSONField(default=list)
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bank statement")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.format} {self.statement_id}"


class StatementLine(models.Model):
    """One booked line of a statement, and what became of it."""

    class Status(models.TextChoices):
        NEW = "new", _("Being matched")
        MATCHED = "matched", _("Matched")
        SUSPENSE = "suspense", _("Not matched")
        DUPLICATE = "duplicate", _("Already known")
        QUARANTINED = "quarantined", _("Quarantined")
        IGNORED = "ignored", _("Not a payment to us")

    statement = models.ForeignKey(StatementImport, models.PROTECT, related_name="lines")
    n = models.PositiveIntegerField()
    dedupe_key = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    is_credit = models.BooleanField()
    booked_on = models.DateField(null=True)
    value_on = models.DateField(null=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    payer_name = models.CharField(_("payer"), max_length=140, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    references = models.JSONField(default=list)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    reason = models.TextField(_("why"), blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )

    class Meta:
        verbose_name = _("statement line")
        ordering = ["statement", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=~Q(status__in=["duplicate", "quarantined"]),
                name="statement_line_counts_once",
            )
        ]

    def __str__(self):
        return f"{self.amount} {self.text[:60]}"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)


class Disbursement(OfOrder):
    """Money that leaves: a refund to the buyer or a payout to the supplier."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund")
        PAYOUT = "payout", _("Payout")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Decided")
        ON_HOLD = "on_hold", _("On hold")
        APPROVED = "approved", _("Approved")
        SUBMITTED = "submitted", _("Sent")
        CONFIRMED = "confirmed", _("Arrived")
        FAILED = "failed", _("Came back")
        CANCELLED = "cancelled", _("Cancelled")

    order = models.ForeignKey(Order, models.PROTECT, related_name="disbursements")
    kind = models.CharField(max_length=10, choices=Kind)
    cause = models.CharField(max_length=40)
    payee = models.ForeignKey(Company, models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    state = StateField(choices=State, default=State.REQUESTED)

    class Meta:
        verbose_name = _("disbursement")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="disbursement_positive"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="disbursement_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["order", "kind", "cause"], name="one_disbursement_a_cause"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_minor, self.currency)

    @transition(state, State.REQUESTED, State.APPROVED, permission=the_finance_office)
    def approve(self, approver, approved_at):
        """A person of the finance office, not the one who asked, lets it go."""
        self.approved_by, self.approved_at = approver, approved_at


from payments.external import ProviderEvent, ProviderOperation  # noqa: E402, F401
