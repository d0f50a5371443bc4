"""The auditor's schema, whole: audit_v1 with the columns that docs/audit.md freezes."""

from django.db import migrations

VIEWS = """
-- `external_ref` is what the bank or the provider calls it, where the journal comes from one.
CREATE OR REPLACE VIEW audit_v1.entries AS
SELECT t.journal_id AS seq, t.journal_id AS txn_id, 2 * t.n - side.credit AS entry_no,
       side.account_id, t.currency, side.amount_minor, j.posted_at, j.effective_at,
       j.order_ref, j.kind,
       CASE
           WHEN starts_with(j.key, 'bank:') THEN (
               SELECT coalesce(nullif(l.bank_reference, ''), l.dedupe_key)
               FROM payments_statementline l
               WHERE l.dedupe_key = split_part(j.key, ':', 2)
                 AND l.status NOT IN ('duplicate', 'quarantined'))
           WHEN j.kind LIKE 'disbursement.%' THEN split_part(j.key, ':', 1)
           WHEN j.kind IN ('payment.cleared', 'payment.fee', 'payment.review', 'provider.settled')
                OR j.kind LIKE 'chargeback%' THEN nullif(regexp_replace(regexp_replace(
                    CASE WHEN starts_with(j.key, 'review:') THEN ''
                         ELSE substr(j.key, strpos(j.key, ':') + 1) END,
                    '^chargeback:', ''), ':(held|fee|review|settled|won|lost|escrow)$', ''), '')
       END::text AS external_ref,
       j.key AS idempotency_key, j.actor_ref
FROM ledger_transfer t
JOIN ledger_journal j ON j.id = t.journal_id
CROSS JOIN LATERAL (VALUES (1, t.debit_id, t.amount_minor), (0, t.credit_id, -t.amount_minor))
    AS side (credit, account_id, amount_minor);

CREATE VIEW audit_v1.orders AS
SELECT o.code AS order_ref, o.state, o.currency, o.total_minor,
       coalesce(p.received, 0)::bigint AS funded_minor,
       coalesce(p.escrow + p.hold, 0)::bigint AS held_minor,
       coalesce(p.released, 0)::bigint AS released_minor,
       coalesce(p.refunded, 0)::bigint AS refunded_minor,
       coalesce(p.fee, 0)::bigint AS fee_minor,
       o.supplier_id::text AS supplier_ref,
       coalesce(r.amount_minor, 0)::bigint AS covered_minor
FROM orders_order o
LEFT JOIN ledger_order_position p ON p.order_ref = o.code AND p.currency = o.currency
LEFT JOIN accounts_coveragereservation r ON r.order_ref = o.code AND r.freed_at IS NULL;

CREATE VIEW audit_v1.deadlines AS
SELECT id, trade_ref AS order_ref, kind, due_at,
       CASE WHEN missed THEN closed_at END AS fired_at,
       CASE WHEN closed_at IS NULL THEN 'open' WHEN missed THEN 'fired' ELSE 'kept' END AS outcome,
       CASE WHEN NOT missed THEN closed_at END AS cancelled_at
FROM workflow_deadline;

CREATE VIEW audit_v1.external_ops AS
SELECT id, provider, kind, idempotency_key, external_ref, amount_minor, currency, status,
       created_at
FROM payments_provideroperation;

CREATE VIEW audit_v1.statement_lines AS
SELECT l.id, l.statement_id AS import_id, s.statement_id AS statement_ref, l.n, l.dedupe_key,
       l.bank_reference, l.end_to_end_id, l.booked_on, l.value_on,
       CASE WHEN l.is_credit THEN l.amount_minor ELSE -l.amount_minor END AS amount_minor,
       l.currency, l.status, l.left_minor, l.payer_name, o.code AS order_ref
FROM payments_statementline l
JOIN payments_statementimport s ON s.id = l.statement_id
LEFT JOIN payments_payment p ON p.id = l.payment_id
LEFT JOIN orders_order o ON o.id = p.order_id;

-- Whoever decides on an account leaves no Approval where the account itself names the two.
CREATE VIEW audit_v1.approvals AS
SELECT c.app_label || '.' || c.model AS subject_type, a.subject_key::text AS subject_ref,
       a.amount_minor, m.public_id::text AS maker_ref, k.public_id::text AS checker_ref,
       a.decided_at, a.decision::text AS decision
FROM workflow_approval a
JOIN accounts_user m ON m.id = a.maker_id
LEFT JOIN accounts_user k ON k.id = a.checker_id
LEFT JOIN django_content_type c ON c.id = a.subject_type_id
UNION ALL
SELECT 'accounts.designatedaccount', d.id::text, NULL, m.public_id::text, k.public_id::text,
       (SELECT max(e.happened_at) FROM workflow_event e JOIN django_content_type t
            ON t.id = e.subject_type_id AND t.app_label = 'accounts'
            AND t.model = 'designatedaccount'
        WHERE e.subject_id = d.id AND e.verb = 'approve'),
       CASE WHEN d.approved_by_id IS NOT NULL THEN 'approved'
            WHEN d.state = 'proposed' THEN 'waiting' ELSE 'void' END
FROM accounts_designatedaccount d
JOIN accounts_user m ON m.id = d.proposed_by_id
LEFT JOIN accounts_user k ON k.id = d.approved_by_id
UNION ALL
SELECT 'payments.bankaccount', b.id::text, NULL, m.public_id::text, k.public_id::text,
       (SELECT max(e.happened_at) FROM workflow_event e JOIN django_content_type t
            ON t.id = e.subject_type_id AND t.app_label = 'payments' AND t.model = 'bankaccount'
        WHERE e.subject_id = b.id AND e.verb IN ('approve', 'refuse')),
       CASE WHEN b.approved_by_id IS NOT NULL THEN 'approved'
            WHEN b.state = 'refused' THEN 'refused'
            WHEN b.state = 'proposed' THEN 'waiting' ELSE 'void' END
FROM payments_bankaccount b
LEFT JOIN accounts_user m ON m.id = b.proposed_by_id
LEFT JOIN accounts_user k ON k.id = b.approved_by_id
WHERE NOT EXISTS (
    SELECT FROM workflow_approval a JOIN django_content_type t ON t.id = a.subject_type_id
        AND t.app_label = 'payments' AND t.model = 'bankaccount'
    WHERE a.subject_key = b.id::text);

CREATE VIEW audit_v1.outbox AS
SELECT id, created_at, delivered_at, attempts FROM workflow_outboxmessage;

CREATE VIEW audit_v1.state_log AS
SELECT e.trade_ref AS order_ref, e.n, e.source AS from_state, e.target AS to_state,
       e.happened_at AS at, u.public_id::text AS actor_ref
FROM workflow_event e
JOIN django_content_type c ON c.id = e.subject_type_id
    AND c.app_label = 'orders' AND c.model = 'order'
LEFT JOIN accounts_user u ON u.id = e.actor_id
WHERE e.target <> '';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ta_audit') THEN
        GRANT USAGE ON SCHEMA audit_v1 TO ta_audit;
        GRANT SELECT ON ALL TABLES IN SCHEMA audit_v1 TO ta_audit;
    END IF;
END $$;
"""

UNDO = """
DROP VIEW audit_v1.state_log, audit_v1.outbox, audit_v1.approvals, audit_v1.statement_lines,
          audit_v1.external_ops, audit_v1.deadlines, audit_v1.orders;
CREATE OR REPLACE VIEW audit_v1.entries AS
SELECT t.journal_id AS seq, t.journal_id AS txn_id, 2 * t.n - side.credit AS entry_no,
       side.account_id, t.currency, side.amount_minor, j.posted_at, j.effective_at,
       j.order_ref, j.kind, NULL::text AS external_ref, j.key AS idempotency_key, j.actor_ref
FROM ledger_transfer t
JOIN ledger_journal j ON j.id = t.journal_id
CROSS JOIN LATERAL (VALUES (1, t.debit_id, t.amount_minor), (0, t.credit_id, -t.amount_minor))
    AS side (credit, account_id, amount_minor);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0007_guards"),
        ("ledger", "0003_views"),
        ("accounts", "0003_money"),
        ("orders", "0004_money"),
        ("workflow", "0004_approvals_kept"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunSQL(VIEWS, UNDO)]
