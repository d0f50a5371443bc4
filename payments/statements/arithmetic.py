"""Whether a statement adds up and is the one expected. What does not is quarantined whole."""

from core.money import Money
from payments.statements import sentences
from payments.statements.reading import BOOKED, Statement
from payments.statements.sentences import Sentence


def problems(statement: Statement) -> list[str]:
    """Why the statement's own figures cannot all be true; empty when they agree."""
    currencies = {statement.opening.currency, statement.closing.currency}
    currencies |= {e.amount.currency for e in statement.entries if e.status == BOOKED}
    if currencies != {statement.currency}:
        return [Sentence(sentences.MIXED_CURRENCIES, currency=statement.currency)]
    return [*_sum(statement), *_dates(statement)]


def account_problems(statement: Statement, *, account: str, bic: str, currency: str) -> list[str]:
    """Why this is not a statement of the designated account (S19)."""
    found: list[str] = []
    if statement.account != account:
        found.append(Sentence(sentences.OTHER_ACCOUNT, found=statement.account or "?"))
    # MT940 and CSV often leave the bank out; eight characters name it, three more a branch.
    if statement.bic and statement.bic[:8] != bic[:8]:
        found.append(Sentence(sentences.OTHER_BANK, found=statement.bic))
    if statement.currency != currency:
        found.append(
            Sentence(sentences.OTHER_CURRENCY, found=statement.currency, currency=currency)
        )
    return found


def continuity_problems(
    statement: Statement, *, previous_closing: Money, previous_sequence: int | None
) -> list[str]:
    """Why it does not follow on the statement before it: one is missing, or one was altered."""
    found: list[str] = []
    number, previous = statement.sequence, previous_sequence
    if number and previous and statement.page == 1 and number > previous + 1:
        found.append(Sentence(sentences.ONE_MISSING, found=number, previous=previous))
    if statement.opening != previous_closing:
        found.append(
            Sentence(sentences.BALANCE_JUMPS, found=statement.opening, previous=previous_closing)
        )
    return found


def _sum(statement: Statement) -> list[str]:
    booked = [entry.signed for entry in statement.entries if entry.status == BOOKED]
    reached = sum(booked, statement.opening)
    if reached == statement.closing:
        return []
    return [
        Sentence(
            sentences.NOT_BALANCED,
            reached=reached,
            closing=statement.closing,
            difference=statement.closing - reached,
        )
    ]


def _dates(statement: Statement) -> list[str]:
    if statement.closing_date >= statement.opening_date:
        return []
    return [Sentence(sentences.CLOSES_BEFORE_OPENING)]
