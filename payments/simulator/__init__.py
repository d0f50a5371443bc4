"""A payment provider and a bank for development and tests: a small server, with bad days on call.

It knows nothing of the platform's database; the two speak HTTP only. Production refuses it.
"""

from payments.simulator.bank import BankAccount
from payments.simulator.server import Simulator

__all__ = ["BankAccount", "Simulator"]
