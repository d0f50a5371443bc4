"""Four eyes: one person proposes, another decides, and what was proposed cannot change between.

The one mechanism for everything that needs two people (reliability requirement 12).
`settings.APPROVALS` says which actions there are, whose duty they are and what approving runs.
"""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import clock
from workflow.engine import record
from workflow.errors import NotAllowed, Refused
from workflow.models import Approval

LASTS = timedelta(hours=24)
Decision = Approval.Decision


@transaction.atomic
def propose(subject, action, *, by, payload=None, amount=None, reason=""):
    """Ask a second person for an action on `subject`. Returns the Approval.

    Raises NotAllowed without the duty, Refused (`proposed_already`) while one waits.
    """
    subject.refresh_from_db()
    check_may_propose(subject, action, by)
    waiting = waiting_for(subject, action)
    if waiting and clock.now() < waiting.expires_at:
        raise _proposed_already(waiting)
    if waiting:
        _void(waiting)
    payload = json.loads(json.dumps(payload or {}, cls=DjangoJSONEncoder))
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                action=action,
                trade_ref=subject.trade.ref if hasattr(subject, "trade") else "",
                subject=subject,
                payload=payload,
                digest=digest(subject, action, payload),
                amount_minor=amount.minor if amount else None,
                currency=amount.currency if amount else "",
                reason=reason,
                maker=by,
                expires_at=clock.now() + LASTS,
            )
    except IntegrityError as error:  # somebody proposed it at the same moment
        raise _proposed_already(waiting_for(subject, action)) from error
    _tell(approval, "ask_approval", by, reason)
    return approval


def approve(approval, *, by, note=""):
    """The second person agrees: the action runs, in the same transaction, or nothing happens."""
    with transaction.atomic():
        approval = _open(approval, by)
        if not is_void(approval):
            _decide(approval, by, Decision.APPROVED, note)
            run = import_string(settings.APPROVALS[approval.action].handler)
            run(approval.subject, by=by, proposed_by=approval.maker, **approval.payload)
            return approval
        _void(approval)
    raise Refused(
        _("This proposal is void: it is older than a day, or what it is about has changed."),
        code="approval_void",
    )


@transaction.atomic
def refuse(approval, *, by, note):
    """The second person sends it back, and says why."""
    approval = _open(approval, by)
    if not note.strip():
        raise Refused(_("Say why you send it back."), code="reason_missing")
    _decide(approval, by, Decision.REFUSED, note)
    _tell(approval, "refuse_approval", by, note)
    return approval


def check_may_decide(approval, by):
    """Raise NotAllowed unless this person may be the second of the two."""
    _check_duty(approval.action, by)
    if approval.maker_id == by.pk:
        raise NotAllowed(
            _("You proposed this yourself: somebody else decides it."), code="own_proposal"
        )
    _check_no_interest(approval.subject, by)


def check_may_propose(subject, action, by):
    """Raise NotAllowed unless this person may be the first of the two."""
    _check_duty(action, by)
    _check_no_interest(subject, by)


def is_void(approval):
    """Whether it is too old, or what it is about is not what was proposed any more."""
    now = digest(approval.subject, approval.action, approval.payload)
    return clock.now() >= approval.expires_at or now != approval.digest


def waiting_for(subject, action):
    """The approval of an action on a record that still waits, or None."""
    return Approval.objects.filter(
        action=action,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_key=str(subject.pk),
        decision=Decision.WAITING,
    ).first()


def digest(subject, action, payload):
    """The SHA-256 of what two people decide upon: the record's facts as they are now, and more."""
    facts = getattr(subject, "approval_facts", {})
    what = [action, subject._meta.label_lower, str(subject.pk), facts, payload]
    text = json.dumps(what, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def _proposed_already(waiting):
    who = waiting.maker if waiting else _("A colleague")
    return Refused(
        _("%s has proposed this already. Somebody else decides it.") % who,
        code="proposed_already",
    )


def _open(approval, by):
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.decision != Decision.WAITING:
        _check_duty(approval.action, by)
        raise Refused(_("This was decided already."), code="decided_already")
    check_may_decide(approval, by)
    return approval


def _check_duty(action, by):
    allowed = settings.APPROVALS[action].duties
    if by is None or not by.is_active or not by.is_staff or not allowed & by.duties:
        raise NotAllowed(_("This is not among your duties."), code="not_your_duty")


def _check_no_interest(subject, by):
    """Nobody decides on money or accounts of a company that he belongs to, or asked for."""
    theirs = {getattr(subject, name, None) for name in ("payee_id", "company_id")}
    if by.company_id is not None and by.company_id in theirs:
        raise NotAllowed(_("You belong to the company that this is about."), code="own_company")
    if getattr(subject, "requested_by_id", None) == by.pk:
        raise NotAllowed(_("You asked for this: others decide it."), code="own_request")


def _decide(approval, by, decision, note):
    approval.checker, approval.decided_at = by, clock.now()
    approval.decision, approval.note = decision, note
    approval.save(update_fields=["checker", "decided_at", "decision", "note"])


def _void(approval):
    approval.decision, approval.decided_at = Decision.VOID, clock.now()
    approval.save(update_fields=["decision", "decided_at"])


def _tell(approval, verb, by, reason):
    if hasattr(approval.subject, "trade"):
        facts = {"action": approval.action, "amount": approval.amount_minor}
        record(approval.subject, verb, by=by, reason=reason, facts=facts)
