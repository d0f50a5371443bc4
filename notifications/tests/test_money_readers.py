"""Everybody hears of what happens to their money: exact readers, exact subjects, in order."""

import re
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress

from accounts.models import SupplierStanding
from core import clock as business
from core.formats import words
from disputes import chargebacks
from disputes import operations as disputes
from ledger.balances import balance
from notifications.models import Notice
from notifications.tasks import announce
from notifications.tests.conftest import dispute_all
from orders.models import Order
from payments import (
    bank_accounts,
    brake,
    calls,
    credit,
    disbursing,
    lateness,
    nudging,
    reviewing,
    sending,
)
from payments import operations as payments
from payments.escrow import refund, release
from payments.models import ApprovalLimit, Disbursement, Payment, StatementLine
from payments.tests.leaving import Bank, approve, checked_account, consider_all, send
from tests.cast import person, usd
from workflow import approvals, deadlines
from workflow.engine import advance, operation, record
from workflow.errors import Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db
PAYER_ACCOUNT, OWN_ACCOUNT = "50200012345", "6222020012345678"
FINANCE = ("daniel", "farah")


@operation
def give_back(order, *, by, amount, cause="test"):
    """A refund as any other."""
    return refund(order, usd(amount), cause=cause, by=by)[0]


@operation
def earn(order, *, by, amount):
    """The supplier earns a part of what is held: a release as any other."""
    return release(order, usd(amount), cause="test", by=by)


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


@pytest.fixture
def owed(funded_order, told):
    """US$900.00 of the deposit goes back to the account that it came from."""
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    told()
    return give_back(funded_order, by=None, amount="900.00")


@pytest.fixture
def payout(funded_order, told):
    """US$5,580.00 released, US$5,468.40 of it the supplier's; nobody knows its account yet."""
    told()
    return earn(funded_order, by=None, amount="5580.00")


def expected_on(disbursement):
    disbursement.refresh_from_db()
    return words.day_text(disbursement.expected_on)


def to_finance(subject):
    return [(who, subject) for who in FINANCE]


def test_a_refund_is_told_from_its_decision_to_its_arrival(
    funded_order, buyer, finance, second_finance, bank, clock, run_clock, told, mailoutbox
):
    """Late, refunded by silence, waiting for two, proposed, approved, sent, booked."""
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    ref = funded_order.code
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    lateness.choose_when_late(Order.objects.get(pk=funded_order.pk), by=buyer, choice="refund")
    clock.forward(days=3)
    told()
    run_clock()
    assert told() == [
        ("asha", f"Refund started: {ref} was not shipped in time"),
        ("lin", f"Ended: {ref} was not shipped in time"),
    ]
    (to_buyer,) = (mail for mail in mailoutbox if mail.to == [buyer.email])
    assert to_buyer.body.split("\n")[:2] == [
        "US$5,580.00 goes back to you. The order has ended.",
        "Two people of our staff approve it before it leaves. Each step is on the order page.",
    ]
    consider_all()
    needs_two = f"Approve: Refund US$5,580.00 for {ref} needs two people"
    assert told() == to_finance(needs_two)
    owed = Disbursement.objects.get()
    asked = disbursing.ask_to_send(owed, by=finance, reason="Not shipped.")
    assert told() == [
        (
            "farah",
            f"Approve or send back: Send money out, US$5,580.00 for {ref}, proposed by Daniel Tan",
        )
    ]
    assert "“Not shipped.”" in mailoutbox[0].body
    approvals.approve(asked, by=second_finance)
    assert told() == [("asha", f"Refund approved: US$5,580.00 for {ref}")]
    assert send() == 1
    day = expected_on(owed)
    assert told() == [("asha", f"Refund sent: US$5,580.00 for {ref}, expect it by {day}")]
    reference = f"TA{owed.pk:010d}N1"
    assert mailoutbox[0].body.split("\n")[:2] == [
        f"The refund of US$5,580.00 is on its way. Reference: {reference}.",
        "“Sent” means that it is handed to the bank. You are told when the bank has booked it.",
    ]
    bank.pays(owed)
    assert told() == [("asha", f"Refund booked: US$5,580.00 for {ref}")]
    assert f"your bank now has it. Reference: {reference}." in mailoutbox[0].body
    bank_knows = [PAYER_ACCOUNT, *funded_order.instalments.values_list("reference", flat=True)]
    assert not Notice.objects.filter(text__contains=PAYER_ACCOUNT).exists()
    for secret in bank_knows:
        assert not any(secret in f"{n.subject} {n.text}" for n in Notice.objects.all())


