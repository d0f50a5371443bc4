"""The rules of disputes: what can be claimed, until when, and what is usually ruled.

Plain values in and out. What the facts come to in money is in remedies.py. Nothing is
refunded merely because a side asks for it (S23).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.days import days_after, last_day_before, platform_date
from core.money import Money

RESOLUTION_DAYS = 15  # T15, S49
APPEAL_DAYS = 7  # T19
DAYS_LEFT_AFTER_PAUSE = 3  # machines.md 6.0


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translators; whoever shows it translates it."""
    return sentence


class Reason(StrEnum):
    """Why a dispute is filed (machines.md, Dispute.file)."""

    NOT_SHIPPED = "not_shipped"
    LATE = "late"
    QUALITY = "quality"
    QUANTITY = "quantity"
    WRONG_GOODS = "wrong_goods"
    BALANCE_UNPAID = "balance_unpaid"
    ABUSIVE_CLAIM = "abusive_claim"


SUPPLIER_REASONS = frozenset({Reason.BALANCE_UNPAID, Reason.ABUSIVE_CLAIM})
BUYER_REASONS = frozenset(Reason) - SUPPLIER_REASONS
# The signed remedies say everything about these: they are arithmetic on the record.
COMPUTABLE = frozenset({Reason.NOT_SHIPPED, Reason.LATE, Reason.QUANTITY})


class Finding(StrEnum):
    """What the comparison says about one claimed line (S51)."""

    CONFORMS = "conforms"
    DIFFERS = "differs"
    NOT_MEASURABLE = "not_measurable"
    NO_CLAUSE = "no_clause"


class Fault(StrEnum):
    """Whose doing it was (S24)."""

    SUPPLIER = "supplier"
    BUYER = "buyer"
    BOTH = "both"
    NONE = "none"
    CARRIER = "carrier"


class Outcome(StrEnum):
    """What a row of the ruling grid suggests for the money of a claimed line."""

    REFUND = "refund"  # by the remedy schedule, or as claimed where none was signed
    SHARE = "share"  # both bear a part
    RELEASE = "release"  # the claim on this line fails
    STANDARD = "standard"  # first let the industry standard decide (S34)


# -- Scope and time ---------------------------------------------------------------------


@dataclass(frozen=True)
class Exclusion:
    """Something that Trade Assurance does not cover, by which statement, in a sentence."""

    code: str
    source: str
    sentence: str


OUT_OF_SCOPE = {
    row.code: row
    for row in (
        Exclusion(
            "warranty", "S16", gettext_noop("Warranties and repairs are not part of the cover.")
        ),
        Exclusion("replacement", "S16", gettext_noop("Replacements are not part of the cover.")),
        Exclusion(
            "service", "S16", gettext_noop("After-sales services are not part of the cover.")
        ),
        Exclusion(
            "paid_elsewhere",
            "S59–S61",
            gettext_noop(
                "Only money paid to the designated account, for an order registered before, "
                "is covered."
            ),
        ),
        Exclusion("port_costs", "S15", gettext_noop("Costs at the shipping port are not covered.")),
        Exclusion(
            "waived_clause",
            "S48",
            gettext_noop("You accepted this line despite the inspection: it is no longer open."),
        ),
    )
}

# Words that make a mediator look twice. They only hint: nobody is refused by a word.
HINTS = {
    "warranty": ("warranty", "guarantee period", "repair", "保修", "维修", "वारंटी", "मरम्मत"),
    "replacement": ("replacement", "replace", "更换", "换货"),
    "service": ("after-sales", "installation", "training", "售后"),
    "paid_elsewhere": ("western union", "own account", "private account", "私人账户"),
    "port_costs": ("demurrage", "port charge", "terminal handling", "滞港费"),
}


def screen(flags: Collection[str]) -> list[Exclusion]:
    """The exclusions that a mediator ticked; any of them puts the claim out of scope.

    Raises ValueError for an exclusion that the catalogue does not hold (machines.md
    screen_out, scenario 28).
    """
    unknown = set(flags) - set(OUT_OF_SCOPE)
    if unknown:
        raise ValueError(f"“{min(unknown)}” is not in the list of what is not covered.")
    return [row for code, row in OUT_OF_SCOPE.items() if code in flags]


