"""The filters of the catalogue and the directory: a GET form, whose address can be shared.

A value that cannot be used is left out and named in a note; it never breaks the page.
"""

from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from catalog.models import Category, Product

PER_PAGE = 24
LARGEST = 2_000_000_000
ENGLISH = "english"
GOLD = Q(supplier__standing__gold=True, supplier__standing__limit_minor__gt=0)


class Filters(forms.Form):
    """Filters that take what is good in a query string, and tell what is not."""

    IN_SIGHT = ()

    def __init__(self, query):
        super().__init__(query)
        self.is_valid()
        self.query = query

    def value(self, name):
        """What was asked for under this name, or None if nothing usable."""
        return self.cleaned_data.get(name) or None

    @property
    def first(self):
        """The filters that are always in sight."""
        return [self[name] for name in self.IN_SIGHT]

    @property
    def more(self):
        """The filters that a click shows."""
        return [self[name] for name in self.fields if name not in self.IN_SIGHT]

    @property
    def narrowed(self) -> bool:
        """Whether one of the filters out of sight is in use, so that they must be seen."""
        return any(self.value(name) for name in self.fields if name not in self.IN_SIGHT)

    @property
    def notes(self) -> list[str]:
        """A sentence for every value that was left out."""
        sentence = _("“%(value)s” cannot be used for “%(name)s”, so it was left out.")
        return [
            sentence % {"value": self.query.get(name, "")[:40], "name": self.fields[name].label}
            for name in self.errors
        ]

    @property
    def chips(self) -> list[dict]:
        """The filters in use, each with the query string that takes it away."""
        return [
            {
                "label": self.fields[name].label,
                "value": self._shown(name),
                "without": self._without(name),
            }
            for name in self.fields
            if name != "sort" and self.value(name)
        ]

    def _shown(self, name):
        value = self.value(name)
        return "" if value is True else str(value)

    def _without(self, name):
        return "?" + self._rest_without(name, "page").urlencode()

    def _rest_without(self, *names):
        rest = self.query.copy()
        for name in names:
            rest.pop(name, None)
        return rest


def page_of(rows, query):
    """The page that was asked for, or the nearest one with a note that says so."""
    asked = query.get("page", "")
    page = Paginator(rows, PER_PAGE).get_page(asked or 1)
    if asked in ("", str(page.number)):
        return page, []
    note = _("There is no page “%(page)s”. This is page %(number)d.")
    return page, [note % {"page": asked[:40], "number": page.number}]


