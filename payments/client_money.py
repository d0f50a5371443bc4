"""The daily proof: trust cash and receivables against everything owed to clients, sealed and kept.

Each statement is canonical JSON with the hash of the one before it, so none can be exchanged
later; it is drawn as a PDF under the platform's seal (PAdES).
"""

import hashlib
import json
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string

from contracts.documents.layout import style
from contracts.documents.render import render
from contracts.documents.seal import seal
from core import clock, days
from core.money import Money
from ledger import chart
from ledger.balances import balance_as_of, currencies, families_as_of
from ledger.models import Journal, Seal
from payments.models import ClientMoneyStatement
from workflow import outbox

GENESIS = "0" * 64
MOST_MISSING = 31


def make_missing():
    """Make the statement of each platform day that is over and has none, oldest first."""
    first = Journal.objects.order_by("id").values_list("effective_at", flat=True).first()
    if first is None:
        return []
    yesterday = days.platform_date(clock.now()) - days.ONE_DAY
    begin = max(days.platform_date(first), yesterday - timedelta(days=MOST_MISSING))
    made = []
    for offset in range((yesterday - begin).days + 1):
        day = begin + timedelta(days=offset)
        made += [make(day, currency) for currency in currencies()]
    return [row for row in made if row]


@transaction.atomic
def make(day, currency):
    """The statement of one platform day, once; its seal is owed. None if it is there already."""
    if ClientMoneyStatement.objects.filter(day=day, currency=currency).exists():
        return None
    last = (
        ClientMoneyStatement.objects.select_for_update()
        .filter(currency=currency)
        .order_by("-pk")
        .first()
    )
    previous = last.sha256 if last else GENESIS
    text = json.dumps(figures(day, currency, previous), sort_keys=True, ensure_ascii=False)
    row = ClientMoneyStatement.objects.create(
        day=day,
        currency=currency,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        prev_sha256=previous,
    )
    outbox.owe("client_money.seal", lane="documents", statement=row.pk)
    return row


def figures(day, currency, previous):
    """The day's figures in minor units, as they stood at its last instant."""
    end = days.end_of(day) - timedelta(microseconds=1)
    owed = families_as_of(chart.CLIENT_MONEY, end, currency)
    receivables = families_as_of(["psp_receivable:*"], end, currency)["psp_receivable:*"]
    trust = balance_as_of("bank:sg_trust", end, currency)
    client_money = sum(owed.values(), Money(0, currency))
    head = Seal.objects.order_by("-n").values_list("hash", flat=True).first()
    return {
        "day": day.isoformat(),
        "zone": str(days.PLATFORM_ZONE),
        "currency": currency,
        "trust_cash": trust.minor,
        "provider_receivables": receivables.minor,
        "client_money": client_money.minor,
        "surplus": (trust + receivables - client_money).minor,
        "owed": {family: amount.minor for family, amount in owed.items()},
        "ledger_head": head or GENESIS,
        "previous": previous,
    }


def seal_statement(statement: int):
    """Draw and seal a statement's PDF; done once (the outbox's handler)."""
    row = ClientMoneyStatement.objects.get(pk=statement)
    if row.pdf:
        return
    told = json.loads(row.text)
    page = {
        "statement": row,
        "style": style(),
        "figures": told,
        "owed": [
            (chart.CLIENT_MONEY[family], Money(minor, row.currency))
            for family, minor in told["owed"].items()
        ],
        "sums": {
            name: Money(told[name], row.currency)
            for name in ("trust_cash", "provider_receivables", "client_money", "surplus")
        },
    }
    html = render_to_string("payments/pdf/client_money.html", page)
    pdf = seal(render(html), reason=f"Client money {row.day} {row.currency}", when=clock.now())
    row.pdf.save(f"{row.day}-{row.currency}.pdf", ContentFile(pdf), save=False)
    row.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    row.save(update_fields=["pdf", "pdf_sha256"])
