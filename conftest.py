"""What every test has: a clock that stands still, its own files, no broker; and the cast."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.signals import post_save

from core import clock as business
from workflow import deadlines, outbox
from workflow.models import OutboxMessage

pytest_plugins = [
    "tests.cast",
    "tests.trades",
    "tests.provider",
    "tests.program",
    "tests.money.stands",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run what empties the tables last, each with the rows that the migrations made."""
    items.sort(key=_empties_tables)
    restored = pytest.mark.django_db(transaction=True, serialized_rollback=True)
    for item in filter(_empties_tables, items):
        item.add_marker(restored, append=False)


def _empties_tables(item):
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(
        (marker and marker.kwargs.get("transaction"))
        or {"live_server", "transactional_db"} & set(fixtures)
    )


@pytest.fixture(autouse=True)
def _no_broker(settings):
    """Tests deliver the outbox themselves; those with a real broker say so."""
    settings.OUTBOX_WAKE = "conftest.nobody_to_wake"


def nobody_to_wake(lane):
    """Stands in for the wake-up of a worker: the sweep is what guarantees delivery."""


@pytest.fixture(autouse=True, scope="session")
def _every_event_is_known():
    """Whatever a test records has a reader in notifications/table, or a reason to have none."""
    from notifications.table import READERS, UNTOLD
    from workflow.models import Event

    def look(instance, **_kwargs):
        known = instance.name in READERS or instance.name in UNTOLD
        assert known, f"{instance.name} has no reader"

    post_save.connect(look, sender=Event)
    yield
    post_save.disconnect(look, sender=Event)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the flush of transactional tests pass the ledger's TRUNCATE guard; only here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            f"ALTER DATABASE \"{connection.settings_dict['NAME']}\" SET ta.allow_truncate = 'on'"
        )
    connection.close()
    yield
    # Whatever a thread or a process of a test left open must not keep the database alive.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class Clock:
    """Business time, standing still where a test puts it."""

    def __init__(self, file: Path):
        self.file = file

    def move_to(self, instant):
        self.file.write_text(instant.isoformat())

    def forward(self, **by):
        self.move_to(business.now() + timedelta(**by))


@pytest.fixture
def clock(settings, tmp_path):
    file = tmp_path / "clock"
    settings.TEST_CLOCK_FILE = str(file)
    moved = Clock(file)
    moved.move_to(business.real_now())
    return moved


@pytest.fixture
def run_clock():
    """Do what the sweep does: fire every deadline that is due now."""

    def run():
        while due := deadlines.claim(100):
            for pk in due:
                deadlines.fire(pk)

    return run


@pytest.fixture
def run_outbox():
    """Do what the relay does, until nothing waits."""

    def run():
        while waiting := OutboxMessage.objects.filter(delivered_at=None, attempts=0):
            for message in waiting:
                OutboxMessage.objects.filter(pk=message.pk).update(attempts=1)
                outbox.deliver(message.pk)

    return run
