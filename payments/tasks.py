"""What the outbox asks of payments."""

from celery import shared_task

from payments import calls, receipts


def match_statement(statement):
    """Match what an interrupted import left new; nothing to do when it was not interrupted."""
    receipts.match_lines(statement)


@shared_task
def poll_providers():
    """Ask the providers about what they have not told us; beat calls this every five minutes."""
    calls.poll()
