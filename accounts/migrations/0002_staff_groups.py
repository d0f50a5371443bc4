"""The duties of the platform's own staff, and what each may see and change in the back office."""

from django.db import migrations

GROUPS = {
    "mediator": ["view_company", "view_user", "view_supplierstanding", "view_coveragereservation"],
    "finance": ["view_company", "view_user", "view_supplierstanding", "view_coveragereservation"],
    "verifier": [
        "view_company",
        "change_company",
        "view_user",
        "view_supplierstanding",
        "add_supplierstanding",
        "change_supplierstanding",
        "view_coveragereservation",
    ],
    "administrator": [
        "view_company",
        "add_company",
        "change_company",
        "view_user",
        "add_user",
        "change_user",
        "view_supplierstanding",
        "view_coveragereservation",
    ],
    "auditor": ["view_company", "view_user", "view_supplierstanding", "view_coveragereservation"],
}


def make_groups(apps, schema_editor):
    """Make the groups; permissions that Django has not made yet are made as it would."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, codenames in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        for codename in codenames:
            verb, model = codename.split("_")
            kind, _created = ContentType.objects.get_or_create(app_label="accounts", model=model)
            title = apps.get_model("accounts", model)._meta.verbose_name
            permission, _created = Permission.objects.get_or_create(
                codename=codename,
                content_type=kind,
                defaults={"name": f"Can {verb} {title}"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