def test_a_payee_who_asks_where_the_refund_is_is_heard_by_the_finance_office(
    owed, finance, second_finance, bank, buyer, clock, told
):
    consider_all()
    send()
    owed.refresh_from_db()
    clock.move_to(nudging.overdue_from(owed))
    told()
    nudging.nudge(owed, by=buyer)
    asks = f"Look into it: Kidzone Retail has not got Refund US$900.00 for {owed.order.code}"
    assert [mail for mail in told() if mail[1] == asks] == to_finance(asks)


def test_a_small_refund_leaves_at_once_and_nobody_is_asked_to_approve_it(
    owed, finance, bank, told, mailoutbox
):
    assert told() == []
    consider_all()
    assert told() == []
    send()
    ref = owed.order.code
    day = expected_on(owed)
    assert told() == [("asha", f"Refund sent: US$900.00 for {ref}, expect it by {day}")]


def test_the_late_refund_of_a_small_order_says_that_it_leaves_at_once(
    signed_order, paid, finance, told, mailoutbox, clock, run_clock, buyer
):
    ApprovalLimit.objects.update(amount_minor=10_000_00)
    paid(signed_order.instalments.get(n=1))
    order = Order.objects.get(pk=signed_order.pk)
    clock.move_to(order.ship_deadline)
    run_clock()
    clock.forward(days=7)
    told()
    run_clock()
    assert [who for who, _ in told()] == ["asha", "lin"]
    (body,) = (mail.body for mail in mailoutbox if mail.to == [buyer.email])
    assert "It leaves as soon as it has been looked at." in body
    assert "second person" not in body


def test_a_payout_without_an_account_asks_its_supplier_for_one_then_goes_on(
    payout, supplier, finance, second_finance, clock, told, mailoutbox
):
    ref = payout.order.code
    consider_all()
    assert told() == [
        ("lin", f"Enter a bank account: Payout US$5,468.40 for {ref} waits"),
    ]
    assert mailoutbox[0].body.split("\n")[0] == (
        "Payout US$5,468.40 cannot leave: we have no checked bank account of your company."
    )
    checked_account(supplier, finance, second_finance)
    told()
    consider_all()
    assert told() == [
        *to_finance(f"Approve: Payout US$5,468.40 for {ref} needs two people"),
        ("lin", f"No longer on hold: Payout US$5,468.40 for {ref}"),
    ]
    approve(payout, finance, second_finance)
    assert ("lin", f"Payout approved: US$5,468.40 for {ref}") in told()
    send(clock)
    day = expected_on(payout)
    assert told() == [("lin", f"Payout sent: US$5,468.40 for {ref}, expect it by {day}")]
    assert not any(OWN_ACCOUNT in mail.body + mail.subject for mail in mailoutbox)


def test_what_the_finance_office_stops_is_told_without_its_reason(
    owed, buyer, finance, told, mailoutbox
):
    disbursing.hold(owed, by=finance, reason="Looks like fraud by the buyer.")
    ref = owed.order.code
    assert told() == [("asha", f"On hold: Refund US$900.00 for {ref}")]
    assert "The finance office looks at it." in mailoutbox[0].body
    assert "fraud" not in mailoutbox[0].body


