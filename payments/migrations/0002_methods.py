"""The eight methods of the brief and who is offered which (S5, S6, S18)."""

from django.db import migrations

METHODS = [
    # code, title, kind, for new clients, for existing clients
    ("visa", "Visa", "card", True, False),
    ("mastercard", "MasterCard", "card", True, False),
    ("unionpay", "UnionPay", "card", True, True),
    ("paypal", "PayPal", "wallet", True, False),
    ("cashu", "CashU", "wallet", True, False),
    ("wechat_pay", "WeChat Pay", "wallet", True, False),
    ("alipay", "Alipay", "wallet", True, True),
    ("telegraphic_transfer", "Telegraphic transfer", "transfer", True, True),
]


def load(apps, schema_editor):
    method = apps.get_model("payments", "PaymentMethod")
    method.objects.bulk_create(
        method(
            code=code,
            title=title,
            kind=kind,
            for_new=new,
            for_existing=existing,
            fee_percent=0 if kind == "transfer" else "2.95",
            position=position,
        )
        for position, (code, title, kind, new, existing) in enumerate(METHODS)
    )


def unload(apps, schema_editor):
    apps.get_model("payments", "PaymentMethod").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
