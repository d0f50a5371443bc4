"""Bank lines on the real ledger: matched, short, strange, repeated."""

import pytest

from ledger.balances import balance
from payments.models import Difference, Payment, StatementImport, StatementLine
from payments.receipts import import_statement
from payments.reconciling import reconcile
from tests.bank import camt053
from tests.cast import usd
from workflow.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
Status = StatementLine.Status


@pytest.fixture
def deposit(signed_order):
    return signed_order.instalments.get(n=1)


def held(instalment):
    return balance(f"escrow:{instalment.order.ref}")


def state(instalment):
    return type(instalment.order).objects.get(pk=instalment.order.pk).state


def the_line():
    return StatementLine.objects.get()


def test_a_transfer_with_the_right_reference_is_held(deposit, paid):
    paid(deposit)
    assert (the_line().status, held(deposit)) == (Status.MATCHED, usd("5580.00"))
    assert state(deposit) == "in_production"
    assert balance("suspense:unidentified") == usd("0")
    assert balance("bank:sg_trust") == usd("5580.00")


def test_a_shortfall_within_the_tolerance_is_carried_onto_the_balance(deposit, paid):
    """Tolerance of 5,580.00 is 30.00 (money.md 7.2)."""
    paid(deposit, usd("5552.00"))
    assert state(deposit) == "in_production"
    assert held(deposit) == usd("5552.00")
    assert deposit.order.instalments.get(n=2).due == usd("13048.00")


def test_a_larger_shortfall_stays_open_until_the_rest_comes(deposit, paid):
    paid(deposit, usd("5480.00"))
    deposit.refresh_from_db()
    assert (state(deposit), deposit.missing) == ("awaiting_initial_payment", usd("100.00"))
    paid(deposit, usd("100.00"))
    assert (state(deposit), held(deposit)) == ("in_production", usd("5580.00"))


def test_what_is_too_much_is_the_buyers_credit(deposit, paid):
    paid(deposit, usd("5615.00"))
    assert held(deposit) == usd("5580.00")
    assert balance(f"buyer_credit:{deposit.order.buyer_id}") == usd("35.00")


def test_somebody_elses_money_waits_for_staff(deposit, paid):
    paid(deposit, payer="UNKNOWN UNCLE")
    assert the_line().status == Status.SUSPENSE
    assert the_line().reason == "The payer “UNKNOWN UNCLE” is not the buyer."
    assert (state(deposit), held(deposit)) == ("awaiting_initial_payment", usd("0"))
    assert Payment.objects.get().state == Payment.State.REVIEW
    assert balance("suspense:unidentified") == usd("5580.00")


def test_a_line_without_a_reference_of_ours_is_guessed_at_by_nobody(deposit, account, finance):
    data = camt053(account, [("your invoice 12", usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    import_statement(data, by=finance)
    assert the_line().status == Status.SUSPENSE
    assert (held(deposit), Payment.objects.count()) == (usd("0"), 0)


def test_reading_the_same_statement_again_adds_nothing(deposit, account, finance):
    data = camt053(account, [(deposit.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    import_statement(data, by=finance)
    import_statement(data, by=finance)
    assert [line.status for line in StatementLine.objects.order_by("pk")] == [
        Status.MATCHED,
        Status.DUPLICATE,
    ]
    assert held(deposit) == usd("5580.00")
    assert balance("bank:sg_trust") == usd("5580.00")


def test_a_statement_that_does_not_add_up_credits_nobody(deposit, account, finance):
    data = camt053(
        account,
        [(deposit.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")],
        closing=100_000_00,
    )
    (imported,) = import_statement(data, by=finance)
    assert imported.status == StatementImport.Status.QUARANTINED
    assert the_line().status == Status.QUARANTINED
    assert (held(deposit), balance("bank:sg_trust")) == (usd("0"), usd("0"))


def test_a_quarantined_statement_that_is_corrected_is_read_in(deposit, account, finance):
    entries = [(deposit.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")]
    import_statement(camt053(account, entries, closing=1, statement_id="S-1"), by=finance)
    import_statement(camt053(account, entries, statement_id="S-1"), by=finance)
    assert held(deposit) == usd("5580.00")


def test_a_statement_of_another_account_credits_nobody(deposit, account, finance):
    account.account_number = "9999999999"
    data = camt053(account, [(deposit.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    (imported,) = import_statement(data, by=finance)
    assert imported.status == StatementImport.Status.QUARANTINED
    assert held(deposit) == usd("0")


def test_only_the_finance_office_reads_statements(deposit, account, buyer, mediator):
    data = camt053(account, [(deposit.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    for intruder in (buyer, mediator):
        with pytest.raises(NotAllowed):
            import_statement(data, by=intruder)
    assert StatementImport.objects.count() == 0
    assert held(deposit) == usd("0")


def test_a_file_that_is_no_statement_is_refused_in_words(finance):
    with pytest.raises(Refused) as refusal:
        import_statement(b"hello", by=finance)
    assert refusal.value.code == "statement_refused"
    assert StatementImport.objects.count() == 0


def test_money_for_an_order_that_has_closed_waits_for_staff(deposit, paid, clock, run_clock):
    clock.forward(days=15)
    run_clock()
    assert state(deposit) == "expired"
    paid(deposit)
    assert the_line().status == Status.SUSPENSE
    assert balance("suspense:unidentified") == usd("5580.00")
    assert held(deposit) == usd("0")


def test_an_account_that_was_empty_opens_at_nothing_not_at_unknown(deposit, account, finance):
    """Reconciliation compares what statements open and close with (money.md)."""
    data = camt053(account, [(deposit.reference, usd("100.00"), "Mehta Imports")], opening=0)
    import_statement(data, by=finance, file_name="first.xml")
    read = StatementImport.objects.get()
    assert (read.status, read.opening_minor, read.closing_minor) == ("accepted", 0, 100_00)
    reconcile()
    assert not Difference.objects.filter(side="bank", gone_at=None).exists()