def test_a_hold_of_a_week_asks_the_finance_office_again(
    owed, finance, second_finance, clock, run_clock, told
):
    disbursing.hold(owed, by=finance, reason="Being checked.")
    told()
    clock.forward(days=8)
    run_clock()
    subject = f"Look again: Refund US$900.00 for {owed.order.code} is on hold for a week"
    assert to_finance(subject) == [letter for letter in told() if letter[0] in FINANCE]


def test_a_proposal_that_is_sent_back_is_told_to_the_one_who_made_it(
    payout, supplier, finance, second_finance, told, mailoutbox
):
    checked_account(supplier, finance, second_finance)
    consider_all()
    payout.refresh_from_db()
    asked = disbursing.ask_to_send(payout, by=finance)
    told()
    approvals.refuse(asked, by=second_finance, note="Ask the supplier first.")
    ref = payout.order.code
    assert told() == [("daniel", f"Sent back to you: Send money out, US$5,468.40 for {ref}")]
    assert "“Ask the supplier first.”" in mailoutbox[0].body


def test_a_refused_refund_is_told_to_its_payee_and_to_the_finance_office(
    owed, finance, second_finance, told, mailoutbox
):
    consider_all()
    send()
    owed.refresh_from_db()
    told()
    sending.bounce(owed, by=None, reason=f"Account {PAYER_ACCOUNT} is closed.")
    ref = owed.order.code
    assert told() == [
        ("asha", f"Came back: Refund US$900.00 for {ref}"),
        *to_finance(f"Look why: Refund US$900.00 for {ref} came back"),
    ]
    assert not any(PAYER_ACCOUNT in mail.body for mail in mailoutbox)


def test_a_payout_that_bounced_asks_its_supplier_to_check_the_account(
    payout, supplier, finance, second_finance, clock, told
):
    checked_account(supplier, finance, second_finance)
    consider_all()
    approve(payout, finance, second_finance)
    send(clock)
    told()
    payout.refresh_from_db()
    sending.bounce(payout, by=None, reason="The account is closed.")
    subject = f"Check your bank account: Payout US$5,468.40 for {payout.order.code} came back"
    assert ("lin", subject) in told()


def test_what_the_bank_sends_back_is_told_with_its_fee(owed, finance, bank, told, mailoutbox):
    consider_all()
    send()
    owed.refresh_from_db()
    bank.pays(owed)
    told()
    bank.returns(owed, usd("885.00"))
    ref = owed.order.code
    assert ("asha", f"Came back: US$885.00 of Refund US$900.00 for {ref}") in told()
    (body,) = (mail.body for mail in mailoutbox if mail.to[0].startswith("asha"))
    assert "The bank sent US$885.00 back and kept US$15.00." in body


def test_a_refund_that_nobody_confirms_is_told_to_its_payee_and_the_finance_office(
    owed, finance, second_finance, clock, run_clock, told
):
    consider_all()
    send()
    told()
    clock.forward(days=6)
    run_clock()
    ref = owed.order.code
    assert [letter for letter in told() if "confirmed" in letter[1]] == [
        ("asha", f"Not confirmed yet: Refund US$900.00 for {ref}"),
        *to_finance(f"Ask the bank: Refund US$900.00 for {ref} is not confirmed"),
    ]


def test_a_refund_that_takes_too_long_is_told_to_its_payee_and_the_finance_office(
    funded_order, finance, second_finance, clock, run_clock, told
):
    StatementLine.objects.update(payer_account=PAYER_ACCOUNT)
    give_back(funded_order, by=None, amount="5000.00")
    consider_all()
    told()
    clock.move_to(deadlines.due_at("disbursement.send", Disbursement.objects.get()))
    run_clock()
    ref = funded_order.code
    assert [letter for letter in told() if "US$5,000.00" in letter[1]] == [
        ("asha", f"Takes longer: Refund US$5,000.00 for {ref}"),
        *to_finance(f"Send now: Refund US$5,000.00 for {ref}"),
    ]


