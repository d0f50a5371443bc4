"""The finance office of the demo: Daniel proposes, Farah approves, money leaves in the afternoon.

The bank books what was handed over the next time it works. What was decided in the last two days
still waits, so that a newcomer has something to propose and to approve.
"""

from accounts.roles import PLATFORM
from payments import bank_accounts, disbursing, sending
from payments.bank_messages import StatementEntry
from payments.models import BankFile, Disbursement
from workflow import approvals

LEFT_UNDONE = 2  # days before the present
RECENT = 45
State, Route = Disbursement.State, Disbursement.Route
BANKS = {"CN": ("Demo Bank of Commerce", "DEMOCNBJ"), "IN": ("Demo Bank Mumbai", "DEMOINBB")}
WITHOUT_ACCOUNT = {"softstep"}  # its payouts are on hold, and say why


def open_bank_accounts(world):
    """Every supplier but one asks for its account, and two of the office approve it."""
    for user in world.people.values():
        company = user.company
        if company and company.sells and company.slug not in WITHOUT_ACCOUNT:
            bank, bic = BANKS[company.country]
            account = bank_accounts.change_account(
                by=user,
                holder=company.legal_name,
                account_number=number_of(company),
                bic=bic,
                bank=bank,
            )
            asked = bank_accounts.ask_to_approve(account, by=world.people["daniel"])
            approvals.approve(asked, by=world.people["farah"])


def number_of(company):
    """The account number of a company at its own bank, made up from its place in the table."""
    return f"62220200{company.pk:08d}"


def days_of_work(world, began):
    """The office's story: each week of the far past, then each day until two days ago."""
    for ago in [*range(began, RECENT, -7), *range(RECENT, LEFT_UNDONE - 1, -1)]:
        yield world.day(ago, 9, 30)
        _bank_books(world)
        yield world.day(ago, 17, 30)
        _work_through(world)
    yield world.day(LEFT_UNDONE - 1, 9, 30)
    _bank_books(world)


def _work_through(world):
    for row in Disbursement.objects.filter(state__in=[State.REQUESTED, State.ON_HOLD]):
        disbursing.consider(row, by=PLATFORM)
    for row in Disbursement.objects.filter(state=State.REQUESTED, needs_two=True):
        asked = disbursing.ask_to_send(row, by=world.people["daniel"])
        approvals.approve(asked, by=world.people["farah"])
    sending.send_due()
    for file in BankFile.objects.filter(sent_at=None):
        file.sent_at, file.sent_by = file.made_at, world.people["daniel"]
        file.save(update_fields=["sent_at", "sent_by"])


def _bank_books(world):
    sent = Disbursement.objects.filter(state=State.SUBMITTED, route=Route.BANK).order_by("pk")
    entries = [
        StatementEntry(
            row.amount,
            credit=False,
            name=row.destination["name"],
            account=row.destination["account"],
            end_to_end_id=row.end_to_end_id,
        )
        for row in sent
    ]
    if entries:
        world.bank.book(*entries)
