"""A contract of the brief's trade, as the tests sign, draw and seal it."""

from contracts.documents.layout import html_for
from contracts.templates_data import CLOTHING

SHA = "a" * 64


def document(**changes):
    """The contract of the rompers, version 3; `changes` replace whole keys."""
    lines = [line.example(number, SHA) for number, line in enumerate(CLOTHING.lines, 1)]
    return {
        "format": "trade-assurance-contract/1",
        "order": "TA-2026-000187",
        "version": 3,
        "parent_sha256": "",
        "title": "3,000 baby rompers 婴儿连体衣 शिशु रोम्पर",
        "proposed_at": "2026-10-02T06:30:00+00:00",
        "buyer": {
            "name": "Kidzone Retail Pvt Ltd",
            "address": "14 Linking Road, Mumbai (मुंबई)",
            "country": "IN",
            "registration": "U52100MH2015PTC000001",
            "tax_id": "27AAACK0000A1Z5",
            "zone": "Asia/Kolkata",
        },
        "supplier": {
            "name": "Ningbo Little Pine Garment 宁波小松服装有限公司",
            "address": "浙江省宁波市鄞州区学士路 655 号",
            "country": "CN",
            "registration": "91330200000000000X",
            "tax_id": "",
            "zone": "Asia/Shanghai",
        },
        "platform": {
            "name": "Trade Assurance",
            "address": "Singapore",
            "account": {
                "beneficiary": "Trade Assurance Client Money",
                "bank": "Demo Bank Singapore",
                "account_number": "0010203040",
                "bic": "DEMOSGSG",
            },
        },
        "goods": [
            {
                "description": "Baby romper 婴儿连体衣",
                "hs_code": "611120",
                "origin": "CN",
                "quantity": "3000",
                "unit": "pcs",
                "unit_code": "C62",
                "unit_price": "6.20",
                "over_percent": "3",
                "under_percent": "0",
            }
        ],
        "lines": [_line(line) for line in lines],
        "price": {"total_minor": 1_860_000, "currency": "USD"},
        "delivery": {
            "incoterm": "FOB",
            "place": "Ningbo",
            "mode": "sea",
            "ship_by": "2026-12-12",
            "lead_days": None,
            "zone": "Asia/Shanghai",
        },
        "payment_plan": [
            {"label": "Deposit, on signing", "percent": "30", "amount_minor": 558_000},
            {"label": "Balance, before shipment", "percent": "70", "amount_minor": 1_302_000},
        ],
        "inspection": {
            "level": "II",
            "aql_critical": "0",
            "aql_major": "2.5",
            "aql_minor": "4.0",
            "payer": "buyer",
        },
        "release": {
            "basis": "acceptance",
            "acceptance_days": 15,
            "sentence": "Released when the buyer accepts, or 15 days after delivery.",
        },
        "remedies": {
            "late_percent_per_day": "0.5",
            "late_cap_percent": "10",
            "failed_inspection": "Rework at the supplier's cost, or a refund in proportion.",
            "shortage": "A refund in proportion to what is missing.",
        },
        "governing_law": "Singapore, including the CISG",
        "holiday_rule": "",
        "side_terms": "",
        "attachments": [{"name": "design_draft_a.pdf", "sha256": SHA, "size": 18_220}],
        "acknowledged_gaps": [
            {
                "name": "2.pantone_book",
                "sentence": "Pantone 1935 exists in several books. C, U or TCX?",
                "by": "Asha Mehta",
                "at": "2026-10-02T06:29:00+00:00",
            }
        ],
        "clauses": [
            {"code": "S15", "title": "What this contract covers", "text": "Specification only."},
            {"code": "S16", "title": "What it does not cover", "text": "Warranties, services."},
            {"code": "S34", "title": "Unclear requirements", "text": "The standard decides."},
        ],
    } | changes


def signature(side="buyer", name="Asha Mehta", company="Kidzone Retail Pvt Ltd"):
    """A signature of 2 October 2026, 08:00 UTC."""
    return {
        "side": side,
        "name": name,
        "company": company,
        "signed_at": "2026-10-02T08:00:00+00:00",
        "address": "203.0.113.7",
        "sha256": SHA,
    }


def signed_page(language="en"):
    """The contract of the rompers with both signatures, as a page."""
    supplier = signature("supplier", "林小松", "宁波小松服装有限公司")
    return html_for(document(), [signature(), supplier], language)


def _line(line):
    plain = {name: getattr(line, name) for name in line.__dataclass_fields__}
    return plain | {"choices": list(line.choices)}
