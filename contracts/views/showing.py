"""A contract document as rows for a page: six facts, the lines, the signatures."""

from datetime import UTC, date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.binding import document_of
from contracts.clarity import Line, assess_contract
from contracts.models import ContractLine
from contracts.templates_data import TEMPLATES
from core.formats.words import measure_text, moment_text, money_text
from core.money import Money
from orders import policies

JUST_BEFORE = timedelta(seconds=1)


def document_text(contract):
    """The document that was proposed, or of a draft the one that proposing would freeze."""
    return contract.document or document_of(contract)


def facts(document) -> list[dict]:
    """The six facts of a contract: goods, price, plan, ship-by, inspection, account."""
    rows = [
        (_("Goods"), _goods(document)),
        (_("Price"), _price(document)),
        (_("Payment plan"), _plan(document)),
        (_("Ship by"), ships(document)),
        (_("Inspection"), _inspection(document)),
        (_("Paid into"), _account(document)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def lines(document) -> list[dict]:
    """The lines of a document, each as one sentence and with what it asks for in full."""
    severities = dict(ContractLine.Severity.choices)
    return [
        row | {"agreed": agreed(row), "severity_name": severities[row["severity"]]}
        for row in document["lines"]
    ]


def agreed(row) -> str:
    """What a line asks for in one sentence, such as: Organic cotton, 200 g/m² ± 5 %."""
    text, unit = row["requirement"], row["unit"]
    if text and unit and not text.endswith(unit):
        text = f"{text} {unit}"
    return " ".join(filter(None, [text or row["attachment_name"], _tolerance(row)]))


def assessment(document, template_key):
    """How clear the lines of a document are."""
    rows = [Line(**{**row, "choices": tuple(row["choices"])}) for row in document["lines"]]
    return assess_contract(rows, TEMPLATES[template_key])


def ships(document) -> str:
    """The last minute in which the goods may leave, in the reader's zone."""
    delivery = document["delivery"]
    if delivery["ship_by"]:
        deadline = policies.ship_deadline(date.fromisoformat(delivery["ship_by"]))
        return moment_text(deadline - JUST_BEFORE, timezone.get_current_timezone())
    return _("%(days)d days after the first payment is held") % {"days": delivery["lead_days"]}


def signed(signatures, document) -> list[dict]:
    """Each signature with its instant in UTC and in both sides' zones, each once (S17)."""
    zones = dict.fromkeys([document["buyer"]["zone"], document["supplier"]["zone"]])
    return [
        {
            "signature": row,
            "moments": [moment_text(row.signed_at, UTC)]
            + [moment_text(row.signed_at, ZoneInfo(zone)) for zone in zones],
        }
        for row in signatures
    ]


def price(document, minor) -> str:
    """An amount in the currency of the document."""
    return money_text(Money(minor, document["price"]["currency"]))


def _goods(document):
    return "; ".join(
        f"{measure_text(Decimal(row['quantity']))} {row['unit']} {row['description']}"
        for row in document["goods"]
    )


def _price(document):
    delivery = document["delivery"]
    total = price(document, document["price"]["total_minor"])
    return f"{total}, {delivery['incoterm']} {delivery['place']}"


def _plan(document):
    return "; ".join(
        f"{_(part['label'])}: {price(document, part['amount_minor'])} ({part['percent']}%)"
        for part in document["payment_plan"]
    )


def _inspection(document):
    found = document["inspection"]
    payers = {"buyer": _("the buyer pays"), "supplier": _("the supplier pays")}
    return _("Level %(level)s, AQL %(major)s major and %(minor)s minor, %(payer)s") % {
        "level": found["level"],
        "major": found["aql_major"],
        "minor": found["aql_minor"],
        "payer": payers.get(found["payer"], found["payer"]),
    }


def _account(document):
    account = document["platform"]["account"]
    if not account:
        return _("The designated account in Singapore, shown when you pay")
    return f"{account['beneficiary']}, {account['bank']}, {account['account_number']}"


def _tolerance(row):
    minus, plus = row["tolerance_minus"].strip(), row["tolerance_plus"].strip()
    if minus == plus:
        return f"± {plus}" if plus else ""
    return " ".join(filter(None, [f"+ {plus}" if plus else "", f"− {minus}" if minus else ""]))
