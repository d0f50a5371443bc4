"""Raw SQL against the ledger: whatever it tries, the database refuses."""

# ruff: noqa: S608 (attacks are written as SQL, on purpose)

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ledger import balances
from ledger.models import Journal, Transfer
from ledger.tests.book import ESCROW, FEE, ORDER, SUPPLIER, TRUST, post, sql, usd

A_TRANSFER = """
    INSERT INTO ledger_transfer (journal_id, n, debit_id, credit_id, currency, amount_minor)
    SELECT %s, %s, d.id, c.id, %s, %s FROM ledger_account d, ledger_account c
    WHERE (d.code, d.currency) = (%s, 'USD') AND (c.code, c.currency) = (%s, %s)
"""
A_JOURNAL = """
    INSERT INTO ledger_journal (key, kind, order_ref, actor_ref, memo, effective_at, fingerprint)
    VALUES (%s, 'raw', '', '', '', now(), repeat('0', 64)) RETURNING id
"""


@pytest.fixture
def journal(transactional_db):
    """A deposit of 100 and a release of 40, each committed."""
    deposit = post("deposit", (TRUST, ESCROW, "100.00"))
    post("release", (ESCROW, SUPPLIER, "40.00"), (ESCROW, FEE, "1.00"))
    return deposit.journal_id


def state():
    return (
        sql("SELECT * FROM ledger_account ORDER BY id"),
        sql("SELECT * FROM ledger_journal ORDER BY id"),
        sql("SELECT * FROM ledger_transfer ORDER BY id"),
    )


def refuses(message, *statements):
    """One transaction of these statements fails, with this message, and leaves no trace."""
    before = state()
    with pytest.raises(DatabaseError, match=message):
        run(statements)
    assert state() == before


@transaction.atomic
def run(statements):
    for text, *values in statements:
        sql(text, *values)


@pytest.mark.parametrize("table", ["journal", "transfer", "seal"])
def test_no_row_is_changed_removed_or_truncated(journal, table):
    column = {"journal": "memo = 'x'", "transfer": "amount_minor = 1", "seal": "count = 1"}[table]
    refuses("only ever added to: UPDATE", [f"UPDATE ledger_{table} SET {column}"])
    refuses("only ever added to: DELETE", [f"DELETE FROM ledger_{table}"])
    refuses(
        "only ever added to: TRUNCATE",
        ["SET LOCAL ta.allow_truncate = 'off'"],
        [f"TRUNCATE ledger_{table} CASCADE"],
    )


def test_no_account_is_removed(journal):
    refuses("DELETE of ledger_account", ["DELETE FROM ledger_account"])
    refuses(
        "TRUNCATE of ledger_account",
        ["SET LOCAL ta.allow_truncate = 'off'"],
        ["TRUNCATE ledger_account CASCADE"],
    )


@pytest.mark.parametrize(
    "change",
    [
        "balance_minor = balance_minor + 1",
        "code = 'escrow:mine'",
        "kind = 'asset'",
        "guarded = false",
        "currency = 'EUR'",
        "owner_ref = 'mine'",
    ],
)
def test_no_account_is_edited(journal, change):
    refuses("UPDATE of ledger_account", [f"UPDATE ledger_account SET {change}"])


@pytest.mark.parametrize(
    "values",
    [
        "('escrow:rich', 'liability', 'USD', 'rich', true, 100)",
        "('escrow:loose', 'liability', 'USD', 'loose', false, 0)",
        "('escrow:odd', 'asset', 'USD', 'odd', true, 0)",
        "('escrow:other', 'liability', 'USD', 'someone', true, 0)",
        "('pocket:me', 'liability', 'USD', 'me', true, 0)",
        "('escrow:low', 'liability', 'usd', 'low', true, 0)",
    ],
)
def test_no_account_opens_with_money_or_outside_the_chart(journal, values):
    refuses(
        "does not follow the chart",
        [
            "INSERT INTO ledger_account (code, kind, currency, owner_ref, guarded, balance_minor)"
            f" VALUES {values}"
        ],
    )


