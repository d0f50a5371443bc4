"""One trade, one lock: the row that everything about a trade queues on."""

from contextlib import contextmanager
from contextvars import ContextVar

_held: ContextVar[dict] = ContextVar("trades_held", default={})  # noqa: B039 (never mutated)


def held(trade):
    """The locked instance of this trade, if this very piece of work already holds it."""
    return _held.get().get(_key(trade))


@contextmanager
def holding(subject):
    """Hold a trade's row until the transaction ends, and read its latest state."""
    trade = subject.trade
    trade.refresh_from_db(from_queryset=type(trade)._base_manager.select_for_update())
    if subject is not trade:
        subject.refresh_from_db()
        subject.adopt(trade)
    token = _held.set({**_held.get(), _key(trade): trade})
    try:
        yield subject
    finally:
        _held.reset(token)


def _key(trade):
    return trade._meta.label, trade.pk
