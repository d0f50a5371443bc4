"""Paying by card and wallet through a provider: held once, never on a guess (S2, S5, S6, S18)."""

from datetime import timedelta

import pytest
import urllib3
from django.db import connection

from core import clock as business
from ledger.balances import balance
from ledger.models import Transfer
from payments import calls, charges
from payments.models import Payment, PaymentMethod, ProviderOperation
from payments.providers.base import NoAnswer
from payments.providers.http_sim import HttpSim
from payments.settling import settle
from tests.cast import person, usd
from workflow.errors import NotAllowed, Refused
from workflow.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db
Status = ProviderOperation.Status


def held(order):
    return balance(f"escrow:{order.ref}")


def state(order):
    return type(order).objects.get(pk=order.pk).state


def did(provider):
    return [line["did"] for line in provider.books.log]


def look_at(charged):
    calls.look(charged.pk)
    charged.refresh_from_db()
    charged.payment.refresh_from_db()
    return charged.status, charged.payment.state


def nothing_moved(order):
    return Transfer.objects.count() == 0 and state(order) == "awaiting_initial_payment"


def test_a_deposit_by_card_is_held_and_the_buyers_fee_is_our_income(charged, provider):
    """2.95 % of 5,580.00 is 164.61; the two journals make the table of money.md 7.2."""
    order = charged.order
    assert charged.amount == usd("5744.61")
    assert charged.redirect_url == f"{provider.url}/pay/{charged.external_ref}"
    assert nothing_moved(order)
    provider.books.pay(charged.external_ref)
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.CLEARED)
    assert [(t.debit.code, t.credit.code, t.amount) for t in Transfer.objects.order_by("pk")] == [
        ("psp_receivable:http_sim", f"escrow:{order.ref}", usd("5580.00")),
        ("psp_receivable:http_sim", "income:payment_fee", usd("164.61")),
    ]
    assert balance("psp_receivable:http_sim") == usd("5744.61")
    assert state(order) == "in_production"


def test_asked_again_it_is_the_same_payment_and_one_operation(charged, buyer, provider, run_money):
    again = charges.start_charge(charged.order, by=buyer, method="visa")
    assert again == charged.payment
    assert run_money() == 0
    assert ProviderOperation.objects.count() == 1
    assert did(provider) == ["charge.created"]


def test_another_method_waits_until_the_first_is_finished_or_cancelled(charged, buyer):
    with pytest.raises(Refused) as refusal:
        charges.start_charge(charged.order, by=buyer, method="alipay")
    assert refusal.value.code == "payment_open"
    assert Payment.objects.count() == 1


def test_an_existing_client_does_not_pay_by_paypal(provider, signed_order, buyer):
    """S6: from the first completed order on, UnionPay, Alipay and transfer."""
    done = type(signed_order).objects.get(pk=signed_order.pk)
    done.pk, done.code, done.public_id = None, "TA-0", business.now().strftime("%032d")
    type(done).objects.bulk_create([done])
    type(done).objects.filter(code="TA-0").update(state="completed")
    with pytest.raises(Refused) as refusal:
        charges.start_charge(signed_order, by=buyer, method="paypal")
    assert (refusal.value.code, "S6" in str(refusal.value)) == ("method_not_offered", True)
    assert (Payment.objects.count(), ProviderOperation.objects.count()) == (0, 0)
    assert charges.start_charge(signed_order, by=buyer, method="unionpay").state == "pending"


@pytest.mark.parametrize("method", ["telegraphic_transfer", "bitcoin"])
def test_only_a_card_or_a_wallet_is_charged(provider, signed_order, buyer, method):
    with pytest.raises(Refused) as refusal:
        charges.start_charge(signed_order, by=buyer, method=method)
    assert refusal.value.code == "method_not_offered"
    assert ProviderOperation.objects.count() == 0


def test_nobody_but_the_buyer_pays_and_of_its_people_those_who_may(
    charged, supplier, stranger, buyer
):
    reader = person("ravi@kidzone.example", "Ravi", buyer.company, company_role="member")
    for intruder in (supplier, stranger, reader):
        with pytest.raises(NotAllowed):
            charges.start_charge(charged.order, by=intruder, method="visa")
    assert ProviderOperation.objects.count() == 1


