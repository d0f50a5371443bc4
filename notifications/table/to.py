"""One line of the table: a group of readers, its letter, and the facts it depends on."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class To:
    """A group of readers and its letter.

    The one who acted is left out, except from a receipt: a letter about money, about a
    signature, or about what the platform did on the occasion. `when` is a test of
    (event, subject) for letters that depend on the facts.
    """

    readers: str
    letter: str
    receipt: bool = False
    when: Callable | None = None


def both(letter, *, receipt=False, when=None):
    """The same letter to both sides of the order."""
    return tuple(To(side, letter, receipt, when) for side in ("buyer", "supplier"))