def test_a_cancelled_refund_is_told_to_its_payee(owed, finance, second_finance, told):
    told()
    disbursing.cancel_by_two(owed, by=second_finance, proposed_by=finance)
    assert told() == [("asha", f"Cancelled: Refund US$900.00 for {owed.order.code}")]


def test_what_a_claim_left_of_a_payout_is_told_once(payout, told):
    told()
    disbursing.recut(payout, by=None, there=usd("1000.00"))
    ref = payout.order.code
    assert told() == [("lin", f"US$1,000.00 is left: Payout US$5,468.40 for {ref}")]


def test_a_bank_account_is_told_to_everybody_of_the_company_the_one_who_asked_too(
    supplier, finance, second_finance, told, mailoutbox
):
    person("bo@littlepine.example", "Bo Chen", supplier.company)
    person("gone@littlepine.example", "Gone", supplier.company, is_active=False)
    account = bank_accounts.change_account(
        by=supplier, holder=supplier.company.legal_name, account_number=OWN_ACCOUNT,
        bic="ICBKCNBJ", bank="Demo Bank Ningbo",
    )  # fmt: skip
    name = supplier.company.name
    usable = words.moment_text(account.usable_from, ZoneInfo("Asia/Shanghai"))
    changed = f"Bank account change for {name}, usable from {usable}"
    assert told() == [
        ("bo", changed),
        *to_finance(f"Check the new bank account of {name}"),
        ("lin", changed),
    ]
    told_lin = next(mail for mail in mailoutbox if mail.to == [supplier.email])
    assert f"If this was not you, tell us: nothing is paid to it before {usable}." in told_lin.body
    assert "You get this because it is about your company or your duties." in told_lin.body
    assert "References" not in told_lin.extra_headers
    for mail in mailoutbox:
        source = mail.subject + mail.body + mail.alternatives[0][0]
        assert not re.search("6222|5678|ICBK|Demo Bank", source)


def test_every_proven_address_of_a_person_hears_of_a_new_bank_account(supplier, told, mailoutbox):
    for email, verified in [("lin@old.example", True), ("mallory@evil.example", False)]:
        EmailAddress.objects.create(user=supplier, email=email, verified=verified)
    bank_accounts.change_account(
        by=supplier, holder=supplier.company.legal_name, account_number=OWN_ACCOUNT,
        bic="ICBKCNBJ", bank="Demo Bank Ningbo",
    )  # fmt: skip
    assert len(told()) == 1
    assert mailoutbox[0].to == ["lin@littlepine.example", "lin@old.example"]


def test_the_answer_to_a_bank_account_is_told_to_its_company(
    supplier, finance, second_finance, told, mailoutbox
):
    details = {"holder": supplier.company.legal_name, "bic": "ICBKCNBJ", "bank": "Demo Bank"}
    name = supplier.company.name
    account = bank_accounts.change_account(by=supplier, account_number=OWN_ACCOUNT, **details)
    told()
    asked = bank_accounts.ask_to_approve(account, by=finance)
    assert told() == [
        (
            "farah",
            f"Approve or send back: Put a bank account in use for {name}, proposed by Daniel Tan",
        )
    ]
    approvals.approve(asked, by=second_finance)
    assert told() == [("lin", f"In use: the new bank account of {name}")]
    other = bank_accounts.change_account(by=supplier, account_number="777700001111", **details)
    told()
    bank_accounts.refuse_account(other, by=finance, reason="Account 777700001111 is a person's.")
    assert told() == [("lin", f"Enter another bank account for {name}: this one is not accepted")]
    assert "777700001111" not in mailoutbox[0].body


