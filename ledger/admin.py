"""The ledger in the back office: everything to read, nothing to write."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.money import Money
from ledger.models import Account, Journal, Seal, Transfer


class ReadOnly:
    """Staff read; no one adds, changes or deletes here, so there are no actions either."""

    actions = None
    show_full_result_count = False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Account)
class AccountAdmin(ReadOnly, admin.ModelAdmin):
    """Guarded accounts carry their balance; the others are summed by the trial balance."""

    list_display = ["code", "currency", "kind", "guarded", "balance"]
    list_filter = ["kind", "guarded", "currency"]
    search_fields = ["code"]
    fields = ["code", "currency", "kind", "guarded", "balance"]
    readonly_fields = ["balance"]

    @admin.display(description=_("balance"), ordering="balance_minor")
    def balance(self, account):
        if not account.guarded:
            return "–"
        return str(Money(account.balance_minor, account.currency))


class TransferInline(ReadOnly, admin.TabularInline):
    model = Transfer
    fields = ["n", "debit", "credit", "amount_text"]
    readonly_fields = ["amount_text"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("debit", "credit")

    @admin.display(description=_("amount"))
    def amount_text(self, transfer):
        return str(transfer.amount)


@admin.register(Journal)
class JournalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "kind", "order_ref", "actor_ref", "effective_at", "posted_at", "key"]
    list_filter = ["kind"]
    search_fields = ["=key", "=order_ref"]
    inlines = [TransferInline]


@admin.register(Seal)
class SealAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["n", "first_journal", "last_journal", "count", "hash", "sealed_at"]
