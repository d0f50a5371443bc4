"""The edge of the trust account: top-ups, sweeps, settlements, charges, what suppliers owe us.

Client money is there at every commit: whatever lowers what covers it is topped up from the
platform's own account in the same transaction (money.md 7.1).
"""

import re
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from core.money import Money
from ledger.balances import balance, trust_position
from ledger.operations import Move, post
from payments.models import (
    Payment,
    ProviderOperation,
    ProviderSettlement,
    StatementLine,
    TreasuryTransfer,
)
from workflow import approvals, deadlines, outbox
from workflow.engine import advance, operation
from workflow.errors import Refused

SUSPENSE, TRUST, OPERATING = "suspense:unidentified", "bank:sg_trust", "bank:operating"
Kind, Status = TreasuryTransfer.Kind, StatementLine.Status
OWN_REFERENCE = re.compile(r"\bTT(\d{10})\b")
SETTLEMENT = re.compile(r"\b(?:st|po)_[A-Za-z0-9]{4,60}\b")
CHARGES, OWN, RECALL = "charges", "own", "recall"
REPAID, LOST = "repaid", "lost"


def top_up(amount, *, cause):
    """Bring own money into the trust account, once per cause; posted now, carried out today."""
    if not amount:
        return None
    post(
        "trust.topped_up",
        key=f"top-up:{cause}",
        transfers=[Move(TRUST, OPERATING, amount)],
    )
    row, _new = TreasuryTransfer.objects.get_or_create(
        cause=f"top-up:{cause}",
        defaults={
            "kind": Kind.TOP_UP,
            "amount_minor": amount.minor,
            "currency": amount.currency,
        },
    )
    return row


def keep_backed(currency, *, cause):
    """Top up what is missing of the client money, if anything is (summed: not for hot paths)."""
    surplus = trust_position(currency).surplus
    return top_up(-surplus, cause=cause) if surplus.minor < 0 else None


def ask_to_sweep(account, *, by, amount, reason=""):
    """Propose to take the platform's own margin out of the trust account."""
    _check_surplus(amount)
    payload = {"minor": amount.minor, "currency": amount.currency, "number": _number()}
    return approvals.propose(
        account, "treasury.sweep", by=by, payload=payload, amount=amount, reason=reason
    )


@transaction.atomic
def sweep_by_two(account, *, by, proposed_by, minor, currency, number):
    """Take the margin out: never more than what is there beyond the client money."""
    amount = Money(minor, currency)
    _check_surplus(amount)
    cause = f"sweep:{number}"
    post("margin.swept", key=cause, transfers=[Move(OPERATING, TRUST, amount)])
    return TreasuryTransfer.objects.create(
        kind=Kind.SWEEP,
        cause=cause,
        amount_minor=minor,
        currency=currency,
        proposed_by=proposed_by,
        approved_by=by,
    )


def match(line):
    """Whether a line is a transfer of our own, or a provider's settlement that is looked up."""
    if found := OWN_REFERENCE.search(f"{line.end_to_end_id} {line.text}"):
        return _match_own(line, int(found.group(1)))
    found = SETTLEMENT.search(line.text) if line.is_credit else None
    if found is None:
        return False
    _finish(line, Status.SUSPENSE, _("The settlement of a provider: it is being looked up."))
    outbox.owe("settlement.look", lane="money", line=line.pk, reference=found.group(0))
    return True


@operation
def settle(line, *, by, provider, found):
    """A provider paid out what it owes us, less what it keeps (money.md 7.2).

    `found` is the provider's own account of it (payments.providers.base.Settlement). What its
    fees take beyond what buyers paid for them, the platform tops up.
    """
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.status != Status.SUSPENSE or not line.left_minor:
        return None
    if found.net != line.amount:
        _finish(
            line,
            Status.SUSPENSE,
            _("The provider names %(told)s for this settlement.") % {"told": found.net},
        )
        return None
    receivable = f"psp_receivable:{provider}"
    post(
        "provider.settled",
        key=f"{provider}:{found.external_ref}:settled",
        transfers=[
            Move(SUSPENSE, receivable, found.net),
            Move("expense:psp_fee", receivable, found.fee),
        ],
    )
    row = ProviderSettlement.objects.create(
        provider=provider,
        external_ref=found.external_ref,
        gross_minor=found.gross.minor,
        fee_minor=found.fee.minor,
        currency=found.net.currency,
        line=line,
        settled_by=by,
    )
    ProviderOperation.objects.filter(
        provider=provider, external_ref__in=found.charge_refs, settlement=None
    ).update(settlement=row)
    line.left_minor = 0
    _finish(line, Status.MATCHED, _("The settlement %s of the provider.") % found.external_ref)
    keep_backed(line.currency, cause=f"{provider}:{found.external_ref}")
    return row


