from datetime import UTC, datetime

import pytest
from django.db import transaction

from core.money import Money
from ledger import balances
from ledger.models import Account, Journal, Transfer
from ledger.operations import AlreadyReversed, KeyReused, Move, Overdrawn, reverse
from ledger.operations import post as post_journal
from ledger.tests.book import ESCROW, FEE, ORDER, SUPPLIER, TRUST, moves, post, usd

pytestmark = pytest.mark.django_db


def rows():
    return Journal.objects.count(), Transfer.objects.count(), Account.objects.count()


def test_posting_takes_one_round_trip(django_assert_num_queries):
    with django_assert_num_queries(1):
        post("deposit", (TRUST, ESCROW, "6,000.00"))
    with django_assert_num_queries(1):
        post("release", (ESCROW, SUPPLIER, "5,880.00"), (ESCROW, FEE, "120.00"))


def test_a_journal_keeps_what_it_was_told():
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    posted = post(
        "deposit",
        (TRUST, ESCROW, "6,000.00"),
        key="receipt-9",
        actor_ref="user-4",
        memo="RF18 TA",
        effective_at=noon,
    )
    journal = Journal.objects.get(pk=posted.journal_id)
    assert posted.created
    assert (journal.key, journal.kind, journal.order_ref) == ("receipt-9", "deposit", ORDER)
    assert (journal.actor_ref, journal.memo, journal.effective_at) == ("user-4", "RF18 TA", noon)
    (line,) = journal.transfers.all()
    assert (line.n, line.debit.code, line.credit.code) == (1, TRUST, ESCROW)
    assert line.amount == usd("6,000.00")


def test_the_same_key_again_moves_nothing():
    first = post("deposit", (TRUST, ESCROW, "6,000.00"), key="once")
    before = rows()
    again = post("deposit", (TRUST, ESCROW, "6,000.00"), key="once", memo="a retry")
    assert (again.journal_id, again.created) == (first.journal_id, False)
    assert rows() == before
    assert balances.balance(ESCROW) == usd("6,000.00")


def test_a_repeat_is_known_even_after_the_money_has_left():
    first = post("deposit", (TRUST, ESCROW, "100.00"))
    paid = post("release", (ESCROW, SUPPLIER, "100.00"), key="release")
    assert (
        post("release", (ESCROW, SUPPLIER, "100.00"), key="release").journal_id == paid.journal_id
    )
    assert first.journal_id != paid.journal_id
    assert balances.balance(SUPPLIER) == usd("100.00")


@pytest.mark.parametrize(
    ("kind", "order_ref", "line"),
    [
        ("deposit", ORDER, (TRUST, ESCROW, "6,000.01")),
        ("deposit", ORDER, (TRUST, SUPPLIER, "6,000.00")),
        ("refund", ORDER, (TRUST, ESCROW, "6,000.00")),
        ("deposit", "", (TRUST, ESCROW, "6,000.00")),
    ],
)
def test_a_key_stands_for_one_content(kind, order_ref, line):
    post("deposit", (TRUST, ESCROW, "6,000.00"), key="once")
    before = rows()
    with pytest.raises(KeyReused, match="once"):
        post(kind, line, key="once", order_ref=order_ref)
    assert rows() == before
    assert balances.balance(ESCROW) == usd("6,000.00")


def test_an_overdraft_leaves_nothing_and_the_transaction_goes_on():
    with transaction.atomic():
        post("deposit", (TRUST, ESCROW, "100.00"))
        before = rows()
        with pytest.raises(Overdrawn) as refusal:
            post("release", (ESCROW, SUPPLIER, "98.00"), (ESCROW, FEE, "2.01"), key="too much")
        assert rows() == before
        post("release", (ESCROW, SUPPLIER, "98.00"), (ESCROW, FEE, "2.00"), key="too much")
    assert (refusal.value.account, refusal.value.needed, refusal.value.there) == (
        ESCROW,
        usd("100.01"),
        usd("100.00"),
    )
    assert str(refusal.value) == f"{ESCROW} holds US$100.00; US$100.01 are needed."
    assert balances.balance(SUPPLIER) == usd("98.00")


