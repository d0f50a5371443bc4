"""Contracts in the back office: everything to read, nothing to write."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contracts.models import AcknowledgedGap, ContractLine, PurchaseContract, Signature
from orders.admin import ReadOnlyInline
from workflow.admin import ReadOnlyAdmin


class LineInline(ReadOnlyInline):
    model = ContractLine
    fields = [
        "number",
        "characteristic",
        "requirement",
        "tolerance_minus",
        "tolerance_plus",
        "unit",
    ]
    fields += ["how_checked", "severity", "attachment"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("attachment")


class GapInline(ReadOnlyInline):
    model = AcknowledgedGap
    fields = ["code", "sentence", "acknowledged_by", "acknowledged_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("acknowledged_by")


class SignatureInline(ReadOnlyInline):
    model = Signature
    fields = ["side", "typed_name", "user", "address", "sha256", "signed_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "company", "contract")


@admin.register(PurchaseContract)
class PurchaseContractAdmin(ReadOnlyAdmin):
    """Every version of every contract, by order code or fingerprint."""

    list_display = ["order", "version", "state", "drafted_by", "proposed_at", "effective_at"]
    list_display += ["sealed"]
    list_select_related = ["order", "drafted_by"]
    list_filter = ["state"]
    search_fields = ["=order__code", "=sha256", "=pdf_sha256"]
    inlines = [LineInline, GapInline, SignatureInline]

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    @admin.display(description=_("PDF sealed"), boolean=True)
    def sealed(self, contract):
        return bool(contract.sealed_at)
