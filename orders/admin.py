"""Orders in the back office: to be read; what staff do about them are operations."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.roles import the_mediator
from core.formats.words import money_text
from orders.models import Instalment, Order, OrderLine, ShipDateShift, Shipment
from orders.shifting import SIGNED_OFF, shift_for_buyer
from orders.states import SHIPPABLE
from workflow.admin import OperationsAdmin
from workflow.forms import OperationForm


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


class ShiftInline(ReadOnlyInline):
    model = ShipDateShift


class ShiftForm(OperationForm):
    """Days that the buyer cost the supplier."""

    cause = forms.ChoiceField(
        label=_("What the buyer caused"),
        choices=[(cause.value, cause.label) for cause in SIGNED_OFF],
    )
    count = forms.IntegerField(label=_("Days"), min_value=1)
    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3, "cols": 70}), max_length=1000
    )


def may_be_shifted(order, user):
    """Whether this person may sign off days for the supplier of this order."""
    return the_mediator(order, user) and order.state in SHIPPABLE and not order.is_late()


@admin.register(Order)
class OrderAdmin(OperationsAdmin):
    operations = {
        "shift": (shift_for_buyer, ShiftForm, _("Move the ship-by date"), may_be_shifted),
    }
    list_display = ["code", "buyer", "supplier", "state", "total_text", "ship_by", "created_at"]
    list_select_related = ["buyer", "supplier"]
    list_filter = ["state", "compliance_hold"]
    search_fields = ["=code", "title", "buyer__name", "supplier__name"]
    inlines = [LineInline, InstalmentInline, ShipmentInline, ShiftInline]

    @admin.display(description=_("total"), ordering="total_minor")
    def total_text(self, order):
        return money_text(order.total)
