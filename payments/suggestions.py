"""Which instalment a receipt without a clear reference may be for: a guess, with its reasons.

Nothing is counted by a guess: it only sorts what a person of the finance office looks at.
A score is between 0 and 100; reasons are English sentences marked for translation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.money import Money
from core.references import gettext_noop
from payments.policies import payer_matches, tolerance

REFERENCE, NEARLY = 60, 40  # the reference itself; one digit of it wrong, missing or swapped
AMOUNT, CLOSE = 25, 15  # what is missing; as near to it as the tolerance allows
PAYER = 15
LEAST = 15
_RUNS = re.compile(r"\d{9,}")

SAME_REFERENCE = gettext_noop("The reference is in the text.")
NEAR_REFERENCE = gettext_noop("The text holds this reference with one mistake.")
SAME_AMOUNT = gettext_noop("It is exactly what is missing.")
NEAR_AMOUNT = gettext_noop("It is what is missing, within the tolerance.")
SAME_PAYER = gettext_noop("The payer is this buyer.")
KNOWN_PAYER = gettext_noop("The account has paid for this buyer before.")


@dataclass(frozen=True)
class Receipt:
    """What the bank's line says: an amount, a free text, and who paid."""

    amount: Money
    text: str
    payer_name: str = ""
    is_known_account_of: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Due:
    """An instalment that waits for money, and the names of the company that is to pay it."""

    reference: str
    order: str
    missing: Money
    buyer: int
    buyer_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A due that a receipt may be for."""

    due: Due
    score: int
    reasons: tuple[str, ...]


def suggest(receipt: Receipt, dues: Iterable[Due], *, most: int = 5) -> list[Suggestion]:
    """The likeliest dues, best first; ties in the order of their references."""
    joined = re.sub(r"[\s.:/\-]", "", receipt.text)
    runs = _RUNS.findall(receipt.text) + _RUNS.findall(joined)
    found = [_judge(receipt, due, runs) for due in dues]
    likely = [one for one in found if one.score >= LEAST]
    return sorted(likely, key=lambda one: (-one.score, one.due.reference))[:most]


def _judge(receipt: Receipt, due: Due, runs: list[str]) -> Suggestion:
    points = [p for p in (_reference(due, runs), _amount(receipt, due), _payer(receipt, due)) if p]
    score = sum(worth for worth, _reason in points)
    return Suggestion(due, score, tuple(reason for _worth, reason in points))


def _reference(due: Due, runs: list[str]) -> tuple[int, str] | None:
    digits = due.reference.removeprefix("RF")
    if any(digits in run for run in runs):
        return REFERENCE, SAME_REFERENCE
    if any(is_near(digits, run) or is_near(digits[2:], run) for run in runs):
        return NEARLY, NEAR_REFERENCE
    return None


def _amount(receipt: Receipt, due: Due) -> tuple[int, str] | None:
    if receipt.amount.currency != due.missing.currency or due.missing.minor <= 0:
        return None
    gap = receipt.amount - due.missing
    if not gap:
        return AMOUNT, SAME_AMOUNT
    return (CLOSE, NEAR_AMOUNT) if abs(gap.minor) <= tolerance(due.missing).minor else None


def _payer(receipt: Receipt, due: Due) -> tuple[int, str] | None:
    if payer_matches(receipt.payer_name, due.buyer_names):
        return PAYER, SAME_PAYER
    return (PAYER, KNOWN_PAYER) if due.buyer in receipt.is_known_account_of else None


def is_near(wanted: str, seen: str) -> bool:
    """Whether `seen` is `wanted` but for one digit wrong, missing, too many, or two swapped."""
    if abs(len(wanted) - len(seen)) > 1:
        return False
    start = 0
    while start < min(len(wanted), len(seen)) and wanted[start] == seen[start]:
        start += 1
    mine, theirs = wanted[start:], seen[start:]
    swapped = mine[:2] == theirs[:2][::-1] and mine[2:] == theirs[2:]
    return swapped or mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:]
