"""What the inspectors of the demo measure: goods as agreed, but for what a story says."""

from decimal import Decimal

from contracts.policies import limits

SPREAD = ("0.2", "-0.3", "0.1", "0.4", "-0.2")
COLOUR = ("0.6", "0.9", "0.7")


def of_contract(contract, found):
    """The report of a contract, as `inspections.report` takes it.

    `found` maps a template key or a characteristic to readings as text, or to "no".
    """
    lines = contract.lines.select_related("attachment")
    return {line.pk: _of_line(line, found) for line in lines}


def _of_line(line, found):
    told = found.get(line.template_key) or found.get(line.characteristic)
    if told == "no":
        return [], "no", ""
    if told:
        return [Decimal(value) for value in told.split()], "", ""
    if line.kind in {"number", "range"}:
        return _inside(limits(line.plain())), "", ""
    if line.kind == "colour":
        return [Decimal(value) for value in COLOUR], "", ""
    return [], "yes", ""


def _inside(band):
    """Five readings around the middle of what was agreed, or a little beyond its one limit."""
    low, high = band.low, band.high
    if low is None:
        middle, half = high * Decimal("0.8"), high / 10
    elif high is None:
        middle, half = low * Decimal("1.08"), low / 50
    else:
        middle, half = (low + high) / 2, (high - low) / 2
    return [round(middle + half * Decimal(part), 2) for part in SPREAD]
