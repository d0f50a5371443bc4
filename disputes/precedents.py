"""What was ruled before in cases like this one: the mediator's memory, without names.

Like means: a claim for the same reason, on a line of the same kind, with the same finding.
"""

from dataclasses import dataclass
from decimal import Decimal

from disputes.models import ClaimLine, Dispute

MOST = 5


@dataclass(frozen=True)
class Precedent:
    """A ruling that was carried out: what it was about, and how much of the claim went back."""

    characteristic: str
    finding: str
    fault: str
    refund_percent: Decimal
    reasons: str
    year: int


def precedents_of(dispute) -> list[Precedent]:
    """The latest like cases, one row each; none while no line has a finding."""
    mine = [claim for claim in dispute.claims.select_related("line") if claim.finding]
    found = {}
    for claim in mine:
        for row in _like(dispute, claim):
            found.setdefault(row.dispute_id, row)
    latest = sorted(found.values(), key=lambda row: row.dispute.decided_at, reverse=True)
    return [_precedent(row) for row in latest[:MOST]]


def usual_share(precedents) -> Decimal | None:
    """How much of the claim went back on average, in whole per cent; None without a case."""
    if not precedents:
        return None
    shares = [row.refund_percent for row in precedents]
    return (sum(shares) / len(shares)).quantize(Decimal(1))


def _like(dispute, claim):
    rows = ClaimLine.objects.filter(
        finding=claim.finding,
        dispute__reason=dispute.reason,
        dispute__state=Dispute.State.ENFORCED,
    ).exclude(dispute=dispute)
    if claim.line is None:
        rows = rows.filter(line=None)
    elif claim.line.template_key:
        rows = rows.filter(line__template_key=claim.line.template_key)
    else:
        rows = rows.filter(line__kind=claim.line.kind)
    return rows.select_related("dispute", "line").order_by("-dispute__decided_at")[:MOST]


def _precedent(row) -> Precedent:
    ruled = row.dispute
    percent = Decimal(ruled.refund_minor * 100) / ruled.claimed_minor
    return Precedent(
        characteristic=row.line.characteristic if row.line else row.text,
        finding=row.get_finding_display(),
        fault=ruled.get_fault_display(),
        refund_percent=percent.quantize(Decimal(1)),
        reasons=ruled.reasons,
        year=ruled.decided_at.year,
    )