def test_a_payment_under_review_is_closed_in_front_of_its_buyer(
    signed_order, paid, finance, second_finance, told
):
    ref = signed_order.code
    paid(signed_order.instalments.get(n=1), payer="SOMEBODY ELSE LTD")
    told()
    asked = reviewing.ask_to_clear(Payment.objects.get(), by=finance, reason="His sister's firm.")
    told()
    approvals.approve(asked, by=second_finance)
    assert told() == [
        ("asha", f"Checked: your payment of US$5,580.00 for {ref} counts"),
        ("asha", f"Held: US$5,580.00 for {ref}"),
        ("lin", f"Start {ref}: US$5,580.00 is held for you"),
    ]


def test_a_payment_that_nobody_decides_on_goes_back_in_front_of_all(
    signed_order, bank, finance, second_finance, clock, run_clock, told
):
    ref = signed_order.code
    reference = signed_order.instalments.get(n=1).reference
    bank.receives(usd("900.00"), payer="SOMEBODY ELSE LTD", text=f"/INV/ {reference}")
    told()
    clock.forward(days=15)
    run_clock()
    letters = [letter for letter in told() if "oes back" in letter[1]]
    assert letters == [
        ("asha", f"Goes back: your payment of US$900.00 for {ref}"),
        *to_finance(f"Goes back by itself: a payment of US$900.00 for {ref}"),
    ]
    consider_all()
    told()
    send()
    day = expected_on(Disbursement.objects.get())
    assert told() == [("asha", f"Sent back: US$900.00 for {ref}, expect it by {day}")]
    assert set(Notice.objects.values_list("trade_ref", flat=True)) <= {ref, ""}


def test_a_receipt_of_nobody_that_goes_back_is_told_to_the_finance_office_only(
    signed_order, bank, finance, second_finance, clock, run_clock, told, mailoutbox
):
    bank.receives(usd("900.00"), text="?")
    told()
    clock.forward(days=15)
    run_clock()
    told()
    consider_all()
    owed = Disbursement.objects.get()
    assert told() == to_finance(f"Goes back: US$900.00, disbursement {owed.pk}")
    send()
    assert told() == []


def test_a_proposal_about_a_receipt_without_an_order_is_told_by_its_number(
    signed_order, bank, finance, second_finance, told
):
    (imported,) = bank.receives(usd("5580.00"), text="?")
    line = imported.lines.get()
    told()
    reviewing.return_line(line, by=finance, reason="Nobody knows it.")
    subject = (
        f"Approve or send back: Send a receipt back, US$5,580.00 for statement line {line.pk}, "
        "proposed by Daniel Tan"
    )
    assert told() == [("farah", subject)]


def test_a_buyers_credit_is_told_when_it_is_used_and_when_it_goes_back(
    signed_order, paid, buyer, told
):
    ref = signed_order.code
    paid(signed_order.instalments.get(n=1), usd("5615.00"))
    told()
    order = Order.objects.get(pk=signed_order.pk)
    credit.apply_credit(order, by=buyer)
    assert told() == [("asha", f"Pay the missing US$12,985.00 for {ref}")]
    paid(order.instalments.get(n=2), usd("13000.00"))
    told()
    payment = Payment.objects.filter(state="cleared").first()
    assert balance(f"buyer_credit:{buyer.company_id}") == usd("15.00")
    credit.send_credit_back(payment, by=buyer)
    assert told() == [("asha", f"Your credit goes back: US$15.00, from {ref}")]


def test_a_released_reserve_and_a_debt_are_told_as_they_are(
    delivered_order, buyer, supplier, told, mailoutbox
):
    SupplierStanding.objects.update(reserve_percent=10)
    told()
    payments.accept_goods(Order.objects.get(pk=delivered_order.pk), by=buyer)
    ref = delivered_order.code
    assert ("lin", f"Released to you: US$16,405.20 for {ref}") in told()
    (body,) = (mail.body for mail in mailoutbox if mail.to == [supplier.email])
    assert "US$18,600.00 less our fee of US$372.00 is yours." in body
    assert "US$1,822.80 stays back until the claims are over, US$0.00 pays what you owe" in body


