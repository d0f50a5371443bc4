"""Orders in the back office: to be read. What staff do, they do through operations elsewhere."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.formats.words import money_text
from orders.models import Instalment, Order, OrderLine, Shipment
from workflow.admin import ReadOnlyAdmin


class ReadOnlyInline(admin.TabularInline):
    """Rows of the record above, not to be touched here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff


class LineInline(ReadOnlyInline):
    model = OrderLine


class InstalmentInline(ReadOnlyInline):
    model = Instalment


class ShipmentInline(ReadOnlyInline):
    model = Shipment


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["code", "buyer", "supplier", "state", "total_text", "ship_by", "created_at"]
    list_select_related = ["buyer", "supplier"]
    list_filter = ["state", "compliance_hold"]
    search_fields = ["=code", "title", "buyer__name", "supplier__name"]
    inlines = [LineInline, InstalmentInline, ShipmentInline]

    @admin.display(description=_("total"), ordering="total_minor")
    def total_text(self, order):
        return money_text(order.total)
