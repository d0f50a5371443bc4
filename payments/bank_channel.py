"""Speaking with the bank: orders handed over after the commit, statements fetched.

With the channel “manual” people carry the files: nothing is sent and nothing is fetched. The
simulator's bank speaks HTTP; a real one would be another channel here, with the same promise:
an order is known to be handed over only when the bank says so, and statements add nothing twice.
"""

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core import clock, egress
from payments.models import BankFile, Disbursement, StatementImport
from payments.receipts import import_statement
from payments.sending import bounce

MANUAL = "manual"
FETCHED = "from-the-bank-"  # how the files are named that nobody uploaded
LARGEST = 8 * 1024 * 1024
XML = {"Content-Type": "application/xml"}
TAKEN = {200, 201}
REJECTED = "RJCT"  # ISO 20022: the bank did not and will not do it


class Unclear(Exception):
    """We do not know whether the bank has it, or it did not take it: asked again later."""


def send_file(bank_file: int) -> None:
    """Hand an order to the bank, once per message id; what it rejects is owed again.

    Raises Unclear without a clear answer, so that the outbox tries again: the bank knows the
    message id, and carries out no order twice.
    """
    file = BankFile.objects.get(pk=bank_file)
    if file.sent_at or MANUAL in {file.channel, settings.BANK_CHANNEL}:
        return
    status, told = _call("POST", "payments", data=file.content.encode(), headers=XML)
    if status not in TAKEN or not isinstance(told, dict) or told.get("id") != file.message_id:
        raise Unclear(f"The bank answered {status} to {file.message_id}: {told}")
    for transfer in told["transfers"]:
        if transfer["status"] == REJECTED:
            _reject(file, transfer)
    BankFile.objects.filter(pk=file.pk, sent_at=None).update(sent_at=clock.now())


def fetch_statements() -> int:
    """Read in the statements that the bank made since the last one. How many.

    Raises Unclear when the bank does not answer; beat asks again.
    """
    if settings.BANK_CHANNEL == MANUAL:
        return 0
    count = 0
    while waiting := _statements_after(_last()):
        for statement in waiting:
            name = f"{FETCHED}{statement['n']}.xml"
            import_statement(statement["content"].encode(), by=PLATFORM, file_name=name)
        count += len(waiting)
    return count


def _last():
    """The number of the last statement that was fetched; 0 before the first."""
    fetched = StatementImport.objects.filter(file_name__startswith=FETCHED, imported_by=None)
    return fetched.aggregate(last=Max("sequence"))["last"] or 0


def _statements_after(number):
    """The next statements, in their order. Raises Unclear for anything but new ones."""
    status, told = _call("GET", "statements", params={"after": number})
    try:
        new = status == 200 and all(one["n"] > number and one["content"] for one in told)
    except (TypeError, KeyError) as error:
        raise Unclear("The bank's statements cannot be read.") from error
    if not new:
        raise Unclear(f"The bank answered {status} when asked for statements.")
    return told


def _reject(file, transfer):
    """The bank will not make this transfer: it never left, and is owed as before."""
    told = Disbursement.objects.filter(
        bank_file=file, end_to_end_id=transfer["end_to_end_id"]
    ).first()
    if told:
        why = _("The bank refused the transfer (%s).") % transfer["reason"]
        bounce(told, by=PLATFORM, reason=why)


def _call(method, path, **request):
    """The status and the JSON of an answer. Raises Unclear if there is none."""
    where = f"{settings.PAYMENT_PROVIDERS['http_sim']['url'].rstrip('/')}/bank/{path}"
    try:
        answer = egress.call(method, where, answer_limit=LARGEST, **request)
        return answer.status_code, answer.json()
    except (egress.Failed, ValueError) as error:
        raise Unclear(f"{method} {path}: {error}") from error
