"""What the platform covers and what it does not, said once, each fact with its source.

The coverage page prints these sentences. The time limits and the ways to pay are not among
them: the page prints those from the tables that the platform itself obeys.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Fact(NamedTuple):
    """One plain sentence, and the statements of the brief that it keeps."""

    sources: tuple[str, ...]
    text: str


COVERED = [
    Fact(
        ("S20",),
        _(
            "The goods are not shipped by the agreed date, or not at all: you are eligible for "
            "a refund."
        ),
    ),
    Fact(
        ("S21",),
        _("The goods do not match a line of the signed contract: you are eligible for a refund."),
    ),
]
NOT_COVERED = [
    Fact(
        ("S8",),
        _(
            "Money paid straight into a supplier’s own bank account. There is no refund and no "
            "charge-back for it."
        ),
    ),
    Fact(("S60",), _("Any payment made outside this platform.")),
    Fact(("S61",), _("A transfer to any account other than the designated one.")),
    Fact(
        ("S16",),
        _("Warranties, replacements and other services, even if the supplier promised them."),
    ),
    Fact(("S29",), _("Quality that was not clearly required before you paid.")),
    Fact(("S23",), _("A refund merely because you ask for one.")),
]
CONDITIONS = [
    Fact(
        ("S59",),
        _("Register the order here first. Only then pay, and only to the account shown to you."),
    ),
    Fact(("S19",), _("Pay only to the one designated bank account in Singapore.")),
    Fact(("S18",), _("Pay by credit card or by telegraphic transfer, whichever is easier.")),
    Fact(("S15",), _("The contract counts for specification, quality and quantity, nothing else.")),
    Fact(
        ("S34",),
        _(
            "Where a quality term is unclear, the industry standard that an independent "
            "inspector recommends decides."
        ),
    ),
]
LIMITS = [
    Fact(("S53", "S54"), _("Only Gold suppliers take part. Not every supplier offers this.")),
    Fact(
        ("S56",),
        _("Each of them has a coverage limit, often between US$10,000 and US$30,000."),
    ),
    Fact(
        ("S57",),
        _("That is ample for the initial payment, typically 30% of the order’s FOB value."),
    ),
    Fact(("S58",), _("There is no minimum order value.")),
    Fact(
        ("S4", "S9"),
        _(
            "The limit caps what we guarantee after money was released. Money that is still "
            "held is yours, whatever the limit is."
        ),
    ),
]
