"""What no code path can get round: two people, and rows of money that stay what they are."""

from django.db import migrations

FOUR_EYES = """
-- A disbursement is what it was decided to be; only its way through the states moves. From the
-- limit of its currency on (always, where there is none) it leaves only with the approval that
-- two people gave to exactly this amount.
CREATE FUNCTION payments_guard_disbursement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    least bigint;
    leaving CONSTANT text[] := ARRAY['approved', 'submitted', 'confirmed'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.kind, NEW.cause, NEW.leg, NEW.order_id, NEW.payee_id, NEW.source_account,
            NEW.amount_minor, NEW.currency, NEW.requested_by_id)
           IS DISTINCT FROM
           (OLD.kind, OLD.cause, OLD.leg, OLD.order_id, OLD.payee_id, OLD.source_account,
            OLD.amount_minor, OLD.currency, OLD.requested_by_id)
           OR OLD.state = ANY (leaving) AND NEW.state = ANY (leaving)
              AND (NEW.destination, NEW.route, NEW.payment_id, NEW.bank_account_id)
                  IS DISTINCT FROM
                  (OLD.destination, OLD.route, OLD.payment_id, OLD.bank_account_id) THEN
            RAISE EXCEPTION 'Disbursement % stays what it was decided to be.', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.state = ANY (leaving) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.state = ANY (leaving) THEN
        SELECT amount_minor INTO least FROM payments_approvallimit WHERE currency = NEW.currency;
        IF NEW.needs_two OR NEW.amount_minor >= coalesce(least, 0) THEN
            PERFORM FROM workflow_approval a
            JOIN django_content_type c ON c.id = a.subject_type_id
            WHERE c.app_label = 'payments' AND c.model = 'disbursement'
              AND a.action = 'disbursement.approve' AND a.decision = 'approved'
              AND a.subject_key = NEW.id::text AND a.amount_minor = NEW.amount_minor
              AND a.maker_id = NEW.proposed_by_id AND a.checker_id = NEW.approved_by_id
              AND a.maker_id <> a.checker_id;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'Disbursement % needs the approval of two people.', NEW.id
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard_disbursement BEFORE INSERT OR UPDATE ON payments_disbursement
    FOR EACH ROW EXECUTE FUNCTION payments_guard_disbursement();
"""

KEPT = "".join(
    f"CREATE TRIGGER {table}_kept BEFORE {when} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION workflow_append_only();\n"
    for table, when in [
        ("payments_methodchange", "UPDATE OR DELETE"),
        ("payments_lineshare", "UPDATE OR DELETE"),
        ("payments_disbursement", "DELETE"),
        ("payments_payment", "DELETE"),
        ("payments_statementline", "DELETE"),
        ("payments_bankaccount", "DELETE"),
        ("payments_treasurytransfer", "DELETE"),
        ("payments_chargeback", "DELETE"),
        ("payments_providersettlement", "DELETE"),
        ("payments_bankfile", "DELETE OR UPDATE OF message_id, content, sha256, total_minor"),
        (
            "payments_clientmoneystatement",
            "DELETE OR UPDATE OF day, currency, text, sha256, prev_sha256",
        ),
        (
            "payments_statementline",
            "UPDATE OF dedupe_key, amount_minor, currency, is_credit, statement_id",
        ),
    ]
).replace(
    "payments_statementline_kept BEFORE UPDATE", "payments_statementline_unchanged BEFORE UPDATE"
)
UNDO = """
DROP TRIGGER payments_guard_disbursement ON payments_disbursement;
DROP FUNCTION payments_guard_disbursement;
""" + "".join(
    f"DROP TRIGGER {table}_{word} ON {table};\n"
    for table, word in [
        ("payments_methodchange", "kept"),
        ("payments_lineshare", "kept"),
        ("payments_disbursement", "kept"),
        ("payments_payment", "kept"),
        ("payments_statementline", "kept"),
        ("payments_statementline", "unchanged"),
        ("payments_bankaccount", "kept"),
        ("payments_treasurytransfer", "kept"),
        ("payments_chargeback", "kept"),
        ("payments_providersettlement", "kept"),
        ("payments_bankfile", "kept"),
        ("payments_clientmoneystatement", "kept"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_earlier_rows"),
        ("workflow", "0004_approvals_kept"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunSQL(FOUR_EYES + KEPT, UNDO)]
