"""People and companies: who trades, who inspects, who is assured."""

import uuid
from functools import cached_property

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from accounts.roles import the_finance_office
from core import clock
from core.money import Money
from core.references import sg_bic
from workflow.fields import StateField
from workflow.models import Stateful


class Company(models.Model):
    """A legal person on the platform. It may buy, sell or inspect, or several of these."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address on the site"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200)
    name_local = models.CharField(_("name in its own script"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2)
    city = models.CharField(_("city"), max_length=80)
    province = models.CharField(_("province or state"), max_length=80, blank=True)
    address = models.TextField(_("address"), blank=True)
    tax_number = models.CharField(_("registration or tax number"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Singapore")
    buys = models.BooleanField(_("buys"), default=False)
    sells = models.BooleanField(_("sells"), default=False)
    inspects = models.BooleanField(_("inspects"), default=False)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by an e-mail address, acting for one company or for the platform."""

    class Role(models.TextChoices):
        SIGNER = "signer", _("may sign and pay")
        MEMBER = "member", _("may read and write")

    username = None
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="people"
    )
    company_role = models.CharField(
        _("role in the company"), max_length=10, choices=Role, default=Role.SIGNER
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    @cached_property
    def duties(self):
        """The staff groups this person is in: mediator, finance, verifier, administrator."""
        if not self.is_staff or self.pk is None:
            return set()
        return set(self.groups.values_list("name", flat=True))

    @property
    def role_name(self):
        """How history names the role of this person."""
        if self.is_staff:
            return "staff: " + (", ".join(sorted(self.duties)) or "none")
        return f"{self.company or 'nobody'}, {self.company_role}"

    @property
    def initials(self):
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar of time limits: a new one ends the old one.

    Only the SHA-256 of the secret is kept, so the address is shown once.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return str(self.user)


class SupplierStanding(models.Model):
    """Whether a supplier takes part, and how much it is covered for (S53-S57, money.md 7.3).

    `reserved_minor` is moved only by one conditional UPDATE in `accounts.operations`, so
    that two signatures at the same moment can never promise the same cover twice.
    """

    company = models.OneToOneField(Company, models.PROTECT, related_name="standing")
    gold = models.BooleanField(_("Gold supplier"), default=False)
    gold_since = models.DateField(_("Gold since"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    limit_minor = models.BigIntegerField(_("coverage limit, in cents"), default=0)
    reserved_minor = models.BigIntegerField(_("reserved, in cents"), default=0, editable=False)
    reserve_percent = models.DecimalField(
        _("reserve kept of each release, %"), max_digits=5, decimal_places=2, default=0
    )

    class Meta:
        verbose_name = _("supplier standing")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0) & Q(limit_minor__gte=0),
                name="coverage_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(reserve_percent__gte=0, reserve_percent__lte=50),
                name="reserve_in_range",
            ),
        ]

    def __str__(self):
        return f"{self.company}: {self.limit}"

    @property
    def trade(self):
        """History files what happens to a standing under the standing itself."""
        return self

    @property
    def ref(self):
        return f"standing-{self.pk}"

    @property
    def limit(self):
        return Money(self.limit_minor, self.currency)

    @property
    def reserved(self):
        return Money(self.reserved_minor, self.currency)

    @property
    def headroom(self):
        """What new orders may still be covered for: never below nothing after a limit cut."""
        return Money(max(0, self.limit_minor - self.reserved_minor), self.currency)


class CoverageReservation(models.Model):
    """The part of a supplier's limit that one order holds until its claims are over (T8)."""

    standing = models.ForeignKey(SupplierStanding, models.PROTECT, related_name="reservations")
    order_ref = models.CharField(max_length=40, unique=True)
    basis_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    reserved_at = models.DateTimeField(default=clock.now)
    freed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0) & Q(amount_minor__lte=F("basis_minor")),
                name="reservation_within_basis",
            )
        ]

    def __str__(self):
        return self.order_ref


class Strike(models.Model):
    """A fact that counts against a company, once for each trade and cause (X19).

    A report that money was asked for outside is noted here too; it is no strike by itself.
    """

    class Cause(models.TextChoices):
        LATE = "late", _("Refunded because it was not shipped in time")
        FALSE_DOCUMENT = "false_document", _("A shipping document was false")
        AT_FAULT = "at_fault", _("Found at fault in a ruling")
        NO_ANSWER = "no_answer", _("Did not answer a claim in fifteen days")
        UNFOUNDED = "unfounded", _("Claimed without cause")
        OFF_PLATFORM = "off_platform", _("Reported: asked for money outside the platform")

    company = models.ForeignKey(Company, models.PROTECT, related_name="strikes")
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    order_ref = models.CharField(_("order"), max_length=40)
    noted_at = models.DateTimeField(_("noted"), default=clock.now)

    class Meta:
        verbose_name = _("strike")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "cause", "order_ref"], name="one_strike_a_trade_and_cause"
            )
        ]

    def __str__(self):
        return f"{self.company}: {self.get_cause_display()}"


def in_singapore(bic):
    """The form's word for `sg_bic`: only a bank in Singapore will do (S19)."""
    try:
        sg_bic(bic)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class DesignatedAccount(Stateful):
    """The one account in Singapore that buyers pay into (S19), changed by two people."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        ACTIVE = "active", _("In use")
        RETIRED = "retired", _("No longer in use")

    beneficiary = models.CharField(_("beneficiary"), max_length=120)
    bank = models.CharField(_("bank"), max_length=120)
    account_number = models.CharField(_("account number"), max_length=34)
    bic = models.CharField(_("SWIFT / BIC"), max_length=11, validators=[in_singapore])
    bank_address = models.CharField(_("address of the bank"), max_length=200, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    state = StateField(choices=State, default=State.PROPOSED)

    class Meta:
        verbose_name = _("designated account")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="designated_account_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(bic__regex=r"^[A-Z]{4}SG[A-Z0-9]{2}([A-Z0-9]{3})?$"),
                name="designated_account_in_singapore",
            ),
            models.UniqueConstraint(
                fields=["currency"], condition=Q(state="active"), name="one_designated_account"
            ),
        ]

    def __str__(self):
        return f"{self.beneficiary}, {self.bank}"

    @transition(state, State.PROPOSED, State.ACTIVE, permission=the_finance_office)
    def approve(self, approver):
        """A second person of the finance office puts the account in use."""
        self.approved_by = approver

    @transition(state, [State.PROPOSED, State.ACTIVE], State.RETIRED, permission=the_finance_office)
    def retire(self):
        """The account is replaced; money is no longer asked for there."""