class ProductFilters(Filters):
    """What a buyer may narrow the catalogue by."""

    IN_SIGHT = ("q", "category", "sort", "gold")
    ORDER = {
        "name": ["name", "pk"],
        "price": ["price_minor", "pk"],
        "-price": ["-price_minor", "pk"],
        "lead": ["lead_days", "pk"],
    }

    q = forms.CharField(label=gettext_lazy("Search"), max_length=120, required=False)
    category = forms.ModelChoiceField(
        Category.objects.all(),
        label=gettext_lazy("Category"),
        to_field_name="slug",
        empty_label=gettext_lazy("All categories"),
        required=False,
    )
    min_price = forms.DecimalField(
        label=gettext_lazy("Price from (US$)"), min_value=0, max_value=LARGEST, required=False
    )
    max_price = forms.DecimalField(
        label=gettext_lazy("Price up to (US$)"), min_value=0, max_value=LARGEST, required=False
    )
    moq = forms.IntegerField(
        label=gettext_lazy("Least quantity up to"), min_value=1, max_value=LARGEST, required=False
    )
    ships_within = forms.IntegerField(
        label=gettext_lazy("Made within (days)"), min_value=1, max_value=LARGEST, required=False
    )
    coverage_min = forms.IntegerField(
        label=gettext_lazy("Free coverage, at least (US$)"),
        min_value=1,
        max_value=LARGEST,
        required=False,
    )
    gold = forms.BooleanField(label=gettext_lazy("Gold suppliers only"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        choices=[
            ("", gettext_lazy("Best match")),
            ("price", gettext_lazy("Price, lowest first")),
            ("-price", gettext_lazy("Price, highest first")),
            ("lead", gettext_lazy("Days to make")),
            ("name", gettext_lazy("Name")),
        ],
        required=False,
    )

    def products(self):
        """The products that meet every usable filter, in the order asked for."""
        rows = Product.objects.filter(withdrawn=False).filter(self._conditions())
        words, order = self.value("q"), self.value("sort")
        if words:
            rows = rows.filter(pk__in=_matching(words))
        if words and not order:
            rank = SearchRank(_document(), SearchQuery(words, config=ENGLISH))
            rows = rows.annotate(rank=rank).order_by("-rank", "name", "pk")
        else:
            rows = rows.order_by(*self.ORDER[order or "name"])
        return rows.select_related("supplier__standing", "category")

    def _conditions(self) -> Q:
        limit = "supplier__standing__limit_minor"
        used = F("supplier__standing__reserved_minor")
        lookups = {
            "category": lambda v: Q(category=v),
            "min_price": lambda v: Q(currency="USD", price_minor__gte=_cents(v)),
            "max_price": lambda v: Q(currency="USD", price_minor__lte=_cents(v)),
            "moq": lambda v: Q(least_quantity__lte=v),
            "ships_within": lambda v: Q(lead_days__lte=v),
            "coverage_min": lambda v: GOLD & Q(**{f"{limit}__gte": used + v * 100}),
            "gold": lambda v: Q(
                supplier__standing__gold=True, supplier__standing__limit_minor__gt=0
            ),
        }
        found = Q()
        for name, condition in lookups.items():
            if value := self.value(name):
                found &= condition(value)
        return found


class SupplierFilters(Filters):
    """What a buyer may narrow the directory by."""

    IN_SIGHT = ("q", "category", "province", "show")

    q = forms.CharField(label=gettext_lazy("Search"), max_length=120, required=False)
    category = forms.ModelChoiceField(
        Category.objects.all(),
        label=gettext_lazy("Category"),
        to_field_name="slug",
        empty_label=gettext_lazy("All categories"),
        required=False,
    )
    province = forms.CharField(label=gettext_lazy("Province"), max_length=80, required=False)
    show = forms.ChoiceField(
        label=gettext_lazy("Which suppliers"),
        choices=[
            ("", gettext_lazy("Gold suppliers")),
            ("all", gettext_lazy("All, also those whose orders are not protected")),
        ],
        required=False,
    )

    def companies(self):
        """The suppliers that meet every usable filter: Gold ones, unless all are asked for."""
        rows = Company.objects.filter(sells=True)
        if self.value("show") != "all":
            rows = rows.filter(standing__gold=True, standing__limit_minor__gt=0)
        if words := self.value("q"):
            rows = rows.filter(
                Q(name__icontains=words) | Q(name_local__icontains=words) | Q(city__icontains=words)
            )
        if category := self.value("category"):
            offering = Product.objects.filter(category=category, withdrawn=False)
            rows = rows.filter(pk__in=offering.values("supplier"))
        if province := self.value("province"):
            rows = rows.filter(province__iexact=province)
        return rows.select_related("standing").order_by("name", "pk")


def _document():
    """The text of a product that is searched; the index in migration 0002 has the same one."""
    return SearchVector("name", "summary", config=ENGLISH)


def _matching(words):
    """Products whose own text, supplier, category or HS code has the words."""
    plain = Product.objects.order_by()
    by_text = plain.annotate(document=_document()).filter(
        document=SearchQuery(words, config=ENGLISH, search_type="websearch")
    )
    by_part = plain.filter(name__icontains=words)
    by_others = plain.filter(
        Q(supplier__name__icontains=words)
        | Q(supplier__name_local__icontains=words)
        | Q(category__name__icontains=words)
        | Q(hs_code__startswith=words)
    )
    return by_text.values("pk").union(by_part.values("pk"), by_others.values("pk"))


def _cents(amount):
    return int(amount.scaleb(2))
