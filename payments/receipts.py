"""What the bank says: statements read in, each line matched, in suspense, known or refused.

A line is first booked as money that is not yet anybody's (`suspense:unidentified`), in the
same transaction as the line itself; matching moves it on. Silence is never success: every
line ends in a status with its reason.
"""

import hashlib
import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import DesignatedAccount
from accounts.roles import PLATFORM
from ledger.operations import Move, post
from orders.models import Instalment
from payments import policies
from payments.models import Payment, StatementImport, StatementLine
from payments.operations import PAYABLE, TRANSFER, hold
from payments.statements import StatementRefused, arithmetic, read
from workflow import outbox
from workflow.engine import advance, operation
from workflow.errors import NotAllowed, Refused

SUSPENSE = "suspense:unidentified"
log = logging.getLogger(__name__)


def import_statement(data, *, by, file_name="", mapping=None):
    """Read a statement file in and match its lines. Returns the StatementImports.

    Raises Refused when the file cannot be read at all; a statement that does not add up is
    quarantined as a whole and credits nobody.
    """
    if "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office reads in bank statements."))
    try:
        statements = read(data, filename=file_name, mapping=mapping)
    except StatementRefused as error:
        raise Refused(str(error), code="statement_refused") from error
    imports = [_store(statement, data, by, file_name) for statement in statements]
    for imported in imports:
        match_lines(imported.pk)
    return imports


def match_lines(statement):
    """Match every line of a statement that is still new; safe to repeat after any crash."""
    lines = StatementLine.objects.filter(
        statement_id=statement, status=StatementLine.Status.NEW, is_credit=True
    )
    failed = []
    for line in lines:
        try:
            _match(line)
        except Exception as error:
            log.exception("statement line %s could not be matched", line.pk)
            failed.append(error)
    # One bad order does not hold up the others; the outbox tries the failed ones again.
    if failed:
        raise failed[0]


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
        opening_minor=statement.opening.minor if statement.opening else None,
        closing_minor=statement.closing.minor if statement.closing else None,
        status=StatementImport.Status.QUARANTINED if problems else StatementImport.Status.ACCEPTED,
        problems=problems,
        imported_by=by,
    )
    for n, entry in enumerate(statement.entries, 1):
        _store_line(imported, n, entry, quarantined=bool(problems))
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
        payer_name=entry.payer_name or "",
        payer_account=entry.payer_account or "",
        references=entry.references,
        text=" | ".join(entry.texts),
        status=status,
        reason=reason,
    )
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError:
        line.status, line.reason = StatementLine.Status.DUPLICATE, _("Read in before.")
        line.save()
    if line.status == StatementLine.Status.NEW:
        post(
            "bank.arrived",
            key=f"bank:{line.dedupe_key}:arrived",
            transfers=[Move("bank:sg_trust", SUSPENSE, line.amount)],
        )


def _first_status(entry, quarantined):
    if quarantined:
        return StatementLine.Status.QUARANTINED, _("The statement does not add up.")
    if entry.status != "booked":
        return StatementLine.Status.IGNORED, _("Not booked yet: it counts once it is.")
    if not entry.is_receipt:
        return StatementLine.Status.IGNORED, _("Not money that came in.")
    return StatementLine.Status.NEW, ""


def _match(line):
    """Find the instalment that a line pays, by its reference; guess nothing."""
    instalment = (
        Instalment.objects.select_related("order").filter(reference__in=line.references).first()
    )
    if len(line.references) != 1 or instalment is None:
        return _suspend(line, _("No payment reference of ours, or more than one."))
    return credit(instalment.order, by=PLATFORM, instalment=instalment, line=line)


@operation
def credit(order, *, by, instalment, line):
    """Count a matched bank line towards its instalment, or say why it waits for staff."""
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.status != StatementLine.Status.NEW:
        return
    instalment = order.instalments.get(pk=instalment.pk)
    instalment.order = order
    payment = _payment_for(order, instalment, line)
    line.payment = payment
    if why := _why_not(order, instalment, line):
        advance(payment.to_review, by=by, reason=why)
        _suspend(line, why)
        return
    hold(
        order,
        by=by,
        payment=payment,
        received=line.amount,
        from_account=SUSPENSE,
        key=f"bank:{line.dedupe_key}",
    )
    line.status, line.reason = (
        StatementLine.Status.MATCHED,
        _("The reference is this instalment's."),
    )
    line.save()


def _payment_for(order, instalment, line):
    """The transfer that the buyer announced, or one that came unannounced."""
    payment = instalment.payments.filter(
        method_id=TRANSFER, state__in=[Payment.State.PENDING, Payment.State.EXPIRED]
    ).first()
    if payment is None:
        payment = Payment.objects.create(
            order=order,
            instalment=instalment,
            method_id=TRANSFER,
            amount_minor=line.amount_minor,
            currency=line.currency,
        )
        advance(payment.submit, by=PLATFORM)
    payment.order, payment.instalment = order, instalment
    return payment


def _why_not(order, instalment, line):
    """Why money with a right reference must still be looked at by staff, or nothing."""
    if line.currency != order.currency:
        return _("It came in %s, the contract is in %s.") % (line.currency, order.currency)
    if order.state not in PAYABLE:
        return _("It came when the order was no longer waiting for it.")
    if instalment.funded_at:
        return _("This instalment is paid already.")
    if order.disputes.open().exists():
        return _("The order is in dispute: nothing is added to it until that ends.")
    names = [order.buyer.name, order.buyer.legal_name, order.buyer.name_local]
    if not policies.payer_matches(line.payer_name, names):
        return _("The payer “%s” is not the buyer.") % line.payer_name
    return ""


def _suspend(line, why):
    line.status, line.reason = StatementLine.Status.SUSPENSE, why
    line.save()
