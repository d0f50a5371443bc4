"""Money that a buyer pays, from the first word of it until it is held or gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import User
from accounts.roles import the_buyer, the_finance_office, the_platform
from core import clock
from core.money import Money
from orders.models import Instalment, OfOrder, Order
from payments.models.methods import PaymentMethod
from workflow.fields import StateField


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
    seen_at = models.DateTimeField(null=True)
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

    @property
    def in_suspense(self):
        """What of a payment to a provider nobody has counted, and no chargeback has taken."""
        cases = self.chargebacks.all()
        contested = self.state == self.State.CB_OPEN and any(case.from_suspense for case in cases)
        if self.state != self.State.REVIEW and not contested:
            return Money(0, self.currency)
        taken = sum(case.from_suspense for case in cases if case.outcome != "won")
        return Money(self.amount_minor - taken, self.currency)

    @property
    def approval_facts(self):
        """What two people decide upon: what came, in which state."""
        return {"amount": self.amount_minor, "currency": self.currency, "state": self.state}

    @transition(state, State.INITIATED, State.PENDING, permission=the_buyer | the_platform)
    def submit(self):
        """The buyer says that the money is on its way."""

    @transition(state, State.PENDING, State.PROCESSING, permission=the_platform)
    def bank_line_seen(self, seen_at):
        """The bank or the provider shows it, not final yet: nothing counts so far."""
        self.seen_at = seen_at

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

    @transition(state, State.CLEARED, None, permission=the_finance_office | the_buyer)
    def return_overpayment(self):
        """What was too much is applied to the order, or goes back to the buyer."""

    @transition(state, [State.CLEARED, State.REVIEW], State.CB_OPEN, permission=the_platform)
    def chargeback_open(self):
        """The buyer's bank takes it back: what is left of it is frozen and contested."""

    @transition(state, State.CB_OPEN, State.CLEARED, permission=the_platform)
    def chargeback_won(self):
        """The card network decided for us: the money is back where it was."""

    @transition(state, State.CB_OPEN, State.REVIEW, permission=the_platform)
    def chargeback_won_in_review(self):
        """The card network decided for us: whether the money counts is still to be decided."""

    @transition(state, State.CB_OPEN, State.CB_LOST, permission=the_platform)
    def chargeback_lost(self):
        """The card network decided for the buyer."""
