"""What a release was worth to its supplier, by the ledger alone."""

from dataclasses import dataclass
from datetime import datetime

from core.money import Money
from ledger.models import Transfer


@dataclass(frozen=True)
class Release:
    """Money that left the escrow for a supplier, and where each part of it went.

    `released` is `fee` + `kept` (his reserve, until the claims are over) + `set_off` (for what
    he owes us) + `payout`; `payout_from` is when it may leave, "" when nothing is paid out.
    """

    released: Money
    fee: Money
    kept: Money
    set_off: Money
    payout: Money
    payout_from: datetime | str

    @property
    def is_whole(self):
        """Whether all but the fee is paid out."""
        return self.released - self.fee == self.payout


def release_of(order, cause):
    """What the release of an order for this cause came to."""
    moved = _moved(order, f"release:{cause}")
    set_off = _moved(order, f"set-off:{cause}")
    nothing = Money(0, order.currency)
    payout = order.disbursements.filter(kind="payout", cause=cause).first()
    return Release(
        released=sum(moved.values(), nothing),
        fee=moved.get("income:escrow_fee", nothing),
        kept=moved.get(f"supplier_reserve:{order.supplier_id}", nothing),
        set_off=sum(set_off.values(), nothing),
        payout=payout.amount if payout else nothing,
        payout_from=payout.not_before if payout else "",
    )


def moved_to(order, what):
    """All that a posting of an order moved, e.g. `refund:late`."""
    return sum(_moved(order, what).values(), Money(0, order.currency))


def _moved(order, what):
    """The postings under a key of the order: {account that received: Money}."""
    rows = Transfer.objects.filter(journal__key=f"{order.ref}:{what}").select_related("credit")
    found = {}
    for row in rows:
        found[row.credit.code] = found.get(row.credit.code, Money(0, order.currency)) + row.amount
    return found
