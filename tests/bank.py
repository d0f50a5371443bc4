"""Bank statements as the designated account's bank writes them: made for tests."""

import re
from itertools import count

from core import clock
from core.money import Money
from payments import bank_messages
from payments.bank_messages import StatementEntry

_numbers = count(1)
CLOSING = re.compile(rb"(<Cd>CLBD</Cd>.*?<Amt [^>]*>)[^<]*")


def camt053(account, entries, *, opening=100_000_00, closing=None, statement_id=None):
    """A camt.053.001.08 statement of `account` with (reference, Money, payer) credits.

    With `closing`, in minor units, it says that it closes there, whether or not that adds up.
    """
    n = next(_numbers)
    statement = bank_messages.camt053(
        account,
        [
            StatementEntry(amount, credit=True, name=payer, text=f"/INV/ {reference}")
            for reference, amount, payer in entries
        ],
        opening=Money(opening, account.currency),
        at=clock.now(),
        statement_id=statement_id or f"STMT-{n:06d}",
        sequence=n,
    )
    if closing is None:
        return statement
    told = str(Money(closing, account.currency).amount).encode()
    return CLOSING.sub(lambda found: found[1] + told, statement)
