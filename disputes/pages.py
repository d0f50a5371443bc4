"""What the page of a dispute shows, to its sides and to the staff who decide it."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from contracts.models import PurchaseContract
from core import clock
from core.days import last_day_before, platform_date
from core.formats.words import money_text
from core.money import Money
from disputes.models import CLOSED, NEGOTIABLE, ClaimLine, Dispute
from disputes.operations import TAKING_EVIDENCE
from disputes.policies import RESOLUTION_DAYS
from disputes.settlement import settlement_of
from inspections.comparison import Finding, of_draft, of_result
from orders.sentences import SENTENCES
from payments.escrow import escrow_of
from payments.models import Disbursement
from workflow.engine import verbs
from workflow.models import Deadline, Event

State = Dispute.State
RULED = {State.DECIDED, State.APPEALED, State.FINAL, State.ENFORCED}
REFUND_STEPS = {
    Disbursement.State.REQUESTED: 2,
    Disbursement.State.ON_HOLD: 2,
    Disbursement.State.APPROVED: 3,
    Disbursement.State.FAILED: 3,
    Disbursement.State.SUBMITTED: 4,
    Disbursement.State.CONFIRMED: 5,
}


@dataclass(frozen=True)
class ClaimedLine:
    """A contract line that the claim names: agreed, reported, and what was found about it."""

    claim: ClaimLine
    finding: Finding

    @property
    def clause(self) -> str:
        """The clause of the contract, as the ruling cites it: 1. Fabric: 190 to 210 g/m²."""
        return f"{self.finding.line}: {self.finding.agreed}"


@dataclass(frozen=True)
class Split:
    """How held money is divided: to the buyer, to the supplier, and the platform's fee of that."""

    refund: Money
    release: Money
    fee: Money

    @property
    def earned(self) -> Money:
        return self.release - self.fee


def split_of(dispute, refund: Money) -> Split:
    """What a refund out of this dispute's hold leaves for the supplier, before and after fee."""
    release = dispute.claimed - refund
    return Split(refund, release, release.share(dispute.order.fee_percent))


def claimed_lines(dispute) -> list[ClaimedLine]:
    """The claimed lines with what the report says of each."""
    claims = [claim for claim in dispute.claims.select_related("line__attachment") if claim.line]
    results = (
        dispute.inspection.results.select_related("line__attachment") if dispute.inspection else []
    )
    reported = {row.line_id: row for row in results}
    return [
        ClaimedLine(
            claim,
            of_result(reported[claim.line_id])
            if claim.line_id in reported
            else of_draft(claim.line, None),
        )
        for claim in claims
    ]


def history_of(dispute) -> list[dict]:
    """What happened in the dispute, oldest first, each with its sentence and its words."""
    events = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Dispute), subject_id=dispute.pk
    )
    told = [
        event for event in events.select_related("actor") if ("dispute", event.verb) in SENTENCES
    ]
    return [_item(event, dispute) for event in told]


def deadline_of(dispute):
    """The open time limit of the dispute; None once it is closed."""
    return (
        Deadline.objects.open()
        .filter(
            subject_type=ContentType.objects.get_for_model(Dispute),
            subject_id=dispute.pk,
            kind__startswith="dispute.",
        )
        .order_by("due_at")
        .first()
    )


def day_of(deadline) -> int:
    """Which of the fifteen days it is: 1 on the first, 15 on the last (S49)."""
    left = (last_day_before(deadline.due_at) - platform_date(clock.now())).days
    return min(max(1, RESOLUTION_DAYS - left), RESOLUTION_DAYS)


def dispute_page(dispute, user) -> dict:
    """Everything the template of a dispute needs, for this person."""
    order = dispute.order
    sides = {order.buyer_id: "buyer", order.supplier_id: "supplier"}
    side = sides.get(user.company_id, "staff") if user.company_id else "staff"
    deadline = deadline_of(dispute)
    can = verbs(dispute, user)
    is_own = dispute.offer_by_id is not None and dispute.offer_by_id == user.company_id
    evidence = list(dispute.evidence.select_related("company", "author", "attachment"))
    return {
        "dispute": dispute,
        "order": order,
        "side": side,
        "other": order.buyer if side == "supplier" else order.supplier,
        "tone": tone_of(dispute),
        "deadline": deadline,
        "day": day_of(deadline) if deadline and dispute.state in NEGOTIABLE else None,
        "offers": "propose" in can,
        "negotiable": dispute.state in NEGOTIABLE,
        "offer": split_of(dispute, dispute.offer) if dispute.offer is not None else None,
        "offer_is_own": is_own,
        "answers_offer": "accept_offer" in can and not is_own,
        "may_commit": user.company_role == user.Role.SIGNER,
        "lines": claimed_lines(dispute),
        "history": history_of(dispute),
        "evidence": [
            {"company": company, "rows": [row for row in evidence if row.company_id == company.pk]}
            for company in (order.buyer, order.supplier)
        ],
        "adds_evidence": side != "staff" and dispute.state in TAKING_EVIDENCE,
        "settlement": _settlement(dispute),
        "ruling": ruling_of(dispute),
        "refund": _refund(dispute),
        "undisputed": escrow_of(order),
    }


def ruling_of(dispute) -> Split | None:
    """The split that was decided; None before: what a mediator drafts is not shown (S51)."""
    if dispute.state not in RULED:
        return None
    return split_of(dispute, Money(dispute.refund_minor, dispute.currency))


def tone_of(dispute) -> str:
    """The colour of a dispute's chip: vermilion while it is open."""
    return "" if dispute.state in CLOSED else "bad"


def _settlement(dispute):
    if dispute.state not in NEGOTIABLE:
        return None
    contract = dispute.order.contracts.filter(state=PurchaseContract.State.EFFECTIVE).first()
    return settlement_of(dispute.order, contract, dispute.claimed, dispute.inspection)


def _refund(dispute):
    """The refund that came of it, as its four steps."""
    found = dispute.order.disbursements.filter(
        kind=Disbursement.Kind.REFUND, cause=f"dispute-{dispute.pk}", state__in=REFUND_STEPS
    ).first()
    if found is None:
        return None
    return {"amount": found.amount, "current": REFUND_STEPS[found.state]}


def _item(event, dispute):
    tone, icon, sentence = SENTENCES["dispute", event.verb]
    amounts = {
        name: money_text(Money(event.facts[name], dispute.currency))
        for name in ("claimed", "refund", "release")
        if isinstance(event.facts.get(name), int)
    }
    text = str(sentence) % amounts if "%(" in str(sentence) else str(sentence)
    return {
        "who": event.actor.name if event.actor else _("Trade Assurance"),
        "text": text,
        "tone": tone,
        "icon": icon,
        "at": event.happened_at,
        "quote": _words(event, dispute),
    }


def _words(event, dispute):
    if event.verb != "propose":
        return event.reason
    refund = Money(event.facts["refund_minor"], dispute.currency)
    told = _("%(refund)s back to the buyer, %(release)s to the supplier.") % {
        "refund": money_text(refund),
        "release": money_text(dispute.claimed - refund),
    }
    return " ".join(filter(None, (told, event.facts.get("note", ""))))
