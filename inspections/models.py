"""Inspections: what an independent company measures, line by line of the contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.models import Company, User
from accounts.roles import (
    the_buyer,
    the_inspector,
    the_mediator,
    the_parties,
    the_platform,
)
from attachments.models import Attachment
from contracts.models import ContractLine, PurchaseContract
from orders.models import OfOrder, Order
from workflow.fields import StateField


def _path(inspection, filename):
    return f"inspections/{inspection.public_id}.pdf"


def _pieces_path(inspection, filename):
    return f"inspections/{inspection.public_id}-pieces.pdf"


def _small_path(photo, filename):
    return f"inspections/{photo.inspection.public_id}/{photo.attachment.public_id}.jpg"


class Inspection(OfOrder):
    """One visit of an inspection company that the platform appoints (S32, S46)."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("To be assigned")
        APPOINTED = "appointed", _("Proposed to both sides")
        SCHEDULED = "scheduled", _("Booked")
        MISSED = "missed", _("Missed")
        REPORTED = "reported", _("Report filed")
        PASSED = "passed", _("All lines match")
        FAILED = "failed", _("Differs from the contract")
        PENDING_BUYER = "pending_buyer", _("The buyer decides")
        ACCEPTED_DESPITE = "accepted_despite", _("Accepted as it is")
        CLOSED_FAILED = "closed_failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Cause(models.TextChoices):
        POSTPONED = "postponed", _("The supplier postponed on the same day")
        NOT_READY = "not_ready", _("The goods were not ready")
        NO_ACCESS = "no_access", _("The pieces could not be chosen freely")
        BUYER = "buyer", _("The buyer held it up")
        NO_REPORT = "no_report", _("The inspection company sent no report in time")

    order = models.ForeignKey(Order, models.PROTECT, related_name="inspections")
    contract = models.ForeignKey(PurchaseContract, models.PROTECT, related_name="inspections")
    n = models.PositiveSmallIntegerField(default=1)
    agency = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="inspections"
    )
    inspector = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.JSONField(default=dict, editable=False)
    seed = models.CharField(max_length=64, blank=True, editable=False)
    pieces_pdf = models.FileField(upload_to=_pieces_path, blank=True, editable=False)
    visit_on = models.DateField(_("day of the visit"), null=True, editable=False)
    missed_because = models.CharField(
        _("why it was missed"), max_length=20, choices=Cause, blank=True, editable=False
    )
    critical_found = models.PositiveIntegerField(_("critical defects"), null=True)
    major_found = models.PositiveIntegerField(_("major defects"), null=True)
    minor_found = models.PositiveIntegerField(_("minor defects"), null=True)
    remarks = models.TextField(_("remarks"), blank=True)
    signed_name = models.CharField(_("signed by"), max_length=120, blank=True)
    reported_at = models.DateTimeField(null=True, editable=False)
    pdf = models.FileField(upload_to=_path, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)
    state = StateField(choices=State, default=State.REQUESTED)

    class Meta:
        verbose_name = _("inspection")
        ordering = ["pk"]
        indexes = [models.Index(fields=["pdf_sha256"], name="report_by_pdf")]
        constraints = [models.UniqueConstraint(fields=["order", "n"], name="inspection_round")]

    def __str__(self):
        return f"{self.order} inspection {self.n}"

    def has_agency(self):
        return self.agency_id is not None

    @transition(
        state,
        State.REQUESTED,
        State.APPOINTED,
        conditions=[has_agency],
        permission=the_mediator | the_platform,
    )
    def appoint(self):
        """The platform names an agency that depends on neither side, and its sampling plan."""

    @transition(state, State.APPOINTED, State.REQUESTED, permission=the_parties)
    def object(self):
        """A side objects to the proposal in time, with a reason (T12)."""
        self.agency = None

    @transition(state, State.APPOINTED, State.SCHEDULED, permission=the_inspector | the_platform)
    def schedule(self):
        """Nobody objected: the visit is agreed."""

    @transition(state, State.SCHEDULED, State.MISSED, permission=the_inspector)
    def miss(self, cause):
        """The inspector came and could not inspect; who caused it bears the next visit."""
        self.missed_because = cause

    @transition(state, State.SCHEDULED, State.MISSED, permission=the_platform)
    def overdue(self):
        """Three days after the visit there is no report: the agency is in breach."""
        self.missed_because = self.Cause.NO_REPORT

    @transition(
        state,
        State.MISSED,
        State.APPOINTED,
        conditions=[has_agency],
        permission=the_parties | the_platform,
    )
    def reschedule(self):
        """A new visit is proposed; the ship-by date does not move."""

    @transition(state, State.SCHEDULED, State.REPORTED, permission=the_inspector)
    def report(self, reported_at):
        """The inspector signs the measured values and the defects found."""
        self.reported_at = reported_at

    @transition(state, State.REPORTED, State.PASSED, permission=the_inspector)
    def verdict_pass(self):
        """Every line matches and the defects are within the limits."""

    @transition(state, State.REPORTED, State.FAILED, permission=the_inspector)
    def verdict_fail(self):
        """A line is out of tolerance, a critical defect or too many others were found."""

    @transition(state, State.REPORTED, State.PENDING_BUYER, permission=the_inspector)
    def verdict_pending(self):
        """A result needs the buyer's own judgement."""

    @transition(
        state,
        [State.FAILED, State.PENDING_BUYER],
        State.ACCEPTED_DESPITE,
        permission=the_buyer,
    )
    def buyer_accepts(self):
        """The buyer takes the goods as they are; the failed lines cannot be claimed later."""

    @transition(
        state, [State.FAILED, State.PENDING_BUYER], State.CLOSED_FAILED, permission=the_parties
    )
    def rework(self):
        """The supplier takes the goods back; a new round is requested, this report stays."""

    @transition(
        state,
        [State.FAILED, State.PENDING_BUYER],
        State.CLOSED_FAILED,
        permission=the_buyer | the_platform,
    )
    def dispute(self):
        """The buyer files a dispute about the result (S48), or one waited for the report."""

    @transition(
        state, [State.FAILED, State.PENDING_BUYER], State.CLOSED_FAILED, permission=the_platform
    )
    def no_decision(self):
        """The buyer did not decide in time: the goods may not be shipped (T13)."""

    @transition(
        state,
        [State.REQUESTED, State.APPOINTED, State.SCHEDULED, State.MISSED],
        State.CANCELLED,
        permission=the_buyer | the_mediator | the_platform,
    )
    def cancel(self):
        """The order closed, or the visit was called off."""


