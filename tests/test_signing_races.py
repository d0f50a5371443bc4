"""Two people sign at the same moment, on real PostgreSQL: the contract binds once."""

from collections import Counter

import pytest

from accounts.models import CoverageReservation
from contracts.models import PurchaseContract
from contracts.operations import counter
from tests.cast import usd
from tests.test_concurrency import race
from tests.trades import sign_as
from workflow.models import OutboxMessage

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def again(contract):
    return PurchaseContract.objects.get(pk=contract.pk)


def test_both_signing_at_once_bind_once_and_reserve_once(proposed_contract, buyer, supplier):
    attempts = [lambda user=user: sign_as(again(proposed_contract), user) for user in [buyer] * 3]
    attempts += [lambda: sign_as(again(proposed_contract), supplier)] * 3
    ends = race(*attempts)

    assert ends["won"] == 2, ends
    contract = again(proposed_contract)
    assert (contract.state, contract.order.state) == ("effective", "awaiting_initial_payment")
    sides = Counter(contract.signatures.values_list("side", flat=True))
    assert sides == {"buyer": 1, "supplier": 1}
    due = [part.due for part in contract.order.instalments.all()]
    assert due == [usd("5580.00"), usd("13020.00")]
    reserved = CoverageReservation.objects.get(order_ref=contract.order.ref)
    assert reserved.amount_minor == 5_580_00
    assert OutboxMessage.objects.filter(kind="contract.seal").count() == 1


def test_a_counter_proposal_against_the_second_signature_has_one_winner(
    proposed_contract, buyer, supplier
):
    sign_as(proposed_contract, supplier)
    ends = race(
        lambda: sign_as(again(proposed_contract), buyer),
        lambda: counter(again(proposed_contract), by=buyer),
    )

    assert ends["won"] == 1, ends
    contract = again(proposed_contract)
    order = contract.order
    found = (contract.state, order.state, order.instalments.count(), order.contracts.count())
    assert found in [
        ("effective", "awaiting_initial_payment", 2, 1),
        ("superseded", "contracting", 0, 2),
    ]
    reserved = CoverageReservation.objects.filter(order_ref=order.ref).count()
    assert reserved == (1 if contract.state == "effective" else 0)