def test_a_refund_after_release_tells_the_supplier_what_it_owes_us(
    delivered_order, buyer, supplier, finance, second_finance, clock, told, mailoutbox
):
    order = Order.objects.get(pk=delivered_order.pk)
    payments.accept_goods(order, by=buyer)
    checked_account(supplier, finance, second_finance)
    consider_all()
    payout = Disbursement.objects.get()
    approve(payout, finance, second_finance)
    send(clock)
    claim = dispute_all(Order.objects.get(pk=order.pk), buyer, usd("2000.00"))
    told()
    disputes.concede(claim, by=supplier)
    ref = order.code
    letters = [letter for letter in told() if letter[0] in {"asha", "lin"}]
    assert letters == [
        ("asha", f"Refund decided: US$2,000.00 for {ref}, after the release"),
        ("asha", f"Settled: dispute on {ref}"),
        ("lin", f"Refund after release: US$2,000.00 of {ref} goes back to the buyer"),
        ("lin", f"Settled: dispute on {ref}"),
    ]
    bodies = "\n".join(mail.body for mail in mailoutbox if mail.to == [supplier.email])
    assert "We advanced US$2,000.00, which you owe us." in bodies
    assert "US$2,000.00 of what was released goes back to Kidzone Retail" in bodies


def test_a_chargeback_is_told_to_supplier_and_finance_and_shortly_to_the_buyer(
    charged, provider, run_money, finance, second_finance, told, mailoutbox, supplier
):
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    run_money()
    told()
    order = charged.payment.order
    case = chargebacks.open_chargeback(
        order, by=None, charge=charged, external_ref="cb_1", amount=usd("5580.00"),
        fee=usd("15.00"),
    )  # fmt: skip
    ref = order.code
    assert told() == [
        ("asha", f"Contested: your bank took US$5,580.00 back, {ref}"),
        *to_finance(f"Contest a chargeback: US$5,580.00, {ref}"),
        ("lin", f"Contested: the buyer’s bank took US$5,580.00 back, {ref}"),
    ]
    (body,) = (mail.body for mail in mailoutbox if mail.to == [supplier.email])
    assert "US$0.00 of it is taken from your money." in body
    chargebacks.end_chargeback(case, by=None, won=False)
    assert told() == [
        ("asha", f"Decided: US$5,580.00 stays with you, {ref}"),
        *to_finance(f"Lost: US$5,580.00 stays with the buyer, {ref}"),
        ("lin", f"Lost: US$5,580.00 stays with the buyer, {ref}"),
    ]


def test_a_dispute_that_a_chargeback_overtakes_or_lessens_is_told_to_both(
    funded_order, buyer, told
):
    claim = dispute_all(funded_order, buyer, usd("1000.00"))
    told()
    lessen(funded_order, by=None, claim=claim, part=usd("400.00"))
    ref = funded_order.code
    assert told() == [(who, f"The claim is less now: dispute on {ref}") for who in ("asha", "lin")]
    claim.refresh_from_db()
    lessen(funded_order, by=None, claim=claim, part=usd("600.00"))
    ended = f"Ended: dispute on {ref}, the buyer’s bank took the money back"
    assert told() == [("asha", ended), ("lin", ended)]


@operation
def lessen(order, *, by, claim, part):
    claim.adopt(order)
    chargebacks.reduce_claim(claim, part)


def test_the_brake_is_told_to_the_finance_office_and_the_administrators(
    finance, second_finance, buyer, told
):
    person("ada@ta.example", "Ada Root", duty="administrator")
    pause = brake.pull("The audit failed: A7.")
    subject = f"Look at the books: no refund and no payout leaves (pause of payments {pause.pk})"
    assert told() == [("ada", subject), *to_finance(subject)]


def test_news_of_money_is_told_once_however_often_it_is_delivered(owed, told):
    consider_all()
    send()
    assert len(told()) == 1
    announce(Event.objects.get(verb="submit", subject_type__model="disbursement").pk)
    assert told() == []


