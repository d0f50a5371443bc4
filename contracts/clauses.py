"""The standing clauses of every contract: each carries the rule it comes from.

The English text is signed with the contract and binds; pages show a translation beneath it.
"""

from contracts.document import Clause, Fee, Party, Platform
from contracts.documents.third_party import third_party_clauses
from contracts.sentences import noop as _

STANDING: tuple[tuple[str, str, str], ...] = (
    (
        "S15",
        _("What this contract covers"),
        _(
            "It is valid for the specification, the quality and the quantity of the goods as its "
            "numbered lines state them, and for shipping on time."
        ),
    ),
    (
        "S16",
        _("What it does not cover"),
        _(
            "Warranties, replacements and other services are not part of it. Side terms bind the "
            "parties between themselves and are not assured."
        ),
    ),
    (
        "S20",
        _("Late shipment"),
        _(
            "If the goods are not shipped by the ship-by date, what the platform holds goes back "
            "to the buyer by the clock, and the buyer need not prove anything."
        ),
    ),
    (
        "S29",
        _("Open gaps"),
        _(
            "Where no line states a requirement, or a gap is listed as accepted, nothing can be "
            "claimed on that point. A party's own idea of good quality does not fill it."
        ),
    ),
    (
        "S34",
        _("Unclear requirements"),
        _(
            "Where a line is unclear, not quantified or not workable, the industry standard that "
            "a third-party inspector recommends decides. A clear line always comes first."
        ),
    ),
    (
        "S49",
        _("Disputes"),
        _(
            "From filing, the supplier has fifteen days to settle a dispute. Then the platform "
            "decides: it reads this contract first and compares the inspection report with it."
        ),
    ),
    (
        "S60",
        _("Payment"),
        _(
            "Only money paid for this registered order into the designated account in Singapore "
            "is held and protected. Money paid anywhere else is not covered."
        ),
    ),
    (
        "CISG 39",
        _("Notice of lack of conformity"),
        _(
            "For claims through the platform, its windows for inspection, acceptance and claims "
            "take the place of the period in Article 39 of the CISG."
        ),
    ),
)


def standing_clauses(buyer: Party, supplier: Party, platform: Platform, fee: Fee) -> list[Clause]:
    """Every contract's clauses, with the payment to a third party that Indian banks ask for."""
    standing = [Clause(code=code, title=title, text=text) for code, title, text in STANDING]
    return [*standing, _fee(fee), *third_party_clauses(buyer, supplier, platform)]


def paper_clauses(name: str, sha256: str) -> list[Clause]:
    """The rank of a contract document that the supplier uploaded; nothing without one (S28)."""
    if not name:
        return []
    text = (
        f"The supplier has added its own document “{name}” with the SHA-256 {sha256}. Where it "
        "differs from the numbered lines, the delivery, the price or a clause of this contract, "
        "this contract prevails. A quality requirement that stands only in that document is a "
        "side term: it binds the parties between themselves and is not assured."
    )
    return [Clause(code="S28", title=_("The supplier's own document"), text=text)]


WHO_BEARS_IT = {
    "supplier": "The supplier bears it.",
    "buyer": "The buyer bears it, and pays it together with the price.",
    "split": "Buyer and supplier bear half of it each; the buyer pays his half with the price.",
}


def _fee(fee: Fee) -> Clause:
    """What the platform earns, fixed by signing (money.md 7.2): never on a refund."""
    text = (
        f"The platform's fee is {fee['percent']} % of the price that is released to the supplier. "
        f"{WHO_BEARS_IT[fee['side']]} Nothing is charged on what is refunded."
    )
    return Clause(code="Fee", title=_("The platform's fee"), text=text)
