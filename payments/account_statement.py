"""The statement of a company's account: opening balance, every line, closing balance.

Read from the ledger, so the three add up to the cent. The PDF is drawn in the documents lane of
the outbox and kept under the name that its reader was given; there is no row for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, Case, F, Q, Sum, When, Window
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from contracts.documents.layout import style
from contracts.documents.render import render
from contracts.documents.seal import seal
from core import clock
from core.formats.words import day_text, money_text, zone_text
from core.money import Money
from ledger import chart
from ledger.balances import balance_as_of
from ledger.models import Transfer
from orders.models import Order
from workflow import outbox
from workflow.errors import Refused

JUST_BEFORE = timedelta(microseconds=1)
FOLDER = "account-statements"
MOST_LINES = 1000  # 23 seconds on two busy cores; the drawing may take 60
OF_A_BUYER = {
    "buyer_credit": gettext_lazy("Credit"),
    "refund_payable": gettext_lazy("Refunds decided, not sent yet"),
}
OF_A_SUPPLIER = {
    "supplier_payable": gettext_lazy("Earned, not paid out yet"),
    "supplier_reserve": gettext_lazy("Reserve"),
    "receivable_supplier": gettext_lazy("Owed to us"),
}
# What a journal means, by the beginning of its kind; the first that fits counts.
MEANINGS = {
    "payment.cleared": gettext_lazy("Payment arrived"),
    "refund.payment_fee": gettext_lazy("Payment fee refunded"),
    "refund": gettext_lazy("Refund decided"),
    "release": gettext_lazy("Released"),
    "disbursement.sent": gettext_lazy("Sent"),
    "disbursement.bounced": gettext_lazy("Refused by the bank, back here"),
    "disbursement.returned": gettext_lazy("Came back from the bank"),
    "credit.applied": gettext_lazy("Credit used for an order"),
    "reserve.freed": gettext_lazy("Reserve set free"),
    "set_off": gettext_lazy("Set off against what was owed to us"),
    "receivable": gettext_lazy("Settled with us"),
    "guarantee.refund": gettext_lazy("Refund to the buyer after release"),
    "chargeback": gettext_lazy("Chargeback of the buyer’s bank"),
    "dispute.filed": gettext_lazy("Blocked for a dispute"),
    "dispute.withdrawn": gettext_lazy("The dispute was withdrawn"),
    "dispute": gettext_lazy("The dispute ended"),
}


@dataclass(frozen=True)
class Line:
    """A line of the statement; `amount` is positive where the balance grew."""

    id: int
    at: datetime
    what: str
    order: str
    amount: Money
    balance: Money


@dataclass(frozen=True)
class Statement:
    """An account over whole days of a zone, both of them included."""

    code: str
    title: str
    currency: str
    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The exclusive end."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def opening(self) -> Money:
        return balance_as_of(self.code, self.begins - JUST_BEFORE, self.currency)

    @property
    def closing(self) -> Money:
        return balance_as_of(self.code, self.ends - JUST_BEFORE, self.currency)

    @property
    def moved(self) -> Money:
        """What the lines add up to."""
        found = self.transfers().aggregate(sum=Sum("signed", default=0))
        return Money(int(found["sum"]), self.currency)

    def transfers(self):
        """The transfers of the period, oldest first, each with its sign and the running sum."""
        sign = chart.sign(chart.entry(self.code).kind)
        here = Q(debit__code=self.code, debit__currency=self.currency)
        there = Q(credit__code=self.code, credit__currency=self.currency)
        rows = Transfer.objects.filter(
            here | there,
            journal__effective_at__gte=self.begins,
            journal__effective_at__lt=self.ends,
        )
        signed = Case(
            When(debit__code=self.code, then=F("amount_minor") * sign),
            default=F("amount_minor") * -sign,
            output_field=BigIntegerField(),
        )
        in_order = ["journal__effective_at", "pk"]
        return (
            rows.select_related("journal", "debit", "credit")
            .annotate(signed=signed)
            .annotate(so_far=Window(Sum("signed"), order_by=in_order))
            .order_by(*in_order)
        )

    def lines(self, transfers, opening) -> list[Line]:
        """Transfers in words, with the balance after each."""
        return [
            Line(
                id=row.pk,
                at=row.journal.effective_at,
                what=meaning(row.journal.kind),
                order=row.journal.order_ref,
                amount=Money(row.signed, self.currency),
                balance=opening + Money(int(row.so_far), self.currency),
            )
            for row in transfers
        ]


def accounts_of(company) -> dict[str, str]:
    """The accounts a company may read a statement of: their codes and names."""
    families = {
        **(OF_A_BUYER if company.buys else {}),
        **(OF_A_SUPPLIER if company.sells else {}),
    }
    return {f"{family}:{company.pk}": str(title) for family, title in families.items()}


def escrows_of(company, limit=50) -> dict[str, str]:
    """The escrow accounts of a company's newest orders that money can be held for."""
    own = Order.objects.filter(Q(buyer=company) | Q(supplier=company), instalments__n=1)
    codes = own.order_by("-pk").values_list("code", flat=True)[:limit]
    return {f"escrow:{code}": _("Held for %s") % code for code in codes}


