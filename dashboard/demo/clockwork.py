"""Time in the demo's making: many stories told at once, each thing at its own instant."""

from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from core import clock
from workflow import deadlines, outbox
from workflow.models import Deadline, OutboxMessage


class ClockStopped(Exception):
    """A story went back in time, or news could not be told: the demo is not made."""


class Clockwork:
    """A clock of this process alone, from the past up to `present`.

    `core.clock` reads the instant from settings.TEST_CLOCK_FILE wherever that is set; here it
    is set for as long as the stories are played, in this process only. The outbox wakes
    nobody meanwhile.
    """

    def __init__(self, file: Path, present):
        self.file, self.present = file, present

    def move_to(self, instant):
        """Put the business clock at an instant."""
        self.file.write_text(instant.isoformat())

    def play(self, stories, tell=lambda: None):
        """Play stories together in the order of time, up to the present.

        A story is a generator of instants: it is resumed when the clock stands there.
        `tell` is called after every step.
        """
        waiting = [(next(story), n, story) for n, story in enumerate(stories)]
        heapify(waiting)
        while waiting:
            instant, n, story = heappop(waiting)
            self.strike_until(instant)
            self.move_to(instant)
            upcoming = next(story, None)
            spread_news()
            tell()
            if upcoming is None:
                continue
            if upcoming < instant:
                raise ClockStopped(f"Story {n} goes back from {instant} to {upcoming}.")
            heappush(waiting, (upcoming, n, story))
        self.strike_until(self.present)
        self.move_to(self.present)

    def strike_until(self, instant):
        """Fire every time limit that is over by then, in order, each at its own instant."""
        while missed := Deadline.objects.due(instant).first():
            self.move_to(max(missed.due_at, missed.started_at))
            deadlines.fire(missed.pk)
            spread_news()


@contextmanager
def moved_clock():
    """A Clockwork that moves the clock of this process until the block ends."""
    present = clock.now()
    before = settings.TEST_CLOCK_FILE, settings.OUTBOX_WAKE, settings.BANK_CHANNEL
    with TemporaryDirectory() as folder:
        work = Clockwork(Path(folder) / "clock", present)
        work.move_to(present)
        settings.TEST_CLOCK_FILE = str(work.file)
        settings.OUTBOX_WAKE = f"{__name__}.wake_nobody"
        settings.BANK_CHANNEL = "manual"
        try:
            yield work
        finally:
            settings.TEST_CLOCK_FILE, settings.OUTBOX_WAKE, settings.BANK_CHANNEL = before


def wake_nobody(lane):
    """No worker is woken while the past is made; the sweep finds what is owed."""


def spread_news():
    """Tell people now what has happened, so that notices bear the time of their event."""
    for pk in _owed("news"):
        if not outbox.deliver(pk):
            raise ClockStopped(f"Message {pk} of the outbox could not be delivered.")


def drop_letters():
    """What the past owed the world outside is not sent any more: letters, and files for a bank."""
    files = OutboxMessage.objects.filter(kind="bank.file", delivered_at=None)
    for past in (_owed("mail"), files):
        past.update(delivered_at=clock.real_now())


def _owed(lane):
    waiting = OutboxMessage.objects.filter(lane=lane, delivered_at=None)
    return waiting.values_list("pk", flat=True)
