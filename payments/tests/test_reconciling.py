"""Ledger, provider and bank say the same, or the difference has a number; the day is sealed."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from contracts.documents.seal import verify
from core import clock as business
from core.days import platform_date
from ledger.operations import Move, post
from payments import calls, client_money, reconciling
from payments.bank_messages import StatementEntry
from payments.models import ClientMoneyStatement, Difference, ProviderOperation
from payments.tests.leaving import Bank
from tests.cast import usd

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


def differences():
    return sorted(Difference.objects.filter(gone_at=None).values_list("key", flat=True))


def test_after_a_clean_run_nothing_differs(signed_order, bank):
    bank.receives(usd("5580.00"), text=signed_order.instalments.get(n=1).reference)
    run = reconciling.reconcile()
    assert (run.open_differences, differences()) == (0, [])
    assert run.figures["USD"]["client_money"] == 5580_00
    assert run.figures["USD"]["bank"] == 5580_00


def test_a_missing_statement_and_money_that_left_have_numbers_that_stay(signed_order, bank):
    bank.receives(usd("5580.00"), text=signed_order.instalments.get(n=1).reference)
    bank.books(StatementEntry(usd("35.00"), credit=False, text="CHARGES"))
    first = reconciling.reconcile()
    assert first.open_differences == 2
    assert [key.partition(":")[2].split(":")[0] for key in differences()] == ["balance", "line"]
    numbers = sorted(map(str, Difference.objects.all()))
    again = reconciling.reconcile()
    assert sorted(map(str, again.differences.all())) == numbers
    assert all(number.startswith("RD-") for number in numbers)


def test_money_that_only_the_ledger_knows_is_a_difference_until_it_is_gone(signed_order, bank):
    bank.receives(usd("5580.00"), text=signed_order.instalments.get(n=1).reference)
    post("test", key="test", transfers=[Move("bank:sg_trust", "bank:operating", usd("1.00"))])
    reconciling.reconcile()
    found = Difference.objects.get()
    assert (found.key, found.amount_minor) == ("bank:balance:USD", -1_00)
    post("test", key="undo", transfers=[Move("bank:operating", "bank:sg_trust", usd("1.00"))])
    assert reconciling.reconcile().open_differences == 0
    found.refresh_from_db()
    assert found.gone_at is not None


def test_a_provider_that_says_otherwise_is_listed(charged, provider, run_money):
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    assert reconciling.reconcile().open_differences == 0
    ProviderOperation.objects.update(amount_minor=5744_60)
    reconciling.reconcile()
    assert differences() == [f"provider:http_sim:{charged.external_ref}:amount"]


def test_a_provider_that_does_not_answer_is_a_difference_too(charged, provider, settings):
    provider.stop()
    reconciling.reconcile()
    assert differences() == ["provider:http_sim:silent"]


def test_the_day_is_compared_once(signed_order, clock):
    assert reconciling.reconcile_if_due() is not None
    assert reconciling.reconcile_if_due() is None
    clock.forward(days=1)
    assert reconciling.reconcile_if_due() is not None


def test_each_day_has_a_sealed_statement_of_client_money_in_a_chain(
    funded_order, clock, run_outbox
):
    began = platform_date(business.now())
    clock.forward(days=2)
    made = client_money.make_missing()
    assert [row.day for row in made] == [began, began + timedelta(days=1)]
    assert client_money.make_missing() == []
    first, second = made
    told = json.loads(first.text)
    assert (told["trust_cash"], told["client_money"], told["surplus"]) == (5580_00, 5580_00, 0)
    assert told["owed"]["escrow:*"] == 5580_00
    assert hashlib.sha256(first.text.encode()).hexdigest() == first.sha256
    assert (second.prev_sha256, told["previous"]) == (first.sha256, "0" * 64)
    run_outbox()
    first.refresh_from_db()
    with first.pdf.open() as file:
        pdf = file.read()
    assert verify(pdf, expected_sha256=first.pdf_sha256).valid
    assert not verify(pdf[:-9] + b"x" + pdf[-8:]).valid


def test_a_statement_of_client_money_cannot_be_changed_or_removed(funded_order, clock):
    clock.forward(days=1)
    (row,) = client_money.make_missing()
    for change in (
        lambda: ClientMoneyStatement.objects.filter(pk=row.pk).update(text="{}"),
        lambda: ClientMoneyStatement.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