def meaning(kind: str) -> str:
    """What a journal of this kind means, in words."""
    for beginning, words in MEANINGS.items():
        if kind.startswith(beginning):
            return str(words)
    return kind


def ask_for_pdf(statement: Statement, company, language: str) -> tuple[str, int]:
    """Owe the PDF of a statement; the name under which it will be kept, and who makes it.

    Raises Refused for more lines than are drawn in a minute.
    """
    if statement.transfers().count() > MOST_LINES:
        raise Refused(
            _("A PDF has at most %d lines. Choose a shorter period, or take the table.")
            % MOST_LINES,
            code="too_long",
        )
    name = token_urlsafe(18)
    message = outbox.owe(
        "account_statement.draw",
        lane="documents",
        name=name,
        company=company.pk,
        language=language,
        zone=str(statement.zone),
        code=statement.code,
        title=statement.title,
        currency=statement.currency,
        first=statement.first.isoformat(),
        last=statement.last.isoformat(),
    )
    return name, message.pk


def draw(name: str, company: int, language: str, zone: str, **asked: str) -> None:
    """Draw and seal a statement under its name, once (the outbox's handler)."""
    if is_drawn(name):
        return
    statement = Statement(
        code=asked["code"],
        title=asked["title"],
        currency=asked["currency"],
        first=date.fromisoformat(asked["first"]),
        last=date.fromisoformat(asked["last"]),
        zone=ZoneInfo(zone),
    )
    now = clock.now()
    with translation.override(language):
        page = _page(statement, Company.objects.get(pk=company), language, now)
        html = render_to_string("payments/pdf/account_statement.html", page)
    reason = f"Statement of account {statement.code} {statement.first} to {statement.last}"
    default_storage.save(_path(name), ContentFile(seal(render(html), reason=reason, when=now)))


def is_drawn(name: str) -> bool:
    """Whether the file of this name is there."""
    return default_storage.exists(_path(name))


def opened(name: str):
    """The file of this name; it must be there."""
    return default_storage.open(_path(name))


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.pdf"


def _page(statement, company, language, now) -> dict:
    opening = statement.opening
    return {
        "statement": statement,
        "company": company,
        "language": language,
        "style": style(),
        "days": (day_text(statement.first), day_text(statement.last)),
        "zone": zone_text(statement.zone),
        "made_at": now.astimezone(statement.zone),
        "opening": money_text(opening),
        "closing": money_text(statement.closing),
        "lines": [
            {
                "day": line.at.astimezone(statement.zone).strftime("%Y-%m-%d %H:%M"),
                "what": line.what,
                "order": line.order,
                "amount": money_text(line.amount),
                "balance": money_text(line.balance),
            }
            for line in statement.lines(statement.transfers(), opening)
        ],
    }
