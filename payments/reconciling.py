"""Three ways to say the same: ledger, providers, bank. Whatever differs is listed, with a number.

The bank's last statement is compared with the trust account of the ledger line by line and in
sum; every provider is asked about its operations; and the client money must be there. The same
difference keeps its number from run to run until it is gone (reliability requirement 18).
"""

from itertools import pairwise

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, days
from core.money import Money
from ledger.balances import balance, currencies, trust_position
from payments import asking
from payments.asking import Found
from payments.models import Difference, Reconciliation, StatementImport
from workflow import outbox
from workflow.errors import NotAllowed
from workflow.models import OutboxMessage

Side = Difference.Side
NOT_THERE = """
    SELECT l.id, l.amount_minor, l.currency, l.is_credit FROM payments_statementline l
    WHERE l.status NOT IN ('duplicate', 'quarantined', 'ignored') AND NOT EXISTS (
        SELECT FROM ledger_journal j WHERE j.key LIKE 'bank:' || l.dedupe_key || ':%%'
    ) AND NOT EXISTS (
        SELECT FROM payments_disbursement d
        WHERE d.end_to_end_id = l.end_to_end_id AND d.state = 'confirmed' AND NOT l.is_credit
    ) AND NOT EXISTS (SELECT FROM payments_treasurytransfer t WHERE t.line_id = l.id)
    ORDER BY l.id
"""
NOT_AT_BANK = """
    SELECT d.id, d.amount_minor, d.currency, d.end_to_end_id FROM payments_disbursement d
    WHERE d.state = 'confirmed' AND d.route = 'bank' AND NOT EXISTS (
        SELECT FROM payments_statementline l
        WHERE l.end_to_end_id = d.end_to_end_id AND NOT l.is_credit
          AND l.status NOT IN ('duplicate', 'quarantined')
    ) ORDER BY d.id
"""
NOT_YET = """
    SELECT t.id, t.amount_minor, t.currency, t.kind FROM payments_treasurytransfer t
    WHERE t.state = 'ordered' ORDER BY t.id
"""


def reconcile(*, by=None):
    """Compare everything now. Returns the Reconciliation with its open differences."""
    run = Reconciliation.objects.create(asked_by=by)
    told = asking.ask_providers()  # outside any transaction: it calls the providers
    with transaction.atomic():
        found = [*_bank(), *told, *_client_money()]
        _note(run, found)
        run.figures, run.finished_at = _figures(), clock.now()
        run.open_differences = len({one.key for one in found})
        run.save()
    return run


def ask_to_reconcile(*, by):
    """Owe a comparison: it calls the providers, so it is done after the commit.

    Asked again before it has begun, it is the same one.
    """
    if by is None or "finance" not in by.duties:
        raise NotAllowed(_("Only the finance office asks for a comparison."))
    return owed() or outbox.owe("reconcile", lane="money", by=by.pk)


def owed():
    """The comparison that was asked for and is not done yet, or None."""
    return OutboxMessage.objects.filter(kind="reconcile", delivered_at=None).first()


def reconcile_asked(by: int):
    """The outbox's way to `reconcile`."""
    reconcile(by=User.objects.get(pk=by))


def reconcile_if_due():
    """Once a platform day: the run of today, if there was none yet."""
    today = days.platform_date(clock.now())
    last = Reconciliation.objects.exclude(finished_at=None).first()
    if last is None or days.platform_date(last.started_at) < today:
        return reconcile()
    return None


def _note(run, found):
    """Known differences keep their number, new ones get one, and what is gone is closed."""
    unique = {one.key: one for one in found}
    known = {row.key: row for row in Difference.objects.filter(gone_at=None)}
    for key, one in unique.items():
        row = known.get(key) or Difference(key=key, first_seen=run)
        row.side, row.text, row.last_seen = one.side, one.text, run
        row.amount_minor = one.amount.minor if one.amount else None
        row.currency = one.amount.currency if one.amount else ""
        row.save()
    gone = [row.pk for key, row in known.items() if key not in unique]
    Difference.objects.filter(pk__in=gone).update(gone_at=clock.now())


def _bank():
    yield from _lines_not_in_the_ledger()
    for pk, minor, currency, reference in _rows(NOT_AT_BANK):
        text = _("The ledger says that %s was booked by the bank; no statement shows it.")
        yield Found(f"bank:payment:{pk}", Side.BANK, text % reference, Money(minor, currency))
    for pk, minor, currency, kind in _rows(NOT_YET):
        text = _("Our own transfer TT%(number)010d (%(kind)s) is not on a statement yet.")
        told = text % {"number": pk, "kind": kind}
        yield Found(f"bank:treasury:{pk}", Side.BANK, told, Money(minor, currency))
    for currency in currencies():
        yield from _balance(currency)
        yield from _continuity(currency)


def _lines_not_in_the_ledger():
    for pk, minor, currency, is_credit in _rows(NOT_THERE):
        text = (
            _("Bank line %s is not in the ledger.")
            if is_credit
            else _("Money left by bank line %s, and the ledger does not know why.")
        )
        yield Found(f"bank:line:{pk}", Side.BANK, text % pk, Money(minor, currency))


def _balance(currency):
    there = at_bank(currency)
    if there is None:
        return
    booked = balance("bank:sg_trust", currency)
    if there != booked:
        text = _("The bank has %(bank)s, the ledger %(ledger)s.")
        told = text % {"bank": there, "ledger": booked}
        yield Found(f"bank:balance:{currency}", Side.BANK, told, there - booked)


def _continuity(currency):
    """Each statement opens where the one before it closed; a gap means that one is missing."""
    for rows in statements(currency).values():
        for before, row in pairwise(rows):
            if row.opening_minor == before.closing_minor:
                continue
            text = _(
                "Statement %(this)s opens with %(opening)s; %(before)s closed with %(closing)s."
            )
            told = text % {
                "this": row.statement_id,
                "opening": Money(row.opening_minor, currency),
                "before": before.statement_id,
                "closing": Money(before.closing_minor, currency),
            }
            amount = Money(row.opening_minor - before.closing_minor, currency)
            yield Found(f"bank:statement:{row.pk}", Side.BANK, told, amount)


def _client_money():
    for currency in currencies():
        surplus = trust_position(currency).surplus
        if surplus.minor < 0:
            text = _("The client money is not covered: %s is missing.") % -surplus
            yield Found(f"ledger:client-money:{currency}", Side.LEDGER, text, surplus)


def _figures():
    return {
        currency: {
            "trust": (position := trust_position(currency)).trust.minor,
            "receivables": position.receivables.minor,
            "client_money": position.liabilities.minor,
            "bank": None if (there := at_bank(currency)) is None else there.minor,
        }
        for currency in currencies()
    }


def statements(currency):
    """The accepted statements by account, each once, in the order of the bank."""
    accepted = StatementImport.objects.filter(
        currency=currency, status=StatementImport.Status.ACCEPTED, closing_minor__isnull=False
    )
    found: dict = {}
    for row in accepted.order_by("closed_on", "sequence", "pk"):
        found.setdefault(row.account_id, {}).setdefault(row.statement_id, row)
    return {account: list(rows.values()) for account, rows in found.items()}


def at_bank(currency):
    """What the bank holds for us by its last statements; None while there is none.

    What an account held before its first statement was never ours to book.
    """
    found = statements(currency).values()
    minor = sum(rows[-1].closing_minor - rows[0].opening_minor for rows in found)
    return Money(minor, currency) if found else None


def _rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        return cursor.fetchall()
