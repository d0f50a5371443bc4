"""Money that leaves: looked at, approved by two, sent, arrived, come back (S2, S9)."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from lxml import etree

from ledger.balances import balance
from ledger.models import Transfer
from payments import brake, calls, charges, disbursing, sending
from payments.escrow import refund, release
from payments.models import BankFile, Disbursement, ProviderOperation, StatementLine
from payments.tests.leaving import Bank, approve, checked_account, consider_all, send
from tests.cast import person, usd
from workflow import approvals
from workflow.engine import operation
from workflow.errors import NotAllowed, Refused
from workflow.models import Approval, Deadline, Event

pytestmark = pytest.mark.django_db


@operation
def earn(order, *, by, amount):
    """The supplier earns a part of what is held: a release as any other."""
    return release(order, usd(amount), cause="test", by=by)


@operation
def give_back(order, *, by, amount):
    """A refund as any other."""
    return refund(order, usd(amount), cause="test", by=by)[0]


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


@pytest.fixture
def payout(funded_order):
    """5,580.00 released: 5,468.40 is the supplier's after the fee of 2 %."""
    return earn(funded_order, by=None, amount="5580.00")


def states():
    return list(Disbursement.objects.order_by("pk").values_list("state", flat=True))


def test_a_payout_waits_for_a_checked_account_and_two_people_and_a_day(
    payout, supplier, finance, second_finance, bank, clock
):
    consider_all()
    payout.refresh_from_db()
    assert (payout.state, payout.hold_reason) == ("on_hold", "no_account")
    account = checked_account(supplier, finance, second_finance)
    consider_all()
    payout.refresh_from_db()
    assert (payout.state, payout.needs_two) == ("requested", True)
    assert payout.destination["account"] == account.account_number
    approve(payout, finance, second_finance)
    assert send() == 0  # 24 hours are not over
    assert send(clock) == 1
    payout.refresh_from_db()
    assert (payout.state, payout.end_to_end_id) == ("submitted", f"TA{payout.pk:010d}N1")
    assert balance(payout.transit_account) == usd("5468.40")
    assert balance(payout.source_account) == usd("0")
    bank.pays(payout)
    payout.refresh_from_db()
    assert payout.state == "confirmed"
    assert balance(payout.transit_account) == usd("0")
    assert balance("bank:sg_trust") == usd("5580.00") - usd("5468.40")
    assert not Deadline.objects.open().filter(kind__startswith="disbursement.").exists()


def test_the_banks_file_says_exactly_what_was_approved(
    payout, supplier, finance, second_finance, clock
):
    account = checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    send(clock)
    file = BankFile.objects.get()
    told = etree.fromstring(file.content.encode())
    text = {node.tag.split("}")[1]: node.text for node in told.iter() if node.text}
    assert (text["EndToEndId"], text["InstdAmt"]) == (f"TA{payout.pk:010d}N1", "5468.40")
    assert account.account_number in file.content
    assert (file.count, file.total) == (1, usd("5468.40"))
    assert sending.make_bank_file() is None


def test_a_refund_below_the_limit_goes_back_to_its_source_without_two_people(
    funded_order, bank, paid, clock
):
    StatementLine.objects.update(payer_account="50200012345")
    owed = give_back(funded_order, by=None, amount="900.00")
    consider_all()
    owed.refresh_from_db()
    assert (owed.state, owed.needs_two, owed.approved_by) == ("approved", False, None)
    assert owed.destination == {
        "name": "KIDZONE RETAIL PVT LTD", "account": "50200012345", "bic": "", "bank": "",
    }  # fmt: skip
    assert send() == 1
    owed.refresh_from_db()
    bank.pays(owed)
    owed.refresh_from_db()
    assert owed.state == "confirmed"
    assert balance(f"refund_payable:{funded_order.buyer_id}") == usd("0")


def test_small_sums_for_one_payee_on_one_day_add_up_to_two_people(funded_order):
    StatementLine.objects.update(payer_account="50200012345")
    first = refund(funded_order, usd("600.00"), cause="one", by=None)[0]
    second = refund(funded_order, usd("400.00"), cause="two", by=None)[0]
    consider_all()
    assert states() == ["approved", "requested"]
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.needs_two, second.needs_two) == (False, True)


def test_the_one_who_proposed_does_not_approve_nor_does_a_stranger(
    payout, supplier, finance, second_finance, mediator, clock
):
    checked_account(supplier, finance, second_finance)
    consider_all()
    payout.refresh_from_db()
    asked = disbursing.ask_to_send(payout, by=finance)
    for intruder, code in [(finance, "own_proposal"), (mediator, "not_your_duty"),
                           (supplier, "not_your_duty"), (None, "not_your_duty")]:  # fmt: skip
        with pytest.raises(NotAllowed) as refusal:
            approvals.approve(asked, by=intruder)
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        disbursing.ask_to_send(payout, by=second_finance)
    assert refusal.value.code == "proposed_already"
    assert states() == ["requested"]
    assert Approval.objects.get(action="disbursement.approve").decision == "waiting"


