"""The brake: payouts and refunds stand still while the books are in doubt. Funding stays open.

The audit pulls it when it finds something, anybody of the finance office may; two people
release it, and only when the audit is clean at that moment (fail closed, reliability.md).
"""

import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from ledger import checks
from payments.models import Pause
from workflow import approvals
from workflow.engine import record
from workflow.errors import NotAllowed, Refused
from workflow.models import Heartbeat

AUDITED, CLEAN = "audit", "audit clean"
HEADS = {"finance", "administrator"}
log = logging.getLogger(__name__)


def is_paused():
    """The pause that is on, or None: money leaves."""
    return Pause.objects.filter(ended_at=None).first()


def pull(reason, *, by=None):
    """Let no money leave until two people release it. Pulled already, it stays as it is."""
    if by is not None and not HEADS & by.duties:
        raise NotAllowed(_("Only the finance office and administrators pull the brake."))
    try:
        with transaction.atomic():
            pause = Pause.objects.create(reason=reason, began_by=by)
            record(pause, "pull_brake", by=by, reason=reason)
    except IntegrityError:
        return Pause.objects.get(ended_at=None)
    log.critical("Payouts and refunds are paused: %s", reason)
    return pause


def ask_to_release(pause, *, by, reason):
    """The first of two people proposes that money leaves again."""
    if pause.ended_at:
        raise Refused(_("Money leaves already."), code="not_paused")
    return approvals.propose(pause, "pause.end", by=by, reason=reason)


@transaction.atomic
def release(pause, *, by, proposed_by=None):
    """Money leaves again: two people say so, and the books are right at this moment."""
    pause = Pause.objects.select_for_update().get(pk=pause.pk)
    if pause.ended_at:
        raise Refused(_("Money leaves already."), code="not_paused")
    if proposed_by == by:
        raise NotAllowed(
            _("You proposed this yourself: somebody else decides it."), code="own_proposal"
        )
    if not checks.run()["ok"]:
        raise Refused(
            _("The audit still finds something wrong: no money leaves before that is put right."),
            code="audit_failed",
        )
    pause.ended_at, pause.ended_by = clock.now(), by
    pause.save(update_fields=["ended_at", "ended_by"])
    record(pause, "release_brake", by=by, facts={"proposed_by": str(proposed_by or "")})
    _note(AUDITED, CLEAN)
    return pause


def heed(report):
    """Act on the report of an audit: note when it was; pull the brake if it is not ok.

    Returns the Pause that a bad report leads to, or None.
    """
    if report["ok"]:
        _note(AUDITED, CLEAN)
        return None
    with transaction.atomic():
        _note(AUDITED)
        return pull(_why(report))


def last_audit():
    """When the last audit was, and whether it was clean; (None, None) before the first."""
    seen = dict(Heartbeat.objects.filter(name__in=[AUDITED, CLEAN]).values_list("name", "seen_at"))
    if AUDITED not in seen:
        return None, None
    return seen[AUDITED], seen.get(CLEAN) == seen[AUDITED]


def _why(report):
    """The first bad row of each check that failed, in one reason for people."""
    failed = [one for one in report["checks"] if not one["ok"]]
    first = "; ".join(f"{one['id']}: {one['sample'][0]}" for one in failed[:3])
    return _("The audit failed: %s") % first


def _note(*names):
    now = clock.real_now()
    for name in names:
        Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now})