def test_an_order_that_waits_for_no_money_is_not_charged(provider, placed_order, buyer):
    with pytest.raises(Refused) as refusal:
        charges.start_charge(placed_order, by=buyer, method="visa")
    assert refusal.value.code == "nothing_due"


def test_the_intent_is_written_with_the_payment_and_sent_later(provider, signed_order, buyer):
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    intent = charges.charge_of(payment)
    assert (payment.state, intent.status, intent.attempts) == ("pending", Status.REQUESTED, 0)
    assert intent.destination.endswith(signed_order.get_absolute_url())
    message = OutboxMessage.objects.get(kind="provider.send")
    assert (message.lane, message.payload) == ("money", {"operation": intent.pk})
    assert did(provider) == []


def test_a_declined_card_leaves_the_instalment_open_for_another_try(
    charged, buyer, run_money, provider
):
    provider.books.decline(charged.external_ref)
    assert look_at(charged) == (Status.FAILED, Payment.State.FAILED)
    assert nothing_moved(charged.order)
    event = Event.objects.get(verb="fail")
    assert event.reason == "The card was declined."
    second = charges.start_charge(charged.order, by=buyer, method="mastercard")
    assert second != charged.payment
    assert run_money() == 0
    other = charges.charge_of(second)
    provider.books.pay(other.external_ref)
    calls.look(other.pk)
    assert held(charged.order) == usd("5580.00")


@pytest.mark.parametrize(
    "mood",
    [{"fail_before": 1}, {"fail_after": 1}, {"garbage": 1}, {"slow": 1.5}],
    ids=lambda mood: next(iter(mood)),
)
def test_an_unclear_answer_is_neither_yes_nor_no_and_makes_one_operation(
    provider, signed_order, buyer, run_money, mood
):
    provider.control(mood)
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    assert run_money() == 1
    intent = charges.charge_of(payment)
    assert (intent.status, intent.external_ref, intent.attempts) == (Status.UNKNOWN, "", 1)
    assert intent.last_error
    assert (payment.state, nothing_moved(signed_order)) == ("pending", True)
    provider.control({"slow": 0})
    assert run_money() == 0
    intent.refresh_from_db()
    assert (intent.status, intent.external_ref) == (Status.PENDING, "ch_000001")
    assert did(provider) == ["charge.created"]
    assert provider.books.log[0]["idempotency_key"] == intent.idempotency_key


def test_a_send_that_is_repeated_after_the_answer_calls_nobody(charged, provider):
    calls.send(charged.pk)
    charged.refresh_from_db()
    assert (charged.attempts, did(provider)) == (1, ["charge.created"])


def test_a_provider_that_is_gone_leaves_the_payment_pending(
    provider, signed_order, buyer, run_money, settings
):
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    settings.PAYMENT_PROVIDERS = {}
    assert run_money() == 1
    assert charges.charge_of(payment).status == Status.UNKNOWN
    assert nothing_moved(signed_order)


def test_less_than_asked_waits_for_staff_and_is_nobodys_money(charged, provider):
    provider.control({"partial": 100_00})
    provider.books.pay(charged.external_ref)
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.REVIEW)
    assert balance("suspense:unidentified") == usd("5644.61")
    assert balance("psp_receivable:http_sim") == usd("5644.61")
    assert (held(charged.order), balance("income:payment_fee")) == (usd("0"), usd("0"))
    assert state(charged.order) == "awaiting_initial_payment"
    assert Event.objects.get(verb="to_review").reason == (
        "The provider received US$5,644.61, we asked for US$5,744.61."
    )


def test_another_reference_or_currency_waits_for_staff(charged, provider):
    provider.books.pay(charged.external_ref)
    provider.books.rows["charges"][charged.external_ref]["currency"] = "SGD"
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.REVIEW)
    assert balance("suspense:unidentified", "SGD").minor == 5744_61
    assert held(charged.order) == usd("0")


def test_a_success_that_names_another_payment_is_not_believed(charged, provider):
    provider.books.pay(charged.external_ref)
    provider.books.rows["charges"][charged.external_ref]["reference"] = "RF00SOMEBODYELSE"
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.REVIEW)
    assert held(charged.order) == usd("0")


