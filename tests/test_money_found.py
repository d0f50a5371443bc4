"""What the money properties found once, each by itself: it does not come back."""

from datetime import timedelta

import pytest

from core import clock as business
from disputes import chargebacks
from disputes import operations as disputes
from ledger.balances import balance, trust_position
from orders.models import Order
from payments import (
    bank_channel,
    calls,
    charges,
    disbursing,
    reconciling,
    reviewing,
    sending,
    settling,
    treasury,
)
from payments.models import (
    Chargeback,
    Difference,
    Disbursement,
    Payment,
    ProviderOperation,
    StatementLine,
)
from payments.operations import accept_goods
from payments.providers.base import Answer
from payments.receipts import import_statement
from payments.simulator import BankAccount
from tests.bank import camt053
from tests.cast import usd
from workflow import approvals
from workflow.errors import Refused

pytestmark = pytest.mark.django_db
SUSPENSE = "suspense:unidentified"
WHOLE = usd("5009.60")  # the third order of the market, half of the platform's fee in it


def take_back(order, amount=None, number="cb_1"):
    """The buyer's bank takes a payment back."""
    charge = ProviderOperation.objects.get(kind="charge", payment__order=order)
    return chargebacks.open_chargeback(
        order, by=None, charge=charge, external_ref=number, amount=amount or charge.amount,
        fee=usd("15.00"),
    )  # fmt: skip


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_what_was_charged_back_after_release_is_not_granted_as_a_claim_too(
    card_order_there, market
):
    """The claim was open when the chargeback came: it is about nothing any more."""
    order, buyer = card_order_there, market.buyer_of(card_order_there)
    accept_goods(order, by=buyer)
    claim = disputes.file(again(order), by=buyer, reason="quantity", statement="Few.",
                          amount=usd("4000.00"))  # fmt: skip
    take_back(again(order))
    assert again(claim).state == "withdrawn"
    assert disputes.claimable(again(order)) == usd("0")
    with pytest.raises(Refused) as refusal:
        disputes.file(again(order), by=buyer, reason="quantity", statement="Few.",
                      amount=usd("1.00"))  # fmt: skip
    assert refusal.value.code == "claim_out_of_range"
    assert Disbursement.objects.filter(kind="refund").count() == 0


def test_a_chargeback_in_part_leaves_the_claim_what_it_did_not_take(card_order_there, market):
    order, buyer = card_order_there, market.buyer_of(card_order_there)
    accept_goods(order, by=buyer)
    claim = disputes.file(again(order), by=buyer, reason="quantity", statement="Few.",
                          amount=usd("4000.00"))  # fmt: skip
    take_back(again(order), amount=usd("2000.00"))
    assert (again(claim).state, again(claim).claimed) == ("open", usd("3009.60"))


def test_a_chargeback_is_won_though_the_supplier_has_repaid_it(
    card_order_there, market, provider, run_money
):
    """It owed us the sum, paid it, and gets it when the card network decides for us."""
    order, buyer = card_order_there, market.buyer_of(card_order_there)
    supplier = market.suppliers[1].company
    payable, debt = f"supplier_payable:{supplier.pk}", f"receivable_supplier:{supplier.pk}"
    accept_goods(order, by=buyer)
    earned = balance(payable)
    case = take_back(again(order))
    owed = balance(debt)
    asked = treasury.ask_to_settle_debt(
        supplier, by=market.staff[0], amount=owed, how="repaid", reason="Paid."
    )
    approvals.approve(asked, by=market.staff[1])
    chargebacks.end_chargeback(again(case), by=None, won=True)
    assert (balance(payable), balance(debt)) == (earned + owed, usd("0"))
    payouts = Disbursement.objects.filter(kind="payout").exclude(state="cancelled")
    assert sum((row.amount for row in payouts), usd("0")) == earned + owed


def test_a_refund_that_failed_goes_before_anything_else_when_its_payment_is_charged_back(
    card_order, market, provider, run_money
):
    """The provider refused the refund because the buyer's bank was faster: one of the two."""
    order = card_order
    claim = disputes.file(order, by=market.buyer_of(order), reason="quantity", statement="Few.",
                          amount=WHOLE)  # fmt: skip
    disputes.concede(claim, by=market.supplier_of(order))
    row = Disbursement.objects.get()
    disbursing.consider(row, by=None)
    asked = disbursing.ask_to_send(again(row), by=market.staff[0])
    approvals.approve(asked, by=market.staff[1])
    charge = ProviderOperation.objects.get(kind="charge")
    provider.control({"chargeback": charge.external_ref})
    assert sending.send_due() == 1
    assert run_money() == 0
    assert again(row).state == "failed"
    take_back(again(order))
    assert again(row).state == "cancelled"
    assert balance(f"refund_payable:{order.buyer_id}") == usd("0")
    assert "expense:guarantee_loss" not in Chargeback.objects.get().taken
    assert trust_position().surplus >= usd("0")


