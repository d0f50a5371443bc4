"""A payment provider for development and tests: a small server of its own, with bad days on call.

It knows nothing of the platform's database; the two speak HTTP only. Production refuses it.
"""

from payments.simulator.server import Simulator

__all__ = ["Simulator"]
