"""What beat asks of the API."""

from datetime import timedelta

from celery import shared_task

from api.models import KeptAnswer
from core import clock

KEPT_FOR = timedelta(days=8)  # at least seven days (requirement 6), and a day to spare
BATCH = 5_000


@shared_task
def purge_answers():
    """Forget the answers that are older than they must be, some thousand rows at a time."""
    old = KeptAnswer.objects.filter(answered_at__lt=clock.real_now() - KEPT_FOR)
    purged = 0
    while batch := list(old.order_by("answered_at").values_list("pk", flat=True)[:BATCH]):
        purged += KeptAnswer.objects.filter(pk__in=batch).delete()[0]
    return purged
