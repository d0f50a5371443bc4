"""The back office of the machinery: events, clocks, what is owed; and the base of all others."""

from workflow.admin.base import OperationsAdmin, ReadOnlyAdmin, takes
from workflow.admin.clocks import DeadlineAdmin
from workflow.admin.rows import EventAdmin, OutboxAdmin

__all__ = [
    "DeadlineAdmin",
    "EventAdmin",
    "OperationsAdmin",
    "OutboxAdmin",
    "ReadOnlyAdmin",
    "takes",
]
