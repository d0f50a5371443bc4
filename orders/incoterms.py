"""Incoterms 2020: when goods count as shipped, and which document shows it (standards.md 5.1).

The eleven rules and their names are those of the International Chamber of Commerce. Trade
Assurance is about shipping, not arrival, so the delivery rules DAP, DPU and DDP count from
the dispatch date, which their contract has to name.
"""

from dataclasses import dataclass
from enum import StrEnum


class Shipped(StrEnum):
    """The event whose date is the date of shipment."""

    AT_DISPOSAL = "at_disposal"  # placed at the buyer's disposal, and the buyer was told
    FIRST_CARRIER = "first_carrier"  # handed to the first carrier
    ALONGSIDE = "alongside"  # placed alongside the vessel
    ON_BOARD = "on_board"  # the on-board date of the bill of lading
    DISPATCH = "dispatch"  # the dispatch that the contract names


class Document(StrEnum):
    """A document that can prove a shipment."""

    BILL_OF_LADING = "bill_of_lading"
    SEA_WAYBILL = "sea_waybill"
    AIR_WAYBILL = "air_waybill"
    ROAD_WAYBILL = "road_waybill"
    RAIL_WAYBILL = "rail_waybill"
    COURIER_RECEIPT = "courier_receipt"
    MULTIMODAL_DOCUMENT = "multimodal_document"
    FORWARDER_RECEIPT = "forwarder_receipt"
    DOCK_RECEIPT = "dock_receipt"
    COLLECTION_NOTICE = "collection_notice"


class Paper(StrEnum):
    """A paper that comes with the goods beside the document that proves their shipment."""

    COMMERCIAL_INVOICE = "commercial_invoice"
    PACKING_LIST = "packing_list"
    EXPORT_DECLARATION = "export_declaration"
    INSURANCE_CERTIFICATE = "insurance_certificate"
    IMPORT_CLEARANCE = "import_clearance"


OCEAN = frozenset({Document.BILL_OF_LADING, Document.SEA_WAYBILL})
CARRIER = OCEAN | {
    Document.AIR_WAYBILL,
    Document.ROAD_WAYBILL,
    Document.RAIL_WAYBILL,
    Document.COURIER_RECEIPT,
    Document.MULTIMODAL_DOCUMENT,
    Document.FORWARDER_RECEIPT,
}

# Which transport modes a document can belong to; one that is not listed fits them all.
MODES_OF = {
    Document.BILL_OF_LADING: {"sea"},
    Document.SEA_WAYBILL: {"sea"},
    Document.DOCK_RECEIPT: {"sea"},
    Document.AIR_WAYBILL: {"air", "express"},
    Document.ROAD_WAYBILL: {"road"},
    Document.RAIL_WAYBILL: {"rail"},
    Document.COURIER_RECEIPT: {"express"},
}


@dataclass(frozen=True)
class Incoterm:
    """One of the eleven rules.

    `requires_sea`: for sea and inland waterway only. `place` says what the named place,
    which is part of the term, is a name of. `insurance`: the cargo clauses the seller has
    to buy, A (all risks) or C (minimum), or nothing.
    """

    code: str
    name: str
    place: str
    shipped: Shipped
    documents: frozenset[Document]
    requires_sea: bool = False
    insurance: str = ""


INCOTERMS = {
    term.code: term
    for term in (
        Incoterm(
            "EXW",
            "Ex Works",
            "delivery",
            Shipped.AT_DISPOSAL,
            frozenset({Document.COLLECTION_NOTICE, Document.FORWARDER_RECEIPT}),
        ),
        Incoterm("FCA", "Free Carrier", "delivery", Shipped.FIRST_CARRIER, CARRIER),
        Incoterm("CPT", "Carriage Paid To", "destination", Shipped.FIRST_CARRIER, CARRIER),
        Incoterm(
            "CIP",
            "Carriage and Insurance Paid To",
            "destination",
            Shipped.FIRST_CARRIER,
            CARRIER,
            insurance="A",
        ),
        Incoterm("DAP", "Delivered at Place", "destination", Shipped.DISPATCH, CARRIER),
        Incoterm("DPU", "Delivered at Place Unloaded", "destination", Shipped.DISPATCH, CARRIER),
        Incoterm("DDP", "Delivered Duty Paid", "destination", Shipped.DISPATCH, CARRIER),
        Incoterm(
            "FAS",
            "Free Alongside Ship",
            "port_of_shipment",
            Shipped.ALONGSIDE,
            OCEAN | {Document.DOCK_RECEIPT},
            requires_sea=True,
        ),
        Incoterm(
            "FOB", "Free On Board", "port_of_shipment", Shipped.ON_BOARD, OCEAN, requires_sea=True
        ),
        Incoterm(
            "CFR",
            "Cost and Freight",
            "port_of_destination",
            Shipped.ON_BOARD,
            OCEAN,
            requires_sea=True,
        ),
        Incoterm(
            "CIF",
            "Cost Insurance and Freight",
            "port_of_destination",
            Shipped.ON_BOARD,
            OCEAN,
            requires_sea=True,
            insurance="C",
        ),
    )
}

INCOTERM_CHOICES = [(term.code, f"{term.code} {term.name}") for term in INCOTERMS.values()]


def check_term(code: str, place: str, mode: str) -> Incoterm:
    """The rule of a complete delivery term.

    Raises ValueError if the rule is unknown, has no named place, or needs a ship and the
    goods travel otherwise.
    """
    term = _term(code)
    if not place.strip():
        raise ValueError(f"{code} needs a named place: it is part of the term.")
    if term.requires_sea and mode != "sea":
        raise ValueError(f"{code} is for transport by sea. Use FCA, CPT or CIP for {mode}.")
    return term


def documents_for(code: str, mode: str) -> list[Document]:
    """The documents that prove shipment under a rule, for goods that travel by this mode."""
    return [
        document
        for document in Document
        if document in _term(code).documents and mode in MODES_OF.get(document, {mode})
    ]


def papers_for(code: str) -> list[Paper]:
    """The papers that the seller has to hand over under a rule, beside the transport document.

    Invoice and packing list always; the export declaration wherever the seller clears the goods
    for export, which is every rule but EXW; the insurance certificate under the two rules in
    which the seller insures; the import clearance under the one in which the seller pays duty.
    """
    wanted = {
        Paper.COMMERCIAL_INVOICE: True,
        Paper.PACKING_LIST: True,
        Paper.EXPORT_DECLARATION: code != "EXW",
        Paper.INSURANCE_CERTIFICATE: bool(_term(code).insurance),
        Paper.IMPORT_CLEARANCE: code == "DDP",
    }
    return [paper for paper, due in wanted.items() if due]


def is_accepted(code: str, document: str, mode: str) -> bool:
    """Whether a document of this type proves shipment (Shipment.submit, machines.md)."""
    return document in documents_for(code, mode)


def _term(code: str) -> Incoterm:
    if code not in INCOTERMS:
        raise ValueError(f"“{code}” is not one of the eleven rules of Incoterms 2020.")
    return INCOTERMS[code]
