"""What the bank says: statements read in, each line once, and all of them booked.

Money that came in is first booked as nobody's (`suspense:unidentified`), in the same
transaction as its line; `matching` moves it on. Silence is never success: every line ends in a
status with its reason.
"""

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import DesignatedAccount
from accounts.roles import PLATFORM
from ledger.operations import Move, post
from payments import matching
from payments.matching import SUSPENSE
from payments.models import StatementImport, StatementLine
from payments.statements import StatementRefused, arithmetic, read
from payments.statements.reading import BOOKED, PENDING
from workflow import outbox
from workflow.errors import NotAllowed, Refused


def import_statement(data, *, by, file_name="", mapping=None):
    """Read a statement file in and match its lines. Returns the StatementImports.

    `by` is somebody of the finance office, or the platform where the bank is asked directly.
    Raises Refused when the file cannot be read at all; a statement that does not add up is
    quarantined as a whole and credits nobody.
    """
    if by is not PLATFORM and "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office reads in bank statements."))
    try:
        statements = read(data, filename=file_name, mapping=mapping)
    except StatementRefused as error:
        raise Refused(str(error), code="statement_refused") from error
    imports = [_store(statement, data, by, file_name) for statement in statements]
    for imported in imports:
        matching.match_lines(imported.pk)
    return imports


@transaction.atomic
def _store(statement, data, by, file_name):
    account = _account_of(statement)
    problems = [*arithmetic.problems(statement), *_other_account(statement, account)]
    imported = StatementImport.objects.create(
        account=account,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(data).hexdigest(),
        format=statement.format,
        statement_id=statement.statement_id,
        currency=statement.currency,
        opening_minor=None if statement.opening is None else statement.opening.minor,
        closing_minor=None if statement.closing is None else statement.closing.minor,
        sequence=statement.sequence,
        closed_on=statement.closing_date,
        status=StatementImport.Status.QUARANTINED if problems else StatementImport.Status.ACCEPTED,
        problems=problems,
        imported_by=by,
    )
    for n, entry in enumerate(statement.entries, 1):
        line = _store_line(imported, n, entry, quarantined=bool(problems))
        if entry.status == PENDING and line.status == StatementLine.Status.IGNORED:
            matching.note_pending(line)
    outbox.owe("statement.match", lane="money", statement=imported.pk)
    return imported


def _account_of(statement):
    """Ours in that currency: by its number, also one that was replaced, else the present one."""
    ours = DesignatedAccount.objects.filter(currency=statement.currency).exclude(
        state=DesignatedAccount.State.PROPOSED
    )
    present = ours.filter(state=DesignatedAccount.State.ACTIVE)
    named = ours.filter(account_number=statement.account, approved_by__isnull=False)
    return named.order_by("-pk").first() or present.first()


def _other_account(statement, account):
    """Why a statement is not one of the designated account, if it is not."""
    if account is None:
        return [_("There is no designated account in %s.") % statement.currency]
    return arithmetic.account_problems(
        statement,
        account=account.account_number,
        bic=account.bic,
        currency=account.currency,
    )


def _store_line(imported, n, entry, *, quarantined):
    status, reason = _first_status(entry, quarantined)
    line = StatementLine(
        statement=imported,
        n=n,
        dedupe_key=entry.dedupe_key,
        amount_minor=entry.amount.minor,
        currency=entry.amount.currency,
        is_credit=entry.credit,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        bank_reference=entry.reference_bank or "",
        end_to_end_id=entry.end_to_end_id,
        return_of=entry.return_of,
        payer_name=entry.payer_name or "",
        payer_account=entry.payer_account or "",
        references=entry.references,
        text=" | ".join(entry.texts),
        is_reversal=entry.reversal,
        is_batch=entry.is_batch,
        status=status,
        reason=reason,
    )
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError:
        line.status, line.reason = StatementLine.Status.DUPLICATE, _("Read in before.")
        line.save()
    if line.status == StatementLine.Status.NEW and line.is_credit:
        line.left_minor = line.amount_minor
        line.save(update_fields=["left_minor"])
        post(
            "bank.arrived",
            key=f"bank:{line.dedupe_key}:arrived",
            transfers=[Move("bank:sg_trust", SUSPENSE, line.amount)],
        )
    return line


def _first_status(entry, quarantined):
    if quarantined:
        return StatementLine.Status.QUARANTINED, _("The statement does not add up.")
    if entry.status != BOOKED:
        return StatementLine.Status.IGNORED, _("Not booked yet: it counts once it is.")
    if not entry.amount:
        return StatementLine.Status.IGNORED, _("It moves no money.")
    return StatementLine.Status.NEW, ""
