"""What no code path can get round: the database itself guards the ledger.

`ledger_chart` repeats ledger/chart.py (a test compares them): a new kind of account needs
a migration that replaces this function.
"""

from django.db import migrations

CHART = """
CREATE FUNCTION ledger_chart(OUT pattern text, OUT kind text, OUT guarded boolean)
RETURNS SETOF record LANGUAGE sql IMMUTABLE AS $$
    VALUES
        ('bank:sg_trust',           'asset',     false),
        ('psp_receivable:*',        'asset',     false),
        ('bank:operating',          'asset',     false),
        ('receivable_supplier:*',   'asset',     false),
        ('escrow:*',                'liability', true),
        ('hold:*',                  'liability', true),
        ('suspense:unidentified',   'liability', true),
        ('buyer_credit:*',          'liability', true),
        ('supplier_payable:*',      'liability', true),
        ('supplier_reserve:*',      'liability', true),
        ('refund_payable:*',        'liability', true),
        ('inspection_payable:*',    'liability', true),
        ('payout_transit:*',        'liability', true),
        ('income:escrow_fee',       'income',    false),
        ('income:payment_fee',      'income',    false),
        ('expense:psp_fee',         'expense',   false),
        ('expense:bank_charges',    'expense',   false),
        ('expense:chargeback_fee',  'expense',   false),
        ('expense:guarantee_loss',  'expense',   false)
$$;

-- The chart's line for one code, and the owner that the code names; no row if unknown.
CREATE FUNCTION ledger_entry(code text, OUT kind text, OUT guarded boolean, OUT owner_ref text)
RETURNS SETOF record LANGUAGE sql IMMUTABLE AS $$
    SELECT c.kind, c.guarded,
           CASE WHEN c.pattern = code THEN '' ELSE substr(code, strpos(code, ':') + 1) END
    FROM ledger_chart() c
    WHERE (c.pattern = code AND code NOT LIKE '%*')
       OR (c.pattern = split_part(code, ':', 1) || ':*'
           AND code ~ '^[a-z_]+:[A-Za-z0-9][A-Za-z0-9._-]*$')
$$;
"""

REFUSALS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('ta.allow_truncate', true) = 'on'
       AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;  -- only test databases set this, to empty themselves
    END IF;
    RAISE EXCEPTION 'The ledger is only ever added to: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_journal_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_transfer_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_seal_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_account_kept BEFORE DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- The one change that is allowed is a balance moved by the trigger of a transfer. (These fire
-- once per statement: comparing rows would cost every posting.)
CREATE TRIGGER ledger_account_unchanged
    BEFORE UPDATE OF id, code, kind, currency, owner_ref, guarded ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_account_balance_moves BEFORE UPDATE ON ledger_account
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_account_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance_minor <> 0 OR NEW.currency !~ '^[A-Z]{3}$' OR NOT EXISTS (
        SELECT FROM ledger_entry(NEW.code) e
        WHERE (e.kind, e.guarded, e.owner_ref) = (NEW.kind, NEW.guarded, NEW.owner_ref)
    ) THEN
        RAISE EXCEPTION 'Account % % does not follow the chart of accounts, or opens with money.',
            NEW.code, NEW.currency USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_opens BEFORE INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_opens();
"""

TRANSFERS = """
-- A transfer has the currency of both its accounts.
ALTER TABLE ledger_transfer
    ADD CONSTRAINT debit_in_its_currency FOREIGN KEY (debit_id, currency)
        REFERENCES ledger_account (id, currency),
    ADD CONSTRAINT credit_in_its_currency FOREIGN KEY (credit_id, currency)
        REFERENCES ledger_account (id, currency);

-- Room for balances to change without touching an index (heap-only updates).
ALTER TABLE ledger_account SET (fillfactor = 70);

CREATE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
    short record;
