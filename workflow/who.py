"""Who may act: predicates over (subject, user) that read as English."""

from collections.abc import Callable
from dataclasses import dataclass

PLATFORM = None  # The actor when no person acts: a deadline passed, a bank reported.


@dataclass(frozen=True)
class Who:
    """A test of (subject, user), and the name that history gives to whoever passes it."""

    role: str
    test: Callable

    def __call__(self, subject, user):
        return self.test(subject, user)

    def __or__(self, other):
        return Who(f"{self.role} or {other.role}", lambda s, u: self(s, u) or other(s, u))


the_platform = Who("platform", lambda subject, user: user is PLATFORM)
