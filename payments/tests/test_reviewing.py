"""Money that matches nothing: counted by two, divided, sent back, returned after fourteen days."""

import pytest

from core.money import Money
from ledger.balances import balance
from ledger.models import Transfer
from payments import credit, receipts, reviewing, treasury
from payments.bank_messages import StatementEntry, camt053
from payments.models import Disbursement, LineShare, Payment, StatementLine, TreasuryTransfer
from payments.receipts import import_statement
from payments.tests.leaving import Bank, consider_all
from tests.cast import usd
from workflow import approvals
from workflow.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
SUSPENSE = "suspense:unidentified"


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


def only_line(imports):
    return imports[0].lines.get()


def held(order):
    return balance(f"escrow:{order.ref}")


def state(record):
    return type(record).objects.get(pk=record.pk).state


def test_a_receipt_without_reference_is_counted_by_two_people(
    signed_order, bank, finance, second_finance
):
    line = only_line(bank.receives(usd("5580.00"), text="INVOICE 12"))
    reference = signed_order.instalments.get(n=1).reference
    asked = reviewing.match_line(
        line, by=finance, parts=[(reference, 5580_00)], reason="The buyer called."
    )
    with pytest.raises(NotAllowed):
        approvals.approve(asked, by=finance)
    assert held(signed_order) == usd("0")
    approvals.approve(asked, by=second_finance)
    assert held(signed_order) == usd("5580.00")
    assert state(signed_order) == "in_production"
    line.refresh_from_db()
    assert (line.status, line.left_minor) == ("matched", 0)
    assert LineShare.objects.get().amount_minor == 5580_00


def test_a_small_receipt_takes_one_person_and_one_part_at_a_time(signed_order, bank, finance):
    line = only_line(bank.receives(usd("900.00"), text="?"))
    reference = signed_order.instalments.get(n=1).reference
    for parts, code in [
        ([(reference, 900_01)], "too_much"),
        ([("RF00", 1)], "reference_unknown"),
        ([(reference, 0)], "too_much"),
    ]:
        with pytest.raises(Refused) as refusal:
            reviewing.match_line(line, by=finance, parts=parts, reason="why")
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        reviewing.match_line(line, by=finance, parts=[(reference, 500_00)], reason=" ")
    assert refusal.value.code == "reason_missing"
    assert held(signed_order) == usd("0")
    reviewing.match_line(line, by=finance, parts=[(reference, 500_00)], reason="A part of it.")
    line.refresh_from_db()
    assert (line.status, line.left_minor) == ("suspense", 400_00)
    assert (held(signed_order), balance(SUSPENSE)) == (usd("500.00"), usd("400.00"))


def test_what_is_left_of_a_receipt_goes_back_after_fourteen_days(
    signed_order, bank, finance, clock, run_clock
):
    """T9: only the part that is not linked."""
    line = only_line(bank.receives(usd("900.00"), text="?"))
    reference = signed_order.instalments.get(n=1).reference
    reviewing.match_line(line, by=finance, parts=[(reference, 500_00)], reason="A part of it.")
    clock.forward(days=15)
    run_clock()
    back = Disbursement.objects.get(kind="return")
    assert (back.amount, back.payee, back.payee_name) == (
        usd("400.00"), None, "KIDZONE RETAIL PVT LTD",
    )  # fmt: skip
    line.refresh_from_db()
    assert (line.status, line.left_minor) == ("returned", 0)
    consider_all()
    back.refresh_from_db()
    assert back.destination["account"] == "50200012345"
    assert balance(SUSPENSE) == usd("400.00")


def test_a_third_partys_payment_counts_only_by_two_and_the_order_waits_for_it(
    signed_order, paid, finance, second_finance, clock, run_clock
):
    """Scenario 14: the order stays where it is, T3 pauses, two people count it with a reason."""
    paid(signed_order.instalments.get(n=1), payer="MALLORY TRADING")
    payment = Payment.objects.get()
    assert (payment.state, state(signed_order)) == ("review", "awaiting_initial_payment")
    clock.forward(days=13)
    asked = reviewing.ask_to_clear(payment, by=finance, reason="The buyer's sister company.")
    approvals.approve(asked, by=second_finance)
    assert (state(payment), state(signed_order)) == ("cleared", "in_production")
    assert (held(signed_order), balance(SUSPENSE)) == (usd("5580.00"), usd("0"))
    assert StatementLine.objects.get().status == "matched"


def test_a_payment_under_review_goes_back_after_fourteen_days(signed_order, paid, clock, run_clock):
    paid(signed_order.instalments.get(n=1), payer="MALLORY TRADING")
    clock.forward(days=15)
    run_clock()
    payment = Payment.objects.get()
    assert (payment.state, StatementLine.objects.get().status) == ("returned", "returned")
    assert Disbursement.objects.get().amount == usd("5580.00")
    assert held(signed_order) == usd("0")


def test_money_under_review_is_sent_back_by_two(signed_order, paid, finance, second_finance):
    paid(signed_order.instalments.get(n=1), payer="MALLORY TRADING")
    payment = Payment.objects.get()
    asked = reviewing.ask_to_return(payment, by=finance, reason="Not the buyer's money.")
    approvals.approve(asked, by=second_finance)
    with pytest.raises(Refused):
        reviewing.ask_to_clear(payment, by=finance, reason="After all.")
    assert Disbursement.objects.get().kind == "return"
    assert (held(signed_order), balance(SUSPENSE)) == (usd("0"), usd("5580.00"))


