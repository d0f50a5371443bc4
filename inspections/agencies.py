"""Which inspection companies may inspect an order: independent of both sides, and free."""

from django.db.models import Count, Q

from accounts.models import Company
from inspections.models import Tie

OPEN = ["requested", "appointed", "scheduled", "missed"]


def independent_of(order):
    """Inspection companies that are no side of the order and have no tie to one (S32, S46)."""
    sides = [order.buyer_id, order.supplier_id]
    tied = Tie.objects.filter(company__in=sides).values("agency")
    return Company.objects.filter(inspects=True).exclude(pk__in=sides).exclude(pk__in=tied)


def least_busy(order, day, but=None):
    """The independent company, there on `day`, with the fewest visits to make; or None."""
    away = Q(absences__first_day__lte=day, absences__last_day__gte=day)
    found = independent_of(order).exclude(pk__in=Company.objects.filter(away).values("pk"))
    if but:
        found = found.exclude(pk=but)
    busy = Count("inspections", filter=Q(inspections__state__in=OPEN), distinct=True)
    return found.annotate(visits=busy).order_by("visits", "pk").first()
