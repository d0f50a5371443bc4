"""The bank of the demo's past: a camt.053 statement for each day on which something is booked.

When the past is played the simulator's bank goes on, from the balance and the number at which
the last statement closed (`standing`).
"""

from accounts.designated import the_account
from accounts.models import DesignatedAccount
from core import clock
from core.money import Money
from payments.bank_messages import StatementEntry, camt053
from payments.models import StatementImport
from payments.receipts import import_statement


class DemoBank:
    """The designated account as its bank keeps it: statements follow on one another."""

    def __init__(self, account, clerk):
        self.account, self.clerk = account, clerk
        self.count, self.balance = 0, Money(0, account.currency)

    def receive(self, amount, *, payer, text, account=""):
        """Book a transfer and let the finance office read in the statement of it."""
        entry = StatementEntry(amount, credit=True, name=payer, account=account, text=text)
        return self.book(entry)

    def book(self, *entries):
        """Write a statement of some entries, and let the finance office read it in."""
        self.count += 1
        data = camt053(
            self.account,
            entries,
            opening=self.balance,
            at=clock.now(),
            statement_id=f"{self.account.bic[:4]}-{self.count:05d}",
            sequence=self.count,
        )
        added = sum(entry.minor for entry in entries)
        self.balance += Money(added, self.account.currency)
        name = f"statement-{self.count:05d}.xml"
        return import_statement(data, by=self.clerk, file_name=name)


def standing() -> dict[str, str | int]:
    """Where the designated account stands by its last statement; the simulator goes on there.

    `life` tells this making of the demo from every other. Empty while there is no account.
    """
    account = the_account("USD")
    if account is None:
        return {}
    accepted = StatementImport.objects.filter(account=account, status="accepted")
    last = accepted.exclude(sequence=None).order_by("pk").last()
    first = DesignatedAccount.objects.earliest("pk")
    return {
        "life": first.proposed_at.isoformat(),
        "account_number": account.account_number,
        "bic": account.bic,
        "currency": account.currency,
        "name": account.beneficiary,
        "balance_minor": last.closing_minor if last else 0,
        "sequence": last.sequence if last else 0,
    }
