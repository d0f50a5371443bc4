"""The running numbers of orders and of payment references."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE orders_code", "DROP SEQUENCE orders_code"),
        migrations.RunSQL(
            "CREATE SEQUENCE orders_reference START 2600012301",
            "DROP SEQUENCE orders_reference",
        ),
    ]
