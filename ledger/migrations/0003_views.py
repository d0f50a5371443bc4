"""What the ledger shows: an order's position, the canonical form, and the auditor's schema."""

from django.db import migrations

VIEWS = """
-- Debits minus credits of every account: from its row if guarded, else summed.
CREATE VIEW ledger_balance AS
SELECT a.id, a.code, a.kind, a.currency, a.guarded,
       CASE WHEN a.guarded THEN -a.balance_minor ELSE (
           (SELECT coalesce(sum(amount_minor), 0) FROM ledger_transfer WHERE debit_id = a.id)
         - (SELECT coalesce(sum(amount_minor), 0) FROM ledger_transfer WHERE credit_id = a.id)
       )::bigint END AS debit_minor
FROM ledger_account a;

-- Where an order's money is. The pool is escrow and holds; a reversal counts as minus what it
-- reverses. `other` is money that left the pool for where it may not go: it must be zero.
CREATE VIEW ledger_order_position AS
WITH moved AS (
    SELECT j.order_ref, t.currency,
           CASE WHEN j.reverses_id IS NULL THEN t.amount_minor ELSE -t.amount_minor END AS amount,
           CASE WHEN j.reverses_id IS NULL THEN d.code ELSE c.code END AS source,
           CASE WHEN j.reverses_id IS NULL THEN c.code ELSE d.code END AS target
    FROM ledger_journal j
    JOIN ledger_transfer t ON t.journal_id = j.id
    JOIN ledger_account d ON d.id = t.debit_id
    JOIN ledger_account c ON c.id = t.credit_id
    WHERE j.order_ref <> ''
), sided AS (
    SELECT order_ref, currency, amount, target,
           split_part(source, ':', 1) AS source_family,
           split_part(target, ':', 1) AS target_family
    FROM moved
), flow AS (
    SELECT *, source_family IN ('escrow', 'hold') AS leaves,
              target_family IN ('escrow', 'hold') AS enters,
              target_family IN ('supplier_payable', 'supplier_reserve')
                  OR target = 'income:escrow_fee' AS to_supplier,
              target_family IN ('refund_payable', 'buyer_credit', 'psp_receivable', 'suspense')
                  OR target = 'bank:sg_trust' AS to_buyer
    FROM sided
), summed AS (
    SELECT order_ref, currency,
        sum(amount) FILTER (WHERE enters AND NOT leaves) AS received,
        sum(amount) FILTER (WHERE target_family = 'escrow') AS into_escrow,
        sum(amount) FILTER (WHERE source_family = 'escrow') AS from_escrow,
        sum(amount) FILTER (WHERE target_family = 'hold') AS into_hold,
        sum(amount) FILTER (WHERE source_family = 'hold') AS from_hold,
        sum(amount) FILTER (WHERE leaves AND to_supplier) AS released,
        sum(amount) FILTER (WHERE leaves AND to_buyer) AS refunded,
        sum(amount) FILTER (WHERE leaves AND target = 'income:escrow_fee') AS fee,
        sum(amount) FILTER (WHERE leaves AND NOT enters AND NOT to_supplier AND NOT to_buyer)
            AS other
    FROM flow GROUP BY order_ref, currency
)
SELECT order_ref, currency,
    coalesce(received, 0)::bigint AS received,
    (coalesce(into_escrow, 0) - coalesce(from_escrow, 0))::bigint AS escrow,
    (coalesce(into_hold, 0) - coalesce(from_hold, 0))::bigint AS hold,
    coalesce(released, 0)::bigint AS released,
    coalesce(refunded, 0)::bigint AS refunded,
    coalesce(fee, 0)::bigint AS fee,
    coalesce(other, 0)::bigint AS other
FROM summed;

-- The canonical form of an instant: UTC, microseconds.
CREATE FUNCTION ledger_instant(t timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The canonical form of every journal: the text that is hashed into the seals (docs/ledger.md).
CREATE VIEW ledger_canonical AS
SELECT j.id, jsonb_build_array(
    j.id, j.key, j.kind, j.order_ref, j.actor_ref, j.memo, j.reverses_id,
    ledger_instant(j.effective_at), ledger_instant(j.posted_at), j.fingerprint,
    (SELECT coalesce(jsonb_agg(
         jsonb_build_array(t.n, d.code, c.code, t.currency, t.amount_minor)
         ORDER BY t.n, t.id), '[]')
     FROM ledger_transfer t
     LEFT JOIN ledger_account d ON d.id = t.debit_id
     LEFT JOIN ledger_account c ON c.id = t.credit_id
     WHERE t.journal_id = j.id)
)::text AS canonical
FROM ledger_journal j;
"""

AUDIT = """
CREATE SCHEMA IF NOT EXISTS audit_v1;

CREATE VIEW audit_v1.accounts AS
SELECT id AS account_id, split_part(code, ':', 1) AS kind, owner_ref, currency, code
FROM ledger_account;

CREATE VIEW audit_v1.ledger_tables AS
SELECT relname FROM (VALUES ('ledger_account'), ('ledger_journal'), ('ledger_transfer'),
                            ('ledger_seal')) AS t (relname);

CREATE VIEW audit_v1.entries AS
SELECT t.journal_id AS seq, t.journal_id AS txn_id, 2 * t.n - side.credit AS entry_no,
       side.account_id, t.currency, side.amount_minor, j.posted_at, j.effective_at,
       j.order_ref, j.kind, NULL::text AS external_ref, j.key AS idempotency_key, j.actor_ref
FROM ledger_transfer t
JOIN ledger_journal j ON j.id = t.journal_id
CROSS JOIN LATERAL (VALUES (1, t.debit_id, t.amount_minor), (0, t.credit_id, -t.amount_minor))
    AS side (credit, account_id, amount_minor);

-- `prev_hash` and `hash` are those of the seal that covers the journal; NULL until sealed.
CREATE VIEW audit_v1.transactions AS
SELECT c.id AS seq, c.id AS txn_id, s.prev_hash, s.hash, c.canonical
FROM ledger_canonical c
LEFT JOIN ledger_seal s ON c.id BETWEEN s.first_journal AND s.last_journal;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ta_audit') THEN
        CREATE ROLE ta_audit NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- another database made it just now
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'The role ta_audit is not made: this user may not create roles.';
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ta_audit') THEN
        GRANT USAGE ON SCHEMA audit_v1 TO ta_audit;
        GRANT SELECT ON ALL TABLES IN SCHEMA audit_v1 TO ta_audit;
        ALTER DEFAULT PRIVILEGES IN SCHEMA audit_v1 GRANT SELECT ON TABLES TO ta_audit;
    END IF;
END $$;
"""

UNDO = """
DROP VIEW audit_v1.transactions, audit_v1.entries, audit_v1.ledger_tables, audit_v1.accounts;
DROP VIEW ledger_canonical;
DROP FUNCTION ledger_instant;
DROP VIEW ledger_order_position;
DROP VIEW ledger_balance;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunSQL(VIEWS + AUDIT, UNDO)]