def test_an_account_that_was_never_used_holds_nothing():
    with pytest.raises(Overdrawn) as refusal:
        post("release", (ESCROW, SUPPLIER, "1.00"))
    assert refusal.value.there == Money(0)
    assert rows() == (0, 0, 0)


def test_amounts_of_zero_are_left_out(django_assert_num_queries):
    posted = post("release", (TRUST, ESCROW, "5.00"), (TRUST, FEE, "0"))
    assert Transfer.objects.filter(journal=posted.journal_id).count() == 1
    with django_assert_num_queries(0), pytest.raises(ValueError, match="above zero"):
        post("release", (TRUST, ESCROW, "0"))


def test_what_cannot_be_a_posting_never_reaches_the_database(django_assert_num_queries):
    yen = Move(TRUST, ESCROW, Money(5, "JPY"))
    with django_assert_num_queries(0):
        with pytest.raises(ValueError, match="JPY and USD"):
            post_journal("mix", key="mix", transfers=[yen, *moves((TRUST, ESCROW, "5.00"))])
        with pytest.raises(ValueError, match="two accounts"):
            Move(ESCROW, ESCROW, Money(1))
        with pytest.raises(ValueError, match="never negative"):
            Move(TRUST, ESCROW, Money(-1))


def test_each_currency_has_accounts_of_its_own():
    post("deposit", (TRUST, ESCROW, "5.00"))
    yen = [Move(TRUST, ESCROW, Money(700, "JPY"))]
    post_journal("deposit", key="yen", transfers=yen, order_ref=ORDER)
    assert balances.balance(ESCROW) == usd("5.00")
    assert balances.balance(ESCROW, "JPY") == Money(700, "JPY")
    with pytest.raises(Overdrawn):
        post_journal("r", key="r", transfers=[Move(ESCROW, SUPPLIER, Money(701, "JPY"))])


def test_money_that_only_passes_through_an_account_needs_no_balance():
    post("through", (TRUST, ESCROW, "5.00"), (ESCROW, SUPPLIER, "5.00"))
    assert balances.balance(ESCROW) == usd("0")
    assert balances.balance(SUPPLIER) == usd("5.00")


def test_a_reversal_restores_every_balance_and_happens_once():
    post("deposit", (TRUST, ESCROW, "100.00"))
    release = post("release", (ESCROW, SUPPLIER, "98.00"), (ESCROW, FEE, "2.00"))
    undone = reverse(release.journal_id, key="undo", memo="released too early")
    assert undone.created
    assert balances.balances([ESCROW, SUPPLIER, FEE]) == {
        ESCROW: usd("100.00"),
        SUPPLIER: usd("0"),
        FEE: usd("0"),
    }
    assert balances.order_position(ORDER)["released"] == usd("0")
    again = reverse(release.journal_id, key="undo")
    assert (again.journal_id, again.created) == (undone.journal_id, False)
    before = rows()
    with pytest.raises(AlreadyReversed):
        reverse(release.journal_id, key="undo twice")
    with pytest.raises(ValueError, match="itself a reversal"):
        reverse(undone.journal_id, key="undo the undoing")
    with pytest.raises(ValueError, match="no line 3"):
        reverse(release.journal_id, key="undo", lines=[3])
    assert rows() == before


def test_a_reversal_needs_the_money_to_be_there_still():
    deposit = post("deposit", (TRUST, ESCROW, "100.00"))
    post("release", (ESCROW, SUPPLIER, "60.00"))
    with pytest.raises(Overdrawn):
        reverse(deposit.journal_id, key="undo")
    assert balances.balance(ESCROW) == usd("40.00")
