"""What an Indian bank wants to read before it pays a third party (background, finding 6).

The Reserve Bank of India lets a bank pay somebody other than the seller only if the order and
the invoice say so in words, and the Bill of Entry repeats them. The platform that holds the
money in Singapore is such a third party, so every contract carries the narration and the
agreement of the three.
"""

from contracts.document import Clause, ContractDocument, Party, Platform
from contracts.sentences import noop as _

NARRATION = "third-party-payment"
TRIPARTITE = "tripartite"


def third_party_clauses(buyer: Party, supplier: Party, platform: Platform) -> list[Clause]:
    """The narration of the payment, and the agreement of buyer, supplier and platform."""
    narration = (
        f"Payment for the goods of this contract is made to the third party {platform['name']}, "
        f"{_account(platform)}. The goods are shipped by {supplier['name']}, "
        f"{supplier['address']}. The same words appear on the invoice and in the Bill of Entry."
    )
    tripartite = (
        f"{buyer['name']}, {supplier['name']} and {platform['name']} agree: the buyer pays the "
        "price to the platform, which holds it for this order; payment to the platform discharges "
        "the buyer towards the supplier to that amount; the platform pays it on to the supplier, "
        "or back to the buyer, as this contract and the rules of the order say."
    )
    return [
        Clause(code=NARRATION, title=_("Narration of payment to a third party"), text=narration),
        Clause(code=TRIPARTITE, title=_("Agreement of the three parties"), text=tripartite),
    ]


def clauses_of(document: ContractDocument) -> list[Clause]:
    """The document's clauses, the third-party payment among them whether it names it or not.

    They follow from facts that are signed, so adding them to the page adds no promise.
    """
    clauses = list(document["clauses"])
    if any(clause["code"] == NARRATION for clause in clauses):
        return clauses
    parties = document["buyer"], document["supplier"], document["platform"]
    return clauses + third_party_clauses(*parties)


def _account(platform: Platform) -> str:
    account = platform["account"]
    if not account:
        return "in its designated account in Singapore"
    return (
        f"in the account of {account['beneficiary']}, number {account['account_number']}, at "
        f"{account['bank']}, SWIFT {account['bic']}, Singapore"
    )
