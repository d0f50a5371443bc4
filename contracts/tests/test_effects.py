"""What a change between two versions means, in exact money, days and claims."""

import pytest

from contracts.tests.sample import document
from contracts.views.differences import compare

BUYER, SUPPLIER = "buyer", "supplier"


def line(**changes):
    """One measured line: 200 g/m², give or take 5 %."""
    return {
        "number": 1,
        "template_key": "fabric",
        "characteristic": "Fabric",
        "kind": "number",
        "requirement": "200",
        "tolerance_minus": "5 %",
        "tolerance_plus": "5 %",
        "unit": "g/m²",
        "how_checked": "Scale",
        "severity": "major",
        "choices": [],
        "attachment_name": "",
        "attachment_sha256": "",
    } | changes


def effects(side, old, new):
    """The effect of every change, by its title."""
    return {row.title: row.effect for row in compare(old, new, side) if row.changed}


def of_part(side, key, **changes):
    """The effects of changing some values inside one part of the contract."""
    old = document()
    return effects(side, old, document(**{key: old[key] | changes}))


def of_lines(side, old, new):
    return effects(side, document(lines=old), document(lines=new))


def test_another_weight_moves_the_band_that_can_be_claimed_outside_of():
    change = [line()], [line(requirement="190")]
    said = "can claim outside this band: 180.5 to 199.5 g/m². Before: 190 to 210 g/m²."
    assert of_lines(BUYER, *change) == {"Line 1, Fabric": f"You {said}"}
    assert of_lines(SUPPLIER, *change) == {"Line 1, Fabric": f"The buyer {said}"}


def test_a_number_without_a_tolerance_leaves_no_band():
    change = [line()], [line(tolerance_minus="", tolerance_plus="")]
    said = "No measurable band is left: an inspector's industry standard would decide."
    assert of_lines(BUYER, *change) == {"Line 1, Fabric": said}


def test_a_line_taken_out_can_no_longer_be_claimed():
    assert of_lines(BUYER, [line()], []) == {"Line 1, Fabric": "You can no longer claim on this."}
    said = "The buyer can no longer claim on this."
    assert of_lines(SUPPLIER, [line()], []) == {"Line 1, Fabric": said}


def test_a_new_line_can_be_claimed():
    said = "You can claim where the goods differ from this."
    assert of_lines(BUYER, [], [line()]) == {"Line 1, Fabric": said}


def test_other_words_without_a_number_are_what_is_claimed_on():
    old = line(kind="text", requirement="Soft", unit="", tolerance_minus="", tolerance_plus="")
    said = "You can claim on the new words only."
    assert of_lines(BUYER, [old], [old | {"requirement": "Brushed"}]) == {"Line 1, Fabric": said}


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ("critical", "One such defect in the sample fails the inspection."),
        ("minor", "More such defects in the sample pass the inspection."),
    ],
)
def test_another_severity_moves_what_the_sample_may_hold(severity, said):
    assert of_lines(BUYER, [line()], [line(severity=severity)]) == {"Line 1, Fabric": said}


def test_a_lower_price_is_told_to_each_side_as_its_money():
    said = "pays US$600.00 less."
    assert of_part(SUPPLIER, "price", total_minor=1_800_000) == {"Price": f"The buyer {said}"}
    assert of_part(BUYER, "price", total_minor=1_800_000) == {"Price": "You pay US$600.00 less."}


def test_a_larger_deposit_is_money_before_production():
    old = document()
    first, balance = old["payment_plan"]
    plan = [
        first | {"percent": "40", "amount_minor": 744_000},
        balance | {"percent": "60", "amount_minor": 1_116_000},
    ]
    said = "You pay US$1,860.00 more before production starts."
    assert effects(BUYER, old, document(payment_plan=plan)) == {"Payment plan": said}


@pytest.mark.parametrize(
    ("ship_by", "said"),
    [
        ("2026-12-22", "The refund for late shipment starts 10 days later."),
        ("2026-12-11", "The refund for late shipment starts 1 day earlier."),
    ],
)
def test_another_ship_by_day_moves_the_refund(ship_by, said):
    assert of_part(BUYER, "delivery", ship_by=ship_by) == {"Ship by": said}


def test_a_day_counted_from_the_money_is_to_be_read_again():
    said = "The ship-by day is now counted another way: read it again."
    assert of_part(BUYER, "delivery", ship_by=None, lead_days=45) == {"Ship by": said}


def test_the_cost_of_a_late_day_is_an_amount():
    told = of_part(BUYER, "remedies", late_percent_per_day="1", late_cap_percent="20")
    assert told["Late shipment"] == "A day late gives you US$186.00, at most US$3,720.00."


def test_a_tolerance_of_the_quantity_is_a_number_of_pieces():
    old = document()
    new = document(goods=[old["goods"][0] | {"under_percent": "3"}])
    said = "Up to 90 pcs may be missing without a claim."
    assert effects(BUYER, old, new) == {"Quantity allowed": said}


def test_a_looser_limit_and_another_payer_are_told_apart():
    told = of_part(BUYER, "inspection", aql_major="4.0", payer="supplier")
    said = "Major defects: more of them pass. The supplier bears the inspection's fee."
    assert told == {"Inspection": said}


def test_side_terms_are_never_assured():
    old = document(side_terms="")
    told = effects(BUYER, old, document(side_terms="Twelve months of warranty"))
    said = "Not assured: no money that is held can be claimed for it."
    assert told == {"Side terms, not assured": said}


def test_what_has_not_changed_has_no_effect():
    rows = compare(document(), document(), BUYER)
    assert {row.effect for row in rows} == {""}
