"""The audit of all books: clean of a sound trade, and each seeded corruption named by its row."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock as business
from core import days
from ledger import checks, seals
from ledger.tests.book import as_superuser, sql
from payments import bank_accounts, calls, client_money, disbursing, sending
from payments.models import Disbursement, ProviderOperation, StatementLine
from payments.receipts import import_statement
from tests.bank import camt053
from tests.cast import usd
from workflow import approvals
from workflow.models import Approval

pytestmark = pytest.mark.django_db(transaction=True)


def bad(report):
    return {one["id"]: one["sample"] for one in report["checks"] if not one["ok"]}


@pytest.fixture
def world(charged, provider, account, paid, clock, run_clock, buyer, finance, second_finance):
    """A trade of 18,600.00 that was never shipped.

    The deposit came by card, the balance by transfer; both are refunded by two people. The
    card's part has arrived, the transfer is on its way. One receipt is nobody's.
    """
    order = charged.payment.order
    provider.books.pay(charged.external_ref)
    calls.look(charged.pk)
    paid(order.instalments.get(n=2))
    own = bank_accounts.change_account(
        by=buyer,
        holder=buyer.company.legal_name,
        account_number="NL91ABNA0417164300",
        bic="ABNANL2A",
        bank="Bank",
    )
    approve(bank_accounts.ask_to_approve(own, by=finance), by=second_finance)
    order.refresh_from_db()
    clock.move_to(order.ship_deadline)
    run_clock()
    clock.forward(days=7)
    run_clock()
    refunds = {row.route: row for row in Disbursement.objects.filter(order=order)}
    for refund in refunds.values():
        disbursing.consider(refund, by=None)
        refund.refresh_from_db()
        approve(disbursing.ask_to_send(refund, by=finance), by=second_finance)
        refund.refresh_from_db()
        sending.submit(refund, by=None)
    asked = ProviderOperation.objects.get(kind="refund")
    calls.send(asked.pk)
    calls.look(asked.pk)
    import_statement(
        camt053(account, [("unknown", usd("75.00"), "SOMEBODY")]), by=finance, file_name="s.xml"
    )
    for back in (2, 1):
        client_money.make(days.platform_date(business.now()) - timedelta(days=back), "USD")
    seals.seal()
    return names(order, charged, asked, refunds, own)


def approve(approval, *, by):
    return approvals.approve(approval, by=by)


def names(order, charged, asked, refunds, own):
    """What the corruptions and the sentences about them name."""
    line = StatementLine.objects.get(status="matched")
    return {
        "order": order.ref,
        "order_id": order.pk,
        "buyer": order.buyer_id,
        "supplier": order.supplier_id,
        "charge": charged.pk,
        "charge_ref": charged.external_ref,
        "refund_op": asked.pk,
        "card": refunds["provider"].pk,
        "transfer": refunds["bank"].pk,
        "line": line.pk,
        "key": line.dedupe_key,
        "bank_reference": line.bank_reference,
        "lost": StatementLine.objects.get(status="suspense").pk,
        "payment": charged.payment_id,
        "own": own.pk,
        "approval": Approval.objects.filter(subject_key=str(refunds["bank"].pk)).last().pk,
        "maker": Approval.objects.last().maker_id,
    }


def test_sound_books_are_ok(world):
    report = checks.run()
    assert bad(report) == {}
    states = Disbursement.objects.order_by("route").values_list("route", "state")
    assert list(states) == [("bank", "submitted"), ("provider", "confirmed")]
    assert report["currencies"] == {"USD": {"sum": "0"}}


def test_a_clean_audit_changes_no_row(world):
    before = counts()
    out = StringIO()
    call_command("audit_ledger", "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True
    assert counts() == before


def counts():
    """What PostgreSQL has written into every table so far."""
    sql("SELECT pg_stat_force_next_flush()")
    sql("SELECT pg_stat_clear_snapshot()")
    return dict(sql("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"))


def test_more_rows_do_not_mean_more_queries(world, account, finance):
    checks.run()
    with CaptureQueriesContext(connection) as few:
        checks.run()
    entries = [(f"unknown {n}", usd("10.00"), "SOMEBODY") for n in range(20)]
    import_statement(camt053(account, entries), by=finance, file_name="more.xml")
    with CaptureQueriesContext(connection) as many:
        assert bad(checks.run()) == {}
    assert len(many) == len(few)


FROZEN = {
    "accounts": "account_id kind owner_ref currency code",
    "entries": "seq txn_id entry_no account_id currency amount_minor posted_at effective_at"
    " order_ref kind external_ref idempotency_key actor_ref",
    "transactions": "seq txn_id prev_hash hash canonical",
    "ledger_tables": "relname",
    "orders": "order_ref state currency total_minor funded_minor held_minor released_minor"
    " refunded_minor fee_minor supplier_ref covered_minor",
    "deadlines": "id order_ref kind due_at fired_at outcome cancelled_at",
    "external_ops": "id provider kind idempotency_key external_ref amount_minor currency status"
    " created_at",
    "statement_lines": "id import_id statement_ref n dedupe_key bank_reference end_to_end_id"
    " booked_on value_on amount_minor currency status left_minor payer_name order_ref",
    "approvals": "subject_type subject_ref amount_minor maker_ref checker_ref decided_at decision",
    "outbox": "id created_at delivered_at attempts",
    "state_log": "order_ref n from_state to_state at actor_ref",
}


def test_the_auditors_schema_has_its_frozen_columns():
    rows = sql(
        "SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_schema = 'audit_v1' GROUP BY table_name"
    )
    assert dict(rows) == FROZEN


def test_an_auditor_reads_the_trade_in_every_view_and_nothing_else(world):
    order = world["order"]
    with transaction.atomic():
        sql("SET LOCAL ROLE ta_audit")
        assert sql("SELECT * FROM audit_v1.orders") == [
            (order, "refunded", "USD", 18_600_00, 18_600_00, 0, 0, 18_600_00, 0,
             str(world["supplier"]), 0)
        ]  # fmt: skip
        assert sql("SELECT DISTINCT amount_minor, external_ref FROM audit_v1.entries"
                   " WHERE kind = 'payment.cleared' AND amount_minor > 0 ORDER BY 1") == [
            (5_580_00, world["charge_ref"]), (13_020_00, world["bank_reference"])
        ]  # fmt: skip
        assert sql("SELECT sum(amount_minor) FROM audit_v1.entries") == [(0,)]
        assert sql("SELECT kind, outcome, fired_at = due_at, cancelled_at IS NULL"
                   " FROM audit_v1.deadlines WHERE kind IN ('order.confirm', 'order.ship')"
                   " ORDER BY kind") == [
            ("order.confirm", "kept", None, False), ("order.ship", "fired", True, True)
        ]  # fmt: skip
        assert sql("SELECT kind, amount_minor, status FROM audit_v1.external_ops ORDER BY id") == [
            ("charge", 5_744_61, "succeeded"), ("refund", 5_580_00, "succeeded")
        ]  # fmt: skip
        assert sql("SELECT amount_minor, status, left_minor, order_ref"
                   " FROM audit_v1.statement_lines ORDER BY id") == [
            (13_020_00, "matched", 0, order), (75_00, "suspense", 75_00, None)
        ]  # fmt: skip
        assert sql("SELECT subject_type, count(*), bool_and(maker_ref <> checker_ref)"
                   " FROM audit_v1.approvals WHERE decision = 'approved'"
                   " GROUP BY 1 ORDER BY 1") == [
            ("accounts.designatedaccount", 1, True),
            ("payments.bankaccount", 1, True),
            ("payments.disbursement", 2, True),
        ]  # fmt: skip
        assert sql("SELECT to_state FROM audit_v1.state_log WHERE order_ref = %s ORDER BY n DESC"
                   " LIMIT 1", order) == [("refunded",)]  # fmt: skip
        assert sql("SELECT count(*) > 0 FROM audit_v1.outbox") == [(True,)]
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            sql("SELECT * FROM payments_statementline")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            sql("DELETE FROM audit_v1.outbox")


CORRUPTIONS = {
    # --- the bank
    "amount of a statement line": (
        "UPDATE payments_statementline SET amount_minor = amount_minor + 100 WHERE id = {line}",
        "payments.arrivals",
        "statement line {line}: it says 1302100 USD, the ledger 1302000 USD",
    ),
    "a statement line that never was": (
        "DELETE FROM payments_lineshare WHERE line_id = {line};"
        "DELETE FROM payments_statementline WHERE id = {line}",
        "payments.arrivals",
        "1302000 arrived, no line of the bank says so",
    ),
    "arrival removed": (
        "DELETE FROM ledger_transfer WHERE journal_id IN"
        " (SELECT id FROM ledger_journal WHERE key = 'bank:{key}:arrived');"
        "DELETE FROM ledger_journal WHERE key = 'bank:{key}:arrived'",
        "payments.arrivals",
        "statement line {line}: it says 1302000 USD, the ledger nothing",
    ),
    "what is left of a receipt": (
        "UPDATE payments_statementline SET left_minor = 5000 WHERE id = {lost}",
        "payments.lines",
        "statement line {lost}: 7500 came, 5000 is left, 0 was counted",
    ),
    "share of a receipt": (
        "UPDATE payments_lineshare SET amount_minor = 1 WHERE line_id = {line}",
        "payments.lines",
        "statement line {line}: 1302000 came, 0 is left, 1302000 was counted (shares 1)",
    ),
    # --- the providers
    "amount of a charge": (
        "UPDATE payments_provideroperation SET amount_minor = 600000 WHERE id = {charge}",
        "payments.operations",
        "provider operation {charge} (http_sim {charge_ref}): 600000 USD charged, 574461 booked",
    ),
    "amount of a refund at the provider": (
        "UPDATE payments_provideroperation SET amount_minor = 1 WHERE id = {refund_op}",
        "payments.operations",
        "provider operation {refund_op} (refund",
    ),
    "charge that failed after all": (
        "UPDATE payments_provideroperation SET status = 'failed' WHERE id = {charge}",
        "payments.operations",
        "provider operation {charge} (http_sim {charge_ref})",
    ),
    "movement that no provider made": (
        "UPDATE ledger_journal SET key = 'http_sim:{charge_ref}:more'"
        " WHERE key = 'http_sim:{charge_ref}:fee'",
        "payments.receivables",
        "(http_sim:{charge_ref}:more) moves psp_receivable:http_sim, the provider did nothing",
    ),
    "provider operation removed": (
        "DELETE FROM payments_provideroperation WHERE id = {charge}",
        "payments.receivables",
        "(http_sim:{charge_ref}:held) moves psp_receivable:http_sim, the provider did nothing",
    ),
    "the same money charged back that was refunded": (
        "INSERT INTO payments_chargeback (public_id, order_id, payment_id, provider,"
        " external_ref, amount_minor, fee_minor, currency, taken, evidence, opened_at, outcome)"
        " VALUES (gen_random_uuid(), {order_id}, {payment}, 'http_sim', 'cb_1', 558000, 0, 'USD',"
        " '{{\"refund_payable:{buyer}\": 558000}}', '{{}}', now(), 'open')",
        "payments.refunds",
        "payment {payment}: 558000 came, 558000 goes back, 558000 is charged back",
    ),
    "chargeback that was not booked": (
        "INSERT INTO payments_chargeback (public_id, order_id, payment_id, provider,"
        " external_ref, amount_minor, fee_minor, currency, taken, evidence, opened_at, outcome)"
        " VALUES (gen_random_uuid(), {order_id}, {payment}, 'http_sim', 'cb_1', 558000, 1500,"
        " 'USD', '{{}}', '{{}}', now(), 'open')",
        "payments.settled",
        "(http_sim:chargeback:cb_1): 559500, booked 0",
    ),
    # --- what leaves
    "amount of a disbursement": (
        "UPDATE payments_disbursement SET amount_minor = amount_minor + 1 WHERE id = {transfer}",
        "payments.transit",
        "disbursement {transfer} is submitted over 1302001, in transit is 1302000",
    ),
    "disbursement that arrived too early": (
        "UPDATE payments_disbursement SET state = 'confirmed' WHERE id = {transfer}",
        "payments.transit",
        "disbursement {transfer} is confirmed over 1302000, in transit is 1302000",
    ),
    "disbursement that is sent again": (
        "UPDATE payments_disbursement SET state = 'approved' WHERE id = {card}",
        "payments.resting",
        "refund_payable:{buyer} USD: 558000 is to leave it, 0 is there",
    ),
    "disbursement without a decision": (
        "UPDATE payments_disbursement SET amount_minor = 600000, state = 'requested'"
        " WHERE id = {card}",
        "payments.owed",
        "(refund of {order}, late): 1902000 is owed, 1860000 was set aside",
    ),
    "wrong owner": (
        "UPDATE payments_disbursement SET payee_id = {supplier} WHERE id = {transfer}",
        "payments.payees",
        "disbursement {transfer} (refund of {order}) goes to company {supplier}",
    ),
    "another account of the payee": (
        'UPDATE payments_disbursement SET destination = \'{{"account": "666"}}\''
        " WHERE id = {transfer}",
        "payments.approved",
        "disbursement {transfer} is not what approval {approval} was given to",
    ),
    "amount of a payment": (
        "UPDATE payments_payment SET amount_minor = 600000 WHERE id = {payment}",
        "payments.cleared",
        "order {order}: 1902000 counts as paid, 1860000 was booked",
    ),
    # --- people
    "disbursement approved by one": (
        "ALTER TABLE payments_disbursement DROP CONSTRAINT disbursement_four_eyes;"
        "UPDATE payments_disbursement SET proposed_by_id = approved_by_id WHERE id = {transfer}",
        "payments.four_eyes",
        "disbursement {transfer} over 1302000 USD is submitted without the approval of two",
    ),
    "disbursement approved by nobody": (
        "DELETE FROM workflow_approval WHERE id = {approval}",
        "payments.four_eyes",
        "disbursement {transfer} over 1302000 USD is submitted without the approval of two",
    ),
    "approval decided by its maker": (
        "ALTER TABLE workflow_approval DROP CONSTRAINT approval_four_eyes;"
        "UPDATE workflow_approval SET checker_id = maker_id WHERE id = {approval}",
        "workflow.approvals",
        "approval {approval} (disbursement.approve {transfer}): one person proposed and decided",
    ),
    "approval after its day": (
        "UPDATE workflow_approval SET expires_at = made_at WHERE id = {approval}",
        "workflow.approvals",
        "approval {approval} (disbursement.approve {transfer}): it had expired",
    ),
    "approval with another digest": (
        "UPDATE workflow_approval SET digest = repeat('a', 64) WHERE id = {approval}",
        "payments.approved",
        "disbursement {transfer} is not what approval {approval} was given to",
    ),
    "bank account seen by one": (
        "ALTER TABLE payments_bankaccount DROP CONSTRAINT bank_account_four_eyes;"
        "UPDATE payments_bankaccount SET proposed_by_id = approved_by_id WHERE id = {own}",
        "payments.accounts",
        "bank account {own} of company {buyer}: one person",
    ),
    "sweep by one": (
        "ALTER TABLE payments_treasurytransfer DROP CONSTRAINT sweep_four_eyes;"
        "INSERT INTO payments_treasurytransfer (public_id, kind, cause, amount_minor, currency,"
        " ordered_at, proposed_by_id, approved_by_id, state) VALUES (gen_random_uuid(), 'sweep',"
        " 'x', 900, 'USD', now(), {maker}, {maker}, 'ordered')",
        "payments.sweeps",
        "(sweep) over 900: two people did not let it go",
    ),
    "forged designated account": (
        "UPDATE accounts_designatedaccount SET state = 'retired';"
        "INSERT INTO accounts_designatedaccount (public_id, beneficiary, bank, account_number,"
        " bic, bank_address, currency, proposed_by_id, proposed_at, state) VALUES"
        " (gen_random_uuid(), 'M', 'M', '666', 'DBSSSGSG', '', 'USD', {maker}, now(), 'active')",
        "accounts.designated",
        "nobody approved it",
    ),
    "designated account abroad": (
        "ALTER TABLE accounts_designatedaccount DROP CONSTRAINT designated_account_in_singapore;"
        "UPDATE accounts_designatedaccount SET bic = 'DEUTDEFF'",
        "accounts.designated",
        "its bank is not in Singapore: DEUTDEFF",
    ),
    # --- orders
    "instalment received": (
        "UPDATE orders_instalment SET received_minor = received_minor + 1"
        " WHERE order_id = {order_id} AND n = 1",
        "orders.received",
        "order {order}: its instalments received 1860001, the ledger 1860000",
    ),
    "price of an order": (
        "UPDATE orders_order SET total_minor = 1 WHERE id = {order_id}",
        "orders.plan",
        "order {order}: its total is 1, its goods come to 1860000",
    ),
    "escrow of an ended order is not empty": (
        "DELETE FROM ledger_transfer WHERE journal_id IN (SELECT id FROM ledger_journal"
        " WHERE kind = 'refund.late');"
        "DELETE FROM ledger_journal WHERE kind = 'refund.late'",
        "orders.ended",
        "order {order} is refunded: escrow 1860000, hold 0",
    ),
    "state of an order": (
        "UPDATE orders_order SET state = 'completed' WHERE id = {order_id}",
        "workflow.states",
        "order {order_id}: it is “completed”, its history says “refunded”",
    ),
    "order removed": (
        "DELETE FROM orders_order WHERE id = {order_id}",
        "orders.known",
        "order {order}: 1860000 USD came in, there is no such order",
    ),
    # --- cover
    "reserved total": (
        "UPDATE accounts_supplierstanding SET reserved_minor = 100",
        "accounts.coverage",
        "supplier {supplier}: 100 reserved, its open reservations add up to 0",
    ),
    "cover above the limit": (
        "UPDATE accounts_coveragereservation SET freed_at = NULL, amount_minor = 4000000,"
        " basis_minor = 4000000;"
        "UPDATE accounts_supplierstanding SET reserved_minor = 4000000",
        "accounts.limits",
        "supplier {supplier}: 4000000 is covered, the limit is 3000000 (last reserved for {order})",
    ),
    "cover of an ended order": (
        "UPDATE accounts_coveragereservation SET freed_at = NULL;"
        "UPDATE accounts_supplierstanding SET reserved_minor = 558000",
        "orders.coverage",
        "cover of {order}: it is not freed, the order has ended",
    ),
    "cover that was not promised": (
        "UPDATE accounts_coveragereservation SET amount_minor = 1",
        "orders.coverage",
        "cover of {order}: 1 is reserved, 558000 was promised",
    ),
    # --- history and clocks
    "event edited": (
        "UPDATE workflow_event SET facts = '{{}}' WHERE trade_ref = '{order}' AND verb = 'late'",
        "workflow.events",
        "of {order} (late): it was changed",
    ),
    "event removed": (
        "DELETE FROM workflow_event WHERE trade_ref = '{order}' AND n = 3",
        "workflow.events",
        "event 3 is missing",
    ),
    "event put in": (
        "INSERT INTO workflow_event (trade_ref, subject_type_id, subject_id, n, verb, source,"
        " target, actor_role, reason, facts, happened_at, prev_hash, hash)"
        " SELECT trade_ref, subject_type_id, subject_id, n + 1000, 'accept_goods', '', '', '', '',"
        " '{{}}', now(), hash, hash FROM workflow_event WHERE trade_ref = '{order}' AND n = 1",
        "workflow.events",
        "event 1001 of {order} (accept_goods)",
    ),
    "end of a history cut": (
        "DELETE FROM workflow_event e WHERE trade_ref = '{order}' AND n ="
        " (SELECT max(n) FROM workflow_event WHERE trade_ref = '{order}')",
        "workflow.news",
        "of {order} is gone",
    ),
    "deadline opened again": (
        "UPDATE workflow_deadline SET closed_at = NULL, missed = false WHERE kind = 'order.ship'",
        "orders.clocks",
        "(order.ship) of {order} is open, the order is refunded",
    ),
    "deadline that never fired": (
        "UPDATE workflow_deadline SET closed_at = NULL, missed = true"
        " WHERE kind = 'order.choose_when_late'",
        "workflow.deadlines",
        "(order.choose_when_late of {order}): it fired and is open",
    ),
    "deadline that fired twice": (
        "INSERT INTO workflow_deadline (trade_ref, subject_type_id, subject_id, kind, due_at,"
        " started_at, closed_at, missed, last_error) SELECT trade_ref, subject_type_id,"
        " subject_id, kind, due_at, started_at, closed_at, true, '' FROM workflow_deadline"
        " WHERE kind = 'order.ship'",
        "workflow.deadlines",
        "(order.ship of {order}) fired 2 times",
    ),
    "deadline that fired early": (
        "UPDATE workflow_deadline SET due_at = due_at + interval '1 year'"
        " WHERE kind = 'order.ship' AND missed",
        "workflow.deadlines",
        "(order.ship of {order}): it fired before it was due",
    ),
    "message put off for ever": (
        "UPDATE workflow_outboxmessage SET delivered_at = NULL, try_at = now() + interval '1 year'"
        " WHERE id = (SELECT min(id) FROM workflow_outboxmessage)",
        "workflow.outbox",
        "(event) waits since",
    ),
    # --- the proofs themselves
    "client-money statement edited": (
        "UPDATE payments_clientmoneystatement SET text = replace(text, 'USD', 'EUR')",
        "payments.client_money",
        "its text is not what was sealed",
    ),
    "client-money statement removed": (
        "DELETE FROM payments_clientmoneystatement WHERE id ="
        " (SELECT min(id) FROM payments_clientmoneystatement)",
        "payments.client_money",
        "it does not follow the one before it",
    ),
    "transfer put in": (
        "INSERT INTO ledger_transfer (journal_id, n, debit_id, credit_id, currency, amount_minor)"
        " SELECT journal_id, n + 1, debit_id, credit_id, currency, 1 FROM ledger_transfer"
        " WHERE id = (SELECT min(id) FROM ledger_transfer)",
        "ledger.fingerprints",
        "is not what was posted",
    ),
    "journal in a sealed range": (
        "UPDATE ledger_journal SET actor_ref = 'nobody' WHERE id = 1 OR kind = 'refund.late'",
        "ledger.chain",
        "was changed",
    ),
}


def test_guards_that_are_switched_off_are_named():
    with transaction.atomic():
        sql("ALTER TABLE workflow_event DISABLE TRIGGER event_chain")
        sql("ALTER TABLE payments_disbursement DISABLE TRIGGER payments_guard_disbursement")
        found = bad(checks.run())
        transaction.set_rollback(True)
    assert found == {
        "workflow.triggers": ["trigger event_chain is missing or switched off"],
        "payments.triggers": ["trigger payments_guard_disbursement is missing or switched off"],
    }


def test_each_corruption_is_found_and_named(world, subtests):
    for title, (attack, check, row) in CORRUPTIONS.items():
        with subtests.test(title):
            with transaction.atomic():
                as_superuser(attack.format(**world))
                samples = bad(checks.run())
                transaction.set_rollback(True)
            assert any(row.format(**world) in found for found in samples.get(check, [])), samples
    assert bad(checks.run()) == {}
