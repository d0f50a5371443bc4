"""What two people decided stays decided, and what was proposed stays what it was."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION workflow_keep_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decision <> 'waiting'
       OR (NEW.action, NEW.subject_type_id, NEW.subject_key, NEW.payload, NEW.digest,
           NEW.amount_minor, NEW.currency, NEW.maker_id, NEW.made_at, NEW.expires_at)
          IS DISTINCT FROM
          (OLD.action, OLD.subject_type_id, OLD.subject_key, OLD.payload, OLD.digest,
           OLD.amount_minor, OLD.currency, OLD.maker_id, OLD.made_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'approval % stays as it was proposed and decided', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_kept BEFORE UPDATE OR DELETE ON workflow_approval
    FOR EACH ROW EXECUTE FUNCTION workflow_keep_approval();
CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON workflow_approval
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_append_only();
"""
BACK = """
DROP TRIGGER approval_no_truncate ON workflow_approval;
DROP TRIGGER approval_kept ON workflow_approval;
DROP FUNCTION workflow_keep_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_approval")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
