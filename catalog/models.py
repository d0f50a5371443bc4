"""What suppliers offer: categories, products and their specification sheets."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.money import Money


class Category(models.Model):
    """A kind of goods; its template names the lines that a contract should have."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    template_key = models.SlugField(_("contract template"), default="empty")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]

    def __str__(self):
        return self.name


class ProductQuerySet(models.QuerySet):
    def offered(self):
        """Products of Gold suppliers with a limit: the ones that can be assured (S54)."""
        return self.filter(
            withdrawn=False, supplier__standing__gold=True, supplier__standing__limit_minor__gt=0
        )


class Product(models.Model):
    """Goods that one supplier makes, at a price for a least quantity."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplier = models.ForeignKey(Company, models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    currency = models.CharField(max_length=3, default="USD")
    price_minor = models.BigIntegerField(_("price for one unit, in cents"))
    unit = models.CharField(_("unit"), max_length=10, default="pcs")
    least_quantity = models.PositiveIntegerField(_("least quantity"), default=1)
    lead_days = models.PositiveIntegerField(_("days to make"), default=30)
    hs_code = models.CharField(_("HS code"), max_length=10, blank=True)
    specification = models.JSONField(_("specification sheet"), default=list, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("product", args=[self.slug])

    @property
    def price(self):
        return Money(self.price_minor, self.currency)
