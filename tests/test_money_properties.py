"""Money is neither lost nor made, whatever happens in whatever order (money.md 7.1).

Hypothesis plays a small market against the real operations, the provider's and the bank's
simulator over HTTP. `TA_PROPERTY_EXAMPLES` and `TA_PROPERTY_STEPS` ask for a longer run.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.money.office import Office
from tests.money.rules import Incoming, Trade

EXAMPLES = int(os.environ.get("TA_PROPERTY_EXAMPLES", "40"))
STEPS = int(os.environ.get("TA_PROPERTY_STEPS", "30"))
PHASES = {"yes": list(Phase), "no": [Phase.generate]}[os.environ.get("TA_PROPERTY_SHRINK", "yes")]


class Trading(Incoming, Trade, Office):
    """Everything that can happen to the money."""


@pytest.fixture
def stage(market, settings):
    """The market, with its bank asked over HTTP too."""
    settings.BANK_CHANNEL = "http_sim"
    settings.LEDGER_SEAL_WITHIN = timedelta(days=1)  # one long transaction seals nothing
    return market


@pytest.mark.django_db
def test_no_cent_is_lost_or_made_whatever_happens_in_whatever_order(stage):
    run_state_machine_as_test(
        lambda: Trading(stage),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=PHASES,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
