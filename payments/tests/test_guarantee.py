"""After release: reserve, set-off, guarantee up to the cover, fee sides (money.md 7.2, 7.3)."""

from decimal import Decimal

import pytest

from accounts.models import CoverageReservation, SupplierStanding
from contracts import drafting
from contracts.operations import accept_order, propose
from core.money import Money
from disputes import operations as disputes
from ledger.balances import balance, order_position, trust_position
from orders.fees import earned, on_top
from orders.models import Order
from payments import guarantee, treasury
from payments.escrow import release
from payments.models import Disbursement, TreasuryTransfer
from payments.operations import accept_goods
from tests.cast import usd
from tests.trades import sign_as, write_the_brief
from workflow import approvals
from workflow.engine import operation
from workflow.errors import Refused

pytestmark = pytest.mark.django_db


@operation
def earn(order, *, by, amount, cause="test"):
    return release(order, usd(amount), cause=cause, by=by)


@operation
def give_back_after_release(order, *, by, amount):
    return guarantee.refund_after_release(order, usd(amount), cause="test", by=by)


def payable(order):
    return balance(f"supplier_payable:{order.supplier_id}")


def reserve(order):
    return balance(f"supplier_reserve:{order.supplier_id}")


def debt(order):
    return balance(f"receivable_supplier:{order.supplier_id}")


def test_a_reserve_stays_back_and_is_free_when_the_claims_are_over(
    delivered_order, buyer, clock, run_clock
):
    """10 % of 18,228.00 (18,600.00 less 2 %) stays until T8."""
    SupplierStanding.objects.update(reserve_percent=Decimal(10))
    order = Order.objects.get(pk=delivered_order.pk)
    accept_goods(order, by=buyer)
    assert (payable(order), reserve(order)) == (usd("16405.20"), usd("1822.80"))
    clock.forward(days=31)
    run_clock()
    assert (payable(order), reserve(order)) == (usd("18228.00"), usd("0"))
    assert [d.amount for d in Disbursement.objects.order_by("pk")] == [
        usd("16405.20"), usd("1822.80"),
    ]  # fmt: skip


def test_the_guarantee_pays_what_supplier_and_reserve_do_not_up_to_the_cover(funded_order):
    """money.md 7.2 in small: 1,200 back; payable 300, reserve 200, the platform 700 of 1,000."""
    order = funded_order
    SupplierStanding.objects.update(reserve_percent=Decimal(40))
    order = Order.objects.get(pk=order.pk)
    order.fee_percent = 0
    order.save()
    earn(order, by=None, amount="500.00")
    CoverageReservation.objects.update(amount_minor=1000_00)
    assert (payable(order), reserve(order)) == (usd("300.00"), usd("200.00"))
    draw = give_back_after_release(order, by=None, amount="1200.00")
    assert draw == guarantee.Draw(usd("300.00"), usd("200.00"), usd("700.00"), usd("0"))
    assert (payable(order), reserve(order), debt(order)) == (usd("0"), usd("0"), usd("700.00"))
    assert balance(f"refund_payable:{order.buyer_id}") == usd("1200.00")
    assert trust_position().surplus == usd("0")
    assert TreasuryTransfer.objects.get().amount == usd("700.00")


def test_beyond_the_cover_there_is_recovery_only_and_a_second_claim_finds_the_rest(funded_order):
    order = funded_order
    CoverageReservation.objects.update(amount_minor=1000_00)
    first = give_back_after_release(order, by=None, amount="900.00")
    assert (first.guarantee, first.uncovered) == (usd("900.00"), usd("0"))
    draw = guarantee.draw_for(order, usd("500.00"))
    assert (draw.guarantee, draw.uncovered) == (usd("100.00"), usd("400.00"))