class Tie(models.Model):
    """An agency depends on a company (owned, hired within a year): it never inspects for it."""

    agency = models.ForeignKey(Company, models.CASCADE, related_name="ties")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    why = models.CharField(_("how they are tied"), max_length=200)

    class Meta:
        verbose_name = _("tie of an agency")
        verbose_name_plural = _("ties of agencies")
        constraints = [models.UniqueConstraint(fields=["agency", "company"], name="one_tie")]

    def __str__(self):
        return f"{self.agency}: {self.company}"


class Absence(models.Model):
    """Days, both included, on which an agency sends nobody."""

    agency = models.ForeignKey(Company, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("absence of an agency")
        verbose_name_plural = _("absences of agencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_in_order"
            )
        ]

    def __str__(self):
        return f"{self.agency}: {self.first_day} - {self.last_day}"


class LineResult(models.Model):
    """What was measured for one contract line, and what follows from it."""

    class Result(models.TextChoices):
        MATCH = "match", _("Matches")
        DIFFERS = "differs", _("Differs")
        NOT_MEASURABLE = "not_measurable", _("Not measurable")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="results")
    line = models.ForeignKey(ContractLine, models.PROTECT, related_name="results")
    readings = models.JSONField(_("readings"), default=list)
    answer = models.CharField(_("answer"), max_length=10, blank=True)
    note = models.TextField(_("note"), blank=True)
    standard = models.CharField(_("industry standard applied"), max_length=120, blank=True)
    result = models.CharField(max_length=20, choices=Result)
    mean = models.CharField(max_length=30, blank=True)
    lowest = models.CharField(max_length=30, blank=True)
    highest = models.CharField(max_length=30, blank=True)
    deviation = models.CharField(max_length=30, blank=True)
    waived = models.BooleanField(default=False)

    class Meta:
        ordering = ["line__number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "line"], name="one_result_a_line")
        ]

    def __str__(self):
        return f"{self.line}: {self.result}"


class Photo(models.Model):
    """A photo of a visit, of one contract line or of the whole; the attachment is the original."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    line = models.ForeignKey(ContractLine, models.PROTECT, null=True, related_name="+")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    small = models.FileField(upload_to=_small_path)
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("photo")
        ordering = ["line__number", "pk"]

    def __str__(self):
        return self.caption or self.attachment.name