def test_a_receipt_that_is_being_checked_is_not_booked_as_our_own(market):
    """It would go back a second time, out of other people's money, when its time is over."""
    part = market.order(1).instalments.first()
    data = camt053(market.account, [(part.reference, part.missing, "Somebody Else Limited")])
    import_statement(data, by=market.staff[0], file_name="one.xml")
    line = StatementLine.objects.get()
    assert (Payment.objects.get().state, line.status) == ("review", "suspense")
    with pytest.raises(Refused) as refusal:
        treasury.ask_to_book_own(line, by=market.staff[0], what="own", reason="Ours.")
    assert refusal.value.code == "line_not_waiting"
    assert balance("suspense:unidentified") == part.missing
    assert balance("bank:operating") == usd("0")


def test_a_payee_whose_bank_no_statement_named_is_paid_by_the_simulator(market, provider, settings):
    """Its number alone was known: the order says NOTPROVIDED, as banks do (ISO 20022)."""
    settings.BANK_CHANNEL = "http_sim"
    account = market.account
    provider.bank.open(BankAccount(account.account_number, account.bic, "USD"), 0, 0)
    provider.bank.receive({"amount_minor": 900_00, "payer": "Nobody", "account": "50200012345"})
    bank_channel.fetch_statements()
    reviewing.return_line(StatementLine.objects.get(), by=market.staff[0], reason="Unknown.")
    disbursing.consider(Disbursement.objects.get(), by=None)
    assert sending.send_due() == 1
    bank_channel.send_file(Disbursement.objects.get().bank_file_id)
    bank_channel.fetch_statements()
    assert Disbursement.objects.get().state == "confirmed"
    assert provider.bank.balance == usd("0")


def test_a_chargeback_and_a_payment_in_part_that_we_booked_are_no_differences(
    card_order, market, provider, run_money
):
    number = ProviderOperation.objects.get().external_ref
    provider.control({"chargeback": number, "partial": 12_34})
    take_back(card_order, number="cb_000001")
    order = market.order(1)
    payment = charges.start_charge(order, by=market.buyer_of(order), method="visa")
    run_money()
    provider.books.pay(charges.charge_of(payment).external_ref)
    calls.look(charges.charge_of(payment).pk)
    assert again(payment).state == "review"
    reconciling.reconcile()
    keys = set(Difference.objects.filter(side="provider").values_list("key", flat=True))
    assert keys == set()
    assert Order.objects.get(pk=order.pk).state == "awaiting_initial_payment"


@pytest.fixture
def half_paid(market, provider, run_money):
    """Of US$5,157.38 asked for US$1,234 taken by card: the payment is under review."""
    order = market.order(2)
    payment = charges.start_charge(order, by=market.buyer_of(order), method="visa")
    run_money()
    provider.control({"partial": 3_923_38})
    provider.books.pay(charges.charge_of(payment).external_ref)
    calls.look(charges.charge_of(payment).pk)
    assert (again(payment).state, balance(SUSPENSE)) == ("review", usd("1234.00"))
    return again(payment)


def test_a_payment_under_review_is_taken_back_from_suspense_and_not_returned_too(
    half_paid, market, clock, run_clock
):
    case = take_back(half_paid.order, amount=usd("1234.00"))
    assert case.taken == {SUSPENSE: 1_234_00}
    assert balance(f"receivable_supplier:{half_paid.order.supplier_id}") == usd("0")
    assert (again(half_paid).state, balance(SUSPENSE)) == ("cb_open", usd("0"))
    with pytest.raises(Refused) as refusal:
        reviewing.ask_to_return(again(half_paid), by=market.staff[0], reason="Too little.")
    assert refusal.value.code == "not_in_review"
    clock.move_to(business.now() + timedelta(days=15))
    run_clock()
    assert not Disbursement.objects.exists()
    chargebacks.end_chargeback(case, by=None, won=False)
    assert (again(half_paid).state, balance(SUSPENSE)) == ("cb_lost", usd("0"))
    assert not Disbursement.objects.exists()


