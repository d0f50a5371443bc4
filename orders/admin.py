"""Orders in the back office: to be read; what staff do about them are operations."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.roles import the_mediator
from core.formats.words import money_text
from orders import shipping
from orders.models import Instalment, Order, OrderLine, ShipDateShift, Shipment
from orders.shifting import SIGNED_OFF, shift_for_buyer
from orders.states import SHIPPABLE
from workflow.admin import OperationsAdmin, takes
from workflow.forms import OperationForm

LINES = {"rows": 3, "cols": 70}


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
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs=LINES), max_length=1000)


def may_be_shifted(order, user):
    """Whether this person may sign off days for the supplier of this order."""
    return the_mediator(order, user) and order.state in SHIPPABLE and not order.is_late()


class VerifyForm(OperationForm):
    """What the carrier said."""

    reason = forms.CharField(
        label=_("What the carrier confirmed"), widget=forms.Textarea(attrs=LINES), max_length=1000
    )


class RejectForm(OperationForm):
    """What is wrong with the document."""

    because = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[(cause.value, cause.label) for cause in shipping.BY_STAFF],
        help_text=_("A false or unrelated document is a strike against the supplier."),
    )
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs=LINES), max_length=1000)


@admin.register(Shipment)
class ShipmentAdmin(OperationsAdmin):
    """Shipping documents: those that wait for a check come first."""

    list_display = ["order", "document_type", "document_number", "claimed_on", "state"]
    list_select_related = ["order"]
    list_filter = ["state"]
    search_fields = ["=order__code", "=document_number", "carrier"]
    ordering = ["-submitted_at"]
    operations = {
        "verify": (shipping.verify, VerifyForm, _("The carrier confirms it"), takes("verify")),
        "reject": (
            shipping.reject_document,
            RejectForm,
            _("Reject the document"),
            takes("reject_doc"),
        ),
    }

    def intro(self, found):
        missing = ", ".join(str(shipping.PAPERS[kind]) for kind in shipping.missing_papers(found))
        return _now("Still missing: %s.") % missing if missing else ""


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
