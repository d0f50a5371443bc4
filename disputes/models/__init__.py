"""The dispute and what belongs to it."""

from disputes.models.dispute import Dispute, DisputeQuerySet
from disputes.models.parts import ClaimLine, Evidence, Ruling
from disputes.models.states import CLOSED, HOLDS, NEGOTIABLE, WITH_THE_PLATFORM, DisputeState

__all__ = [
    "CLOSED",
    "HOLDS",
    "NEGOTIABLE",
    "WITH_THE_PLATFORM",
    "ClaimLine",
    "Dispute",
    "DisputeQuerySet",
    "DisputeState",
    "Evidence",
    "Ruling",
]