def screening_hints(reason: str, text: str) -> list[Exclusion]:
    """The exclusions that the words of a claim call to mind, for the mediator to confirm.

    A shipment that is late or never left is covered whatever words the buyer uses (S20).
    """
    if reason in {Reason.NOT_SHIPPED, Reason.LATE}:
        return []
    plain = text.casefold()
    return [OUT_OF_SCOPE[code] for code, words in HINTS.items() if any(w in plain for w in words)]


def inside_window(now: datetime, *, funded: bool, claims_deadline: datetime | None = None) -> bool:
    """Whether a dispute can be filed: from funding until T8, which delivery starts (X5)."""
    return funded and (claims_deadline is None or now < claims_deadline)


def holds_money(now: datetime, *, released: bool, acceptance_deadline: datetime | None) -> bool:
    """Whether a dispute filed now holds money, or is a claim after release (scenario 22).

    From the very instant at which the acceptance window ends the release wins, whether or
    not its job has run by then.
    """
    return not released and (acceptance_deadline is None or now < acceptance_deadline)


def resolution_deadline(filed_at: datetime, days: int = RESOLUTION_DAYS) -> datetime:
    """When the platform takes over from the supplier (T15, S49, scenario 20)."""
    return days_after(filed_at, days)


def appeal_deadline(ruled_at: datetime) -> datetime:
    """Until when a side may appeal (T19, scenario 25)."""
    return days_after(ruled_at, APPEAL_DAYS)


def resume_deadline(old_due: datetime, paused_at: datetime, now: datetime) -> datetime:
    """When a clock that a dispute paused is over: the days it had left, at least 3.

    A dispute never resets a clock, so the days already used stay used (machines.md 6.0).
    Raises ValueError if the clock had run out before the dispute.
    """
    if paused_at >= old_due:
        raise ValueError("This clock was over before the dispute began.")
    left = (last_day_before(old_due) - platform_date(paused_at)).days
    return days_after(now, max(left, DAYS_LEFT_AFTER_PAUSE))


# -- Rulings ----------------------------------------------------------------------------


def check_split(hold: Money, refund: Money, release: Money) -> None:
    """Raise ValueError unless refund and release, neither negative, make up the hold (S51)."""
    if refund.minor < 0 or release.minor < 0:
        raise ValueError(gettext_noop("A refund or a release is never below zero."))
    if refund + release != hold:
        raise ValueError(gettext_noop("Refund and release together are exactly what is held."))


def needs_second_reader(amount: Money, limit: Money) -> bool:
    """Whether a second mediator reads the ruling before it is given: above the limit (X15)."""
    return amount > limit


def least_loaded(open_cases: Mapping[int, int], excluded: Collection[int] = ()) -> int | None:
    """The mediator with the fewest open cases, the lowest id among equals; None if nobody.

    `excluded` are those with a conflict of interest, and for an appeal the first one (T16).
    """
    free = [(cases, who) for who, cases in open_cases.items() if who not in excluded]
    return min(free)[1] if free else None


@dataclass(frozen=True)
class GridRow:
    """What is usually ruled for a finding and a fault, and the statement it rests on."""

    finding: Finding
    fault: Fault
    outcome: Outcome
    source: str


def _rows(
    finding: Finding, usual: tuple[Outcome, str], **other: tuple[Outcome, str]
) -> list[GridRow]:
    return [GridRow(finding, fault, *other.get(fault, usual)) for fault in Fault]


# The mediator follows a row, or says why not (ten things, 10).
GRID = (
    # Goods as agreed: a wish alone is no ground for a refund.
    *_rows(Finding.CONFORMS, (Outcome.RELEASE, "S23")),
    # Goods not as agreed: the refund does not ask for blame, but the buyer's own part counts,
    # and what the carrier did after shipment is not the supplier's breach.
    *_rows(
        Finding.DIFFERS,
        (Outcome.REFUND, "S21, S52"),
        buyer=(Outcome.RELEASE, "S24"),
        both=(Outcome.SHARE, "S24"),
        carrier=(Outcome.RELEASE, "S15"),
    ),
    # Unclear terms: the inspector's industry standard decides, whoever is to blame.
    *_rows(Finding.NOT_MEASURABLE, (Outcome.STANDARD, "S34"), buyer=(Outcome.RELEASE, "S45")),
    *_rows(Finding.NO_CLAUSE, (Outcome.RELEASE, "S29")),
)


def suggested(finding: str, fault: str) -> GridRow:
    """The grid's row for a finding and a fault; ValueError for unknown ones."""
    wanted = (Finding(finding), Fault(fault))
    return next(row for row in GRID if (row.finding, row.fault) == wanted)
