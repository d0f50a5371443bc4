"""What tests of money that leaves share: two approvals, checked accounts, the bank's answer."""

from core import clock as business
from core.money import Money
from payments import bank_accounts, disbursing, sending
from payments.bank_messages import StatementEntry, camt053
from payments.models import BankAccount, Disbursement, StatementImport
from payments.receipts import import_statement
from workflow import approvals


def consider_all():
    for row in Disbursement.objects.filter(state__in=["requested", "on_hold"]).order_by("pk"):
        disbursing.consider(row, by=None)


def approve(disbursement, maker, checker):
    """Two people of the finance office let it go."""
    disbursement.refresh_from_db()
    asked = disbursing.ask_to_send(disbursement, by=maker)
    approvals.approve(asked, by=checker)
    disbursement.refresh_from_db()
    return disbursement


def checked_account(person, maker, checker, number="6222020012345678"):
    """The company's account, approved by two and older than 72 hours."""
    account = bank_accounts.change_account(
        by=person,
        holder=person.company.legal_name,
        account_number=number,
        bic="ICBKCNBJ",
        bank="Demo Bank Ningbo",
    )
    approvals.approve(bank_accounts.ask_to_approve(account, by=maker), by=checker)
    BankAccount.objects.filter(pk=account.pk).update(usable_from=business.now())
    return BankAccount.objects.get(pk=account.pk)


def send(clock=None):
    """Let the waiting time pass and send what is approved."""
    if clock:
        clock.forward(hours=24)
    return sending.send_due()


class Bank:
    """The bank of the designated account: it books what we tell it, statement by statement."""

    def __init__(self, account, clerk):
        self.account, self.clerk = account, clerk
        self.n, self.balance = 0, 100_000_00

    def books(self, *entries):
        """One statement with these entries, read in by the finance office."""
        last = StatementImport.objects.exclude(closing_minor=None).first()
        opening = last.closing_minor if last else self.balance
        self.n += 1
        data = camt053(
            self.account,
            list(entries),
            opening=_money(opening, self.account),
            at=business.now(),
            statement_id=f"BANK-{self.n:04d}",
            sequence=self.n,
        )
        return import_statement(data, by=self.clerk, file_name="bank.xml")

    def pays(self, disbursement):
        """The bank booked one of our payments."""
        return self.books(
            StatementEntry(
                disbursement.amount, credit=False, end_to_end_id=disbursement.end_to_end_id
            )
        )

    def returns(self, disbursement, amount):
        """One of our payments came back, less what the bank kept."""
        return self.books(
            StatementEntry(
                amount,
                credit=True,
                text="ACCOUNT CLOSED",
                return_of=disbursement.end_to_end_id,
            )
        )

    def receives(self, amount, *, payer="KIDZONE RETAIL PVT LTD", text="", account="50200012345"):
        """Money from outside."""
        return self.books(
            StatementEntry(amount, credit=True, name=payer, account=account, text=text)
        )


def _money(minor, account):
    return Money(minor, account.currency)
