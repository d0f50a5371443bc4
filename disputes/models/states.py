"""The states of a dispute (machines.md, Dispute)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DisputeState(models.TextChoices):
    DRAFT = "draft", _("Not sent yet")
    OPEN = "open", _("Waiting for the other side")
    OFFER_PENDING = "offer_pending", _("An offer is on the table")
    ESCALATED = "escalated", _("Taken over by the platform")
    EVIDENCE = "evidence", _("Both sides add evidence")
    INSPECTION_PENDING = "inspection_pending", _("Waiting for an inspection")
    UNDER_REVIEW = "under_review", _("Being decided")
    DECIDED = "decided", _("Decided, may be appealed")
    APPEALED = "appealed", _("Appealed")
    FINAL = "final", _("Final")
    ENFORCED = "enforced", _("Carried out")
    SETTLED = "settled", _("Settled by the parties")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Not covered")


CLOSED = [
    DisputeState.ENFORCED,
    DisputeState.SETTLED,
    DisputeState.WITHDRAWN,
    DisputeState.REJECTED,
]
NEGOTIABLE = [DisputeState.OPEN, DisputeState.OFFER_PENDING]
WITH_THE_PLATFORM = [
    DisputeState.ESCALATED,
    DisputeState.EVIDENCE,
    DisputeState.INSPECTION_PENDING,
    DisputeState.UNDER_REVIEW,
]
HOLDS = [state for state in DisputeState if state not in CLOSED and state != DisputeState.DRAFT]
