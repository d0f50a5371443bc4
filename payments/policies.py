"""The rules of payments: plain values in, plain values out.

Amounts are `Money`; rates are percentages. The figures are those of the money rules:
T/T tolerance, fees, refund route, short close. Reasons are English sentences marked for
translation; who shows them translates them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import Money
from core.references import gettext_noop

NEW, EXISTING = "new", "existing"
CARD, WALLET, TRANSFER = "card", "wallet", "transfer"


@dataclass(frozen=True)
class Method:
    """A way to pay, its kind (card, wallet, transfer) and the client classes it is open to."""

    code: str
    title: str
    kind: str
    classes: frozenset[str] = frozenset({NEW})
    fee_percent: Decimal | None = None

    @property
    def fee(self) -> Decimal:
        """The fee in per cent: the method's own, else the usual one of its kind."""
        usual = PAYMENT_FEE_PERCENT[self.kind]
        return usual if self.fee_percent is None else self.fee_percent


PAYMENT_FEE_PERCENT = {CARD: Decimal("2.95"), WALLET: Decimal("2.95"), TRANSFER: Decimal(0)}
_EVERYONE = frozenset({NEW, EXISTING})

METHODS = (
    Method("visa", "Visa", CARD),
    Method("mastercard", "MasterCard", CARD),
    Method("unionpay", "UnionPay", CARD, _EVERYONE),
    Method("paypal", "PayPal", WALLET),
    Method("cashu", "CashU", WALLET),
    Method("wechat_pay", "WeChat Pay", WALLET),
    Method("alipay", "Alipay", WALLET, _EVERYONE),
    Method("telegraphic_transfer", gettext_noop("Telegraphic transfer"), TRANSFER, _EVERYONE),
)
DEFAULT_METHODS_BY_CLASS = {
    client: tuple(method.code for method in METHODS if client in method.classes)
    for client in (NEW, EXISTING)
}

NOT_FOR_CLASS = {
    NEW: gettext_noop("This method opens to a company with its first completed order (S5)."),
    EXISTING: gettext_noop(
        "Your company has completed an order: from then on you pay by UnionPay, Alipay or "
        "telegraphic transfer (S6)."
    ),
}
NOT_SET_UP = gettext_noop("This method is not set up on this platform.")


@dataclass(frozen=True)
class Offer:
    """Whether a client may pay by a method, and if not, the sentence that says why."""

    method: Method
    allowed: bool
    reason: str = ""


def client_class(completed_orders: int) -> str:
    """`existing` from the first completed order on, `new` before it (S5, S6)."""
    return EXISTING if completed_orders else NEW


def offer(methods: Iterable[Method], client_class: str, available: Collection[str]) -> list[Offer]:
    """Every method in its order with the answer for this client class.

    `available` are the codes of the methods that work on this platform at present.
    """
    return [_offer(method, client_class, available) for method in methods]


def _offer(method: Method, client_class: str, available: Collection[str]) -> Offer:
    if client_class not in method.classes:
        return Offer(method, False, NOT_FOR_CLASS[client_class])
    if method.code not in available:
        return Offer(method, False, NOT_SET_UP)
    return Offer(method, True)


# The amount rule for transfers


@dataclass(frozen=True)
class Judgement:
    """What a received amount does to an instalment.

    `carried` goes onto the next instalment. `missing` is still owed: on an instalment that
    is funded, the supplier accepts it or the buyer tops it up. `excess` is the buyer's credit.
    """

    funded: bool
    carried: Money
    missing: Money
    excess: Money


def tolerance(due: Money) -> Money:
    """How much a transfer may differ: min(max(30, 0.5 %), 75, 3 %) of the due amount.

    Fractions of the smallest unit are dropped: half a cent more would be over the rule.
    """
    least, most = Money.parse(30, due.currency), Money.parse(75, due.currency)
    half_percent, three_percent = due.minor * 5 // 1000, due.minor * 3 // 100
    allowed = min(max(least.minor, half_percent), most.minor, three_percent)
    return Money(allowed, due.currency)


