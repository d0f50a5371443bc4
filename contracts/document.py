"""The shape of a contract document: the plain dict that is hashed, signed, drawn and kept.

Everything a party signs is in here, texts included, so that one SHA-256 covers all of it
(`sha256_hex(canonical(document))`). Amounts are minor units, percentages and measures decimal
texts, days ISO dates, instants ISO 8601 in UTC. A key that does not apply holds "" or None, it
never goes away.
"""

from typing import TypedDict

FORMAT = "trade-assurance-contract/1"


class Party(TypedDict):
    """A company that is bound, and the zone its people read the clock in."""

    name: str
    address: str
    country: str  # ISO 3166-1 alpha-2
    registration: str  # CIN, USCC
    tax_id: str
    zone: str  # IANA, such as Asia/Kolkata


class Account(TypedDict):
    """The designated account: in Singapore, held by the platform as the named third party."""

    beneficiary: str
    bank: str
    account_number: str
    bic: str  # the letters 5 and 6 are SG (S19)


class Platform(TypedDict):
    """Who holds the money."""

    name: str
    address: str
    account: Account | None


class Goods(TypedDict):
    """What is sold: quantity as a decimal text, HS code of 6 to 10 digits."""

    description: str
    hs_code: str
    origin: str
    quantity: str
    unit: str
    unit_code: str  # UN/ECE Recommendation 20
    unit_price: str  # a decimal text: a unit may cost less than a cent
    over_percent: str
    under_percent: str


class SpecificationLine(TypedDict):
    """One line of the specification: the number it keeps through inspection and dispute."""

    number: int
    template_key: str
    characteristic: str
    kind: str
    requirement: str
    tolerance_minus: str
    tolerance_plus: str
    unit: str
    how_checked: str
    severity: str
    choices: list[str]
    attachment_name: str
    attachment_sha256: str


class Price(TypedDict):
    """The whole price."""

    total_minor: int
    currency: str


class Delivery(TypedDict):
    """When and where the goods ship: a date, or days after the first payment is held."""

    incoterm: str
    place: str
    mode: str
    ship_by: str | None  # ISO date, over at the end of that day in `zone`
    lead_days: int | None
    zone: str


class Instalment(TypedDict):
    """A part of the price and when it is due ("on signing", "before shipment")."""

    label: str
    percent: str
    amount_minor: int


class Fee(TypedDict):
    """The platform's fee on released money, and who bears it: buyer, supplier or split."""

    percent: str
    side: str


class Inspection(TypedDict):
    """Sampling by ISO 2859-1: level, and acceptable quality limit per severity."""

    level: str
    aql_critical: str
    aql_major: str
    aql_minor: str
    payer: str


class Release(TypedDict):
    """When held money goes to the supplier."""

    basis: str  # "acceptance" or "shipment"
    acceptance_days: int
    sentence: str


class Remedies(TypedDict):
    """What a breach costs, signed in advance."""

    late_percent_per_day: str
    late_cap_percent: str
    failed_inspection: str
    shortage: str


class Clause(TypedDict):
    """A standing clause: its code is the rule it comes from."""

    code: str
    title: str
    text: str


class FileReference(TypedDict):
    """A file that belongs to the contract, known by its fingerprint."""

    name: str
    sha256: str
    size: int


class Acknowledgement(TypedDict):
    """A gap that a party named and took upon itself."""

    name: str
    sentence: str
    by: str
    at: str


class ContractDocument(TypedDict):
    """Everything the two parties sign."""

    format: str
    order: str
    version: int
    parent_sha256: str  # of the version an amendment replaces, else ""
    title: str
    proposed_at: str
    buyer: Party
    supplier: Party
    platform: Platform
    goods: list[Goods]
    lines: list[SpecificationLine]
    price: Price
    delivery: Delivery
    payment_plan: list[Instalment]
    fee: Fee
    inspection: Inspection
    release: Release
    remedies: Remedies
    governing_law: str
    holiday_rule: str
    side_terms: str  # agreed between the parties, not assured (S16)
    attachments: list[FileReference]
    acknowledged_gaps: list[Acknowledgement]
    clauses: list[Clause]


class SignatureRecord(TypedDict):
    """A signature as the document shows it; it is not part of what it signs."""

    side: str  # "buyer" or "supplier"
    name: str
    company: str
    signed_at: str  # ISO 8601, UTC
    address: str  # the network address it came from
    sha256: str