def test_money_that_comes_after_the_order_has_expired_waits_for_staff(charged, provider, clock):
    clock.forward(days=15)
    provider.books.pay(charged.external_ref)
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.REVIEW)
    assert state(charged.order) == "expired"
    assert balance("suspense:unidentified") == usd("5744.61")
    assert held(charged.order) == usd("0")


def test_money_that_comes_after_a_decline_is_a_payment_of_its_own_for_staff(charged, provider):
    provider.books.decline(charged.external_ref)
    look_at(charged)
    row = provider.books.rows["charges"][charged.external_ref]
    row |= {"status": "succeeded", "amount_captured_minor": row["amount_minor"]}
    asked = ProviderOperation.objects.get()
    answer = HttpSim({"url": provider.url, "secret": "x"}).fetch(asked.ask)
    settle(asked.order, by=None, asked=asked, answer=answer)
    assert [p.state for p in Payment.objects.order_by("pk")] == ["failed", "review"]
    assert balance("suspense:unidentified") == usd("5744.61")
    assert held(charged.order) == usd("0")


def test_a_transfer_that_was_faster_leaves_the_card_money_to_staff(charged, provider, paid):
    paid(charged.payment.instalment)
    provider.books.pay(charged.external_ref)
    assert look_at(charged) == (Status.SUCCEEDED, Payment.State.REVIEW)
    assert held(charged.order) == usd("5580.00")
    assert balance("suspense:unidentified") == usd("5744.61")


def test_lost_news_is_found_out_by_looking(charged, provider, run_money):
    provider.books.pay(charged.external_ref)
    assert calls.poll() == 0
    ProviderOperation.objects.update(updated_at=business.real_now() - timedelta(minutes=16))
    assert calls.poll() == 1
    assert calls.poll() == 0
    assert run_money() == 0
    assert held(charged.order) == usd("5580.00")


def test_looking_at_a_provider_that_does_not_answer_changes_nothing(charged, provider):
    provider.control({"slow": 1.5})
    assert look_at(charged) == (Status.PENDING, Payment.State.PENDING)
    assert nothing_moved(charged.order)


# --- no transaction is open while somebody outside is called


@pytest.fixture
def calls_seen(monkeypatch):
    """For each call to the provider, whether a transaction was open during it."""
    seen, call = [], HttpSim._call

    def watched(self, *words, **request):
        seen.append(connection.in_atomic_block)
        return call(self, *words, **request)

    monkeypatch.setattr(HttpSim, "_call", watched)
    return seen


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_payment_over_real_connections_with_no_transaction_open_during_any_call(
    calls_seen, provider, live_server, signed_order, buyer, run_money
):
    """The buyer presses “Pay” on the hosted page; the provider posts its news to us."""
    provider.events.address = f"{live_server.url}/webhooks/http_sim/"
    provider.events.start()
    provider.control({"fail_after": 1, "duplicate": 1})
    payment = charges.start_charge(signed_order, by=buyer, method="visa")
    assert (run_money(), run_money()) == (1, 0)
    page = charges.charge_of(payment).redirect_url
    with urllib3.PoolManager(retries=False) as browser:
        assert browser.request("POST", f"{page}/pay", redirect=False).status == 303
    provider.events.stop()
    assert run_money() == 0
    assert held(signed_order) == usd("5580.00")
    assert did(provider) == ["charge.created", "charge.succeeded"]
    assert calls_seen == [False] * 3  # charge, find, fetch


def test_a_method_that_names_a_provider_without_credentials_is_off(provider, signed_order, buyer):
    PaymentMethod.objects.filter(pk="visa").update(provider="stripe")
    with pytest.raises(Refused) as refusal:
        charges.start_charge(signed_order, by=buyer, method="visa")
    assert refusal.value.code == "method_not_offered"
    assert Payment.objects.count() == 0


def test_no_answer_is_raised_for_a_provider_that_is_not_set_up(settings):
    from payments import providers

    settings.PAYMENT_PROVIDERS = {}
    with pytest.raises(NoAnswer):
        providers.named("stripe")
