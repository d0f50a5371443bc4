"""The purchase contract: its lines, its terms, and the signatures that bind its hash."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, User
from accounts.roles import the_parties, the_platform
from attachments.models import Attachment
from contracts.clarity import Line
from core import clock
from orders.models import OfOrder, Order
from workflow.fields import StateField


def _pdf_path(contract, filename):
    return f"contracts/{contract.public_id}.pdf"


class PurchaseContract(OfOrder):
    """One version of the contract of an order (S14). It covers specification, quality and
    quantity only (S15, S16); once proposed, its canonical form is frozen and hashed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for signatures")
        PART_SIGNED = "part_signed", _("Signed by one side")
        EFFECTIVE = "effective", _("In force")
        FULFILLED = "fulfilled", _("Fulfilled")
        SUPERSEDED = "superseded", _("Replaced by a later version")
        TERMINATED = "terminated", _("Ended")
        VOID = "void", _("Void")

    order = models.ForeignKey(Order, models.PROTECT, related_name="contracts")
    version = models.PositiveSmallIntegerField()
    drafted_by = models.ForeignKey(Company, models.PROTECT, related_name="+")
    template_key = models.SlugField(_("template"), default="empty")
    over_percent = models.DecimalField(
        _("over-delivery allowed, %"), max_digits=4, decimal_places=1, default=0
    )
    under_percent = models.DecimalField(
        _("under-delivery allowed, %"), max_digits=4, decimal_places=1, default=0
    )
    inspection_level = models.CharField(_("inspection level"), max_length=4, default="II")
    aql_major = models.DecimalField(_("AQL, major"), max_digits=5, decimal_places=3, default="2.5")
    aql_minor = models.DecimalField(_("AQL, minor"), max_digits=5, decimal_places=3, default="4.0")
    inspection_payer = models.CharField(
        _("who pays the inspection"), max_length=10, default="buyer"
    )
    late_percent_per_day = models.DecimalField(
        _("compensation per day late, %"), max_digits=4, decimal_places=2, default="0.5"
    )
    late_cap_percent = models.DecimalField(
        _("compensation at most, %"), max_digits=4, decimal_places=1, default="10"
    )
    governing_law = models.CharField(
        _("governing law"), max_length=80, default="Singapore, including the CISG"
    )
    holiday_rule = models.CharField(_("holidays"), max_length=120, blank=True)
    side_terms = models.TextField(_("side terms that are not assured"), blank=True)
    supplier_paper = models.ForeignKey(
        Attachment, models.PROTECT, null=True, editable=False, related_name="+"
    )
    document = models.JSONField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    proposed_at = models.DateTimeField(null=True, editable=False)
    effective_at = models.DateTimeField(null=True, editable=False)
    seal_progress = models.CharField(max_length=40, blank=True, editable=False)
    pdf = models.FileField(upload_to=_pdf_path, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    state = StateField(choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("purchase contract")
        ordering = ["version"]
        indexes = [
            models.Index(fields=["sha256"], name="contract_by_fingerprint"),
            models.Index(fields=["pdf_sha256"], name="contract_by_pdf"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="contract_version"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["draft", "proposed", "part_signed"]),
                name="one_contract_on_the_table",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="effective"), name="one_contract_in_force"
            ),
        ]

    def __str__(self):
        return f"{self.order} contract {self.version}"

    def is_frozen(self):
        return bool(self.sha256)

    def is_signed_by_both(self):
        return self.signatures.values("company").distinct().count() > 1

    @transition(
        state,
        State.DRAFT,
        State.PROPOSED,
        conditions=[is_frozen],
        permission=the_parties,
    )
    def propose(self):
        """A side offers this version for signature: its text is frozen from here on."""

    @transition(
        state, [State.PROPOSED, State.PART_SIGNED], State.SUPERSEDED, permission=the_parties
    )
    def counter(self):
        """A side answers with a version of its own instead of signing."""

    @transition(state, State.PROPOSED, State.PART_SIGNED, permission=the_parties)
    def sign(self):
        """The first side signs the hash of this version."""

    @transition(
        state,
        State.PART_SIGNED,
        State.EFFECTIVE,
        conditions=[is_signed_by_both],
        permission=the_parties,
    )
    def countersign(self, effective_at):
        """The other side signs the same hash: the contract binds both."""
        self.effective_at = effective_at

    @transition(state, [State.PROPOSED, State.PART_SIGNED], State.VOID, permission=the_platform)
    def lapse(self):
        """It was not signed by both in time (T2)."""

    @transition(state, State.DRAFT, State.VOID, permission=the_parties | the_platform)
    def discard(self):
        """The draft is given up, or its order has closed."""

    @transition(state, State.EFFECTIVE, State.FULFILLED, permission=the_parties | the_platform)
    def fulfil(self):
        """The trade ended with the supplier paid, in full or in part."""

    @transition(state, State.EFFECTIVE, State.TERMINATED, permission=the_parties | the_platform)
    def terminate(self):
        """The trade ended with the buyer refunded."""


class ContractLine(models.Model):
    """One measurable thing that was agreed: it becomes the inspector's check and the
    dispute's claim, by the same number."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        RANGE = "range", _("Range")
        COLOUR = "colour", _("Colour code")
        STANDARD = "standard", _("Standard")
        FILE = "file", _("File")
        CHOICE = "choice", _("One of a list")
        COMPLIANCE = "compliance", _("Compliance, yes or no")
        BRAND = "brand", _("Brand")
        TEXT = "text", _("Text")

    class Severity(models.TextChoices):
        CRITICAL = "critical", _("Critical")
        MAJOR = "major", _("Major")
        MINOR = "minor", _("Minor")

    contract = models.ForeignKey(PurchaseContract, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("line"))
    template_key = models.SlugField(blank=True)
    characteristic = models.CharField(_("characteristic"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TEXT)
    requirement = models.CharField(_("requirement"), max_length=300, blank=True)
    tolerance_minus = models.CharField(_("tolerance −"), max_length=20, blank=True)
    tolerance_plus = models.CharField(_("tolerance +"), max_length=20, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    how_checked = models.CharField(_("how it is checked"), max_length=200, blank=True)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, default=Severity.MAJOR
    )
    choices = models.JSONField(_("allowed values"), default=list, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("contract line")
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.characteristic}"

    def plain(self):
        """The line as the plain value that the clarity rules judge."""
        return Line(
            number=self.number,
            template_key=self.template_key,
            characteristic=self.characteristic,
            kind=self.kind,
            requirement=self.requirement,
            tolerance_minus=self.tolerance_minus,
            tolerance_plus=self.tolerance_plus,
            unit=self.unit,
            how_checked=self.how_checked,
            severity=self.severity,
            attachment_name=self.attachment.name if self.attachment else "",
            attachment_sha256=self.attachment.sha256 if self.attachment else "",
            choices=tuple(self.choices),
        )


class AcknowledgedGap(models.Model):
    """A gap that a party named and took upon itself before signing (S29, S44)."""

    contract = models.ForeignKey(PurchaseContract, models.CASCADE, related_name="gaps")
    code = models.CharField(max_length=80)
    sentence = models.TextField()
    acknowledged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="gap_acknowledged_once")
        ]

    def __str__(self):
        return self.sentence


class Signature(models.Model):
    """A party's signature: who, when, from where, under which hash (S17)."""

    contract = models.ForeignKey(PurchaseContract, models.PROTECT, related_name="signatures")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    typed_name = models.CharField(_("name"), max_length=120)
    statements = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "company"], name="one_signature_a_side")
        ]

    def __str__(self):
        return f"{self.typed_name} for {self.company}"
