"""The order files of the bank, where people carry them: taken out, handed over, written down."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from payments.models import BankFile
from workflow.engine import record
from workflow.errors import NotAllowed, Refused

MANUAL = "manual"


@transaction.atomic
def take_out(file, *, by):
    """The pain.001 message as it was made; who took it is written down. Returns the bytes."""
    _check_finance(by)
    record(file, "take_out_bank_file", by=by, facts={"sha256": file.sha256})
    return file.content.encode()


@transaction.atomic
def hand_over(file, *, by):
    """Somebody gave the file to the bank by hand. Said twice, the first time counts.

    Raises Refused (`not_by_hand`) for a file that the program itself hands over.
    """
    _check_finance(by)
    file = BankFile.objects.select_for_update().get(pk=file.pk)
    if file.channel != MANUAL:
        raise Refused(
            _("This file goes to the bank by itself: nobody carries it."), code="not_by_hand"
        )
    if file.sent_at is None:
        file.sent_at, file.sent_by = clock.now(), by
        file.save(update_fields=["sent_at", "sent_by"])
        record(file, "hand_over", by=by, facts={"sha256": file.sha256})
    return file


def _check_finance(by):
    if by is None or not by.is_active or not by.is_staff or "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office carries files to the bank."))
