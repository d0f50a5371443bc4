"""Rows from before: numbers for the lines, what is left of them, where disbursements rest."""

import uuid

from django.db import migrations, models

FILL = """
UPDATE payments_statementline SET public_id = gen_random_uuid();
UPDATE payments_statementline SET left_minor = amount_minor
    WHERE is_credit AND status IN ('new', 'suspense');
INSERT INTO payments_lineshare (line_id, payment_id, amount_minor)
    SELECT id, payment_id, amount_minor FROM payments_statementline
    WHERE status = 'matched' AND payment_id IS NOT NULL;
UPDATE payments_disbursement SET source_account =
    CASE kind WHEN 'refund' THEN 'refund_payable:' ELSE 'supplier_payable:' END || payee_id;
INSERT INTO payments_approvallimit (currency, amount_minor) VALUES ('USD', 100000);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_money")]
    operations = [
        migrations.RunSQL(FILL, "DELETE FROM payments_approvallimit"),
        migrations.AlterField(
            "statementline",
            "public_id",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
