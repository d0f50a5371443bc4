"""The ledger: accounts, journals of transfers, and the seals that chain them.

All of it is written once. What the models say here, PostgreSQL enforces: see the
constraints below and the triggers in migrations/0002_guards.py.
"""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from ledger import chart


class Account(models.Model):
    """A place where money is, or comes from. Guarded ones keep a balance that is never negative.

    Only transfers move `balance_minor`, by trigger. The other accounts (banks, receivables,
    income, expenses) are touched by every order, so they keep no balance: it is summed.
    """

    code = models.CharField(_("account"), max_length=chart.LONGEST_CODE)
    kind = models.CharField(_("type"), max_length=10, choices=chart.Kind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    owner_ref = models.CharField(_("owner"), max_length=chart.LONGEST_CODE, blank=True)
    guarded = models.BooleanField(_("never below zero"))
    balance_minor = models.BigIntegerField(_("balance, minor units"), default=0, db_default=0)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="one_account_of_a_code"),
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="balance_not_negative"),
        ]

    def __str__(self):
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One money event: its transfers stand or fall together, once per key.

    `effective_at` is business time; `posted_at` and `txid` are the database transaction
    that wrote it, outside of which nothing can be added. `fingerprint` tells a repeated
    request from another one that uses the same key.
    """

    key = models.CharField(_("key"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60)
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    actor_ref = models.CharField(_("actor"), max_length=80, blank=True)
    memo = models.TextField(_("memo"), blank=True)
    reverses = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    effective_at = models.DateTimeField(_("effective"), default=clock.now)
    posted_at = models.DateTimeField(_("posted"), db_default=TransactionNow(), editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    txid = models.BigIntegerField(
        editable=False,
        db_default=Cast(
            Cast(Func(function="pg_current_xact_id"), TextField()), models.BigIntegerField()
        ),
    )

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_journal_of_a_key"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="reversed_once"
            ),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind=""), name="journal_is_named"),
        ]
        indexes = [
            models.Index(
                fields=["order_ref", "id"], condition=~Q(order_ref=""), name="journal_of_an_order"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Transfer(models.Model):
    """An amount that one account is debited and another is credited: balanced by its shape.

    What it refers to never goes away, so a trigger looks once and no foreign key locks it.
    """

    journal = models.ForeignKey(
        Journal,
        on_delete=models.PROTECT,
        related_name="transfers",
        db_index=False,
        db_constraint=False,
    )
    n = models.SmallIntegerField(_("line"))
    debit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount, minor units"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["journal_id", "n"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "n"], name="place_in_its_journal"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, n__gt=0) & ~Q(debit=F("credit")),
                name="amount_between_two_accounts",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "id"], include=["amount_minor"], name="transfer_debits"),
            models.Index(
                fields=["credit", "id"], include=["amount_minor"], name="transfer_credits"
            ),
        ]

    def __str__(self):
        return f"{self.debit.code} → {self.credit.code} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Seal(models.Model):
    """The journals of one range of ids, fixed by a Merkle root and chained to the seal before."""

    n = models.PositiveBigIntegerField(_("number"), primary_key=True)
    first_journal = models.BigIntegerField(_("first journal"))
    last_journal = models.BigIntegerField(_("last journal"))
    count = models.PositiveIntegerField(_("journals"))
    merkle_root = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="seal_hash_once"),
            models.UniqueConstraint(fields=["prev_hash"], name="one_seal_after_another"),
            models.CheckConstraint(
                condition=Q(first_journal__lte=F("last_journal"), count__gt=0), name="seal_range"
            ),
        ]

    def __str__(self):
        return f"{self.n}: {self.hash[:12]}"