@operation
def no_settlement(line, *, by, reference):
    """No provider knows this settlement: somebody has to look at the line."""
    line = StatementLine.objects.select_for_update().get(pk=line.pk)
    if line.status == Status.SUSPENSE and line.left_minor:
        _finish(line, Status.SUSPENSE, _("No provider knows the settlement %s.") % reference)
        deadlines.start("line.return", line)


def ask_to_book_own(line, *, by, what, reason):
    """Propose that a line is the bank's charges, our own money, or a recalled receipt."""
    if what not in {CHARGES, OWN, RECALL} or line.status != Status.SUSPENSE:
        raise Refused(_("This line cannot be booked as our own."), code="line_not_waiting")
    _check_is_nobodys(line)
    if not reason.strip():
        raise Refused(_("Write down why."), code="reason_missing")
    return approvals.propose(
        line, "line.own", by=by, payload={"what": what}, amount=line.amount, reason=reason
    )


@operation
def book_own_by_two(line, *, by, proposed_by, what):
    """Book a line that belongs to no client, as two people decided."""
    key, amount = f"bank:{line.dedupe_key}:own", line.amount
    if line.is_credit != (what == OWN) or (line.is_credit and line.left != amount):
        raise Refused(_("That does not fit this line."), code="does_not_fit")
    _check_is_nobodys(line)
    if what == CHARGES:
        post("bank.charges", key=key, transfers=[Move("expense:bank_charges", TRUST, amount)])
        top_up(amount, cause=key)
    elif what == OWN:
        post("bank.own_money", key=key, transfers=[Move(SUSPENSE, OPERATING, amount)])
    else:
        post("bank.recalled", key=key, transfers=[Move(SUSPENSE, TRUST, amount)])
    line.left_minor = 0
    _finish(line, Status.MATCHED, _("Booked as our own by two of our staff."))


def ask_to_settle_debt(company, *, by, amount, how, reason):
    """Propose that a supplier repaid what it owes us, or that it is lost."""
    if how not in {REPAID, LOST}:
        raise Refused(_("It was repaid, or it is lost."), code="how_unknown")
    payload = {"minor": amount.minor, "currency": amount.currency, "how": how}
    payload["number"] = _number()
    return approvals.propose(
        company, "receivable.settle", by=by, payload=payload, amount=amount, reason=reason
    )


@transaction.atomic
def settle_debt_by_two(company, *, by, proposed_by, minor, currency, how, number):
    """What a supplier owes us grows less: it paid, or the platform bears the loss."""
    amount, owed = Money(minor, currency), f"receivable_supplier:{company.pk}"
    type(company.standing).objects.select_for_update().get(pk=company.standing.pk)
    if amount > balance(owed, currency):
        raise Refused(_("It owes us only %s.") % balance(owed, currency), code="too_much")
    target = OPERATING if how == REPAID else "expense:guarantee_loss"
    post(f"receivable.{how}", key=f"{owed}:{number}", transfers=[Move(target, owed, amount)])


def _number():
    """What tells one decision from another that is like it; it is fixed when it is proposed."""
    return uuid.uuid4().hex


def _match_own(line, number):
    transfer = TreasuryTransfer.objects.filter(pk=number).first()
    fits = (
        transfer is not None
        and transfer.state == TreasuryTransfer.State.ORDERED
        and transfer.amount == line.amount
        and line.is_credit == (transfer.kind == Kind.TOP_UP)
    )
    if not fits:
        return False
    _confirm(transfer, by=PLATFORM, line=line)
    return True


@operation
def _confirm(transfer, *, by, line):
    advance(transfer.confirm, by=by, line=line)
    if line.is_credit:  # posted when it was ordered: the arrival is not counted again
        post(
            "trust.top_up_arrived",
            key=f"bank:{line.dedupe_key}:own",
            transfers=[Move(SUSPENSE, TRUST, line.amount)],
        )
        line.left_minor = 0
    _finish(line, Status.MATCHED, _("Our own transfer %s.") % transfer.reference)


def _finish(line, status, reason):
    line.status, line.reason = status, reason
    line.save(update_fields=["status", "reason", "left_minor"])


def _check_is_nobodys(line):
    """Money of a payment that staff look at is decided on with that payment, once."""
    if line.payment_id and line.payment.state == Payment.State.REVIEW:
        raise Refused(
            _("This receipt is a payment that is being checked: decide on that."),
            code="line_not_waiting",
        )


def _check_surplus(amount):
    surplus = trust_position(amount.currency).surplus
    if not Money(0, amount.currency) < amount <= surplus:
        raise Refused(
            _("At most the margin beyond the client money can be taken out: %s.") % surplus,
            code="not_our_money",
        )
