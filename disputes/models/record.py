"""What is written down about a dispute: the claim, the offers, the hearing, the ruling."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core import clock
from core.money import Money
from inspections.models import Inspection
from orders.models import OfOrder, Order


class DisputeRecord(OfOrder):
    """The facts of a dispute; how it moves is in `Dispute`."""

    class Reason(models.TextChoices):
        NOT_SHIPPED = "not_shipped", _("Not shipped")
        LATE = "late", _("Shipped late")
        QUALITY = "quality", _("Differs from the contract")
        QUANTITY = "quantity", _("Less than agreed")
        WRONG_GOODS = "wrong_goods", _("Other goods than agreed")
        BALANCE_UNPAID = "balance_unpaid", _("The balance is not paid")
        ABUSIVE_CLAIM = "abusive_claim", _("Claimed without cause")

    class Fault(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        BUYER = "buyer", _("Buyer")
        BOTH = "both", _("Both")
        NONE = "none", _("Neither")
        CARRIER = "carrier", _("Carrier")

    class Remedy(models.TextChoices):
        """What an offer offers besides money; the rest of the money goes by it."""

        REFUND = "refund", _("Money back, the rest to the supplier")
        CONTINUE = "continue", _("Money back, the order goes on with the rest")
        REWORK = "rework", _("The goods are reworked and inspected again")
        EXTENSION = "extension", _("A later ship-by date")
        RETURN = "return", _("The goods go back")

    class Ground(models.TextChoices):
        NEW_EVIDENCE = "new_evidence", _("There is new evidence")
        NAMED_ERROR = "named_error", _("The ruling has an error, which I name")

    order = models.ForeignKey(Order, models.PROTECT, related_name="disputes")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True)
    ordered_inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="+")
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_supplier = models.BooleanField(_("the supplier claims"), default=False)
    filed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    statement = models.TextField(_("what happened"), blank=True)
    typed = models.JSONField(default=dict, editable=False)
    claimed_minor = models.BigIntegerField(_("amount claimed, in cents"), default=0)
    currency = models.CharField(max_length=3)
    after_release = models.BooleanField(_("claimed after release"), default=False)
    snapshot = models.JSONField(default=dict, editable=False)
    answered_at = models.DateTimeField(null=True)
    excluded_by = models.CharField(_("not covered because of"), max_length=20, blank=True)
    offer_refund_minor = models.BigIntegerField(null=True)
    offer_remedy = models.CharField(max_length=10, choices=Remedy, default=Remedy.REFUND)
    offer_ship_by = models.DateField(null=True)
    offer_by = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    offer_note = models.TextField(blank=True)
    handover_by = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    adverse_to = models.CharField(_("silence counts against"), max_length=10, blank=True)
    buyer_done_at = models.DateTimeField(null=True)
    supplier_done_at = models.DateTimeField(null=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    mediator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    contract_review = models.TextField(_("review of the contract"), blank=True)
    contract_reviewed_at = models.DateTimeField(null=True)
    comparison = models.TextField(_("comparison with the report"), blank=True)
    compared_at = models.DateTimeField(null=True)
    refund_minor = models.BigIntegerField(null=True)
    release_minor = models.BigIntegerField(null=True)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    payment_fee_back = models.BooleanField(_("the supplier bears the payment fee"), default=False)
    reasons = models.TextField(_("reasons"), blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    appealed_by = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    appeal_ground = models.CharField(max_length=20, choices=Ground, blank=True)
    appeal_text = models.TextField(_("why it is appealed"), blank=True)

    class Meta:
        abstract = True

    @property
    def claimant_id(self):
        return self.supplier_id if self.by_supplier else self.buyer_id

    @property
    def respondent_id(self):
        return self.buyer_id if self.by_supplier else self.supplier_id

    @property
    def claimant(self):
        return self.order.supplier if self.by_supplier else self.order.buyer

    @property
    def respondent(self):
        return self.order.buyer if self.by_supplier else self.order.supplier

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
