"""What beat and the outbox ask of payments; the rows say what is to be done."""

from celery import shared_task

from ledger import checks, seals
from payments import (
    bank_channel,
    brake,
    calls,
    client_money,
    disbursing,
    matching,
    reconciling,
    sending,
)
from payments.models import Disbursement


def match_statement(statement):
    """Match what an interrupted import left new; nothing to do when it was not interrupted."""
    if failed := matching.match_lines(statement):
        raise failed[0]


@shared_task
def poll_providers():
    """Ask the providers about what they have not told us; beat calls this every five minutes."""
    calls.poll()


@shared_task
def send_money():
    """Send what is approved and whose waiting time is over; beat calls this every minute."""
    sending.send_due()


@shared_task
def ask_bank():
    """Fetch what the bank has booked, where it can be asked."""
    bank_channel.fetch_statements()


@shared_task
def look_at_holds():
    """Look at everything that is held: its cause may have gone by itself."""
    disbursing.reconsider(Disbursement.objects.all())


@shared_task
def reconcile_daily():
    """Compare ledger, providers and bank once a day, and keep the day's client money statement."""
    reconciling.reconcile_if_due()
    client_money.make_missing()


@shared_task
def audit():
    """Check all the books; what is wrong pauses payouts and refunds. Beat calls this hourly.

    What waits for its seal is sealed first: after an outage that is no doubt about the books.
    """
    seals.seal()
    brake.heed(checks.run())
