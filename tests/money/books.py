"""What must hold of the money after every step, and what once everything has been heard."""

from django.db import connection

from ledger import checks
from ledger.balances import balance, order_position, trust_position
from orders.models import Order
from payments import reconciling
from payments.models import (
    Chargeback,
    Difference,
    Disbursement,
    ProviderOperation,
    StatementLine,
    TreasuryTransfer,
)

OPENING = 500_000_00  # on the bank account before the first statement
PROVIDER = "psp_receivable:http_sim"
UNEVEN = """
    SELECT currency, sum(amount_minor) FROM audit_v1.entries
    GROUP BY currency HAVING sum(amount_minor) <> 0
"""
WRONG_BALANCE = """
    SELECT a.code, a.balance_minor, s.total FROM ledger_account a LEFT JOIN (
        SELECT account_id, -sum(amount_minor) AS total FROM audit_v1.entries GROUP BY 1
    ) s ON s.account_id = a.id
    WHERE a.guarded AND (a.balance_minor <> coalesce(s.total, 0) OR a.balance_minor < 0)
"""
WRONG_ORDER = """
    SELECT p.* FROM ledger_order_position p
    LEFT JOIN ledger_account a ON a.code = 'escrow:' || p.order_ref AND a.currency = p.currency
    WHERE p.received <> p.released + p.refunded + p.hold + p.escrow OR p.other <> 0
       OR p.hold < 0 OR p.escrow <> coalesce(a.balance_minor, 0)
"""


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def check_always():
    """The promises of the ledger at every commit (money.md 7.1)."""
    for sql in (UNEVEN, WRONG_BALANCE, WRONG_ORDER):
        wrong = rows(sql)
        assert wrong == [], wrong
    assert trust_position().surplus.minor >= 0, trust_position()
    check_nothing_goes_back_twice()


def check_nothing_goes_back_twice():
    """What the platform lets go back of a payment, and what was charged back, is at most it.

    A refund that had left before the chargeback came is the buyer's doing, not the platform's.
    """
    for case in Chargeback.objects.exclude(outcome="won").select_related("payment"):
        payment = case.payment
        paid = captured_of(payment)
        rows = payment.refunds.exclude(state="cancelled").exclude(kind="credit")
        gone = sum(row.amount_minor for row in rows if left_before(row, case))
        later = sum(row.amount_minor for row in rows if not left_before(row, case))
        allowed = max(0, paid - case.amount_minor - gone)
        assert later <= allowed, (case, payment, [(r, r.state, r.cause) for r in rows])

    for order in Order.objects.all():
        check_buyer_gets_at_most_what_it_paid(order)


def check_buyer_gets_at_most_what_it_paid(order):
    """Refunds and chargebacks of an order come to what it brought, however they meet.

    What the platform bears is a refund that had left before its bank took it back as well.
    """
    refunds = order.disbursements.filter(kind="refund").exclude(state="cancelled")
    again = refunds.filter(cause__endswith=".back")
    cases = list(order.chargebacks.exclude(outcome="won"))
    twice = sum(case.taken.get("expense:guarantee_loss", 0) for case in cases)
    back = sum(row.amount_minor for row in refunds) - sum(row.amount_minor for row in again)
    back += sum(case.amount_minor for case in cases) - twice
    fees = sum(row.fee_minor for row in charges_of(order))
    paid = order_position(order.ref)["received"].minor + fees
    assert back <= paid, (order.ref, back, paid)


def charges_of(order):
    return ProviderOperation.objects.filter(payment__order=order, kind="charge", status="succeeded")


def captured_of(payment):
    charges = payment.provider_operations.filter(kind="charge", status="succeeded")
    return sum(charge.amount_minor for charge in charges)


def left_before(refund, case):
    """Whether it had left, for good, when the chargeback was heard of."""
    sent = refund.submitted_at and refund.submitted_at <= case.opened_at
    stands = refund.state in {"submitted", "confirmed"} and not refund.bank_fee_minor
    back = Disbursement.objects.filter(
        order=refund.order_id, kind=refund.kind, cause=f"{refund.cause}.back", leg=refund.leg
    )
    return bool(sent and stands and not back.exists())


def check_provider(simulator):
    """Each intent is one operation at the provider, of its amount and status; and no others."""
    for kind, path in [("charge", "charges"), ("refund", "refunds"), ("payout", "payouts")]:
        theirs = {row["idempotency_key"]: row for row in simulator.books.rows[path].values()}
        assert len(theirs) == len(simulator.books.rows[path])
        ours = ProviderOperation.objects.filter(kind=kind)
        assert set(theirs) <= {one.idempotency_key for one in ours}
        for one in ours:
            check_operation(one, theirs.get(one.idempotency_key))
    ours, theirs = balance(PROVIDER).minor, owed_by(simulator.books.rows)
    assert ours == theirs, (ours, theirs)


def check_operation(ours, theirs):
    if theirs is None:  # the provider refused it: there is none
        assert (ours.status, ours.external_ref) == ("failed", ""), ours
        return
    told = (theirs["id"], theirs["status"], theirs["amount_minor"])
    known = (ours.external_ref, ours.status, ours.amount_minor)
    assert told == known, (told, known)


def owed_by(rows):
    """What the provider owes by its own books, in minor units."""
    paid = [row for row in rows["charges"].values() if row["status"] == "succeeded"]
    back = [row for row in rows["refunds"].values() if row["status"] == "succeeded"]
    taken = [row for row in rows["chargebacks"].values() if row["status"] != "won"]
    return (
        sum(row["amount_captured_minor"] for row in paid)
        - sum(row["amount_minor"] for row in back)
        - sum(row["amount_minor"] for row in taken)
        - sum(row["fee_minor"] for row in rows["chargebacks"].values())
        - sum(row["gross_minor"] for row in rows["settlements"].values())
    )


def check_bank(simulator):
    """The bank has what the ledger says, but for our own transfers and unexplained debits."""
    under_way = TreasuryTransfer.objects.filter(state="ordered")
    own = sum(row.amount_minor * (-1 if row.kind == "top_up" else 1) for row in under_way)
    debits = StatementLine.objects.filter(is_credit=False, status="suspense")
    unexplained = sum(row.amount_minor for row in debits)
    expected = balance("bank:sg_trust").minor + own - unexplained
    there = simulator.bank.balance.minor - OPENING
    assert there == expected, (there, expected, own, unexplained)
    executed = [
        transfer["end_to_end_id"]
        for known in simulator.bank.kept["orders"].values()
        for transfer in known["report"]["transfers"]
    ]
    assert len(executed) == len(set(executed))


def check_audit():
    report = checks.run()
    assert report["ok"], [one for one in report["checks"] if not one["ok"]]


def check_reconciled():
    run = reconciling.reconcile()
    found = Difference.objects.filter(last_seen=run, gone_at=None)
    told = [(one.key, one.text) for one in found]
    assert (run.open_differences, told) == (0, []), told
