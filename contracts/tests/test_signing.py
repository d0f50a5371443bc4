"""Two signatures under one hash, and what follows from the second."""

import pytest
from django.core.cache import cache

from accounts.models import CoverageReservation, SupplierStanding
from contracts import drafting
from contracts.models import PurchaseContract, Signature
from contracts.operations import counter, propose
from contracts.signing import STATEMENTS, sign_with_password
from core.references import is_ours
from tests.cast import PASSWORD, open_deadlines, usd
from tests.trades import sign_as
from workflow.errors import NotAllowed, Refused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db
State = PurchaseContract.State


@pytest.fixture(autouse=True)
def _fresh_attempts():
    cache.clear()


def sign(contract, user, **changed):
    details = {
        "password": PASSWORD,
        "typed_name": user.name,
        "sha256": contract.sha256,
        "statements": STATEMENTS,
    }
    sign_with_password(contract, by=user, **(details | changed))


def unsigned(contract):
    contract.refresh_from_db()
    return contract.state == State.PROPOSED and not Signature.objects.exists()


def test_the_briefs_nine_lines_are_in_the_contract(proposed_contract):
    lines = {line["template_key"]: line for line in proposed_contract.document["lines"]}
    assert [lines[key]["requirement"] for key in ("fabric", "colour", "zipper")] == [
        "Organic cotton, 200",
        "Pantone 1935 D",
        "YKK",
    ]
    files = {line["attachment_name"] for line in lines.values()} - {""}
    assert files == {"design_draft_a.pdf", "design_draft_dimensions.pdf", "label_b.pdf"}
    assert [lines[key]["requirement"] for key in ("prop_65", "reach", "cpsia")] == ["yes"] * 3
    assert all(len(f["sha256"]) == 64 for f in proposed_contract.document["attachments"])


def test_an_open_gap_needs_a_named_acknowledgement(contract, buyer):
    gaps = drafting.gaps_of(contract)
    assert len(gaps) > 0
    with pytest.raises(Refused) as refusal:
        propose(contract, by=buyer, acknowledged=[gap.code for gap in gaps[1:]])
    assert refusal.value.code == "gap_not_acknowledged"
    contract.refresh_from_db()
    assert (contract.state, contract.sha256, contract.gaps.count()) == (State.DRAFT, "", 0)


def test_only_the_side_whose_turn_it_is_writes(contract, supplier):
    line = contract.lines.first()
    with pytest.raises(NotAllowed):
        drafting.write_line(contract, by=supplier, line=line, requirement="Polyester")
    line.refresh_from_db()
    assert line.requirement == ""


def test_both_signatures_make_it_effective_and_ask_for_the_deposit(signed_order, supplier):
    contract = signed_order.contracts.get()
    assert contract.state == State.EFFECTIVE
    assert signed_order.state == "awaiting_initial_payment"
    deposit, balance = signed_order.instalments.all()
    assert (deposit.due, balance.due) == (usd("5580.00"), usd("13020.00"))
    assert is_ours(deposit.reference)
    assert is_ours(balance.reference)
    assert deposit.reference != balance.reference
    assert open_deadlines(signed_order) == ["order.pay"]
    reservation = CoverageReservation.objects.get(order_ref=signed_order.ref)
    assert reservation.amount_minor == 5_580_00
    assert OutboxMessage.objects.filter(kind="contract.seal").count() == 1


def test_a_wrong_password_signs_nothing(proposed_contract, buyer):
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer, password="guess")
    assert refusal.value.code == "password_wrong"
    assert unsigned(proposed_contract)


def test_after_five_wrong_passwords_the_right_one_waits_too(proposed_contract, buyer):
    for _attempt in range(5):
        with pytest.raises(Refused):
            sign(proposed_contract, buyer, password="guess")
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer)
    assert refusal.value.code == "too_many_attempts"
    assert unsigned(proposed_contract)


def test_nobody_signs_another_version_than_the_one_shown(proposed_contract, buyer):
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer, sha256="0" * 64)
    assert refusal.value.code == "version_changed"
    assert unsigned(proposed_contract)


def test_a_document_altered_after_proposing_cannot_be_signed(proposed_contract, buyer):
    document = proposed_contract.document
    document["lines"][0]["requirement"] = "Polyester"
    PurchaseContract.objects.filter(pk=proposed_contract.pk).update(document=document)
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer)
    assert refusal.value.code == "version_changed"
    assert not Signature.objects.exists()


def test_a_member_without_the_right_to_sign_cannot(proposed_contract, buyer):
    buyer.company_role = buyer.Role.MEMBER
    buyer.save()
    with pytest.raises(NotAllowed):
        sign(proposed_contract, buyer)
    assert unsigned(proposed_contract)


def test_one_company_does_not_sign_for_both(proposed_contract, buyer):
    sign(proposed_contract, buyer)
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer)
    assert refusal.value.code == "signed_already"
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == State.PART_SIGNED


def test_a_counter_proposal_replaces_the_version_and_its_signature(
    proposed_contract, buyer, supplier
):
    sign_as(proposed_contract, buyer)
    answer = counter(proposed_contract, by=supplier)
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == State.SUPERSEDED
    assert (answer.version, answer.state, answer.drafted_by) == (2, State.DRAFT, supplier.company)
    assert answer.lines.count() == 9
    with pytest.raises(Refused):
        sign(proposed_contract, supplier)


def test_a_supplier_who_lost_gold_cannot_make_it_effective(proposed_contract, buyer, supplier):
    sign_as(proposed_contract, buyer)
    SupplierStanding.objects.update(gold=False)
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, supplier)
    assert refusal.value.code == "supplier_not_eligible"
    proposed_contract.refresh_from_db()
    assert (proposed_contract.state, Signature.objects.count()) == (State.PART_SIGNED, 1)
    assert CoverageReservation.objects.count() == 0


def test_what_is_not_covered_must_be_accepted_before_it_binds(proposed_contract, buyer, supplier):
    sign_as(proposed_contract, supplier)
    SupplierStanding.objects.update(limit_minor=2_000_00)
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, buyer)
    assert refusal.value.code == "not_covered"
    assert str(refusal.value).startswith("US$3,580.00 of US$5,580.00 is not assured")
    assert SupplierStanding.objects.get().reserved == usd("0")
    proposed_contract.refresh_from_db()
    sign(proposed_contract, buyer, accept_uncovered=True)
    proposed_contract.order.refresh_from_db()
    assert proposed_contract.order.state == "awaiting_initial_payment"
    assert SupplierStanding.objects.get().reserved == usd("2000.00")


def test_the_supplier_cannot_accept_for_the_buyer_what_is_not_covered(
    proposed_contract, buyer, supplier
):
    SupplierStanding.objects.update(limit_minor=2_000_00)
    sign(proposed_contract, buyer)
    with pytest.raises(Refused) as refusal:
        sign(proposed_contract, supplier, accept_uncovered=True)
    assert refusal.value.code == "not_covered"
    assert CoverageReservation.objects.count() == 0


def test_not_signed_in_time_it_lapses_and_the_order_closes(proposed_contract, clock, run_clock):
    clock.forward(days=16)
    run_clock()
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == State.VOID
    assert proposed_contract.order.state == "expired"
    assert open_deadlines(proposed_contract.order) == []
