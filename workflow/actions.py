"""What takes two people: an action of `settings.APPROVALS`."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Action:
    """Its name, the duties that may propose and decide it, and what approving it runs.

    `handler` names a function `(subject, *, by, proposed_by, **payload)`.
    """

    title: str | Promise
    duties: frozenset[str]
    handler: str
