"""The indexes behind the search of the catalogue, and who among the staff keeps its data.

The expressions are those that `catalog.filters` asks for; PostgreSQL uses an index on an
expression only for that very expression.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

INDEXES = """
CREATE INDEX product_text ON catalog_product USING gin (
    to_tsvector('english'::regconfig, COALESCE(name, '') || ' ' || COALESCE(summary, ''))
);
CREATE INDEX product_name_part ON catalog_product USING gin (UPPER(name::text) gin_trgm_ops);
CREATE INDEX company_name_part ON accounts_company USING gin (UPPER(name::text) gin_trgm_ops);
"""
UNDO = "DROP INDEX company_name_part, product_name_part, product_text;"
GROUPS = {
    "administrator": ["view", "add", "change"],
    "verifier": ["view", "change"],
    "auditor": ["view"],
}


def let_staff_in(apps, schema_editor):
    """Give the staff groups their rights on products and categories."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, verbs in GROUPS.items():
        group = Group.objects.get(name=name)
        for model in ("product", "category"):
            kind, _created = ContentType.objects.get_or_create(app_label="catalog", model=model)
            for verb in verbs:
                permission, _created = Permission.objects.get_or_create(
                    codename=f"{verb}_{model}",
                    content_type=kind,
                    defaults={"name": f"Can {verb} {model}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("accounts", "0002_staff_groups")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(INDEXES, UNDO),
        migrations.RunPython(let_staff_in, migrations.RunPython.noop),
    ]