def judge(received: Money, due: Money, *, last: bool = False) -> Judgement:
    """Apply the T/T amount rule to everything received for one instalment so far.

    A shortfall within the tolerance funds the instalment. It is carried onto the next one;
    after the `last` one it stays `missing`. Nothing is ever written off. Raises ValueError
    for amounts that are not positive, WrongCurrency for two currencies.
    """
    nothing = Money(0, due.currency)
    if received <= nothing or due <= nothing:
        raise ValueError("Only a positive amount can pay a positive amount.")
    if received >= due:
        return Judgement(True, carried=nothing, missing=nothing, excess=received - due)
    short = due - received
    if short > tolerance(due):
        return Judgement(False, carried=nothing, missing=short, excess=nothing)
    if last:
        return Judgement(True, carried=nothing, missing=short, excess=nothing)
    return Judgement(True, carried=short, missing=nothing, excess=nothing)


@dataclass(frozen=True)
class Allocation:
    """One receipt spread over dues: a part for each, in their order, and what is left."""

    parts: list[Money]
    excess: Money


def allocate(received: Money, dues: Sequence[Money]) -> Allocation:
    """Fill the dues one after the other; parts and excess add up to the receipt exactly."""
    left = received
    if left.minor < 0 or any(due.minor < 0 for due in dues):
        raise ValueError("Amounts to allocate are not negative.")
    parts = []
    for due in dues:
        part = min(left, due)
        parts.append(part)
        left -= part
    return Allocation(parts, left)


# Fees


def payment_fee(amount: Money, method: Method) -> Money:
    """What the buyer pays on top for the method: 2.95 % by card or wallet, 0 for a transfer."""
    return amount.share(method.fee)


# Who paid

_FORMS = {
    "pvt": "private", "private": "private", "pte": "pte", "ltd": "limited", "limited": "limited",
    "llp": "llp", "llc": "llc", "plc": "plc", "co": "company", "company": "company",
    "inc": "incorporated", "incorporated": "incorporated", "corp": "corporation",
    "corporation": "corporation", "gmbh": "gmbh",
}  # fmt: skip


def payer_matches(payer_name: str, buyer_names: Iterable[str]) -> bool:
    """Whether the payer named by the bank is the buyer, under one of its known names.

    Case, punctuation and the spelling of the legal form do not matter; a form that one side
    leaves out does not either, but two different forms are two companies. A name in another
    script, a shortened or a merely similar one does not match: people look at those.
    """
    payer = _name(payer_name)
    return any(_same(payer, _name(name)) for name in buyer_names)


def _same(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> bool:
    (core, form), (other_core, other_form) = one, other
    return bool(core) and core == other_core and (form == other_form or not (form and other_form))


def _name(text: str) -> tuple[str, tuple[str, ...]]:
    """A company's name without its legal form, and the form in one spelling."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    plain = re.sub(r"^\s*(m/s\.?|messrs\.?)\s", " ", plain)  # how Indian banks address a firm
    words = "".join(c if _is_letter(c) else " " for c in plain).split()
    form: list[str] = []
    while words and (words[-1] in _FORMS or (words[-1] == "p" and form == ["limited"])):
        form.insert(0, _FORMS.get(words.pop(), "private"))  # “(P) Ltd” is Private Limited
    return "".join(words), tuple(form)


def _is_letter(character: str) -> bool:
    # Vowel signs of Indian scripts are marks, and as much a part of the name as letters.
    return character.isalnum() or unicodedata.category(character).startswith("M")


# Money back


@dataclass(frozen=True)
class Source:
    """A payment that money can go back to: its kind, and how much of it is left to refund."""

    payment: Any
    kind: str
    refundable: Money


def refund_route(payments: Sequence[Source], amount: Money) -> list[tuple[Any, Money]]:
    """Where a refund goes: payments given newest first, paired with what each gets back.

    Cards and wallets come first, each up to what it may still refund; the rest goes by T/T to
    the accounts the transfers came from. What no payment can take back is paired with None:
    it needs an account whose ownership is proven and two finance users.
    """
    if amount.minor < 0 or any(source.refundable.minor < 0 for source in payments):
        raise ValueError("Amounts to refund are not negative.")
    ordered = sorted(payments, key=lambda source: source.kind == TRANSFER)  # keeps newest first
    allocation = allocate(amount, [source.refundable for source in ordered])
    pairs = zip(ordered, allocation.parts, strict=True)
    route = [(source.payment, part) for source, part in pairs if part]
    return [*route, (None, allocation.excess)] if allocation.excess else route


def short_close_refund(held: Money, shipped_value: Money, unshipped_value: Money) -> Money:
    """What comes back when an order ends after a partial shipment.

    max(0, min(unshipped value, held - shipped value)): what is held pays for the shipped
    goods first.
    """
    return max(Money(0, held.currency), min(unshipped_value, held - shipped_value))
