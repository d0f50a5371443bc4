import hashlib
import json
import threading
from datetime import UTC

import pytest
from django.db import connection, transaction

from ledger import seals
from ledger.models import Journal, Seal
from ledger.tests.book import ESCROW, FEE, ORDER, SUPPLIER, TRUST, as_superuser, post, sql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed():
    """Three seals: of two journals, of one, of one. Nothing was sealed before."""
    made = []
    for texts in (["100.00", "50.00"], ["7.00"], ["9.00"]):
        ids = [post("deposit", (TRUST, ESCROW, text)).journal_id for text in texts]
        made.append((seals.seal(), ids))
    return made


def test_what_was_posted_is_sealed_once_and_in_order(sealed):
    assert [len(new) for new, _ids in sealed] == [1, 1, 1]
    first, second, third = Seal.objects.all()
    assert [seal.n for seal in (first, second, third)] == [1, 2, 3]
    assert [seal.count for seal in (first, second, third)] == [2, 1, 1]
    assert (first.first_journal, first.last_journal) == (1, sealed[0][1][-1])
    assert second.first_journal == first.last_journal + 1
    assert [first.prev_hash, second.prev_hash] == [seals.GENESIS, first.hash]
    assert seals.seal() == []
    assert seals.verify() == seals.Verdict(3, third.hash)
    assert seals.verify(since=first.hash).ok


def test_the_canonical_form_can_be_recomputed_from_its_description():
    """docs/ledger.md, followed by hand, without the ledger's own code."""
    memo = 'línea "1"\n\\ 保证 \u007f\u2028'
    post("deposit", (TRUST, ESCROW, "100.00"), memo=memo, actor_ref="user-1")
    post("release", (ESCROW, SUPPLIER, "98.00"), (ESCROW, FEE, "2.00"))
    (seal,) = seals.seal()
    stamp = "%Y-%m-%dT%H:%M:%S.%fZ"
    leaves = []
    for j in Journal.objects.order_by("id"):
        lines = [
            [t.n, t.debit.code, t.credit.code, t.currency, t.amount_minor]
            for t in j.transfers.order_by("n")
        ]
        content = [
            j.pk, j.key, j.kind, j.order_ref, j.actor_ref, j.memo, j.reverses_id,
            j.effective_at.astimezone(UTC).strftime(stamp),
            j.posted_at.astimezone(UTC).strftime(stamp),
            j.fingerprint, lines,
        ]  # fmt: skip
        text = json.dumps(content, ensure_ascii=False)
        leaves.append(hashlib.sha256(b"\0" + text.encode()).digest())
    root = hashlib.sha256(b"\1" + leaves[0] + leaves[1]).hexdigest()
    at = seal.sealed_at.strftime(stamp)
    content = [1, 1, seal.last_journal, 2, root, "0" * 64, at]
    assert seal.merkle_root == root
    assert seal.hash == hashlib.sha256(json.dumps(content).encode()).hexdigest()


def test_the_merkle_root_is_that_of_rfc_6962():
    """The tree of five leaves: ((0 1) (2 3)) 4."""
    leaves = [seals.leaf(str(n)) for n in range(5)]

    def node(left, right):
        return hashlib.sha256(b"\1" + left + right).digest()

    left = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]))
    assert seals.merkle_root(leaves) == node(left, leaves[4])
    assert seals.merkle_root([]).hex() == hashlib.sha256(b"").hexdigest()


def test_large_batches_are_split(monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 2)
    for _n in range(5):
        post("deposit", (TRUST, ESCROW, "1.00"))
    assert [seal.count for seal in seals.seal()] == [2, 2, 1]
    assert seals.verify().ok


