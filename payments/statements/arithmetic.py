"""Whether a statement adds up and is the one expected. What does not is quarantined whole."""

from core.money import Money
from core.references import gettext_noop
from payments.statements.reading import BOOKED, Sentence, Statement


def problems(statement: Statement) -> list[str]:
    """Why the statement's own figures cannot all be true; empty when they agree."""
    currencies = {statement.opening.currency, statement.closing.currency}
    currencies |= {e.amount.currency for e in statement.entries if e.status == BOOKED}
    if currencies != {statement.currency}:
        return [
            Sentence(
                gettext_noop(
                    "The statement is in %(currency)s, but some of its amounts are in another currency."
                ),
                currency=statement.currency,
            )
        ]
    return [*_sum(statement), *_dates(statement)]


def account_problems(statement: Statement, *, account: str, bic: str, currency: str) -> list[str]:
    """Why this is not a statement of the designated account (S19)."""
    found = []
    if statement.account != account:
        found.append(
            Sentence(
                gettext_noop(
                    "The statement is for account %(found)s, not for the designated account."
                ),
                found=statement.account or "?",
            )
        )
    # MT940 and CSV often leave the bank out; eight characters name it, three more a branch.
    if statement.bic and statement.bic[:8] != bic[:8]:
        found.append(
            Sentence(
                gettext_noop(
                    "The statement comes from the bank %(found)s, not from the designated bank."
                ),
                found=statement.bic,
            )
        )
    if statement.currency != currency:
        found.append(
            Sentence(
                gettext_noop(
                    "The statement is in %(found)s, but the account is kept in %(currency)s."
                ),
                found=statement.currency,
                currency=currency,
            )
        )
    return found


def continuity_problems(
    statement: Statement, *, previous_closing: Money, previous_sequence: int | None
) -> list[str]:
    """Why it does not follow on the statement before it: one is missing, or one was altered."""
    found = []
    number, previous = statement.sequence, previous_sequence
    if number and previous and statement.page == 1 and number > previous + 1:
        found.append(
            Sentence(
                gettext_noop(
                    "Statement %(found)d follows statement %(previous)d: one in between is missing."
                ),
                found=number,
                previous=previous,
            )
        )
    if statement.opening != previous_closing:
        found.append(
            Sentence(
                gettext_noop(
                    "The statement opens at %(found)s, but the one before it closed at %(previous)s."
                ),
                found=statement.opening,
                previous=previous_closing,
            )
        )
    return found


def _sum(statement: Statement) -> list[str]:
    booked = [entry.signed for entry in statement.entries if entry.status == BOOKED]
    reached = sum(booked, statement.opening)
    if reached == statement.closing:
        return []
    return [
        Sentence(
            gettext_noop(
                "The opening balance and the booked entries come to %(reached)s, but the statement "
                "closes at %(closing)s: %(difference)s is not explained."
            ),
            reached=reached,
            closing=statement.closing,
            difference=statement.closing - reached,
        )
    ]


def _dates(statement: Statement) -> list[str]:
    if statement.closing_date >= statement.opening_date:
        return []
    return [Sentence(gettext_noop("The statement closes before it opens."))]
