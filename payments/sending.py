"""Money leaves: handed to the bank or the provider, confirmed by them, or come back.

The row and the ledger move first, in one transaction; the bank's file and the provider's call
follow from the outbox, under a reference that every repetition reuses.
"""

import hashlib
import logging

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.designated import the_account
from accounts.roles import PLATFORM
from core import clock, days
from core.money import Money
from ledger.balances import balance
from ledger.operations import Move, Overdrawn, post
from payments import brake, holds
from payments.bank_messages import CreditTransfer, Party, pain001
from payments.charges import intend_for
from payments.disbursing import recut
from payments.models import BankFile, Disbursement
from payments.owing import owe_again
from workflow import deadlines, outbox
from workflow.engine import advance, operation, record
from workflow.errors import Refused
from workflow.models import Event

State, Route = Disbursement.State, Disbursement.Route
BANK = "bank:sg_trust"
ARRIVES_IN = 3  # working days
TRANSFERS_PER_FILE = 500
log = logging.getLogger(__name__)


def send_due(limit=200):
    """Send everything that is approved and whose waiting time is over. How many left.

    Nothing leaves while the brake is pulled. One that cannot leave does not hold up the others.
    """
    if brake.is_paused():
        return 0
    due = Disbursement.objects.filter(state=State.APPROVED, not_before__lte=clock.now())
    sent = 0
    for disbursement in due.order_by("not_before", "pk")[:limit]:
        try:
            sent += submit(disbursement, by=PLATFORM)
        except Refused as why:
            log.warning("disbursement %s was not sent: %s", disbursement.pk, why)
    while make_bank_file():
        pass
    return sent


@operation
def submit(disbursement, *, by):
    """Hand it over, once: the money goes into transit under a reference of its own.

    Returns whether it left. A hold, or money that a claim took meanwhile, stops it.
    """
    if disbursement.state != State.APPROVED:
        return False
    if brake.is_paused():
        raise Refused(_("No money leaves now: the books are being checked."), code="paused")
    if clock.now() < disbursement.not_before:
        raise Refused(_("The waiting time before a payout is not over."), code="cool_off")
    if why := holds.why_held(disbursement):
        advance(disbursement.hold, by=PLATFORM, hold_reason=why)
        deadlines.start("disbursement.review", disbursement)
        return False
    reference = f"TA{disbursement.pk:010d}N{_attempts(disbursement) + 1}"
    try:
        _into_transit(disbursement, reference)
    except Overdrawn:
        recut(disbursement, by=PLATFORM, there=_there(disbursement))
        return False
    advance(
        disbursement.submit,
        by=by,
        end_to_end_id=reference,
        submitted_at=clock.now(),
        expected_on=days.last_day_before(days.business_days_after(clock.now(), ARRIVES_IN)),
    )
    deadlines.keep("disbursement.send", disbursement)
    deadlines.start("disbursement.confirm", disbursement)
    if disbursement.route == Route.PROVIDER:
        intend_for(disbursement)
    return True


@transaction.atomic
def make_bank_file():
    """Put the transfers that were handed over into one pain.001 file; None if there are none."""
    waiting = Disbursement.objects.filter(state=State.SUBMITTED, route=Route.BANK, bank_file=None)
    rows = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:TRANSFERS_PER_FILE])
    account = the_account(rows[0].currency) if rows else None
    if account is None:
        return None
    rows = [row for row in rows if row.currency == account.currency]
    now = clock.now()
    message_id = f"TA{now:%Y%m%d}-{rows[0].pk:010d}"
    content = pain001(
        message_id,
        now,
        days.platform_date(now),
        Party(account.beneficiary, account.account_number, account.bic, account.bank, "SG"),
        [_transfer(row) for row in rows],
    )
    file = BankFile.objects.create(
        message_id=message_id,
        account=account,
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(rows),
        total_minor=sum(row.amount_minor for row in rows),
        currency=account.currency,
        channel=settings.BANK_CHANNEL,
    )
    Disbursement.objects.filter(pk__in=[row.pk for row in rows]).update(bank_file=file)
    outbox.owe("bank.file", lane="money", bank_file=file.pk)
    return file


@operation
def confirm(disbursement, *, by, out_of=BANK):
    """The bank booked it, or the provider says it is done: the money is with its payee."""
    if disbursement.state != State.SUBMITTED:
        return False
    post(
        "disbursement.confirmed",
        key=f"{disbursement.end_to_end_id}:confirmed",
        order_ref=_order_ref(disbursement),
        transfers=[Move(disbursement.transit_account, out_of, disbursement.amount)],
    )
    advance(disbursement.confirm, by=by, confirmed_at=clock.now())
    deadlines.keep("disbursement.confirm", disbursement)
    return True


@operation
def bounce(disbursement, *, by, reason):
    """It was refused and never left: the money rests again where it rested."""
    if disbursement.state != State.SUBMITTED:
        return False
    post(
        "disbursement.bounced",
        key=f"{disbursement.end_to_end_id}:bounced",
        order_ref=_order_ref(disbursement),
        transfers=[
            Move(disbursement.transit_account, disbursement.source_account, disbursement.amount)
        ],
    )
    advance(disbursement.bounce, by=by, failure=reason[:500], bank_fee_minor=0, reason=reason)
    deadlines.keep("disbursement.confirm", disbursement)
    return True


@operation
def take_back(disbursement, *, by, returned, from_account, key, reason):
    """The bank had booked it and it came back, less what the bank kept (money.md 7.2).

    What came back is owed anew, to an account that is checked first. The fee is the payee's.
    """
    if not Money(0, returned.currency) < returned <= disbursement.amount:
        raise Refused(_("More came back than was sent."), code="returned_too_much")
    post(
        "disbursement.returned",
        key=key,
        order_ref=_order_ref(disbursement),
        transfers=[Move(from_account, disbursement.source_account, returned)],
    )
    fee = disbursement.amount - returned
    disbursement.bank_fee_minor, disbursement.failure = fee.minor, reason[:500]
    disbursement.save(update_fields=["bank_fee_minor", "failure"])
    facts = {"returned": returned.minor, "bank_fee": fee.minor}
    record(disbursement, "came_back", by=by, reason=reason, facts=facts)
    return owe_again(disbursement, returned, cause=f"{disbursement.cause}.back", by=None)


def _into_transit(disbursement, reference):
    post(
        "disbursement.sent",
        key=f"{reference}:sent",
        order_ref=_order_ref(disbursement),
        transfers=[
            Move(disbursement.source_account, disbursement.transit_account, disbursement.amount)
        ],
    )


def _there(disbursement):
    return min(balance(disbursement.source_account, disbursement.currency), disbursement.amount)


def _attempts(disbursement):
    """How often it was tried before: each bounce freed the reference of its attempt."""
    return Event.objects.filter(
        trade_ref=disbursement.trade.ref, verb="bounce", subject_id=disbursement.pk
    ).count()


def _order_ref(disbursement):
    return disbursement.order.ref if disbursement.order_id else ""


def _transfer(row):
    about = f" {row.order.code}" if row.order_id else ""
    return CreditTransfer(
        row.end_to_end_id,
        row.amount,
        holds.party_of(row),
        f"{row.kind.capitalize()}{about}",
    )
