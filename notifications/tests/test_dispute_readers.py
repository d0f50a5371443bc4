"""Who hears of what in a dispute: exact readers, exact subjects."""

import pytest

from disputes import operations as disputes
from disputes import rulings
from notifications.tests.conftest import TOO_LIGHT, dispute_all, file_report
from tests.cast import both_done, person, usd

pytestmark = pytest.mark.django_db


def test_a_dispute_and_an_offer_are_told_to_the_side_that_must_answer(
    inspection, buyer, supplier, inspector, told, mailoutbox
):
    order = inspection.order
    ref = order.code
    file_report(inspection, inspector, **TOO_LIGHT)
    told()
    dispute = dispute_all(order, buyer, usd("5580.00"))
    (receipt, answer) = told()
    assert receipt == ("asha", f"We have your dispute on {ref}")
    assert answer[0] == "lin"
    assert answer[1].startswith("Answer by ")
    assert answer[1].endswith(f": dispute on {ref}")

    disputes.propose(dispute, by=supplier, refund=usd("1240.00"), note="For the lighter cloth.")
    assert told() == [("asha", f"Answer the offer: US$1,240.00 back on {ref}")]
    assert "US$4,340.00 to Ningbo Little Pine Garment" in mailoutbox[0].body
    assert "“For the lighter cloth.”" in mailoutbox[0].body


def test_a_case_that_the_platform_decides_is_told_to_both_sides_and_the_staff(
    inspection, clock, run_clock, buyer, mediator, told, mailoutbox
):
    ref = inspection.order.code
    dispute = dispute_all(inspection.order, buyer, usd("5580.00"))
    told()
    clock.forward(days=16)
    run_clock()
    assert [line for line in told() if "dispute on" in line[1]] == [
        ("asha", f"Our staff now decide: dispute on {ref}"),
        ("lin", f"Our staff now decide: dispute on {ref}"),
        ("meera", f"Assign a mediator: dispute on {ref}"),
    ]
    dispute.refresh_from_db()
    rulings.assign(dispute, by=mediator, mediator=mediator)
    assert [who for who, _ in told()] == ["asha", "lin"]
    both_done(dispute)
    closed = [line for line in told() if line[1].startswith("Evidence closed")]
    assert closed == [
        ("asha", f"Evidence closed: dispute on {ref}"),
    ]
    rulings.review_contract(dispute, by=mediator, review="Line 1 asks for 200 g/m².")
    claim = dispute.claims.get()
    rulings.compare(
        dispute, by=mediator, comparison="Lighter.", findings={claim.pk: ("differs", "")}
    )
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("2000.00"), fault="supplier", reasons="Line 1 differs."
    )
    assert told() == []
    rulings.decide(dispute, by=mediator)
    assert told() == [("asha", f"Decision on {ref}"), ("lin", f"Decision on {ref}")]
    assert "US$2,000.00 goes back to Kidzone Retail, US$3,580.00 is released" in mailoutbox[0].body
    clock.forward(days=8)
    run_clock()
    assert [line for line in told() if line[0] != "grace"] == [
        ("asha", f"Carried out: decision on {ref}"),
        ("lin", f"Carried out: decision on {ref}"),
    ]


def test_a_large_proposed_ruling_asks_a_second_mediator_and_not_its_author(
    inspection, buyer, supplier, mediator, settings, told
):
    settings.SECOND_READER_FROM_MINOR = 100
    person("omar@ta.example", "Omar Said", duty="mediator")
    dispute = dispute_all(inspection.order, buyer, usd("5580.00"))
    disputes.refuse(dispute, by=supplier, reason="The cloth is as agreed.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    both_done(dispute)
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    findings = {dispute.claims.get().pk: ("differs", "")}
    rulings.compare(dispute, by=mediator, comparison="Lighter.", findings=findings)
    told()
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("2000.00"), fault="supplier", reasons="Line 1."
    )
    assert told() == [("omar", f"Read the proposed ruling: dispute on {inspection.order.code}")]


def test_a_settlement_is_a_receipt_for_both(inspection, buyer, supplier, told):
    dispute = dispute_all(inspection.order, buyer, usd("5580.00"))
    told()
    disputes.concede(dispute, by=supplier)
    ref = inspection.order.code
    assert [line for line in told() if line[0] in {"asha", "lin"}] == [
        ("asha", f"Settled: dispute on {ref}"),
        ("lin", f"Settled: dispute on {ref}"),
    ]
