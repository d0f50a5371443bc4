"""The claimed lines of a dispute beside what was reported and found about each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from disputes.models import ClaimLine
from inspections.comparison import Finding, of_draft, of_result


@dataclass(frozen=True)
class ClaimedLine:
    """A contract line that the claim names: agreed, reported, and what was found about it.

    Without a line behind the claim there is no `finding` to read from a report.
    """

    claim: ClaimLine
    finding: Finding | None

    @property
    def name(self) -> str:
        return str(self.finding.line) if self.finding else self.claim.text

    @property
    def clause(self) -> str:
        """The clause of the contract, as the ruling cites it: 1. Fabric: 190 to 210 g/m²."""
        if self.finding is None:
            return _("%(claim)s: no clause of the contract") % {"claim": self.claim.text}
        return f"{self.finding.line}: {self.finding.agreed}"

    @property
    def reported(self) -> str:
        """What the report says of it; "" where it says nothing."""
        if self.finding is None or not self.finding.result:
            return ""
        return ", ".join(filter(None, (self.finding.measured, self.finding.words)))


def claimed_lines(dispute) -> list[ClaimedLine]:
    """The claims with what the report says of each, those without a clause last."""
    results = (
        dispute.inspection.results.select_related("line__attachment") if dispute.inspection else []
    )
    reported = {row.line_id: row for row in results}
    claims = list(dispute.claims.select_related("line__attachment"))
    claims.sort(key=lambda claim: claim.line is None)
    return [ClaimedLine(claim, _finding(claim, reported)) for claim in claims]


def _finding(claim, reported):
    if claim.line is None:
        return None
    if claim.line_id in reported:
        return of_result(reported[claim.line_id])
    return of_draft(claim.line, None)