BEGIN
    IF EXISTS (
        SELECT FROM added a WHERE NOT EXISTS (
            SELECT FROM ledger_journal j
            WHERE j.id = a.journal_id
              AND j.txid = pg_current_xact_id()::text::bigint
              AND j.posted_at = transaction_timestamp())
    ) THEN
        RAISE EXCEPTION 'A journal is closed once its own transaction is over.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    -- By ascending id, so that two journals never wait for each other.
    FOR line IN
        SELECT account_id, sum(delta)::bigint AS delta
        FROM (SELECT debit_id, -amount_minor FROM added
              UNION ALL SELECT credit_id, amount_minor FROM added) AS side (account_id, delta)
        GROUP BY account_id HAVING sum(delta) <> 0 ORDER BY account_id
    LOOP
        UPDATE ledger_account SET balance_minor = balance_minor + line.delta
        WHERE id = line.account_id AND guarded AND balance_minor + line.delta >= 0;
        CONTINUE WHEN FOUND;
        SELECT code, balance_minor INTO short FROM ledger_account
        WHERE id = line.account_id AND guarded;
        IF FOUND THEN
            RAISE EXCEPTION 'Account % holds % minor units; % are needed.',
                short.code, short.balance_minor, -line.delta
                USING ERRCODE = 'TA001', DETAIL = json_build_object('account', short.code,
                    'needed', -line.delta, 'there', short.balance_minor)::text;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_move_balances AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balances();

CREATE FUNCTION ledger_journal_moves_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM ledger_transfer WHERE journal_id = NEW.id LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Journal % moves no money.', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_moves_money AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_journal_moves_money();
"""

POST = """
-- The id of an account, opened now if it is its first use; NULL if the chart has no such code.
CREATE FUNCTION ledger_open(p_code text, p_currency text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
BEGIN
    INSERT INTO ledger_account (code, kind, currency, owner_ref, guarded)
    SELECT p_code, e.kind, p_currency, e.owner_ref, e.guarded FROM ledger_entry(p_code) e
    ON CONFLICT DO NOTHING RETURNING id INTO found_id;
    IF found_id IS NULL THEN
        SELECT id INTO found_id FROM ledger_account
        WHERE code = p_code AND currency = p_currency;
    END IF;
    RETURN found_id;
END $$;

-- Posts a journal. outcome: posted | known (same key, same content) | reused (same key, other
-- content) | reversed (that journal is reversed already) | overdrawn. Only `posted` moves money;
-- whatever else the outcome, the caller's transaction stays usable.
CREATE FUNCTION ledger_post(
    p_key text, p_kind text, p_order_ref text, p_actor_ref text, p_memo text,
    p_effective_at timestamptz, p_fingerprint text, p_reverses bigint,
    p_currency text, p_debits text[], p_credits text[], p_amounts bigint[],
    OUT outcome text, OUT journal bigint, OUT account text, OUT needed bigint, OUT there bigint
) LANGUAGE plpgsql AS $$
DECLARE
    debit_ids bigint[];
    credit_ids bigint[];
    account_id bigint;
    seen text;
    short text;
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
    FOR i IN 1 .. cardinality(p_amounts) LOOP
        SELECT id INTO account_id FROM ledger_account
        WHERE code = p_debits[i] AND currency = p_currency;
        debit_ids[i] := coalesce(account_id, ledger_open(p_debits[i], p_currency));
        SELECT id INTO account_id FROM ledger_account
        WHERE code = p_credits[i] AND currency = p_currency;
        credit_ids[i] := coalesce(account_id, ledger_open(p_credits[i], p_currency));
    END LOOP;
    INSERT INTO ledger_transfer (journal_id, n, debit_id, credit_id, currency, amount_minor)
    SELECT journal, m.n, m.debit_id, m.credit_id, p_currency, m.amount
    FROM unnest(debit_ids, credit_ids, p_amounts)
        WITH ORDINALITY AS m (debit_id, credit_id, amount, n);
    outcome := 'posted';
EXCEPTION WHEN SQLSTATE 'TA001' THEN
    GET STACKED DIAGNOSTICS short = PG_EXCEPTION_DETAIL;
    outcome := 'overdrawn';
    journal := NULL;
    account := short::json ->> 'account';
    needed := short::json ->> 'needed';
    there := short::json ->> 'there';
END $$;
"""

UNDO = """
DROP FUNCTION ledger_post;
DROP FUNCTION ledger_open;
DROP FUNCTION ledger_journal_moves_money CASCADE;
DROP FUNCTION ledger_move_balances CASCADE;
ALTER TABLE ledger_transfer DROP CONSTRAINT debit_in_its_currency,
    DROP CONSTRAINT credit_in_its_currency;
DROP FUNCTION ledger_account_opens CASCADE;
DROP FUNCTION ledger_refuse CASCADE;
DROP FUNCTION ledger_entry;
DROP FUNCTION ledger_chart;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(CHART + REFUSALS + TRANSFERS + POST, UNDO)]
