"""What the facts of twelve months say about a company: strikes, answers, claims without cause.

Every figure is shown with the number of cases it rests on (X19).
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company, Strike
from catalog.track_record import PERIOD
from core import clock
from core.formats.words import number_text

ANSWERS = """
SELECT count(*), avg(extract(epoch FROM answered.happened_at - placed.happened_at)) / 3600
FROM orders_order o
JOIN workflow_event placed ON placed.trade_ref = o.code AND placed.verb = 'place'
JOIN workflow_event answered ON answered.trade_ref = o.code
    AND answered.verb IN ('accept_order', 'decline')
WHERE o.supplier_id = %(company)s AND placed.happened_at >= %(since)s
"""


@dataclass(frozen=True)
class SupplierReputation:
    """Strikes, and how fast orders are answered: hours on average of so many answers."""

    strikes: int
    answers: int
    hours: Decimal

    @property
    def standing(self) -> str:
        """ "2 strikes in twelve months"."""
        if not self.strikes:
            return _("No strike in twelve months")
        text = ngettext(
            "%(n)d strike in twelve months", "%(n)d strikes in twelve months", self.strikes
        )
        return text % {"n": self.strikes}

    @property
    def answering(self) -> str:
        """ "Answers an order in 5.5 hours on average, of 12", or nothing before the first."""
        if not self.answers:
            return ""
        return _("Answers an order in %(hours)s hours on average, of %(n)d") % {
            "hours": number_text(self.hours, "0.#"),
            "n": self.answers,
        }


@dataclass(frozen=True)
class BuyerReputation:
    """How often a buyer claimed, and how often without cause: its own fault, or not covered."""

    orders: int
    ended: int
    unfounded: int

    @property
    def summary(self) -> str:
        """ "1 of 4 claims was without cause, of 9 paid orders"."""
        if not self.ended:
            return _("No claim decided, of %(orders)d paid orders") % {"orders": self.orders}
        return _("%(unfounded)d of %(n)d claims without cause, of %(orders)d paid orders") % {
            "unfounded": self.unfounded,
            "n": self.ended,
            "orders": self.orders,
        }


def supplier_reputation(company_id) -> SupplierReputation:
    """A supplier's strikes and answers in the last twelve months; a report is no strike."""
    since = clock.now() - PERIOD
    strikes = Strike.objects.filter(company_id=company_id, noted_at__gte=since)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, {"company": company_id, "since": since})
        answers, hours = cursor.fetchone()
    counted = strikes.exclude(cause=Strike.Cause.OFF_PLATFORM).count()
    return SupplierReputation(counted, answers, Decimal(hours or 0).quantize(Decimal("0.1")))


def buyer_reputation(company_id) -> BuyerReputation:
    """A buyer's claims of the last twelve months that have ended, and those without cause."""
    recent = Q(purchases__funded_at__gte=clock.now() - PERIOD)
    claim = recent & Q(purchases__disputes__by_supplier=False)
    ended = Q(purchases__disputes__state__in=["enforced", "settled", "rejected"])
    lost = Q(purchases__disputes__state="rejected") | Q(
        purchases__disputes__state="enforced",
        purchases__disputes__refund_minor=0,
        purchases__disputes__fault="buyer",
    )
    found = Company.objects.filter(pk=company_id).aggregate(
        orders=Count("purchases", recent, distinct=True),
        ended=Count("purchases__disputes", claim & ended, distinct=True),
        unfounded=Count("purchases__disputes", claim & lost, distinct=True),
    )
    return BuyerReputation(**found)
