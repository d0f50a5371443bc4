"""What the page of a dispute shows, to its sides and to the staff who decide it."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from catalog.reputation import about_other_side
from core import clock
from core.days import last_day_before, platform_date
from core.formats.words import money_text
from core.money import Money
from disputes.comparison import claimed_lines
from disputes.hearing import takes_evidence
from disputes.models import CLOSED, NEGOTIABLE, Dispute
from disputes.offers import GOES_ON, remedies_of
from disputes.policies import COMPUTABLE, OUT_OF_SCOPE, RESOLUTION_DAYS
from disputes.settlement import computed_for
from orders.sentences import AMOUNTS, SENTENCES
from payments.escrow import escrow_of
from payments.models import Disbursement
from workflow.engine import verbs
from workflow.models import Deadline, Event

State = Dispute.State
REFUND_STEPS = {
    Disbursement.State.REQUESTED: 2,
    Disbursement.State.ON_HOLD: 2,
    Disbursement.State.APPROVED: 3,
    Disbursement.State.FAILED: 3,
    Disbursement.State.SUBMITTED: 4,
    Disbursement.State.CONFIRMED: 5,
}


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
    return {
        "dispute": dispute,
        "order": order,
        "side": side,
        "other": order.buyer if side == "supplier" else order.supplier,
        "tone": tone_of(dispute),
        "deadline": deadline,
        "day": day_of(deadline) if deadline and dispute.state in NEGOTIABLE else None,
        "negotiable": dispute.state in NEGOTIABLE,
        "may_commit": user.company_role == user.Role.SIGNER,
        "lines": claimed_lines(dispute),
        "history": history_of(dispute),
        "ruling": ruling_of(dispute),
        "rulings": rulings_of(dispute),
        "refund": _refund(dispute),
        "undisputed": escrow_of(order),
        "record": about_other_side(order, side),
        "excluded": OUT_OF_SCOPE.get(dispute.excluded_by),
        **_settling(dispute, user),
        **_hearing(dispute, side),
    }


def _settling(dispute, user) -> dict:
    """What this person can do about a settlement, and what is on the table."""
    can = verbs(dispute, user)
    is_own = dispute.offer_by_id is not None and dispute.offer_by_id == user.company_id
    responds = user.company_id == dispute.respondent_id
    settlement = computed_for(dispute) if dispute.state in NEGOTIABLE else None
    takes = settlement is not None and "take_computed" in can
    return {
        "offers": "propose" in can,
        "offer": split_of(dispute, dispute.offer) if dispute.offer is not None else None,
        "offer_is_own": is_own,
        "offer_goes_on": dispute.offer_remedy in GOES_ON,
        "answers_offer": "accept_offer" in can and not is_own,
        "remedies": remedies_of(dispute),
        "responds": responds,
        "claims": user.company_id == dispute.claimant_id,
        "withdraws": "withdraw" in can,
        "appeals": "appeal" in can,
        "settlement": settlement,
        "takes_computed": takes and (not responds or dispute.reason in COMPUTABLE),
        "handed_over_by_me": dispute.handover_by_id == user.company_id,
    }


def _hearing(dispute, side) -> dict:
    """The evidence of both sides, and what this side can still add."""
    order = dispute.order
    evidence = list(dispute.evidence.select_related("company", "author", "attachment"))
    done = {"buyer": dispute.buyer_done_at, "supplier": dispute.supplier_done_at}
    hearing = dispute.state == State.EVIDENCE
    is_done = hearing and bool(done.get(side))
    return {
        "evidence": [
            {
                "company": company,
                "rows": [row for row in evidence if row.company_id == company.pk],
                "done_at": done[name] if dispute.state == State.EVIDENCE else None,
            }
            for name, company in (("buyer", order.buyer), ("supplier", order.supplier))
        ],
        "adds_evidence": side != "staff" and takes_evidence(dispute) and not is_done,
        "says_done": side != "staff" and hearing and not is_done,
        "is_done": is_done,
    }


def rulings_of(dispute) -> list[dict]:
    """The rulings that were given, the last one first, each with its split."""
    given = dispute.rulings.select_related("mediator", "given_by").order_by("-n")
    return [{"given": row, "split": split_of(dispute, row.refund)} for row in given]


def ruling_of(dispute) -> Split | None:
    """The split that was ruled last; None before: what a mediator drafts is not shown (S51)."""
    given = dispute.rulings.last()
    return split_of(dispute, given.refund) if given else None


def tone_of(dispute) -> str:
    """The colour of a dispute's chip: vermilion while it is open."""
    return "" if dispute.state in CLOSED else "bad"


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
        for name in AMOUNTS
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
    goes_on = event.facts.get("remedy") in GOES_ON
    text = (
        _("%(refund)s back to the buyer, %(release)s stays held for the order.")
        if goes_on
        else _("%(refund)s back to the buyer, %(release)s to the supplier.")
    )
    told = text % {
        "refund": money_text(refund),
        "release": money_text(dispute.claimed - refund),
    }
    return " ".join(filter(None, (told, event.facts.get("note", ""))))
