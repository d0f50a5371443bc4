"""What a payment provider is to us: a few questions, and answers that are never guessed.

An answer that did not come, or cannot be read, is `NoAnswer`: the operation stays open and is
looked up by its key before it is sent again. Only the provider's own word is a success.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.money import Money

CHARGE, REFUND, PAYOUT, CHARGEBACK, OTHER = "charge", "refund", "payout", "chargeback", "other"
CARDS = frozenset({"visa", "mastercard", "unionpay"})
PLAIN = re.compile(r"[\x21-\x7e]{1,200}")


class Status(StrEnum):
    """What a provider says of an operation. Any other word of its own counts as pending."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class NoAnswer(Exception):
    """We do not know whether the provider did it: time-out, 5xx, or an answer without sense."""


class Forged(Exception):
    """The message was not signed by the provider, or too long ago."""


class Unsupported(Exception):
    """This provider does not do that at all."""


@dataclass(frozen=True)
class Ask:
    """An intent as plain values. `amount` is all that moves, the buyer's fee included.

    `destination` is the page the buyer returns to (charge), the charge that is given back
    (refund), or the payee's account (payout). To fetch, kind and external_ref suffice.
    """

    kind: str
    external_ref: str = ""
    idempotency_key: str = ""
    reference: str = ""
    amount: Money | None = None
    destination: str = ""
    method: str = ""


@dataclass(frozen=True)
class Chargeback:
    """A payment that the buyer's bank takes back: status is “open”, “won” or “lost”.

    The money is gone from the day it is opened, and comes back if it is won; the fee does not.
    `amount` and `fee` are None where the provider does not tell them.
    """

    external_ref: str
    status: str
    amount: Money | None = None
    fee: Money | None = None


@dataclass(frozen=True)
class Settlement:
    """What a provider paid into the bank account at once: net = gross - fee.

    `gross` is by how much it owes us less: the charges it settles, less refunds, chargebacks and
    the fees of chargebacks. `fee` is what it keeps of the charges, `charge_refs` which ones.
    """

    external_ref: str
    gross: Money
    fee: Money
    net: Money
    charge_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The state of an operation by the provider's own account.

    `amount` is what really moved, `fee` what the provider keeps of it. A success that does
    not say how much is no answer: NoAnswer is raised. `kind` is what it is the state of. Of a
    charge, `chargeback` is the last one there was. A chargeback in a list (`Provider.recent`)
    is pending while it is open, succeeded when it is lost, failed when it is won.
    """

    status: Status
    external_ref: str
    amount: Money | None = None
    fee: Money | None = None
    redirect_url: str = ""
    idempotency_key: str = ""
    reference: str = ""
    charge_ref: str = ""
    reason: str = ""
    kind: str = ""
    chargeback: Chargeback | None = None

    @property
    def disputed(self) -> bool:
        """Whether the buyer's bank holds the money, for now or for good."""
        return self.chargeback is not None and self.chargeback.status != "won"

    def __post_init__(self) -> None:
        if self.status != Status.FAILED and not self.external_ref:
            raise NoAnswer("The provider does not say which operation it means.")
        if self.status == Status.SUCCEEDED and not self.amount:
            raise NoAnswer("The provider reports a success without an amount.")


@dataclass(frozen=True)
class ProviderNews:
    """A signed message: something happened to this object. What it is now must be fetched."""

    event_id: str
    kind: str
    external_ref: str


class Provider(Protocol):
    """A payment provider. Every method but `is_configured` may raise NoAnswer."""

    code: str
    title: str
    methods: frozenset[str]
    kinds: frozenset[str]

    def is_configured(self) -> bool:
        """Whether its credentials are there; without them its methods are off."""

    def charge(self, ask: Ask) -> Answer:
        """Open a payment; `redirect_url` is the provider's own page. Safe to repeat by key."""

    def refund(self, ask: Ask) -> Answer:
        """Give back a part of a charge."""

    def payout(self, ask: Ask) -> Answer:
        """Pay somebody."""

    def fetch(self, ask: Ask) -> Answer | None:
        """The present state of what `external_ref` names; None if the provider has no such.

        Of a chargeback, named by its own number or the charge's, it is the charge's state.
        """

    def find(self, ask: Ask) -> Answer | None:
        """What was done under `idempotency_key`; None if nothing is to be found."""

    def recent(self, since: datetime) -> list[Answer]:
        """All that changed since an instant, or more. Raises Unsupported if it cannot tell."""

    def settlement(self, external_ref: str) -> Settlement | None:
        """What one payment into the bank account was made of; None if there is no such."""

    def read_event(self, headers: Mapping[str, str], raw_body: bytes) -> ProviderNews:
        """Check the signature over the raw body. Raises Forged."""


def news(event_id, kind, external_ref) -> ProviderNews:
    """News as we keep them: a number that is not plain text is not a number of anything."""
    if not isinstance(event_id, str) or not PLAIN.fullmatch(event_id):
        raise Forged("The event has no usable number.")
    named = isinstance(external_ref, str) and PLAIN.fullmatch(external_ref)
    return ProviderNews(event_id, kind if named else OTHER, external_ref if named else "")


def money(minor, currency) -> Money | None:
    """An amount of an answer in minor units, or None where there is none to be read."""
    if type(minor) is int and isinstance(currency, str) and len(currency) == 3:
        return Money(minor, currency.upper())
    return None
