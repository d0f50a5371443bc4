"""What the outbox and beat ask of notifications: tell, remind, send.

Nothing here runs inside a business transaction: an Event or a Reminder is a row already,
and the outbox owes the telling of it until it is done.
"""

from celery import shared_task
from django.db import transaction

from core import clock
from notifications import digests, reminders
from notifications.channels import channels_of
from notifications.facts import facts_of, facts_of_reminder
from notifications.mail import mail_of, mail_of_digest
from notifications.models import Digest, Notice, Reminder
from notifications.readers import readers_of, reminded_by
from notifications.writing import write
from workflow import outbox
from workflow.models import Event, OutboxMessage


def announce(event: int) -> None:
    """Tell everyone who must hear of an event, each once, and owe each a letter.

    Delivered again, it finds everyone told. Two deliveries at the same moment meet at the
    unique constraint: one fails, is tried again later, and then finds everyone told.
    """
    found = Event.objects.select_related("subject_type", "actor__company").get(pk=event)
    subject = found.subject
    addressed = readers_of(found, subject)
    if not addressed:
        return
    facts = facts_of(found, subject, {letter for _, letter in addressed})
    notices = [write(letter, facts, reader=reader, subject=subject) for reader, letter in addressed]
    _tell(notices, found.trade_ref, event_id=event)


def announce_reminder(reminder: int) -> None:
    """Tell everyone whose deadline comes near, unless it was kept or moved meanwhile."""
    found = Reminder.objects.select_related("deadline__subject_type").get(pk=reminder)
    if not reminders.still_true(found):
        return
    subject = found.deadline.subject
    facts = facts_of_reminder(found, subject)
    notices = [
        write(letter, facts, reader=reader, subject=subject)
        for reader, letter in reminded_by(reminders.rule_of(found), subject)
    ]
    _tell(notices, found.deadline.trade_ref, reminder_id=reminder)


def send_letter(notice: int) -> None:
    """Send the mail of a notice, and note that it went.

    A process that dies between the two sends it again, with the same Message-ID: better a
    letter twice than never. It is not held back by a transaction, because none may be open
    while a mail server is talked to.
    """
    found = Notice.objects.select_related("reader").get(pk=notice)
    if found.mailed_at or not found.reader.is_active:
        return
    mail_of(found).send()
    Notice.objects.filter(pk=notice).update(mailed_at=clock.now())


def send_digest(digest: int) -> None:
    """Write the letter of the day and send it; a day on which nothing waits has none.

    As `send_letter`: written once, sent at least once, each time with the same Message-ID.
    """
    found = Digest.objects.select_related("reader__company").get(pk=digest)
    if found.mailed_at or not found.reader.is_active:
        return
    with transaction.atomic():
        digests.compose(found)
    if found.lines:
        mail_of_digest(found).send()
        Digest.objects.filter(pk=digest).update(mailed_at=clock.now())


@shared_task
def digest() -> int:
    """Find those whose hour of the day has come and owe them its letter; beat calls this."""
    with transaction.atomic():
        made = digests.claim()
        _owe("digest", "mail", [{"digest": pk} for pk in made])
    return len(made)


@shared_task
def remind() -> int:
    """Find the deadlines that come near and owe the telling; beat calls this. How many."""
    with transaction.atomic():
        made = reminders.claim()
        _owe("reminder", "news", [{"reminder": pk} for pk in made])
    return len(made)


@transaction.atomic
def _tell(notices, trade_ref, **cause):
    """Save the notices of one cause that are not there yet, and owe their letters with them."""
    told = set(Notice.objects.filter(**cause).values_list("reader_id", flat=True))
    new = list(_wanted([row for row in notices if row.reader_id not in told]))
    for notice in new:
        for name, value in cause.items():
            setattr(notice, name, value)
    made = Notice.objects.bulk_create(new)
    _owe("mail", "mail", [{"notice": row.pk} for row in made if row.by_mail], trade_ref)


def _wanted(notices):
    """Those that their reader wants over some channel, each marked with its channels."""
    chosen = channels_of((notice.reader_id, notice.letter) for notice in notices)
    for notice in notices:
        channels = chosen[notice.reader_id, notice.letter]
        notice.on_site, notice.by_mail = channels.site, channels.mail
        notice.in_digest = channels.digest
        if channels.any:
            yield notice


def _owe(kind, lane, payloads, trade_ref=""):
    """Owe many effects of one kind at once: one insert, one wake-up."""
    if not payloads:
        return
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=kind, lane=lane, trade_ref=trade_ref, payload=payload)
        for payload in payloads
    )
    transaction.on_commit(lambda: outbox.wake(lane), robust=True)
