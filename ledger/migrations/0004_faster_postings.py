"""The same guards at less cost: see docs/adr/0009-references-by-trigger.md.

A foreign key locks the row that it refers to, and every release refers to the one account of
the platform's fee. Accounts and journals never go away and never change, so looking once,
when a transfer is written, proves as much. `ledger_post` plans its statements once per
connection: with arrays as parameters PostgreSQL would plan them anew at every call.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

UNBOUND = """
ALTER TABLE ledger_transfer DROP CONSTRAINT debit_in_its_currency,
    DROP CONSTRAINT credit_in_its_currency;
"""

TRANSFERS = """
-- Called where a balance would fall below zero: in place of a result, it raises.
CREATE FUNCTION ledger_overdrawn(code text, needed bigint, there bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Account % holds % minor units; % are needed.', code, there, needed
        USING ERRCODE = 'TA001', DETAIL = json_build_object(
            'account', code, 'needed', needed, 'there', there)::text;
END $$;

CREATE OR REPLACE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
BEGIN
    SELECT seen.* INTO line FROM added a CROSS JOIN LATERAL (SELECT
        (SELECT txid = pg_current_xact_id()::text::bigint AND posted_at = transaction_timestamp()
         FROM ledger_journal WHERE id = a.journal_id) IS TRUE AS open,
        (SELECT currency = a.currency FROM ledger_account WHERE id = a.debit_id)
            IS TRUE AS debit_fit,
        (SELECT currency = a.currency FROM ledger_account WHERE id = a.credit_id)
            IS TRUE AS credit_fit
    ) seen WHERE NOT (seen.open AND seen.debit_fit AND seen.credit_fit) LIMIT 1;
    IF NOT line.open THEN
        RAISE EXCEPTION 'A journal is closed once its own transaction is over.'
            USING ERRCODE = 'restrict_violation';
    ELSIF NOT line.debit_fit THEN
        RAISE EXCEPTION 'A transfer debits an account in its currency (debit_in_its_currency).'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'debit_in_its_currency';
    ELSIF NOT line.credit_fit THEN
        RAISE EXCEPTION 'A transfer credits an account in its currency (credit_in_its_currency).'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'credit_in_its_currency';
    END IF;
    -- By ascending id, so that two journals never wait for each other.
    FOR line IN
        SELECT account_id, sum(delta)::bigint AS delta
        FROM (SELECT debit_id, -amount_minor FROM added
              UNION ALL SELECT credit_id, amount_minor FROM added) AS side (account_id, delta)
        GROUP BY account_id HAVING sum(delta) <> 0 ORDER BY account_id
    LOOP
        UPDATE ledger_account SET balance_minor = CASE
            WHEN balance_minor + line.delta >= 0 THEN balance_minor + line.delta
            ELSE ledger_overdrawn(code, -line.delta, balance_minor) END
        WHERE id = line.account_id AND guarded;
    END LOOP;
    RETURN NULL;
END $$;
"""

POST = """
CREATE OR REPLACE FUNCTION ledger_post(
    p_key text, p_kind text, p_order_ref text, p_actor_ref text, p_memo text,
    p_effective_at timestamptz, p_fingerprint text, p_reverses bigint,
    p_currency text, p_debits text[], p_credits text[], p_amounts bigint[],
    OUT outcome text, OUT journal bigint, OUT account text, OUT needed bigint, OUT there bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    seen text;
    short json;
BEGIN
    INSERT INTO ledger_journal (
        key, kind, order_ref, actor_ref, memo, effective_at, fingerprint, reverses_id
    ) VALUES (
        p_key, p_kind, p_order_ref, p_actor_ref, p_memo, p_effective_at, p_fingerprint, p_reverses
    ) ON CONFLICT DO NOTHING RETURNING id INTO journal;
    IF journal IS NULL THEN
        SELECT j.id, j.fingerprint INTO journal, seen FROM ledger_journal j WHERE j.key = p_key;
        outcome := CASE WHEN seen IS NULL THEN 'reversed'
                        WHEN seen = p_fingerprint THEN 'known' ELSE 'reused' END;
        RETURN;
    END IF;
    INSERT INTO ledger_transfer (journal_id, n, debit_id, credit_id, currency, amount_minor)
    SELECT journal, m.n,
        coalesce((SELECT id FROM ledger_account WHERE (code, currency) = (m.debit, p_currency)),
                 ledger_open(m.debit, p_currency)),
        coalesce((SELECT id FROM ledger_account WHERE (code, currency) = (m.credit, p_currency)),
                 ledger_open(m.credit, p_currency)),
        p_currency, m.amount
    FROM unnest(p_debits, p_credits, p_amounts) WITH ORDINALITY AS m (debit, credit, amount, n);
    outcome := 'posted';
EXCEPTION WHEN SQLSTATE 'TA001' THEN
    GET STACKED DIAGNOSTICS short = PG_EXCEPTION_DETAIL;
    outcome := 'overdrawn';
    journal := NULL;
    account := short ->> 'account';
    needed := short ->> 'needed';
    there := short ->> 'there';
END $$;
"""

before = import_module("ledger.migrations.0002_guards")
BACK = f"""
DROP FUNCTION ledger_post;
DROP FUNCTION ledger_open;
DROP FUNCTION ledger_journal_moves_money CASCADE;
DROP FUNCTION ledger_move_balances CASCADE;
DROP FUNCTION ledger_overdrawn;
{before.TRANSFERS}
{before.POST}
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_views")]
    operations = [
        migrations.RunSQL(UNBOUND + TRANSFERS + POST, BACK),
        migrations.RemoveConstraint("account", "account_and_its_currency"),
        migrations.AlterField(
            "transfer",
            "journal",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transfers",
                to="ledger.journal",
            ),
        ),
    ]