def test_what_is_refused_tells_nobody(owed, told):
    told()
    with pytest.raises(Refused):
        disbursing.hold(owed, by=None, reason=" ")
    assert told() == []
    assert Disbursement.objects.get().state == "requested"


def test_a_chargeback_that_was_won_is_told_to_all(
    charged, provider, run_money, finance, second_finance, told
):
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    run_money()
    order = charged.payment.order
    case = chargebacks.open_chargeback(
        order, by=None, charge=charged, external_ref="cb_1", amount=usd("5580.00"),
        fee=usd("15.00"),
    )  # fmt: skip
    told()
    chargebacks.end_chargeback(case, by=None, won=True)
    ref = order.code
    assert told() == [
        ("asha", f"Decided: US$5,580.00 counts as paid again, {ref}"),
        *to_finance(f"Won: US$5,580.00 is back, {ref}"),
        ("lin", f"Won: US$5,580.00 is back, {ref}"),
    ]


def test_a_payment_that_the_bank_shows_but_has_not_booked_is_told_to_its_buyer(
    signed_order, buyer, told
):
    payment = payments.pay_by_transfer(signed_order, by=buyer)
    told()
    seen(payment, by=None)
    assert told() == [("asha", f"Your payment for {signed_order.code} is seen, not booked yet")]


@operation
def seen(payment, *, by):
    advance(payment.bank_line_seen, by=by, seen_at=business.now())


def test_a_shortfall_that_the_supplier_takes_is_told_to_the_buyer(
    funded_order, paid, supplier, told
):
    paid(funded_order.instalments.get(n=2), usd("13000.00"))
    told()
    payments.accept_short(Order.objects.get(pk=funded_order.pk), by=supplier)
    ref = funded_order.code
    assert told() == [("asha", f"Accepted: US$20.00 is missing for {ref}")]


def test_a_late_refund_that_a_dispute_holds_back_and_a_release_beside_it_are_told_to_both(
    funded_order, delivered_order, buyer, clock, run_clock, told
):
    order = Order.objects.get(pk=delivered_order.pk)
    ref = order.code
    dispute_all(order, buyer, usd("1000.00"))
    told()
    payments.accept_by_silence(Order.objects.get(pk=order.pk), by=None)
    released = f"Released: US$17,600.00 that nobody disputes, {ref}"
    assert told() == [("asha", released), ("lin", released)]
    waiting(order, by=None)
    waits = f"The refund for {ref} waits until the dispute has ended"
    assert told() == [("asha", waits), ("lin", waits)]


@operation
def waiting(order, *, by):
    record(order, "late_refund_waits", by=by)


def test_a_receipt_whose_payer_has_no_account_is_the_finance_offices_to_find_out(
    signed_order, bank, finance, second_finance, told
):
    (imported,) = bank.receives(usd("900.00"), text="?", account="")
    told()
    reviewing.return_line(imported.lines.get(), by=finance, reason="Nobody knows it.")
    consider_all()
    owed = Disbursement.objects.get()
    subject = f"Look at a return on hold: US$900.00, disbursement {owed.pk}"
    assert told() == to_finance(subject)


def test_money_that_leaves_again_is_told_to_those_who_may_let_it(
    account, finance, second_finance, told
):
    pause = brake.pull("A look at the books.", by=finance)
    told()
    brake.release(pause, by=second_finance, proposed_by=finance)
    assert told() == [("daniel", f"Money leaves again (pause of payments {pause.pk})")]


def test_an_instalment_that_credit_pays_is_told_as_credit(signed_order, paid, buyer, told):
    paid(signed_order.instalments.get(n=1), usd("5615.00"))
    order = Order.objects.get(pk=signed_order.pk)
    paid(order.instalments.get(n=2), usd("12000.00"))
    told()
    order.instalments.filter(n=2).update(received_minor=12985_00)
    credit.apply_credit(order, by=buyer)
    assert ("asha", f"Held: US$35.00 of your credit for {order.code}") in told()
