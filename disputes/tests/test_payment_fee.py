"""The buyer's payment fee comes back only where a ruling makes the supplier bear it (7.2)."""

import pytest

from core.money import Money
from disputes import operations as disputes
from disputes import rulings
from disputes.models import Dispute
from ledger.balances import balance, order_position
from payments import calls
from payments.models import Disbursement
from tests.cast import both_done, usd
from workflow.errors import Refused
from workflow.models import Deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(charged, provider, run_money, buyer, supplier, mediator):
    """5,580.00 held by card (fee 164.61), all of it disputed, and before the mediator."""
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    run_money()
    order = type(charged.payment.order).objects.get(pk=charged.payment.order_id)
    found = disputes.file(
        order, by=buyer, reason="not_shipped", statement="Nothing.", amount=usd("5580.00")
    )
    disputes.refuse(found, by=supplier, reason="No.")
    rulings.assign(found, by=mediator, mediator=mediator)
    both_done(found)
    rulings.review_contract(found, by=mediator, review="Ship by the date.")
    rulings.compare(found, by=mediator, comparison="Nothing was shipped.", findings={})
    return found


def rule(case, mediator, run_clock, clock, **words):
    rulings.propose_ruling(
        case, by=mediator, refund=usd("5000.00"), reasons="As the record says.", **words
    )
    rulings.decide(case, by=mediator)
    clock.forward(days=8)
    run_clock()
    return Dispute.objects.get(pk=case.pk)


def test_a_supplier_at_fault_bears_it_out_of_its_part(case, mediator, run_clock, clock):
    """580.00 to the supplier less 164.61, less 2 % of the rest."""
    ended = rule(case, mediator, run_clock, clock, fault="supplier", payment_fee_back=True)
    assert ended.state == "enforced"
    order = ended.order
    assert balance(f"refund_payable:{order.buyer_id}") == usd("5164.61")
    assert balance(f"supplier_payable:{order.supplier_id}") == Money(415_39 - 8_31)
    assert order_position(order.ref)["held"] == usd("0")
    legs = Disbursement.objects.filter(kind="refund").order_by("pk")
    assert [(leg.route, leg.amount) for leg in legs] == [
        ("provider", usd("5000.00")),
        ("provider", usd("164.61")),
    ]
    assert not Deadline.objects.exclude(last_error="").exists()


def test_nobody_else_bears_it(case, mediator):
    with pytest.raises(Refused) as refusal:
        rulings.propose_ruling(
            case,
            by=mediator,
            refund=usd("5000.00"),
            reasons="x",
            fault="both",
            payment_fee_back=True,
        )
    assert refusal.value.code == "not_at_fault"
    case.refresh_from_db()
    assert (case.refund_minor, case.payment_fee_back) == (None, False)
