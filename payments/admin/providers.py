"""What providers were asked and what they said: to be read, and found by any of its numbers."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from core.money import Money
from payments.admin.base import OfMoney
from payments.admin.tables import NOTHING, amount, link
from payments.models import ProviderEvent, ProviderOperation, ProviderSettlement
from workflow.admin import ReadOnlyAdmin


@admin.register(ProviderOperation)
class ProviderOperationAdmin(OfMoney):
    """One thing a provider was asked to do, once; where it goes is the provider's secret."""

    list_display = ["provider", "kind", "reference", "external_ref", "amount_text", "status"]
    list_display += ["attempts", "created_at"]
    list_filter = ["provider", "kind", "status"]
    search_fields = ["=external_ref", "=reference", "=idempotency_key", "=payment__order__code"]
    search_fields += ["=disbursement__order__code"]
    fields = ["provider", "kind", "status", "reference", "external_ref", "idempotency_key"]
    fields += ["amount_text", "fee_text", "kept_text", "is_for", "settlement", "attempts"]
    fields += ["last_error", "created_at", "updated_at"]
    readonly_fields = ["amount_text", "fee_text", "kept_text", "is_for"]

    @admin.display(description=gettext_lazy("fee of the buyer"))
    def fee_text(self, row):
        return money_text(row.fee)

    @admin.display(description=gettext_lazy("kept by the provider"))
    def kept_text(self, row):
        return amount(row.provider_fee_minor, row.currency)

    @admin.display(description=gettext_lazy("for"))
    def is_for(self, row):
        return link(row.payment or row.disbursement)


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    """The signed messages of the providers, each once."""

    list_display = ["received_at", "provider", "kind", "event_id", "external_ref", "handled_at"]
    list_display += ["outcome"]
    list_filter = ["provider", "kind"]
    search_fields = ["=event_id", "=external_ref", "=body_sha256"]


@admin.register(ProviderSettlement)
class ProviderSettlementAdmin(OfMoney):
    """What a provider paid out at once, net of what it kept."""

    amount_field = "gross_minor"
    list_display = ["provider", "external_ref", "gross", "fee", "net_text", "settled_at"]
    list_filter = ["provider"]
    search_fields = ["=external_ref", "=operations__external_ref", "=operations__reference"]
    fields = ["provider", "external_ref", "gross", "fee", "net_text", "bank_line", "settled_by"]
    fields += ["settled_at"]
    readonly_fields = ["gross", "fee", "net_text", "bank_line"]

    @admin.display(description=gettext_lazy("gross"), ordering="gross_minor")
    def gross(self, row):
        return money_text(Money(row.gross_minor, row.currency))

    @admin.display(description=gettext_lazy("kept"), ordering="fee_minor")
    def fee(self, row):
        return money_text(Money(row.fee_minor, row.currency))

    @admin.display(description=gettext_lazy("net"))
    def net_text(self, row):
        return money_text(row.net)

    @admin.display(description=gettext_lazy("bank line"))
    def bank_line(self, row):
        return link(row.line) if row.line_id else NOTHING