def test_what_a_supplier_owes_is_set_off_from_its_next_release_repaid_or_lost(
    funded_order, finance, second_finance
):
    order = funded_order
    give_back_after_release(order, by=None, amount="2000.00")
    payout = earn(order, by=None, amount="1000.00")
    assert (payout, debt(order), payable(order)) == (None, usd("1020.00"), usd("0"))
    for how, amount, left in [("repaid", "1000.00", "20.00"), ("lost", "20.00", "0")]:
        asked = treasury.ask_to_settle_debt(
            order.supplier, by=finance, amount=usd(amount), how=how, reason="As agreed."
        )
        approvals.approve(asked, by=second_finance)
        assert debt(order) == usd(left)
    assert balance("expense:guarantee_loss") == usd("20.00")
    asked = treasury.ask_to_settle_debt(
        order.supplier, by=finance, amount=usd("1"), how="lost", reason="Again."
    )
    with pytest.raises(Refused) as refusal:
        approvals.approve(asked, by=second_finance)
    assert refusal.value.code == "too_much"


def test_a_claim_after_release_freezes_the_payout_and_keeps_the_cover(
    delivered_order, buyer, mediator, clock, run_clock, run_outbox
):
    order = delivered_order
    accept_goods(order, by=buyer)
    order.refresh_from_db()
    contract = order.contracts.get()
    line = contract.lines.first()
    case = disputes.file(
        order, by=buyer, reason="quality", statement="Mould.", amount=usd("4000.00"), lines=[line]
    )
    assert (case.after_release, order_position(order.ref)["hold"]) == (True, usd("0"))
    run_outbox()
    payout = Disbursement.objects.get(kind="payout")
    assert (payout.state, payout.hold_reason) == ("on_hold", "dispute")
    clock.forward(days=31)
    run_clock()
    case.refresh_from_db()
    assert case.state == "escalated"
    assert CoverageReservation.objects.get().freed_at is None


def test_a_conceded_claim_after_release_comes_out_of_the_suppliers_money(
    delivered_order, buyer, supplier
):
    order = delivered_order
    accept_goods(order, by=buyer)
    order.refresh_from_db()
    case = disputes.file(
        order, by=buyer, reason="quality", statement="Mould.", amount=usd("4000.00"),
        lines=[order.contracts.get().lines.first()],
    )  # fmt: skip
    disputes.concede(case, by=supplier)
    assert payable(order) == usd("14228.00")
    assert balance(f"refund_payable:{order.buyer_id}") == usd("4000.00")
    assert Disbursement.objects.get(kind="refund").amount == usd("4000.00")
    assert Order.objects.get(pk=order.pk).state == "completed"


# --- who bears the fee


@pytest.mark.parametrize(
    ("side", "gross", "supplier", "fee"),
    [
        ("supplier", "12000.00", "11760.00", "240.00"),
        ("buyer", "12240.00", "12000.00", "240.00"),
        ("split", "12120.00", "11880.00", "240.00"),
    ],
)
def test_the_fee_on_12000_is_240_whoever_bears_it(side, gross, supplier, fee):
    share = earned(usd(gross), 2, side)
    assert (share.supplier, share.fee) == (usd(supplier), usd(fee))


def test_what_the_buyer_bears_on_top_is_exactly_his_share_over_the_plan():
    plan = [Money(33_33), Money(66_67)]
    assert sum(part.minor for part in on_top(plan, Decimal("2.5"), "buyer")) == 2_50
    assert [part.minor for part in on_top(plan, 2, "supplier")] == [0, 0]


def test_a_fee_that_the_buyer_bears_is_paid_with_the_price_and_refunded_with_it(
    placed_order, supplier, buyer, account, paid
):
    """18,600.00 and 372.00: the deposit is 5,580.00 + 111.60."""
    contract = accept_order(placed_order, by=supplier)
    write_the_brief(contract, buyer)
    drafting.set_terms(contract, by=buyer, fee_side="buyer")
    propose(contract, by=buyer, acknowledged=[g.code for g in drafting.gaps_of(contract)])
    assert contract.document["fee"] == {"percent": "2", "side": "buyer"}
    sign_as(contract, supplier)
    sign_as(contract, buyer)
    order = contract.order
    assert [part.due for part in order.instalments.all()] == [usd("5691.60"), usd("13280.40")]
    for part in order.instalments.all():
        paid(part)
    earn(order, by=None, amount="18972.00", cause="all")
    assert payable(order) == usd("18600.00")
    assert balance("income:escrow_fee") == usd("372.00")
