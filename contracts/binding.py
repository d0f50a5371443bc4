"""From the draft's rows to the document that is hashed and signed (contracts.document)."""

from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.designated import account_as_text
from contracts.clauses import paper_clauses, standing_clauses
from contracts.document import FORMAT
from core import clock
from core.days import PLATFORM_ZONE
from orders import policies

LABELS = {"deposit": _("Deposit, on signing"), "balance": _("Balance, before shipment")}
TERM_FIELDS = (
    "number",
    "template_key",
    "characteristic",
    "kind",
    "requirement",
    "tolerance_minus",
    "tolerance_plus",
    "unit",
    "how_checked",
    "severity",
    "attachment_name",
    "attachment_sha256",
)


def document_of(contract):
    """The whole contract as plain values: what both sides sign, and nothing else."""
    order = contract.order
    lines = list(contract.lines.select_related("attachment"))
    paper = contract.supplier_paper
    buyer, supplier = _party(order.buyer), _party(order.supplier)
    platform = {
        "name": str(settings.SITE_NAME),
        "address": "Singapore",
        "account": account_as_text(order.currency),
    }
    fee = {"percent": _number(order.fee_percent), "side": order.fee_side}
    return {
        "format": FORMAT,
        "order": order.code,
        "version": contract.version,
        "parent_sha256": "",
        "title": order.title,
        "proposed_at": _instant(clock.now()),
        "buyer": buyer,
        "supplier": supplier,
        "platform": platform,
        "goods": [_goods(line, contract) for line in order.lines.all()],
        "lines": [_line(line) for line in lines],
        "price": {"total_minor": order.total_minor, "currency": order.currency},
        "delivery": _delivery(order),
        "payment_plan": _plan(order),
        "fee": fee,
        "inspection": {
            "level": contract.inspection_level,
            "aql_critical": "0",
            "aql_major": _number(contract.aql_major),
            "aql_minor": _number(contract.aql_minor),
            "payer": contract.inspection_payer,
        },
        "release": {
            "basis": "acceptance",
            "acceptance_days": policies.ACCEPTANCE_DAYS,
            "sentence": _("Released when the buyer accepts the goods, or by silence."),
        },
        "remedies": {
            "late_percent_per_day": _number(contract.late_percent_per_day),
            "late_cap_percent": _number(contract.late_cap_percent),
            "failed_inspection": _("Rework at the supplier's cost, or a refund in proportion."),
            "shortage": _("A refund in proportion to what is missing."),
        },
        "governing_law": contract.governing_law,
        "holiday_rule": contract.holiday_rule,
        "side_terms": contract.side_terms,
        "attachments": _files(lines, paper),
        "acknowledged_gaps": [_gap(gap) for gap in contract.gaps.select_related("acknowledged_by")],
        "clauses": [
            *standing_clauses(buyer, supplier, platform, fee),
            *paper_clauses(paper.name if paper else "", paper.sha256 if paper else ""),
        ],
    }


def signatures_of(contract):
    """The signatures as the document shows them."""
    return [
        {
            "side": signature.side,
            "name": signature.typed_name,
            "company": signature.company.legal_name,
            "signed_at": _instant(signature.signed_at),
            "address": signature.address or "",
            "sha256": signature.sha256,
        }
        for signature in contract.signatures.select_related("company")
    ]


def _party(company):
    return {
        "name": company.legal_name,
        "address": ", ".join(filter(None, [company.address, company.city, company.province])),
        "country": company.country,
        "registration": company.tax_number,
        "tax_id": "",
        "zone": company.time_zone,
    }


def _goods(line, contract):
    return {
        "description": line.description,
        "hs_code": line.hs_code,
        "origin": contract.order.supplier.country,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "unit_code": "C62",
        "unit_price": str(line.price.amount),
        "over_percent": _number(contract.over_percent),
        "under_percent": _number(contract.under_percent),
    }


def _line(line):
    plain = line.plain()
    return {name: getattr(plain, name) for name in TERM_FIELDS} | {"choices": list(plain.choices)}


def _delivery(order):
    return {
        "incoterm": order.incoterm,
        "place": order.named_place,
        "mode": order.transport_mode,
        "ship_by": order.ship_by.isoformat() if order.ship_by else None,
        "lead_days": order.lead_days,
        "zone": PLATFORM_ZONE.key,
    }


def _plan(order):
    plan = policies.instalments(order.total, order.deposit_percent)
    parts = ["deposit", "balance"][-len(plan) :]
    percents = [order.deposit_percent, 100 - order.deposit_percent][-len(plan) :]
    return [
        {"label": LABELS[part], "percent": str(percent), "amount_minor": due.minor}
        for part, percent, due in zip(parts, percents, plan, strict=True)
    ]


def _files(lines, paper):
    files = {line.attachment_id: line.attachment for line in lines if line.attachment_id}
    if paper:
        files[paper.pk] = paper
    return [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in files.values()]


def _gap(gap):
    return {
        "name": gap.code,
        "sentence": gap.sentence,
        "by": gap.acknowledged_by.name,
        "at": _instant(gap.acknowledged_at),
    }


def _instant(instant):
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _number(value):
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)
