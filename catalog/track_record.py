"""How a supplier's protected orders of the last twelve months went (ux.md 3.3).

Rates are shown only from ten orders on: three out of four would say nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company
from core import clock
from core.formats.words import number_text

PERIOD = timedelta(days=365)
ENOUGH = 10
# A claim that the buyer sent; a draft, and what the supplier itself claims, is none.
CLAIMED = Q(sales__disputes__claimed_minor__gt=0, sales__disputes__by_supplier=False)


@dataclass(frozen=True)
class TrackRecord:
    """Counts of orders whose deposit was held: those due for shipment, on time, disputed."""

    protected: int = 0
    due: int = 0
    on_time: int = 0
    disputed: int = 0

    @property
    def punctuality(self) -> str:
        """ "97.8% on time of 412 orders", or that there are too few to say."""
        if self.due < ENOUGH:
            return _("Too few orders to rate (%(n)d)") % {"n": self.due}
        return _("%(rate)s on time of %(n)d orders") % {
            "rate": _rate(self.on_time, self.due),
            "n": self.due,
        }

    @property
    def disputes(self) -> str:
        """ "0.9% disputed of 412 orders"; the bare count while there are too few for a rate."""
        if not self.protected:
            return ""
        if self.protected < ENOUGH:
            counts = {"part": self.disputed, "n": self.protected}
            return _("%(part)d disputed of %(n)d orders") % counts
        return _("%(rate)s disputed of %(n)d orders") % {
            "rate": _rate(self.disputed, self.protected),
            "n": self.protected,
        }

    @property
    def summary(self) -> str:
        """Both in one line."""
        return " · ".join(filter(None, [self.punctuality, self.disputes]))

    @property
    def volume(self) -> str:
        return ngettext(
            "%(n)d protected order in twelve months",
            "%(n)d protected orders in twelve months",
            self.protected,
        ) % {"n": self.protected}


def track_records(company_ids) -> dict[int, TrackRecord]:
    """The record of each of these suppliers, in one query."""
    recent = Q(sales__funded_at__gte=clock.now() - PERIOD)
    shipped = Q(sales__shipped_at__isnull=False)
    rows = (
        Company.objects.filter(pk__in=set(company_ids))
        .order_by("pk")
        .annotate(
            protected=Count("sales", recent, distinct=True),
            due=Count(
                "sales", recent & (shipped | Q(sales__late_since__isnull=False)), distinct=True
            ),
            on_time=Count(
                "sales",
                recent & shipped & Q(sales__shipped_at__lt=F("sales__ship_deadline")),
                distinct=True,
            ),
            disputed=Count("sales", recent & CLAIMED, distinct=True),
        )
        .values_list("pk", "protected", "due", "on_time", "disputed")
    )
    return {pk: TrackRecord(*counts) for pk, *counts in rows}


def _rate(part: int, whole: int) -> str:
    return number_text(Decimal(part * 100) / whole, "0.#") + "%"
