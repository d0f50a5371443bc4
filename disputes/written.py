"""A ruling as it is written down: frozen, hashed, and owed to both sides as a sealed PDF."""

from django.utils import translation

from contracts.canonical import canonical, sha256_hex
from core.days import platform_date
from core.formats.words import day_text
from disputes.comparison import claimed_lines
from disputes.models import Ruling
from workflow import deadlines, outbox

FORMAT = "trade-assurance-ruling/1"


def write_down(dispute):
    """Freeze the ruling that was just given; its document is drawn after the commit."""
    with translation.override("en"):
        document = _document(dispute)
    ruling = Ruling.objects.create(
        dispute=dispute,
        n=document["round"],
        mediator=dispute.mediator,
        given_by=dispute.decided_by,
        given_at=dispute.decided_at,
        refund_minor=dispute.refund_minor,
        release_minor=dispute.release_minor,
        fault=dispute.fault,
        document=document,
        sha256=sha256_hex(canonical(document)),
    )
    outbox.owe("ruling.seal", lane="documents", trade_ref=dispute.order.ref, ruling=ruling.pk)
    return ruling


def _document(dispute) -> dict:
    """Everything the ruling rests on and says, in texts and whole numbers."""
    order, first = dispute.order, dispute.rulings.first()
    until = deadlines.due_at("dispute.appeal", dispute)
    return {
        "format": FORMAT,
        "round": 2 if first else 1,
        "first_sha256": first.sha256 if first else "",
        "order": order.code,
        "dispute": str(dispute.public_id),
        "buyer": order.buyer.legal_name,
        "supplier": order.supplier.legal_name,
        "claimed_by": dispute.claimant.legal_name,
        "reason": str(dispute.get_reason_display()),
        "statement": dispute.statement,
        "filed_at": dispute.filed_at.isoformat(),
        "currency": dispute.currency,
        "claimed_minor": dispute.claimed_minor,
        "contract_sha256": dispute.snapshot.get("contract_sha256", ""),
        "evidence_sha256": dispute.evidence_sha256,
        "report": _report(dispute),
        "silent": dispute.adverse_to,
        "contract_review": dispute.contract_review,
        "comparison": dispute.comparison,
        "lines": [_line(row) for row in claimed_lines(dispute)],
        "refund_minor": dispute.refund_minor,
        "release_minor": dispute.release_minor,
        "fault": str(dispute.get_fault_display()),
        "payment_fee_back": dispute.payment_fee_back,
        "reasons": dispute.reasons,
        "mediator": dispute.mediator.name,
        "given_by": dispute.decided_by.name,
        "given_at": dispute.decided_at.isoformat(),
        "appeal_until": until.isoformat() if until else "",
    }


def _line(row) -> dict:
    return {
        "clause": row.clause,
        "reported": row.reported,
        "finding": str(row.claim.get_finding_display()),
        "note": row.claim.finding_note,
    }


def _report(dispute) -> str:
    """Which report it was compared with: the company and the day."""
    found = dispute.inspection
    if found is None or found.reported_at is None:
        return ""
    return f"{found.agency.name}, {day_text(platform_date(found.reported_at))}"
