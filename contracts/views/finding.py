"""Which versions of an order's contract a person may read."""

from dataclasses import dataclass

from django.http import Http404

from contracts.models import PurchaseContract
from orders.facts import BUYER, INSPECTOR, STAFF, SUPPLIER, side_of
from orders.models import Order
from orders.pages import find

State = PurchaseContract.State
ON_THE_TABLE = {State.DRAFT, State.PROPOSED, State.PART_SIGNED}
BOUND = {State.EFFECTIVE, State.FULFILLED, State.TERMINATED}
TO_SIGN = {State.PROPOSED, State.PART_SIGNED}


@dataclass(frozen=True)
class Folder:
    """The versions of one order's contract that this person may read, the oldest first.

    A draft is its author's alone until it is proposed; an inspector reads what binds.
    """

    order: Order
    side: str
    company_id: int | None
    versions: tuple[PurchaseContract, ...]
    written_elsewhere: PurchaseContract | None

    @property
    def latest(self):
        """The version that counts now, or None while there is none to read."""
        return self.versions[-1] if self.versions else None

    @property
    def draft(self):
        """The draft that it is this side's turn to write, if there is one."""
        latest = self.latest
        mine = latest and latest.drafted_by_id == self.company_id
        contracting = self.order.state == Order.State.CONTRACTING
        return latest if mine and contracting and latest.state == State.DRAFT else None

    @property
    def to_accompany(self):
        """The draft that the supplier may put its own document beside, whoever writes it."""
        return self.draft or self.written_elsewhere

    @property
    def to_sign(self):
        """The version that is open for signature, if there is one."""
        latest = self.latest
        return latest if latest and latest.state in TO_SIGN else None

    @property
    def is_party(self):
        return self.side in {BUYER, SUPPLIER}

    def version(self, number):
        """One of the versions. Raises Http404 for any other."""
        for contract in self.versions:
            if contract.version == number:
                return contract
        raise Http404


def folder_of(code, user) -> Folder:
    """The contract versions of an order for this person. Raises Http404 for strangers."""
    orders = Order.objects.select_related("buyer", "supplier", "supplier__standing")
    order = find(code, user, orders)
    side = side_of(order, user)
    contracts = (
        order.contracts.select_related("supplier_paper")
        .prefetch_related("signatures")
        .order_by("version")
    )
    readable, hidden = [], None
    for contract in contracts:
        if _readable(contract, side, user):
            readable.append(contract)
        elif contract.state == State.DRAFT:
            hidden = contract
    return Folder(order, side, user.company_id, tuple(readable), hidden)


def _readable(contract, side, user):
    if side == STAFF:
        return True
    if side == INSPECTOR:
        return contract.state in BOUND
    return bool(contract.proposed_at) or contract.drafted_by_id == user.company_id
