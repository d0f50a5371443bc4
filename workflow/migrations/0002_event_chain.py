"""Each trade's events form a chain of hashes, and nobody changes, removes or slips one in."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION workflow_event_canonical(e workflow_event) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'trade', e.trade_ref, 'n', e.n, 'verb', e.verb, 'from', e.source, 'to', e.target,
        'subject', e.subject_type_id || ':' || e.subject_id, 'actor', e.actor_id,
        'role', e.actor_role, 'reason', e.reason, 'facts', e.facts,
        'at', to_char(e.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;

CREATE FUNCTION workflow_event_hash(e workflow_event) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(e.prev_hash || workflow_event_canonical(e), 'UTF8')), 'hex')
$$;

CREATE FUNCTION workflow_event_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.trade_ref, 7));
    SELECT n, hash INTO last FROM workflow_event
        WHERE trade_ref = NEW.trade_ref ORDER BY n DESC LIMIT 1;
    NEW.n := coalesce(last.n, 0) + 1;
    NEW.prev_hash := coalesce(last.hash, '');
    NEW.hash := workflow_event_hash(NEW);
    RETURN NEW;
END $$;

CREATE FUNCTION workflow_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('ta.allow_truncate', true) = 'on'
       AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'history is written once: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER event_chain BEFORE INSERT ON workflow_event
    FOR EACH ROW EXECUTE FUNCTION workflow_event_chain();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON workflow_event
    FOR EACH ROW EXECUTE FUNCTION workflow_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON workflow_event
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_append_only();
"""
BACK = """
DROP TRIGGER event_no_truncate ON workflow_event;
DROP TRIGGER event_append_only ON workflow_event;
DROP TRIGGER event_chain ON workflow_event;
DROP FUNCTION workflow_append_only();
DROP FUNCTION workflow_event_chain();
DROP FUNCTION workflow_event_hash(workflow_event);
DROP FUNCTION workflow_event_canonical(workflow_event);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
