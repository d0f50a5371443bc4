"""The contract pages: written, read, compared, signed, kept."""

from contracts.views.ceremony import contract_sign
from contracts.views.paper import contract_paper
from contracts.views.papers import contract_document, contract_progress, contract_verify
from contracts.views.reading import contract, contract_diff
from contracts.views.steps import contract_counter, contract_hand_over, contract_propose

__all__ = [
    "contract",
    "contract_counter",
    "contract_diff",
    "contract_document",
    "contract_hand_over",
    "contract_paper",
    "contract_progress",
    "contract_propose",
    "contract_sign",
    "contract_verify",
]
