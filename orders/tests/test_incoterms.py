"""Trade terms: what counts as shipped, and which document proves it."""

import pytest

from orders import incoterms, policies
from orders.incoterms import INCOTERMS, Document, Shipped


def test_the_eleven_rules_and_which_of_them_need_a_ship():
    assert set(INCOTERMS) == {
        *("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP"),
        *("FAS", "FOB", "CFR", "CIF"),
    }
    assert {code for code, term in INCOTERMS.items() if term.requires_sea} == {
        *("FAS", "FOB", "CFR", "CIF"),
    }
    assert incoterms.INCOTERM_CHOICES[0] == ("EXW", "EXW Ex Works")


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        (Shipped.AT_DISPOSAL, {"EXW"}),
        (Shipped.FIRST_CARRIER, {"FCA", "CPT", "CIP"}),
        (Shipped.ALONGSIDE, {"FAS"}),
        (Shipped.ON_BOARD, {"FOB", "CFR", "CIF"}),
        (Shipped.DISPATCH, {"DAP", "DPU", "DDP"}),
    ],
)
def test_each_rule_has_its_own_moment_of_shipment(event, codes):
    assert {code for code, term in INCOTERMS.items() if term.shipped is event} == codes


def test_the_seller_insures_under_two_rules_only():
    assert {code: term.insurance for code, term in INCOTERMS.items() if term.insurance} == {
        "CIP": "A",
        "CIF": "C",
    }


def test_goods_on_board_are_proved_by_an_ocean_document():
    assert incoterms.documents_for("FOB", "sea") == [
        Document.BILL_OF_LADING,
        Document.SEA_WAYBILL,
    ]
    assert incoterms.is_accepted("FOB", "bill_of_lading", "sea")
    assert not incoterms.is_accepted("FOB", "air_waybill", "sea")
    assert not incoterms.is_accepted("FOB", "forwarder_receipt", "sea")


def test_a_document_belongs_to_the_transport_of_the_goods():
    assert incoterms.is_accepted("FCA", "air_waybill", "air")
    assert not incoterms.is_accepted("FCA", "bill_of_lading", "air")
    assert not incoterms.is_accepted("FCA", "drawing", "air")
    assert incoterms.is_accepted("EXW", "collection_notice", "road")
    assert not incoterms.is_accepted("EXW", "road_waybill", "road")


@pytest.mark.parametrize("code", INCOTERMS)
@pytest.mark.parametrize("mode", policies.TRANSPORT_MODES)
def test_every_possible_term_has_a_document_that_proves_it(code, mode):
    if INCOTERMS[code].requires_sea and mode != "sea":
        with pytest.raises(ValueError, match=f"{code} is for transport by sea"):
            incoterms.check_term(code, "Ningbo", mode)
    else:
        assert incoterms.check_term(code, "Ningbo", mode) is INCOTERMS[code]
        assert incoterms.documents_for(code, mode)


def test_a_term_needs_its_place_and_a_rule_that_exists():
    with pytest.raises(ValueError, match="FOB needs a named place"):
        incoterms.check_term("FOB", "  ", "sea")
    with pytest.raises(ValueError, match="“DAT” is not one of the eleven rules"):
        incoterms.check_term("DAT", "Mumbai", "sea")
