"""What a time limit is: how long, counted how, and what missing it means."""

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import days


@dataclass(frozen=True)
class Clock:
    """One row of the table of clocks (machines.md 6.1).

    `handler` names the operation that runs when it is missed; `silence` says the same to
    people, and `actor` who has to act before. One that `outlives` its trade runs on when that
    has ended (money that is still to leave); one that is `private` is shown to its own side
    only. The length is in calendar days of the platform, exact hours or working days; a clock
    without a length is started with an instant of its own (a ship-by date).

    Somebody with the `duty` may extend it by `extension` days altogether, never shorten it.
    When it is missed it `leads_to` others. They count from the instant of the miss, if
    `counts` is "end"; from the last day in time, if it is "last_day"; from where the clock
    before began, if it is "start".
    """

    number: str
    title: str
    handler: str
    silence: str
    days: int | None = None
    hours: int | None = None
    business_days: int | None = None
    outlives: bool = False
    actor: str = ""
    private: bool = False
    extension: int = 0
    duty: str = ""
    leads_to: tuple[str, ...] = ()
    counts: str = "end"

    def due(self, since: datetime) -> datetime:
        """The exclusive instant at which this clock, started at `since`, is over."""
        if self.days is not None:
            return days.days_after(since, self.days)
        if self.business_days is not None:
            return days.business_days_after(since, self.business_days)
        if self.hours is not None:
            return since + timedelta(hours=self.hours)
        raise ValueError(f"{self.number} has no length of its own: give it an instant.")

    def due_after(self, started_at: datetime, missed_at: datetime) -> datetime:
        """When it will be over if the clock that leads to it ran so and is missed."""
        last_moment = missed_at - timedelta(microseconds=1)
        since = {"end": missed_at, "last_day": last_moment, "start": started_at}[self.counts]
        return self.due(since)


@dataclass(frozen=True, order=True)
class Coming:
    """Something that a clock will do. `sure`: its clock runs already."""

    at: datetime
    kind: str
    started_at: datetime
    sure: bool = True


def coming(running, clocks, count=3) -> list[Coming]:
    """The next events of a trade in which nobody does anything, soonest first.

    `running` holds (kind, started_at, due_at) of each clock that runs; what those lead to is
    worked out from the table `clocks`.
    """
    queue = [Coming(due_at, kind, started_at) for kind, started_at, due_at in running]
    heapq.heapify(queue)
    known = {event.kind for event in queue}
    found = []
    while queue and len(found) < count:
        event = heapq.heappop(queue)
        found.append(event)
        for kind in clocks[event.kind].leads_to:
            if kind not in known:
                known.add(kind)
                at = clocks[kind].due_after(event.started_at, event.at)
                heapq.heappush(queue, Coming(at, kind, event.at, sure=False))
    return found
