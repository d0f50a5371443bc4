"""What a time limit is: how long, counted how, and what missing it means."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import days


@dataclass(frozen=True)
class Clock:
    """One row of the table of clocks (machines.md 6.1).

    `handler` names the operation that runs when it is missed; `silence` says the same to
    people; one that `outlives` its trade runs on when that has ended (money that is still
    to leave). The length is in calendar days of the platform, exact hours or working days;
    a clock without a length is started with an instant of its own (a ship-by date).
    """

    number: str
    title: str
    handler: str
    silence: str
    days: int | None = None
    hours: int | None = None
    business_days: int | None = None
    outlives: bool = False

    def due(self, since: datetime) -> datetime:
        """The exclusive instant at which this clock, started at `since`, is over."""
        if self.days is not None:
            return days.days_after(since, self.days)
        if self.business_days is not None:
            return days.business_days_after(since, self.business_days)
        if self.hours is not None:
            return since + timedelta(hours=self.hours)
        raise ValueError(f"{self.number} has no length of its own: give it an instant.")
