"""kill -9 in the middle of telling: a notice once, a reminder once, a letter at least once.

What the database does is done exactly once. A mail server knows no transactions: a process
killed between its answer and our note of it sends the letter again, under the same
Message-ID, by which a mailbox knows it as the same.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.conf import settings

from notifications.models import Digest, Notice, Reminder
from notifications.preferences import choose
from notifications.tasks import digest, remind
from tests.test_celery import url
from workflow import outbox
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.core.mail import EmailMultiAlternatives
from notifications import tasks
from workflow import outbox
from workflow.models import OutboxMessage

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def then_die(function):
    def run(*args, **kwargs):
        function(*args, **kwargs)
        die()
    return run

{fatal}
{work}
"""


@pytest.fixture
def killed(tmp_path, clock):
    """Do work in a process of its own that kills itself at a point of it; its mails as messages."""

    def run(work, fatal):
        environment = os.environ | {
            "TA_ENV": "test",
            "DATABASE_URL": url(),
            "TA_TEST_CLOCK_FILE": str(clock.file),
            "EMAIL_URL": f"file:///{tmp_path / 'mail'}",
        }
        program = PROGRAM.format(fatal=fatal, work=work)
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment, check=False,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        return [message_from_bytes(path.read_bytes()) for path in tmp_path.glob("mail/*")]

    return run


def deliver(kind):
    """What waits of a kind, as the worker that comes after the dead one delivers it."""
    for message in OutboxMessage.objects.filter(kind=kind, delivered_at=None):
        assert outbox.deliver(message.pk)


def one(kind):
    return OutboxMessage.objects.get(kind=kind, delivered_at=None).pk


def placing():
    return OutboxMessage.objects.filter(kind="event", delivered_at=None).last().pk


def test_killed_between_the_mail_server_and_our_note_the_letter_goes_again_as_the_same(
    placed_order, killed, mailoutbox
):
    deliver("event")
    (first,) = killed(
        f"outbox.deliver({one('mail')})",
        "EmailMultiAlternatives.send = then_die(EmailMultiAlternatives.send)",
    )
    assert Notice.objects.get().mailed_at is None
    deliver("mail")
    (second,) = mailoutbox
    assert second.message()["Message-ID"] == first["Message-ID"]
    assert second.subject == first["Subject"]
    assert Notice.objects.get().mailed_at is not None
    deliver("mail")
    assert len(mailoutbox) == 1


def test_killed_after_the_letter_was_noted_it_does_not_go_again(placed_order, killed, mailoutbox):
    deliver("event")
    (sent,) = killed(
        f"outbox.deliver({one('mail')})", "tasks.send_letter = then_die(tasks.send_letter)"
    )
    assert sent["To"] == "lin@littlepine.example"
    deliver("mail")
    assert mailoutbox == []
    assert not OutboxMessage.objects.filter(kind="mail", delivered_at=None).exists()


def test_killed_before_anybody_is_told_everybody_is_told_once(placed_order, killed, mailoutbox):
    sent = killed(f"outbox.deliver({placing()})", "tasks._owe = die")
    assert sent == []
    assert not Notice.objects.exists()
    deliver("event")
    deliver("mail")
    assert Notice.objects.count() == len(mailoutbox) == 1


def test_killed_after_everybody_is_told_nobody_is_told_twice(placed_order, killed, mailoutbox):
    killed(f"outbox.deliver({placing()})", "tasks.announce = then_die(tasks.announce)")
    assert Notice.objects.count() == 1
    deliver("event")
    deliver("mail")
    assert Notice.objects.count() == len(mailoutbox) == 1


def test_killed_in_the_sweep_or_after_it_a_reminder_is_made_and_told_once(
    funded_order, clock, killed, mailoutbox
):
    deliver("event")
    deliver("mail")
    mailoutbox.clear()
    clock.move_to(funded_order.ship_deadline - timedelta(days=7))
    killed("tasks.remind()", "tasks._owe = die")
    assert not Reminder.objects.exists()
    killed("tasks.remind()", "tasks.remind = then_die(tasks.remind)")
    assert Reminder.objects.count() == 1
    assert remind() == 0
    killed(
        f"outbox.deliver({one('reminder')})",
        "tasks.announce_reminder = then_die(tasks.announce_reminder)",
    )
    deliver("reminder")
    deliver("mail")
    assert Notice.objects.exclude(reminder=None).count() == len(mailoutbox) == 1


def test_killed_between_the_mail_server_and_our_note_the_letter_of_the_day_says_the_same_again(
    placed_order, supplier, clock, killed, mailoutbox
):
    choose(supplier, {}, digest_hour=0)
    assert digest() == 1
    (first,) = killed(
        f"outbox.deliver({one('digest')})",
        "EmailMultiAlternatives.send = then_die(EmailMultiAlternatives.send)",
    )
    written = Digest.objects.get().lines
    assert digest() == 0
    deliver("digest")
    (second,) = mailoutbox
    assert Digest.objects.get().lines == written
    assert second.message()["Message-ID"] == first["Message-ID"]
