"""Checks of the money's rows against the ledger: bank, providers, what leaves, who agreed."""

from payments.audits import bank, leaving, people, providers

__all__ = ["bank", "leaving", "people", "providers"]
