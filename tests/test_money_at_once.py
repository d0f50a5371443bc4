"""Who asks at the same moment: for cover, for an approval, for a sending, for a statement."""

from collections import Counter

import pytest

from accounts.models import CoverageReservation, SupplierStanding
from accounts.operations import reserve_coverage
from core.money import Money
from disputes import operations as disputes
from ledger.models import Journal
from payments import bank_channel, disbursing, sending
from payments.models import BankFile, Disbursement, LineShare, ProviderOperation, StatementLine
from payments.receipts import import_statement
from payments.simulator import BankAccount
from tests.cast import person, usd
from tests.money.contested import again, claim, contest, held, race
from tests.money.stands import pay_by_transfer, statement_for
from workflow import approvals, outbox
from workflow.models import Approval, Event, OutboxMessage

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_two_hundred_reservations_at_once_never_pass_the_limit(supplier):
    """200 orders of 1,000.00 by eight at once, the limit is 30,000.00; looked at all the time."""
    seen = []

    def reserve(n):
        reserve_coverage(supplier.company, order_ref=f"R-{n}", basis=Money(1_000_00))

    def look():
        active = CoverageReservation.objects.filter(freed_at=None)
        seen.append(sum(active.values_list("amount_minor", flat=True)))

    fights = [[*[lambda n=n * 8 + m: reserve(n) for m in range(8)], look] for n in range(25)]
    ends = contest(fights)
    assert sum(ends, Counter()) == {"won": 225}
    assert max(seen) <= 30_000_00
    assert SupplierStanding.objects.get(company=supplier.company).reserved == usd("30000.00")
    amounts = CoverageReservation.objects.values_list("amount_minor", flat=True)
    assert (sum(amounts), len(amounts)) == (30_000_00, 200)


@pytest.fixture
def refund(card_order, market):
    """US$5,009.60 that goes back by card and needs two people."""
    case = claim(card_order, market.buyer_of(card_order))
    disputes.concede(case, by=market.supplier_of(card_order))
    row = Disbursement.objects.get()
    disbursing.consider(row, by=None)
    row.refresh_from_db()
    assert (row.state, row.needs_two, row.route) == ("requested", True, "provider")
    return row


def test_a_refund_approved_by_two_pairs_at_once_is_approved_once(refund, market):
    third, fourth = (person(f"{n}@ta.example", n, duty="finance") for n in ("ken", "lea"))
    row = Disbursement.objects.get
    ask = [lambda by=by: disbursing.ask_to_send(row(), by=by) for by in (*market.staff, third)]
    ends = race(*ask)
    assert (ends["won"], ends["proposed_already"]) == (1, 2), ends
    asked = Approval.objects.get(decision="waiting")
    others = {*market.staff, third, fourth} - {asked.maker}
    ends = race(*[lambda by=by: approvals.approve(again(asked), by=by) for by in others])
    assert (ends["won"], ends["decided_already"]) == (1, 2), ends
    refund.refresh_from_db()
    assert refund.state == "approved"
    assert refund.approved_by not in {None, refund.proposed_by}
    assert Event.objects.filter(verb="approve", subject_id=refund.pk).count() == 1


@pytest.fixture
def approved(refund, market):
    approvals.approve(disbursing.ask_to_send(refund, by=market.staff[0]), by=market.staff[1])
    refund.refresh_from_db()
    return refund


def work():
    """What a worker does: send what is due, and deliver what is owed."""
    sending.send_due()
    for pk in OutboxMessage.objects.filter(delivered_at=None, lane="money").values_list("pk"):
        outbox.deliver(*pk)


def test_four_workers_that_send_one_refund_make_one_operation(approved, provider):
    race(*[work] * 4)
    work()
    approved.refresh_from_db()
    assert approved.state == "confirmed"
    assert ProviderOperation.objects.filter(kind="refund").count() == 1
    assert [row["amount_minor"] for row in provider.books.rows["refunds"].values()] == [
        approved.amount_minor
    ]
    assert Journal.objects.filter(kind="disbursement.confirmed").count() == 1


def test_four_workers_that_send_one_transfer_make_one_order_of_one_transfer(
    market, provider, settings
):
    settings.BANK_CHANNEL = "http_sim"
    account, order = market.account, market.order(1)
    provider.bank.open(BankAccount(account.account_number, account.bic, "USD"), 100_000_00, 0)
    pay_by_transfer(market, order)
    disputes.concede(claim(again(order), market.buyer_of(order)), by=market.supplier_of(order))
    approved = Disbursement.objects.get()
    disbursing.consider(approved, by=None)
    approvals.approve(disbursing.ask_to_send(again(approved), by=market.staff[0]),
                      by=market.staff[1])  # fmt: skip
    race(*[work] * 4)
    work()
    assert BankFile.objects.count() == 1
    reports = [known["report"] for known in provider.bank.kept["orders"].values()]
    assert [len(report["transfers"]) for report in reports] == [1]
    race(*[bank_channel.fetch_statements] * 3)
    approved.refresh_from_db()
    assert approved.state == "confirmed"
    debits = StatementLine.objects.filter(is_credit=False).exclude(status="duplicate")
    assert debits.count() == 1
    assert Journal.objects.filter(kind="disbursement.confirmed").count() == 1


def test_a_statement_read_in_by_three_at_once_credits_once(market):
    order = market.order(1)
    part, data = order.instalments.first(), statement_for(market, order)
    read = [lambda: import_statement(data, by=market.staff[0], file_name="same.xml")] * 3
    assert race(*read) == {"won": 3}
    assert held(order) == part.missing
    assert Journal.objects.filter(kind="bank.arrived").count() == 1
    statuses = Counter(StatementLine.objects.values_list("status", flat=True))
    assert statuses == {"matched": 1, "duplicate": 2}
    assert LineShare.objects.count() == 1
