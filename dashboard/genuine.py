"""Is this paper ours, and is it whole? What the public check finds, whoever asks.

A file is judged by its seal, then looked up by its SHA-256. A contract is found by its
fingerprint too, which stands in the code on its last page. Both are 256 bits that only those who
hold the paper know, and the answer says nothing that does not stand on it, but for the state.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from contracts.documents.seal import Verdict, bears_seal, verify
from contracts.models import PurchaseContract
from disputes.models import Ruling
from inspections.models import Inspection


@dataclass(frozen=True)
class Paper:
    """A document on our record: what it is, of which order, since when, and what became of it."""

    what: str
    order: str
    since: datetime
    state: str
    fingerprint: str = ""


@dataclass(frozen=True)
class Finding:
    """The answer for a file: "genuine", "altered" or "unknown"; the paper, if it is on record."""

    answer: str
    verdict: Verdict
    paper: Paper | None = None


def examine(file: bytes) -> Finding:
    """Judge a file: ours and whole, ours but altered, or nothing that we know."""
    verdict = verify(file)
    if verdict.valid:
        return Finding("genuine", verdict, _of_file(verdict.sha256))
    if verdict.fault in {"altered", "unsealed"} and bears_seal(file):
        return Finding("altered", verdict)
    return Finding("unknown", verdict)


def contract_with(fingerprint: str) -> Paper | None:
    """The contract of this fingerprint, if both sides have signed it."""
    signed = PurchaseContract.objects.exclude(effective_at=None).select_related("order")
    contract = signed.filter(sha256=fingerprint.strip().lower() or None).first()
    return contract and _contract(contract)


def _of_file(digest) -> Paper | None:
    contract = PurchaseContract.objects.filter(pdf_sha256=digest).select_related("order").first()
    if contract:
        return _contract(contract)
    report = Inspection.objects.filter(pdf_sha256=digest).select_related("order").first()
    if report:
        what = _("Inspection report, visit %(n)d") % {"n": report.n}
        return Paper(what, report.order.code, report.reported_at, report.get_state_display())
    ruling = Ruling.objects.filter(pdf_sha256=digest).select_related("dispute__order").first()
    return ruling and _ruling(ruling)


def _contract(contract):
    what = _("Purchase contract, version %(n)d") % {"n": contract.version}
    return Paper(
        what,
        contract.order.code,
        contract.effective_at,
        contract.get_state_display(),
        contract.sha256,
    )


def _ruling(ruling):
    later = ruling.dispute.rulings.filter(n__gt=ruling.n).exists()
    state = _("Replaced by the ruling on the appeal") if later else _("The latest ruling")
    what = _("Ruling %(n)d") % {"n": ruling.n}
    return Paper(what, ruling.dispute.order.code, ruling.given_at, state)