def test_a_payment_under_review_that_was_won_is_under_review_again_and_goes_back_once(
    half_paid, market, clock, run_clock
):
    case = take_back(half_paid.order, amount=usd("1234.00"))
    chargebacks.end_chargeback(case, by=None, won=True)
    assert (again(half_paid).state, balance(SUSPENSE)) == ("review", usd("1234.00"))
    clock.move_to(business.now() + timedelta(days=15))
    run_clock()
    assert again(half_paid).state == "returned"
    assert Disbursement.objects.get().amount == usd("1234.00")


def test_what_no_chargeback_took_of_a_payment_under_review_goes_back_when_it_is_lost(half_paid):
    case = take_back(half_paid.order, amount=usd("1000.00"))
    assert balance(SUSPENSE) == usd("234.00")
    assert not Disbursement.objects.exists()
    chargebacks.end_chargeback(case, by=None, won=False)
    owed = Disbursement.objects.get()
    assert (owed.kind, owed.amount, owed.payment) == ("return", usd("234.00"), half_paid)
    assert again(half_paid).state == "cb_lost"


def test_of_two_chargebacks_of_one_payment_the_last_to_end_says_what_becomes_of_it(half_paid):
    one = take_back(half_paid.order, amount=usd("1000.00"))
    two = take_back(half_paid.order, amount=usd("234.00"), number="cb_2")
    assert (one.taken, two.taken) == ({SUSPENSE: 1_000_00}, {SUSPENSE: 234_00})
    chargebacks.end_chargeback(again(one), by=None, won=True)
    assert again(half_paid).state == "cb_open"
    assert not Disbursement.objects.exists()
    chargebacks.end_chargeback(again(two), by=None, won=False)
    assert again(half_paid).state == "cb_lost"
    assert Disbursement.objects.get().amount == usd("1000.00")


def test_a_return_that_has_not_left_is_cancelled_by_a_chargeback_and_owed_again_when_won(
    half_paid, market
):
    asked = reviewing.ask_to_return(half_paid, by=market.staff[0], reason="Too little.")
    approvals.approve(asked, by=market.staff[1])
    case = take_back(half_paid.order, amount=usd("1234.00"))
    assert case.taken == {SUSPENSE: 1_234_00}
    assert Disbursement.objects.get().state == "cancelled"
    chargebacks.end_chargeback(case, by=None, won=True)
    owed = Disbursement.objects.exclude(state="cancelled").get()
    assert (owed.kind, owed.amount) == ("return", usd("1234.00"))
    assert balance(SUSPENSE) == usd("1234.00")


def test_a_return_that_has_left_is_our_loss_when_its_payment_is_charged_back_too(
    half_paid, market, run_money, clock, run_clock
):
    clock.move_to(business.now() + timedelta(days=15))
    run_clock()
    row = Disbursement.objects.get()
    disbursing.consider(row, by=None)
    approvals.approve(disbursing.ask_to_send(again(row), by=market.staff[0]), by=market.staff[1])
    sending.send_due()
    run_money()
    assert again(row).state == "confirmed"
    assert take_back(half_paid.order, amount=usd("1234.00")).taken == {
        "expense:guarantee_loss": 1_234_00
    }


def test_a_payment_that_failed_and_came_after_all_can_be_sent_back_through_its_provider(
    market, provider, run_money
):
    order = market.order(2)
    payment = charges.start_charge(order, by=market.buyer_of(order), method="visa")
    run_money()
    number = charges.charge_of(payment).external_ref
    provider.books.decline(number)
    calls.look(charges.charge_of(payment).pk)
    assert again(payment).state == "failed"
    settling.settle(
        order, by=None, asked=ProviderOperation.objects.get(),
        answer=Answer(status="succeeded", external_ref=number, amount=usd("5157.38")),
    )  # fmt: skip
    late = Payment.objects.get(state="review")
    assert (again(payment).state, charges.charge_of(late).external_ref) == ("failed", number)
    asked = reviewing.ask_to_return(late, by=market.staff[0], reason="It came too late.")
    approvals.approve(asked, by=market.staff[1])
    assert Disbursement.objects.get().amount == usd("5157.38")
    assert charges.intend_for(Disbursement.objects.get()).destination == number