ATTACKS = {
    "an edit of a memo": "UPDATE ledger_journal SET memo = 'x' WHERE id = {second}",
    "an edit of an amount": (
        "UPDATE ledger_transfer SET amount_minor = 1 WHERE journal_id = {second}"
    ),
    "a date put back": (
        "UPDATE ledger_journal SET effective_at = effective_at - interval '1 day'"
        " WHERE id = {second}"
    ),
    "a journal removed": (
        "DELETE FROM ledger_transfer WHERE journal_id = {second};"
        "DELETE FROM ledger_journal WHERE id = {second}"
    ),
    "a transfer removed": "DELETE FROM ledger_transfer WHERE journal_id = {second}",
    "a journal put in": (
        "INSERT INTO ledger_journal (id, key, kind, order_ref, actor_ref, memo, effective_at,"
        " fingerprint) VALUES (0 - 0 + {gap}, 'late', 'x', '', '', '', now(), '')"
    ),
    "two journals swapped": (
        "UPDATE ledger_journal SET id = -1 WHERE id = {first};"
        "UPDATE ledger_journal SET id = {first} WHERE id = {second};"
        "UPDATE ledger_journal SET id = {second} WHERE id = -1"
    ),
    "an edit of a seal": "UPDATE ledger_seal SET count = count + 1 WHERE n = 1",
    "a seal dated back": (
        "UPDATE ledger_seal SET sealed_at = sealed_at - interval '1 s' WHERE n = 1"
    ),
    "a seal removed": "DELETE FROM ledger_seal WHERE n = 1",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_superuser_cannot_rewrite_history_unseen(attack):
    first = post("deposit", (TRUST, ESCROW, "100.00"), key="a").journal_id
    post("deposit", (TRUST, ESCROW, "100.00"), key="a")  # known: takes an id, leaves a gap
    second = post("deposit", (TRUST, ESCROW, "50.00")).journal_id
    seals.seal()
    post("deposit", (TRUST, ESCROW, "1.00"))
    seals.seal()
    assert second == first + 2
    assert seals.verify().ok
    as_superuser(attack.format(first=first, second=second, gap=first + 1))
    verdict = seals.verify()
    assert not verdict.ok
    assert verdict.first_bad.startswith("seal")


def test_the_last_seals_removed_show_from_an_older_head(sealed):
    head = seals.verify().head
    as_superuser("DELETE FROM ledger_seal WHERE n = 3")
    assert seals.verify().ok
    assert seals.verify(since=head).first_bad == f"head {head} is not in the chain"


def test_a_history_resealed_after_an_edit_shows_from_an_older_head(sealed):
    head = seals.verify().head
    as_superuser("UPDATE ledger_journal SET memo = 'forged' WHERE id = %s", sealed[0][1][0])
    as_superuser("DELETE FROM ledger_seal")
    seals.seal()
    assert seals.verify().ok
    assert not seals.verify(since=head).ok


def test_sealing_waits_for_a_lower_id_that_is_not_committed_yet(monkeypatch):
    """Id 1 is still open when id 2 has committed: sealing 2 alone would lose 1 for ever."""
    monkeypatch.setattr(seals, "PATIENCE", 0.1)
    posted, go = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            post("slow", (TRUST, "escrow:slow", "1.00"), order_ref="slow")
            posted.set()
            go.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert posted.wait(10)
    post("quick", (OTHER_BANK, ESCROW, "2.00"))
    try:
        assert seals.seal() == []
        assert Seal.objects.count() == 0
    finally:
        go.set()
        thread.join()
    (seal,) = seals.seal()
    assert seal.count == 2
    assert seals.verify().ok


OTHER_BANK = "bank:operating"


def test_a_rolled_back_journal_leaves_a_gap_that_is_no_fault():
    post("deposit", (TRUST, ESCROW, "1.00"))
    with transaction.atomic():
        post("deposit", (TRUST, ESCROW, "2.00"))
        transaction.set_rollback(True)
    post("deposit", (TRUST, ESCROW, "3.00"))
    (seal,) = seals.seal()
    assert seal.count == 2
    assert seals.verify().ok


def test_two_sealers_make_one_chain():
    post("deposit", (TRUST, ESCROW, "1.00"))
    threads = [threading.Thread(target=lambda: (seals.seal(), connection.close())) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Seal.objects.count() == 1
    assert seals.verify().ok


def test_sealing_inside_a_transaction_is_a_mistake():
    with transaction.atomic(), pytest.raises(RuntimeError, match="outside"):
        seals.seal()


def test_the_auditors_view_shows_each_journal_with_its_seal(sealed):
    rows = sql("SELECT txn_id, prev_hash, hash, canonical FROM audit_v1.transactions ORDER BY seq")
    first = Seal.objects.get(n=1)
    assert [row[0] for row in rows] == [n for _new, ids in sealed for n in ids]
    assert rows[0][1:3] == (first.prev_hash, first.hash)
    assert json.loads(rows[0][3])[3] == ORDER
    entries = sql(
        "SELECT e.entry_no, a.kind, e.amount_minor FROM audit_v1.entries e"
        " JOIN audit_v1.accounts a USING (account_id) WHERE e.seq = %s ORDER BY e.entry_no",
        rows[0][0],
    )
    assert entries == [(1, "bank", 10000), (2, "escrow", -10000)]
