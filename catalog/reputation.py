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
from catalog.track_record import PERIOD, TrackRecord, track_records
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


CLAIMS = """
SELECT count(*), avg(extract(epoch FROM d.answered_at - d.filed_at)) / 3600
FROM disputes_dispute d JOIN orders_order o ON o.id = d.order_id
WHERE o.supplier_id = %(company)s AND NOT d.by_supplier
    AND d.filed_at >= %(since)s AND d.answered_at IS NOT NULL
"""


@dataclass(frozen=True)
class Strikes:
    """What counted against a company, by cause: {cause: how often}."""

    by_cause: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.by_cause.values())

    @property
    def standing(self) -> str:
        """ "2 strikes in twelve months: Refunded because it was not shipped in time (2)"."""
        if not self.count:
            return _("No strike in twelve months")
        text = ngettext(
            "%(n)d strike in twelve months: %(causes)s",
            "%(n)d strikes in twelve months: %(causes)s",
            self.count,
        )
        causes = (f"{Strike.Cause(cause).label} ({n})" for cause, n in self.by_cause.items())
        return text % {"n": self.count, "causes": ", ".join(causes)}


@dataclass(frozen=True)
class SupplierReputation:
    """Strikes, and how fast orders and claims are answered: hours on average of so many."""

    against: Strikes
    answers: int
    hours: Decimal
    claims: int
    claim_hours: Decimal

    @property
    def strikes(self) -> int:
        return self.against.count

    @property
    def standing(self) -> str:
        return self.against.standing

    @property
    def answering(self) -> str:
        """ "Answers an order in 5.5 hours on average, of 12", or nothing before the first."""
        if not self.answers:
            return ""
        return _("Answers an order in %(hours)s hours on average, of %(n)d") % {
            "hours": number_text(self.hours, "0.#"),
            "n": self.answers,
        }

    @property
    def answering_claims(self) -> str:
        """ "Answers a claim in 30 hours on average, of 2", or nothing before the first."""
        if not self.claims:
            return ""
        return _("Answers a claim in %(hours)s hours on average, of %(n)d") % {
            "hours": number_text(self.claim_hours, "0.#"),
            "n": self.claims,
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
    return SupplierReputation(
        strikes_of(company_id), *_average(ANSWERS, company_id), *_average(CLAIMS, company_id)
    )


def strikes_of(company_id) -> Strikes:
    """A company's strikes of the last twelve months, the most frequent cause first."""
    found = Strike.objects.filter(company_id=company_id, noted_at__gte=clock.now() - PERIOD)
    found = found.exclude(cause=Strike.Cause.OFF_PLATFORM).order_by().values("cause")
    rows = found.annotate(n=Count("pk")).order_by("-n", "cause").values_list("cause", "n")
    return Strikes(dict(rows))


def _average(query, company_id) -> tuple[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"company": company_id, "since": clock.now() - PERIOD})
        count, hours = cursor.fetchone()
    return count, Decimal(hours or 0).quantize(Decimal("0.1"))


def about_supplier(company_id) -> list[str]:
    """What a buyer reads before it decides, each figure with its number of cases."""
    record = track_records([company_id]).get(company_id, TrackRecord())
    found = supplier_reputation(company_id)
    told = [record.punctuality, record.disputes, record.volume, found.standing]
    return [line for line in (*told, found.answering, found.answering_claims) if line]


def about_buyer(company_id) -> list[str]:
    """What a supplier reads before it decides, each figure with its number of cases."""
    return [buyer_reputation(company_id).summary, strikes_of(company_id).standing]


def about_other_side(order, side) -> list[str]:
    """What the record says about the party across the table; nothing for who is at neither."""
    if side == "buyer":
        return about_supplier(order.supplier_id)
    return about_buyer(order.buyer_id) if side == "supplier" else []


def briefly_about_other_side(order, side) -> list[str]:
    """The same in one query, for the page of the order, which has few to spend."""
    if side == "buyer":
        record = track_records([order.supplier_id]).get(order.supplier_id, TrackRecord())
        return [line for line in (record.punctuality, record.disputes, record.volume) if line]
    return [buyer_reputation(order.buyer_id).summary] if side == "supplier" else []


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
