"""The audit says ok of sound books, and names the row of each seeded corruption."""

# ruff: noqa: S608 (corruptions are written as SQL, on purpose)

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils.module_loading import autodiscover_modules

from core import audit as register
from ledger import checks, seals
from ledger.models import Account, Transfer
from ledger.tests.book import (
    ESCROW,
    FEE,
    HOLD,
    ORDER,
    REFUND,
    SUPPLIER,
    TRUST,
    as_superuser,
    post,
    sql,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_checks(monkeypatch):
    """Only the ledger's own: its test books know no orders and no bank (payments/tests)."""
    autodiscover_modules("audits")
    own = {name: find for name, find in register.CHECKS.items() if name.startswith("ledger.")}
    monkeypatch.setattr(register, "CHECKS", own)
    monkeypatch.setattr(checks, "CHECKS", own)


@pytest.fixture
def books():
    """A trade with a dispute: received 200, released 120 (fee 2.40), refunded 50, held 30."""
    made = {
        "deposit": post("deposit", (TRUST, ESCROW, "200.00"), key="deposit"),
        "dispute": post("dispute", (ESCROW, HOLD, "80.00"), key="dispute"),
        "release": post(
            "release", (ESCROW, SUPPLIER, "117.60"), (ESCROW, FEE, "2.40"), key="release"
        ),
        "ruling": post("ruling", (HOLD, REFUND, "50.00"), key="ruling"),
    }
    seals.seal()
    return {name: posted.journal_id for name, posted in made.items()}


def audit(*arguments):
    out = StringIO()
    try:
        call_command("audit_ledger", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def bad(report):
    return {c["id"]: c["sample"] for c in report["checks"] if not c["ok"]}


def test_sound_books_are_ok_and_the_report_has_its_agreed_form(books):
    code, text = audit("--json")
    report = json.loads(text)
    assert (code, report["ok"]) == (0, True)
    assert set(report) == {
        "ok", "as_of", "transactions", "entries", "currencies", "chain", "checks",
    }  # fmt: skip
    assert (report["transactions"], report["entries"]) == (4, 10)
    assert report["currencies"] == {"USD": {"sum": "0"}}
    assert report["chain"] == {
        "ok": True,
        "length": 1,
        "head": seals.verify().head,
        "first_bad": None,
    }
    assert {c["id"] for c in report["checks"]} >= {
        "ledger.chain",
        "ledger.transfers",
        "ledger.currencies",
        "ledger.balances",
        "ledger.coverage",
        "ledger.journals",
        "ledger.fingerprints",
        "ledger.chart",
        "ledger.orders",
        "ledger.filing",
        "ledger.sealed",
        "ledger.triggers",
    }
    assert all(set(c) == {"id", "ok", "violations", "sample"} for c in report["checks"])


def test_empty_books_are_ok():
    assert audit()[0] == 0


def test_an_older_head_must_be_in_the_chain(books):
    head = seals.verify().head
    assert audit("--since", head)[0] == 0
    code, text = audit("--since", "ab" * 32)
    assert code == 1
    assert "abab is not in the chain" in text


CORRUPTIONS = {
    "amount": (
        "UPDATE ledger_transfer SET amount_minor = 1 WHERE journal_id = {release} AND n = 2",
        "ledger.fingerprints",
        "journal {release} (release) is not what was posted",
    ),
    "negative amount": (
        "ALTER TABLE ledger_transfer DROP CONSTRAINT amount_between_two_accounts;"
        "UPDATE ledger_transfer SET amount_minor = -240 WHERE journal_id = {release} AND n = 2",
        "ledger.transfers",
        "the amount is -240",
    ),
    "one account twice": (
        "ALTER TABLE ledger_transfer DROP CONSTRAINT amount_between_two_accounts;"
        "UPDATE ledger_transfer SET credit_id = debit_id WHERE journal_id = {release} AND n = 2",
        "ledger.transfers",
        "both sides are one account",
    ),
    "currency of a transfer": (
        "UPDATE ledger_transfer SET currency = 'EUR' WHERE journal_id = {ruling}",
        "ledger.transfers",
        "its currency is EUR, its accounts' are USD and USD",
    ),
    "currency of an account": (
        "UPDATE ledger_account SET currency = 'EUR' WHERE code = 'bank:sg_trust'",
        "ledger.currencies",
        "EUR: debits minus credits are 20000",
    ),
    "account removed": (
        "DELETE FROM ledger_account WHERE code = 'hold:D-1'",
        "ledger.transfers",
        "an account is missing",
    ),
    "balance raised": (
        "UPDATE ledger_account SET balance_minor = 13760 WHERE code = 'supplier_payable:7'",
        "ledger.balances",
        "account supplier_payable:7 USD: the balance is 13760, its transfers give 11760",
    ),
    "balance below zero": (
        "ALTER TABLE ledger_account DROP CONSTRAINT balance_not_negative;"
        "UPDATE ledger_transfer SET amount_minor = 11000 WHERE journal_id = {dispute};"
        "UPDATE ledger_account SET balance_minor = -3000 WHERE code = '" + ESCROW + "'",
        "ledger.balances",
        f"account {ESCROW} USD: the balance is -3000, its transfers give -3000",
    ),
    "balance on an unguarded account": (
        "UPDATE ledger_account SET balance_minor = 5 WHERE code = 'bank:sg_trust'",
        "ledger.balances",
        "account bank:sg_trust USD: the balance is 5",
    ),
    "trust cash gone": (
        "UPDATE ledger_transfer SET debit_id = (SELECT id FROM ledger_account"
        " WHERE code = 'income:escrow_fee') WHERE journal_id = {deposit}",
        "ledger.coverage",
        "USD: trust 0 and provider receivables 0 are less than the client money 19760",
    ),
    "transfers removed": (
        "DELETE FROM ledger_transfer WHERE journal_id = {ruling}",
        "ledger.journals",
        "journal {ruling} (ruling) has no complete set of transfers",
    ),
    "one of two transfers removed": (
        "DELETE FROM ledger_transfer WHERE journal_id = {release} AND n = 1",
        "ledger.journals",
        "journal {release} (release) has no complete set of transfers",
    ),
    "journal removed": (
        "DELETE FROM ledger_journal WHERE id = {ruling}",
        "ledger.transfers",
        "of journal {ruling}: the journal is missing",
    ),
    "guard taken off an account": (
        "UPDATE ledger_account SET guarded = false WHERE code = '" + ESCROW + "'",
        "ledger.chart",
        f"account {ESCROW} USD is liability, not guarded: the chart says otherwise",
    ),
    "kind of an account": (
        "UPDATE ledger_account SET kind = 'expense' WHERE code = 'income:escrow_fee'",
        "ledger.chart",
        "account income:escrow_fee USD is expense, not guarded: the chart says otherwise",
    ),
    "unknown account": (
        "UPDATE ledger_account SET code = 'pocket:me' WHERE code = 'supplier_payable:7'",
        "ledger.chart",
        "account pocket:me USD is liability, guarded: the chart says otherwise",
    ),
    "escrow paid to nowhere": (
        "UPDATE ledger_transfer SET credit_id = (SELECT id FROM ledger_account"
        " WHERE code = 'bank:sg_trust') WHERE journal_id = {release} AND n = 1;"
        "UPDATE ledger_account SET code = 'bank:operating' WHERE code = 'bank:sg_trust'",
        "ledger.orders",
        f"order {ORDER}: received 20000 USD, released 240, refunded 5000, hold 3000,"
        " escrow 0, elsewhere 11760",
    ),
    "journal filed under another order": (
        "UPDATE ledger_journal SET order_ref = 'TA-other' WHERE id = {release}",
        "ledger.filing",
        f"journal {{release}} (release) is filed under “TA-other” and moves {ESCROW}",
    ),
    "memo after sealing": (
        "UPDATE ledger_journal SET memo = 'x' WHERE id = {deposit}",
        "ledger.chain",
        "seal 1: a journal from 1 to {ruling} was changed",
    ),
    "seal edited": (
        "UPDATE ledger_seal SET count = 5",
        "ledger.chain",
        "seal 1: its own fields were changed",
    ),
}


@pytest.mark.parametrize(("attack", "check", "row"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_a_corruption_is_found_and_named(books, attack, check, row):
    with transaction.atomic():
        as_superuser(attack.format(**books))
        report = checks.run()
        samples = bad(report)
        code, text = audit()
        transaction.set_rollback(True)
    assert not report["ok"]
    assert any(row.format(**books) in found for found in samples[check]), samples
    assert code == 1
    assert row.format(**books) in text
    assert checks.run()["ok"]


def test_seals_in_another_order_are_found(books):
    for n in (1, 2):
        post("deposit", (TRUST, ESCROW, "1.00"), key=f"later {n}")
        seals.seal()
    with transaction.atomic():
        as_superuser(
            "UPDATE ledger_seal SET n = 9 WHERE n = 2; UPDATE ledger_seal SET n = 2 WHERE n = 3;"
            "UPDATE ledger_seal SET n = 3 WHERE n = 9"
        )
        report = checks.run()
        transaction.set_rollback(True)
    assert report["chain"]["first_bad"] == "seal 2: it does not follow the seal before it"
    assert bad(report)["ledger.chain"] == [report["chain"]["first_bad"]]


def test_a_chain_whose_end_was_cut_off_no_longer_has_the_head_that_was_kept(books):
    journal = post("deposit", (TRUST, ESCROW, "1.00"), key="last").journal_id
    seals.seal()
    head = seals.verify().head
    with transaction.atomic():
        as_superuser(
            f"DELETE FROM ledger_seal WHERE n = 2;"
            f"DELETE FROM ledger_transfer WHERE journal_id = {journal};"
            f"DELETE FROM ledger_journal WHERE id = {journal}"
        )
        report = checks.run(since=head)
        transaction.set_rollback(True)
    assert report["chain"]["first_bad"] == f"head {head} is not in the chain"


def test_a_guard_that_is_switched_off_is_named():
    with transaction.atomic():
        sql("ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_move_balances")
        sql("DROP TRIGGER ledger_seal_unchanged ON ledger_seal")
        report = checks.run()
        transaction.set_rollback(True)
    assert bad(report) == {
        "ledger.triggers": [
            "trigger ledger_move_balances is missing or switched off",
            "trigger ledger_seal_unchanged is missing or switched off",
        ]
    }


def test_journals_left_unsealed_for_long_are_named(settings):
    settings.LEDGER_SEAL_WITHIN = timedelta(0)
    journal = post("deposit", (TRUST, ESCROW, "1.00"), key="lonely").journal_id
    (found,) = bad(checks.run())["ledger.sealed"]
    assert found.startswith(f"journal {journal} (lonely) is not sealed since")
    seals.seal()
    assert checks.run()["ok"]


def test_the_audit_cannot_write(books, monkeypatch):
    def vandal():
        Account.objects.create(code=REFUND, kind="liability", currency="EUR", guarded=True)
        return []

    monkeypatch.setitem(checks.CHECKS, "test.vandal", vandal)
    with pytest.raises(DatabaseError, match="read-only"):
        checks.run()
    assert Account.objects.filter(currency="EUR").count() == 0


def test_another_app_adds_its_check_and_a_long_list_is_cut(books):
    @checks.check("orders.example")
    def every_transfer_is_odd():
        return [f"transfer {t.pk}" for t in Transfer.objects.order_by("pk")] * 3

    (result,) = [c for c in checks.run()["checks"] if c["id"] == "orders.example"]
    assert (result["ok"], result["violations"], len(result["sample"])) == (False, 15, 10)
    with pytest.raises(ValueError, match="already"):
        checks.check("orders.example")(list)
