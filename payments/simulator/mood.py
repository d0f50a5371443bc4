"""How the simulator misbehaves, and what it says to a request without sense."""

from dataclasses import dataclass, fields


class Wrong(Exception):
    """The request makes no sense; the message says why."""


class Clash(Wrong):
    """The same number came before with something else in it."""


@dataclass
class Mood:
    """How the simulator misbehaves. The numbers count down where they say “next”."""

    slow: int | float = 0  # seconds before each answer, after the work is done
    fail_before: int = 0  # the next n requests answer 500 and do nothing
    fail_after: int = 0  # the next n requests do their work and answer 500
    garbage: int = 0  # the next n requests do their work and answer nonsense
    duplicate: int = 0  # each event is sent n times more
    reorder: int = 0  # events are held back n at a time and sent in the opposite order
    forge: int = 0  # in per cent: forged events in addition to the true ones
    delay: int | float = 0  # seconds before each event
    decline: bool = False  # nobody's payment goes through
    partial: int = 0  # minor units missing from the next payment
    late: bool = False  # payouts stay pending until they are told to arrive
    fee_basis_points: int = 270  # what the provider keeps of a charge
    chargeback_fee: int = 1500  # minor units that a chargeback costs, won or lost
    bank_reject: int = 0  # the bank refuses the next n transfers, and debits nothing
    bank_bounce: int = 0  # the next n transfers come back after they were debited
    bank_bounce_fee: int = 2000  # minor units that the bank keeps of what comes back
    bank_late: bool = False  # debits stay pending until they are told to arrive

    def change(self, wanted):
        """Take over the named settings. Raises Wrong for an unknown one or a wrong type."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in wanted.items():
            number = type(value) in (int, float) and value >= 0
            if name not in known or (type(known[name]) is bool) != (type(value) is bool):
                raise Wrong(f"unknown setting: {name}")
            if type(value) is not bool and not number:
                raise Wrong(f"not a number: {name}")
        for name, value in wanted.items():
            setattr(self, name, value)

    def take(self, name):
        """Use up one of the next n."""
        left = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0
