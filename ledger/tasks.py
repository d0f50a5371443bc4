"""What Celery wakes: the rows say what is to be done."""

from celery import shared_task

from ledger import seals


@shared_task
def seal() -> int:
    """Seal what was posted since the last time. Beat calls this every minute."""
    return len(seals.seal())
