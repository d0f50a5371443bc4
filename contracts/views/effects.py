"""What a change means for its reader: one sentence in money, days or claims.

Both sides read the same rows and each its own sentence: what the buyer may claim is what the
supplier may be held to.
"""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts import policies
from contracts.clarity import Line
from contracts.views import showing
from core.formats.words import measure_text, money_text
from core.money import Money
from orders.facts import BUYER


def of_line(old, new, side) -> str:
    """What a line that was written, taken out or changed lets the buyer claim (S29, S31)."""
    if new is None:
        return _you(
            side,
            _("You can no longer claim on this."),
            _("The buyer can no longer claim on this."),
        )
    if old is None:
        return _you(
            side,
            _("You can claim where the goods differ from this."),
            _("The buyer can claim where your goods differ from this."),
        )
    before, after = _band(old), _band(new)
    if before == after:
        return " ".join(filter(None, [_words(old, new, side), _weight(old, new)]))
    if not after:
        return _("No measurable band is left: an inspector's industry standard would decide.")
    told = _you(
        side,
        _("You can claim outside this band: %(after)s."),
        _("The buyer can claim outside this band: %(after)s."),
    )
    said = told % {"after": after}
    return f"{said} {_('Before: %(before)s.') % {'before': before}}" if before else said


def of_term(key, old, new, side) -> str:
    """What a changed term comes to; nothing where the words already say all."""
    effect = TERMS.get(key)
    return effect(old, new, side) if effect else ""


def _you(side, buyer, supplier):
    """The sentence for the reader; anybody else reads what the supplier reads of the buyer."""
    return buyer if side == BUYER else supplier


def _band(row) -> str:
    """The accepted values of a line, edges included, or nothing where it names none."""
    found = policies.limits(Line(**{**row, "choices": tuple(row["choices"])}))
    if found is None or (found.low is None and found.high is None):
        return ""
    unit = found.unit
    if found.high is None:
        return _("at least %(low)s %(unit)s") % {"low": _plain(found.low), "unit": unit}
    if found.low is None:
        return _("at most %(high)s %(unit)s") % {"high": _plain(found.high), "unit": unit}
    parts = {"low": _plain(found.low), "high": _plain(found.high), "unit": unit}
    return _("%(low)s to %(high)s %(unit)s") % parts


def _plain(value):
    return measure_text(Decimal(f"{value.normalize():f}"))


def _words(old, new, side):
    """Other words around the same band: the later ones are what is claimed on."""
    if showing.agreed(old) == showing.agreed(new):
        return ""
    return _you(
        side,
        _("You can claim on the new words only."),
        _("The buyer can claim on the new words only."),
    )


def _weight(old, new):
    """A defect's weight decides how many of it the sample may hold."""
    ranks = ["minor", "major", "critical"]
    step = ranks.index(new["severity"]) - ranks.index(old["severity"])
    if not step:
        return ""
    if new["severity"] == "critical":
        return _("One such defect in the sample fails the inspection.")
    if step > 0:
        return _("Fewer such defects in the sample are enough to fail the inspection.")
    return _("More such defects in the sample pass the inspection.")


def _money(document, minor):
    return Money(minor, document["price"]["currency"])


def _price(old, new, side):
    if old["price"]["currency"] != new["price"]["currency"]:
        return ""
    more = new["price"]["total_minor"] - old["price"]["total_minor"]
    if not more:
        return _you(
            side, _("You pay the same price."), _("The price that the buyer pays is the same.")
        )
    pay = {
        True: (_("You pay %(sum)s more."), _("The buyer pays %(sum)s more.")),
        False: (_("You pay %(sum)s less."), _("The buyer pays %(sum)s less.")),
    }[more > 0]
    return _you(side, *pay) % {"sum": money_text(_money(new, abs(more)))}


def _plan(old, new, side):
    """How much is held before production starts; the price is a change of its own."""
    before, after = (document["payment_plan"][0]["amount_minor"] for document in (old, new))
    if before == after or old["price"]["currency"] != new["price"]["currency"]:
        return ""
    pay = {
        True: (
            _("You pay %(sum)s more before production starts."),
            _("The buyer pays %(sum)s more before production starts."),
        ),
        False: (
            _("You pay %(sum)s less before production starts."),
            _("The buyer pays %(sum)s less before production starts."),
        ),
    }[after > before]
    return _you(side, *pay) % {"sum": money_text(_money(new, abs(after - before)))}


def _ship(old, new, side):
    one, other = old["delivery"], new["delivery"]
    if one["ship_by"] and other["ship_by"]:
        days = (date.fromisoformat(other["ship_by"]) - date.fromisoformat(one["ship_by"])).days
    elif one["lead_days"] and other["lead_days"]:
        days = other["lead_days"] - one["lead_days"]
    else:
        return _("The ship-by day is now counted another way: read it again.")
    later = ngettext(
        "The refund for late shipment starts %(n)d day later.",
        "The refund for late shipment starts %(n)d days later.",
        abs(days),
    )
    earlier = ngettext(
        "The refund for late shipment starts %(n)d day earlier.",
        "The refund for late shipment starts %(n)d days earlier.",
        abs(days),
    )
    return (later if days > 0 else earlier) % {"n": abs(days)} if days else ""


def _allowed(old, new, side):
    """What the tolerance of the quantity is in goods: so much may be missing without a claim."""
    shares = [
        (Decimal(row["quantity"]) * Decimal(row["under_percent"]) / 100, row["unit"])
        for row in new["goods"]
    ]
    if not any(share for share, _unit in shares):
        return _("Anything that is missing can be claimed.")
    missing = ", ".join(f"{_plain(share)} {unit}" for share, unit in shares)
    return _("Up to %(missing)s may be missing without a claim.") % {"missing": missing}


def _late(old, new, side):
    """The remedy schedule as amounts of this price."""
    total, remedies = _money(new, new["price"]["total_minor"]), new["remedies"]
    sums = {
        "day": money_text(total.share(Decimal(remedies["late_percent_per_day"]))),
        "cap": money_text(total.share(Decimal(remedies["late_cap_percent"]))),
    }
    told = _you(
        side,
        _("A day late gives you %(day)s, at most %(cap)s."),
        _("A day late costs the supplier %(day)s, at most %(cap)s."),
    )
    return told % sums


def _inspection(old, new, side):
    """Looser or stricter, and who bears the fee."""
    one, other = old["inspection"], new["inspection"]
    said = []
    for name, title in (("aql_major", _("Major")), ("aql_minor", _("Minor"))):
        if Decimal(one[name]) < Decimal(other[name]):
            said.append(_("%(kind)s defects: more of them pass.") % {"kind": title})
        if Decimal(one[name]) > Decimal(other[name]):
            said.append(_("%(kind)s defects: fewer of them pass.") % {"kind": title})
    if one["payer"] != other["payer"]:
        payers = {
            "buyer": _("The buyer bears the inspection's fee."),
            "supplier": _("The supplier bears the inspection's fee."),
        }
        said.append(payers.get(other["payer"], ""))
    return " ".join(filter(None, said))


def _account(old, new, side):
    return _("Pay only into the account of the version that both have signed.")


def _side_terms(old, new, side):
    return _("Not assured: no money that is held can be claimed for it.")


TERMS = {
    "price": _price,
    "plan": _plan,
    "ship_by": _ship,
    "inspection": _inspection,
    "allowed": _allowed,
    "late": _late,
    "account": _account,
    "side_terms": _side_terms,
}
