"""Which pieces are checked: drawn by a seed that was committed to before the visit."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import sampling


def test_the_pick_list_is_what_its_documentation_says():
    drawn, k = [], 0
    while len(drawn) < 5:
        digest = hashlib.sha256(f"c0ffee:{k}".encode()).hexdigest()
        piece = int(digest, 16) % 1000 + 1
        drawn += [piece] if piece not in drawn else []
        k += 1
    assert sampling.pick_list("c0ffee", 1000, 5) == sorted(drawn) == [95, 310, 550, 648, 789]


def test_the_whole_lot_is_picked_in_order():
    assert sampling.pick_list("any seed", 4, 4) == [1, 2, 3, 4]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.integers(1, 3000), st.data())
def test_a_pick_list_is_distinct_pieces_of_the_lot_and_always_the_same(seed, lot, data):
    sample = data.draw(st.integers(0, min(lot, 400)))
    picked = sampling.pick_list(seed, lot, sample)
    assert len(set(picked)) == sample
    assert all(1 <= piece <= lot for piece in picked)
    assert picked == sorted(picked) == sampling.pick_list(seed, lot, sample)


def test_every_piece_of_a_lot_is_drawn_about_equally_often():
    times = dict.fromkeys(range(1, 11), 0)
    for seed in range(2000):
        for piece in sampling.pick_list(str(seed), 10, 3):
            times[piece] += 1
    assert sum(times.values()) == 6000
    assert all(520 < count < 680 for count in times.values()), times


def test_the_commitment_is_the_published_hash_of_the_seed():
    assert sampling.seed_commitment("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert sampling.seed_commitment("abd") != sampling.seed_commitment("abc")