def test_an_approval_is_void_once_its_subject_changed_or_a_day_is_over(
    payout, supplier, finance, second_finance, clock
):
    checked_account(supplier, finance, second_finance)
    consider_all()
    payout.refresh_from_db()
    asked = disbursing.ask_to_send(payout, by=finance)
    Disbursement.objects.update(destination={"name": "Mallory", "account": "666", "bic": ""})
    with pytest.raises(Refused) as refusal:
        approvals.approve(asked, by=second_finance)
    assert refusal.value.code == "approval_void"
    payout.refresh_from_db()
    assert (payout.state, payout.approved_by) == ("requested", None)
    disbursing.consider(payout, by=None)
    asked = disbursing.ask_to_send(payout, by=finance)
    clock.forward(hours=24)
    with pytest.raises(Refused) as refusal:
        approvals.approve(asked, by=second_finance)
    assert refusal.value.code == "approval_void"


def test_the_database_lets_nothing_from_the_limit_on_leave_without_two(payout, finance):
    for state in ("approved", "submitted", "confirmed"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Disbursement.objects.filter(pk=payout.pk).update(state=state)
    with pytest.raises(DatabaseError), transaction.atomic():
        Disbursement.objects.filter(pk=payout.pk).update(amount_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Disbursement.objects.filter(pk=payout.pk).delete()
    asked = disbursing.ask_to_send(payout, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(
            decision="approved", checker=finance, decided_at=asked.made_at
        )
    assert states() == ["requested"]


def test_nothing_leaves_while_the_brake_is_pulled_and_two_people_release_it(
    payout, supplier, finance, second_finance, clock
):
    checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    pause = brake.pull("The audit found something.")
    assert send(clock) == 0
    with pytest.raises(Refused) as refusal:
        sending.submit(payout, by=None)
    assert refusal.value.code == "paused"
    asked = approvals.propose(pause, "pause.end", by=finance)
    with pytest.raises(NotAllowed):
        approvals.approve(asked, by=finance)
    approvals.approve(asked, by=second_finance)
    assert send() == 1


def test_a_payout_waits_while_its_order_is_in_dispute_or_an_account_is_new(
    fully_funded_order, buyer, supplier, finance, second_finance, clock
):
    from disputes import operations as disputes

    order = fully_funded_order
    payout = earn(order, by=None, amount="600.00")
    account = checked_account(supplier, finance, second_finance)
    dispute = disputes.file(
        order, by=buyer, reason="not_shipped", statement="Nothing.", amount=usd("100.00")
    )
    consider_all()
    payout.refresh_from_db()
    assert (payout.state, payout.hold_reason) == ("on_hold", "dispute")
    disputes.withdraw(dispute, by=buyer)
    type(account).objects.update(usable_from=account.requested_at.replace(year=2099))
    consider_all()
    payout.refresh_from_db()
    assert payout.hold_reason == "new_account"
    type(account).objects.update(usable_from=account.requested_at)
    consider_all()
    payout.refresh_from_db()
    assert payout.state == "approved"


def test_a_payout_that_comes_back_is_owed_anew_less_what_the_bank_kept(
    payout, supplier, finance, second_finance, bank, clock
):
    """5,468.40 sent, 5,448.40 returned: the fee of 20.00 is the payee's (money.md 7.2)."""
    checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    send(clock)
    payout.refresh_from_db()
    bank.pays(payout)
    bank.returns(payout, usd("5448.40"))
    again = Disbursement.objects.exclude(pk=payout.pk).get()
    assert (again.amount, again.cause, again.state) == (usd("5448.40"), "test.back", "requested")
    assert balance(f"supplier_payable:{supplier.company_id}") == usd("5448.40")
    assert balance("suspense:unidentified") == usd("0")
    payout.refresh_from_db()
    assert (payout.state, payout.bank_fee_minor) == ("confirmed", 20_00)


def test_a_weekly_look_and_the_bank_that_says_nothing(
    payout, supplier, finance, second_finance, clock, run_clock
):
    consider_all()
    clock.forward(days=8)
    run_clock()
    assert Event.objects.filter(verb="review_hold").count() == 1
    checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    send()
    clock.forward(days=6)
    run_clock()
    assert Event.objects.filter(verb="timeout_check").count() == 1
    assert states() == ["submitted"]


def test_a_slow_refund_is_reported_and_stays_where_it_is(funded_order, clock, run_clock):
    give_back(funded_order, by=None, amount="900.00")
    consider_all()
    clock.forward(days=12)
    run_clock()
    assert Event.objects.filter(verb="sla_alert").count() == 0  # it is on hold, and says why
    assert states() == ["on_hold"]


# --- back through the provider


@pytest.fixture
def held_by_card(charged, provider, run_money):
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    run_money()
    charged.refresh_from_db()
    return charged


def refund_by_card(held_by_card, finance, second_finance, amount="5580.00"):
    owed = give_back(held_by_card.payment.order, by=None, amount=amount)
    consider_all()
    owed.refresh_from_db()
    if owed.needs_two:
        approve(owed, finance, second_finance)
    sending.send_due()
    return owed


def test_a_refund_goes_back_to_the_card_once_without_the_payment_fee(
    held_by_card, provider, run_money, finance, second_finance
):
    owed = refund_by_card(held_by_card, finance, second_finance)
    assert run_money() == 0
    assert sending.send_due() == 0
    assert run_money() == 0
    owed.refresh_from_db()
    asked = ProviderOperation.objects.get(kind="refund")
    assert (owed.state, asked.status, asked.amount) == ("confirmed", "succeeded", usd("5580.00"))
    assert [row["did"] for row in provider.books.log].count("refund.succeeded") == 1
    assert balance("psp_receivable:http_sim") == usd("164.61")
    assert balance("income:payment_fee") == usd("164.61")


def test_a_card_that_takes_nothing_back_is_tried_again_by_transfer(
    held_by_card, provider, run_money, buyer, finance, second_finance, clock
):
    provider.books.rows["charges"][held_by_card.external_ref]["refunded_minor"] = 1000_00
    owed = refund_by_card(held_by_card, finance, second_finance)
    run_money()
    owed.refresh_from_db()
    assert (owed.state, owed.failure) == (
        "failed", "a refund is never above what is left of the charge",
    )  # fmt: skip
    assert balance(owed.transit_account) == usd("0")
    assert balance(owed.source_account) == usd("5580.00")
    checked_account(buyer, finance, second_finance)
    disbursing.retry(owed, by=finance, by_transfer=True)
    owed.refresh_from_db()
    assert (owed.state, owed.route, owed.needs_two) == ("requested", "bank", True)
    approve(owed, finance, second_finance)
    assert sending.send_due() == 1
    owed.refresh_from_db()
    assert owed.end_to_end_id == f"TA{owed.pk:010d}N2"


def test_a_refund_goes_to_the_newest_card_first_and_the_rest_by_transfer(
    held_by_card, paid, run_money, buyer, finance, second_finance
):
    """5,580.00 by card, then 13,020.00 by transfer: 10,000.00 back is 5,580.00 + 4,420.00."""
    order = held_by_card.payment.order
    paid(order.instalments.get(n=2))
    legs = refund(order, usd("10000.00"), cause="test", by=None)
    assert [(leg.route, leg.amount) for leg in legs] == [
        ("provider", usd("5580.00")), ("bank", usd("4420.00")),
    ]  # fmt: skip


def test_the_provider_pays_suppliers_where_it_is_set_to(
    held_by_card, settings, supplier, finance, second_finance, run_money, clock, provider
):
    settings.PAYOUT_PROVIDER = "http_sim"
    payout = earn(held_by_card.payment.order, by=None, amount="5580.00")
    checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    assert send(clock) == 1
    assert run_money() == 0
    payout.refresh_from_db()
    assert (payout.state, payout.route) == ("confirmed", "provider")
    assert [row["did"] for row in provider.books.log].count("payout.succeeded") == 1
    assert charges.charge_of(held_by_card.payment) == held_by_card


def test_only_the_payee_says_that_it_arrived(payout, supplier, buyer, finance, second_finance):
    with pytest.raises(Refused) as refusal:
        disbursing.report_arrival(payout, by=buyer)
    assert refusal.value.code == "not_the_payee"
    with pytest.raises(Refused) as refusal:
        disbursing.report_arrival(payout, by=supplier)
    assert refusal.value.code == "not_sent"


def test_an_account_of_somebody_else_or_asked_for_by_a_reader_is_refused(supplier, finance):
    from payments.bank_accounts import change_account

    reader = person("zhou@littlepine.example", "Zhou", supplier.company, company_role="member")
    details = {"account_number": "6222020012345678", "bic": "ICBKCNBJ", "bank": "Demo Bank"}
    with pytest.raises(NotAllowed):
        change_account(by=reader, holder=supplier.company.legal_name, **details)
    for wrong, code in [
        ({"holder": "Lin Xiaosong"}, "holder_is_another"),
        ({"bic": "NOBIC"}, "bic_wrong"),
        ({"account_number": "GB33BUKB20201555555556"}, "iban_wrong"),
        ({"account_number": "1"}, "number_wrong"),
    ]:
        given = {"holder": supplier.company.legal_name, **details, **wrong}
        with pytest.raises(Refused) as refusal:
            change_account(by=supplier, **given)
        assert refusal.value.code == code
    assert supplier.company.bank_accounts.count() == 0
    assert Transfer.objects.count() == 0
