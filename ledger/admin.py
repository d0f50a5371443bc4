"""The ledger in the back office: everything to read, nothing to write."""

from django.contrib import admin

from ledger.models import Account, Journal, Seal, Transfer


class ReadOnly:
    """No one adds, changes or deletes here, whatever their permissions; so there are no actions."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Account)
class AccountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "currency", "kind", "guarded", "balance_minor"]
    list_filter = ["kind", "guarded", "currency"]
    search_fields = ["code"]


class TransferInline(ReadOnly, admin.TabularInline):
    model = Transfer
    fields = ["n", "debit", "credit", "currency", "amount_minor"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("debit", "credit")


@admin.register(Journal)
class JournalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "kind", "order_ref", "actor_ref", "effective_at", "posted_at", "key"]
    list_filter = ["kind"]
    search_fields = ["=key", "=order_ref"]
    show_full_result_count = False
    inlines = [TransferInline]


@admin.register(Seal)
class SealAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["n", "first_journal", "last_journal", "count", "hash", "sealed_at"]
