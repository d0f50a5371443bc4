"""The one clock of the business: every rule about time asks `now()`, nothing else does.

A test or the demo may move it; production refuses to start with such a clock
(requirement 24 of the reliability promises). It is a file, so that web, worker and
beat, which are separate processes, always agree on the time.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """The present instant of the business, in UTC."""
    if settings.TEST_CLOCK_FILE:
        return _frozen(Path(settings.TEST_CLOCK_FILE)) or real_now()
    return real_now() + offset()


def real_now() -> datetime:
    """The machine's own time: for leases, retries and heartbeats, never for a trade's rules."""
    return datetime.now(UTC)


def offset() -> timedelta:
    """How far the demo has been moved into the future: zero outside the demo."""
    text = _read(settings.DEMO_CLOCK_FILE)
    return timedelta(seconds=int(text)) if text else timedelta(0)


def moved_at() -> datetime | None:
    """The machine's time at which the test's or the demo's clock was last moved, if it was."""
    path = settings.TEST_CLOCK_FILE or settings.DEMO_CLOCK_FILE
    if not path:
        return None
    try:
        return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def move_demo(by: timedelta) -> datetime:
    """Move the demo's clock forward, for every process at once. Time never goes back."""
    if not settings.DEMO_CLOCK_FILE:
        raise RuntimeError("Only the demo has a clock that can be moved.")
    if by < timedelta(0):
        raise ValueError("Time does not go back.")
    path = Path(settings.DEMO_CLOCK_FILE)
    draft = path.with_suffix(".new")
    draft.write_text(str(int((offset() + by).total_seconds())))
    draft.replace(path)
    return now()


def _frozen(path: Path) -> datetime | None:
    text = _read(path)
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _read(path: str | Path) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except FileNotFoundError:
        return ""
