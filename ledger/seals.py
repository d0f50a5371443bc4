"""Sealing: committed journals, batch by batch, fixed by a Merkle root in a chain of hashes.

Whoever keeps an old head (the hash of the latest seal) can prove later that nothing before
it was changed, removed, put in or reordered, even by a superuser. docs/ledger.md gives the
canonical forms, so that the chain can be checked without this code.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from core import clock
from ledger.models import Seal

GENESIS = "0" * 64
BATCH = 10_000
LOCK = 0x7EA1_0001
PATIENCE = 5.0
WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE relation = 'ledger_journal'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
LEAVES = "SELECT canonical FROM ledger_canonical WHERE id BETWEEN %s AND %s ORDER BY id"


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found: `first_bad` names the first seal that does not hold."""

    length: int
    head: str
    first_bad: str | None = None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


def seal() -> list[Seal]:
    """Seal all journals that are certainly complete; the new seals, none if nothing waits.

    Journals get their ids before they commit, so a lower id may appear after a higher one.
    Therefore: note the highest id handed out, then wait until every transaction that was
    posting at that moment has ended. Up to that id nothing can appear any more. If one
    runs on for long, sealing is left to the next call. Never call it inside a transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Sealing waits for other transactions: call it outside of one.")
    limit = _settled_id()
    new: list[Seal] = []
    while limit is not None and (made := _seal_next(limit)):
        new.append(made)
    return new


def verify(since: str = "") -> Verdict:
    """Recompute every seal from the rows. `since` is an older head that must be in the chain."""
    head, last, length, found = GENESIS, 0, 0, since in ("", GENESIS)
    for seal in Seal.objects.order_by("n").iterator():
        length += 1
        if fault := _fault(seal, length, head, last):
            return Verdict(length, head, f"seal {seal.n}: {fault}")
        head, last = seal.hash, seal.last_journal
        found = found or head == since
    return Verdict(length, head, None if found else f"head {since} is not in the chain")


def merkle_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = merkle_root(leaves[:split]), merkle_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(canonical: str) -> bytes:
    """The leaf hash of a journal's canonical text (RFC 6962: prefixed with a zero byte)."""
    return hashlib.sha256(b"\x00" + canonical.encode()).digest()


def seal_hash(seal: Seal) -> str:
    """The hash that a seal must have, from its other fields."""
    content = [
        seal.n,
        seal.first_journal,
        seal.last_journal,
        seal.count,
        seal.merkle_root,
        seal.prev_hash,
        _instant(seal.sealed_at),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _settled_id() -> int | None:
    """The highest id up to which no journal can appear any more; None if not known in time.

    Whoever takes an id holds a row-exclusive lock on the table from before that moment until
    the commit is visible. So: read the highest id, see who holds such a lock, wait for those.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM ledger_journal_id_seq")
        limit = cursor.fetchone()[0]
        writing = _writers(cursor)
        give_up = time.monotonic() + PATIENCE
        while writing:
            if time.monotonic() > give_up:
                return None
            time.sleep(0.02)
            writing &= _writers(cursor)
        return limit


def _writers(cursor) -> set[str]:
    cursor.execute(WRITERS)
    return {transaction_id for (transaction_id,) in cursor.fetchall()}


@transaction.atomic
def _seal_next(limit: int) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
        before = Seal.objects.order_by("-n").first()
        first = before.last_journal + 1 if before else 1
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM ledger_journal WHERE id BETWEEN %s AND %s"
            " ORDER BY id LIMIT %s) batch",
            [first, limit, BATCH],
        )
        last = cursor.fetchone()[0]
    if last is None:
        return None
    leaves = list(_leaves(first, last))
    new = Seal(
        n=before.n + 1 if before else 1,
        first_journal=first,
        last_journal=last,
        count=len(leaves),
        merkle_root=merkle_root(leaves).hex(),
        prev_hash=before.hash if before else GENESIS,
        sealed_at=clock.real_now(),
    )
    new.hash = seal_hash(new)
    new.save(force_insert=True)
    return new


def _fault(seal: Seal, n: int, head: str, last: int) -> str:
    """Why a seal does not hold, in the order in which it is checked; "" if it does."""
    if seal.n != n:
        return f"seal {n} is missing"
    if seal.prev_hash != head:
        return "it does not follow the seal before it"
    if seal.first_journal != last + 1:
        return f"it starts at journal {seal.first_journal}, not {last + 1}"
    if seal.hash != seal_hash(seal):
        return "its own fields were changed"
    leaves = list(_leaves(seal.first_journal, seal.last_journal))
    if len(leaves) != seal.count:
        return f"it covers {seal.count} journals, {len(leaves)} are there"
    if merkle_root(leaves).hex() != seal.merkle_root:
        return f"a journal from {seal.first_journal} to {seal.last_journal} was changed"
    return ""


def _leaves(first: int, last: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [first, last])
        for (canonical,) in cursor:
            yield leaf(canonical)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