def test_one_receipt_pays_two_instalments_in_the_order_of_their_references(signed_order, bank):
    first, second = signed_order.instalments.all()
    text = f"{first.reference} AND {second.reference}"
    line = only_line(bank.receives(usd("18600.00"), text=text))
    assert (line.status, line.left_minor) == ("matched", 0)
    assert [share.amount_minor for share in line.shares.order_by("pk")] == [5580_00, 13020_00]
    assert held(signed_order) == usd("18600.00")


def test_what_is_too_much_of_a_shared_receipt_is_the_buyers_credit(signed_order, bank, buyer):
    first, second = signed_order.instalments.all()
    bank.receives(usd("18700.00"), text=f"{first.reference} {second.reference}")
    assert held(signed_order) == usd("18600.00")
    assert credit.credit_of(buyer.company) == usd("100.00")


def test_several_receipts_pay_one_instalment(signed_order, paid):
    part = signed_order.instalments.get(n=1)
    paid(part, usd("3000.00"))
    assert state(signed_order) == "awaiting_initial_payment"
    part.refresh_from_db()
    paid(part, usd("2580.00"))
    assert state(signed_order) == "in_production"
    assert Payment.objects.filter(state="cleared").count() == 2


def test_a_credit_is_used_for_the_balance_or_sent_back(signed_order, paid, buyer, bank):
    """100.00 too much on the deposit: 60.00 short on a credit of 100.00 leaves 40.00."""
    paid(signed_order.instalments.get(n=1), usd("5680.00"))
    signed_order.refresh_from_db()
    assert credit.apply_credit(signed_order, by=buyer) == usd("100.00")
    assert held(signed_order) == usd("5680.00")
    assert signed_order.instalments.get(n=2).missing == usd("12920.00")
    with pytest.raises(Refused) as refusal:
        credit.apply_credit(signed_order, by=buyer)
    assert refusal.value.code == "no_credit"


def test_a_credit_goes_back_where_it_came_from_once(signed_order, bank, buyer, supplier):
    part = signed_order.instalments.get(n=1)
    bank.receives(usd("5680.00"), text=part.reference)
    payment = Payment.objects.get()
    with pytest.raises(NotAllowed):
        credit.send_credit_back(payment, by=supplier)
    owed = credit.send_credit_back(payment, by=buyer)
    assert (owed.amount, owed.kind) == (usd("100.00"), "credit")
    with pytest.raises(Refused) as refusal:
        credit.send_credit_back(payment, by=buyer)
    assert refusal.value.code == "no_credit"
    consider_all()
    owed.refresh_from_db()
    assert owed.state == "approved"


def test_a_pending_line_is_seen_and_counts_only_when_it_is_booked(
    signed_order, account, finance, buyer
):
    from payments.operations import pay_by_transfer

    payment = pay_by_transfer(signed_order, by=buyer)
    part = signed_order.instalments.get(n=1)
    entry = {"credit": True, "name": "Kidzone Retail", "text": part.reference}
    told = {"opening": usd("0"), "at": payment.started_at, "sequence": 1}
    pending = StatementEntry(usd("5580.00"), status="PDNG", **entry)
    import_statement(camt053(account, [pending], statement_id="P-1", **told), by=finance)
    assert (state(payment), held(signed_order)) == ("processing", usd("0"))
    assert Transfer.objects.count() == 0
    booked = StatementEntry(usd("5580.00"), **entry)
    import_statement(camt053(account, [booked], statement_id="B-1", **told), by=finance)
    assert (state(payment), held(signed_order)) == ("cleared", usd("5580.00"))


def test_bank_charges_and_recalls_are_booked_by_two_and_client_money_stays_whole(
    funded_order, bank, finance, second_finance
):
    from ledger.balances import trust_position

    line = only_line(bank.books(StatementEntry(usd("35.00"), credit=False, text="CHARGES")))
    assert (line.status, line.left_minor) == ("suspense", 0)
    asked = treasury.ask_to_book_own(line, by=finance, what="charges", reason="Account fee.")
    approvals.approve(asked, by=second_finance)
    assert balance("expense:bank_charges") == usd("35.00")
    assert trust_position().surplus == usd("0")
    top_up = TreasuryTransfer.objects.get()
    assert (top_up.amount, top_up.state) == (usd("35.00"), "ordered")
    arrived = StatementEntry(usd("35.00"), credit=True, text=f"TOP UP {top_up.reference}")
    line = only_line(bank.books(arrived))
    top_up.refresh_from_db()
    assert (line.status, top_up.state, balance(SUSPENSE)) == ("matched", "confirmed", usd("0"))
    assert balance("bank:sg_trust") == usd("5580.00")


def test_only_the_margin_is_swept_and_by_two(funded_order, account, finance, second_finance):
    with pytest.raises(Refused) as refusal:
        treasury.ask_to_sweep(account, by=finance, amount=usd("0.01"))
    assert refusal.value.code == "not_our_money"
    treasury.top_up(usd("12.00"), cause="test")
    asked = treasury.ask_to_sweep(account, by=finance, amount=usd("12.00"))
    approvals.approve(asked, by=second_finance)
    assert balance("bank:sg_trust") == usd("5580.00")
    assert TreasuryTransfer.objects.filter(kind="sweep").count() == 1


def test_the_same_file_twice_counts_once(signed_order, account, finance, paid):
    from tests.bank import camt053 as statement

    part = signed_order.instalments.get(n=1)
    data = statement(account, [(part.reference, part.missing, "Kidzone Retail")])
    for _ in range(2):
        receipts.import_statement(data, by=finance, file_name="a.xml")
    assert held(signed_order) == Money(5580_00)
    assert sorted(StatementLine.objects.values_list("status", flat=True)) == [
        "duplicate", "matched",
    ]  # fmt: skip