def test_no_transfer_is_added_to_an_old_journal(journal):
    refuses("closed", [A_TRANSFER, journal, 2, "USD", 5, TRUST, ESCROW, "USD"])


def test_no_journal_is_dated_back_to_be_open(journal):
    forged = A_JOURNAL.replace("fingerprint)", "fingerprint, txid)").replace("64))", "64), 3)")
    before = state()
    with pytest.raises(IntegrityError, match="closed"):
        raw_transfer("USD", 5, TRUST, ESCROW, journal=forged)
    assert state() == before


def test_no_journal_is_without_transfers(journal):
    refuses("moves no money", [A_JOURNAL, "raw"])


@transaction.atomic
def raw_transfer(currency, amount, debit, credit, account_currency="USD", journal=A_JOURNAL):
    (made,) = sql(journal, "raw")
    sql(A_TRANSFER, made[0], 1, currency, amount, debit, credit, account_currency)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("USD", 0, TRUST, ESCROW), "amount_between_two_accounts"),
        (("USD", -5, TRUST, ESCROW), "amount_between_two_accounts"),
        (("USD", 5, ESCROW, ESCROW), "amount_between_two_accounts"),
        (("EUR", 5, TRUST, ESCROW), "in_its_currency"),
        (("USD", 5, TRUST, ESCROW, "EUR"), "credit_in_its_currency"),
        (("USD", 5901, ESCROW, SUPPLIER), "holds 5900 minor units; 5901 are needed"),
    ],
)
def test_no_transfer_is_out_of_balance(journal, line, message):
    sql("SELECT ledger_open(%s, 'EUR')", ESCROW)
    before = state()
    with pytest.raises(DatabaseError, match=message):
        raw_transfer(*line)
    assert state() == before


def test_no_transfer_has_an_account_that_does_not_exist(journal):
    refuses(
        "in_its_currency",
        [A_JOURNAL, "raw"],
        [
            "INSERT INTO ledger_transfer (journal_id, n, debit_id, credit_id, currency,"
            " amount_minor) SELECT max(j.id), 1, max(a.id), 0, 'USD', 5"
            " FROM ledger_journal j, ledger_account a WHERE a.code = %s",
            TRUST,
        ],
    )


def test_a_proper_raw_posting_moves_its_balances(journal):
    """The control: the attacks above fail for what they do, not for how they are written."""
    raw_transfer("USD", 5900, ESCROW, SUPPLIER)
    assert balances.balance(ESCROW) == usd("0")
    assert balances.balance(SUPPLIER) == usd("99.00")


def test_the_models_offer_no_way_round(journal):
    with pytest.raises(IntegrityError):
        Journal.objects.update(memo="x")
    with pytest.raises(IntegrityError):
        Transfer.objects.all().delete()


def test_an_application_role_has_not_even_the_privilege(journal):
    """The grants that docs/ledger.md gives for a role that is not the owner."""
    text = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text()
    grants = text.split("<!-- grants -->")[1].split("```sql")[1].split("```")[0]
    with transaction.atomic():
        sql("CREATE ROLE ta_app_test")
        sql(grants.replace("ta_app", "ta_app_test"))
        sql("SET LOCAL ROLE ta_app_test")
        post("release", (ESCROW, SUPPLIER, "59.00"))
        assert balances.balance(SUPPLIER) == usd("99.00")
        for attack in [
            "UPDATE ledger_journal SET memo = 'x'",
            "DELETE FROM ledger_transfer",
            "TRUNCATE ledger_seal",
            "UPDATE ledger_account SET code = 'escrow:mine'",
            "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
        ]:
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
                run([[attack]])
        with pytest.raises(IntegrityError, match="UPDATE of ledger_account"):
            run([["UPDATE ledger_account SET balance_minor = 1"]])
        transaction.set_rollback(True)
    assert connection.in_atomic_block is False
    assert balances.order_position(ORDER)["released"] == usd("41.00")
