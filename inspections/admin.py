"""Inspections in the back office: read them, and appoint an agency where one is missing."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inspections import operations
from inspections.comparison import of_result
from inspections.forms import AppointForm
from inspections.models import Absence, Inspection, LineResult, Tie
from workflow.admin import OperationsAdmin


def needs_an_agency(inspection, user):
    """A mediator appoints while nobody is; `has_agency` guards the transition itself."""
    return inspection.state == Inspection.State.REQUESTED and "mediator" in user.duties


class ResultInline(admin.TabularInline):
    """What was measured, line by line."""

    model = LineResult
    extra = 0
    can_delete = False
    fields = readonly_fields = ["line", "agreed", "found", "result", "words", "note", "waived"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("line__attachment")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    @admin.display(description=_("agreed"))
    def agreed(self, result):
        return of_result(result).agreed

    @admin.display(description=_("measured"))
    def found(self, result):
        return of_result(result).measured or result.get_result_display()

    @admin.display(description=_("comparison"))
    def words(self, result):
        return of_result(result).words


@admin.register(Inspection)
class InspectionAdmin(OperationsAdmin):
    operations = {
        "appoint": (
            operations.appoint,
            AppointForm,
            _("Appoint an inspection company"),
            needs_an_agency,
        )
    }
    list_display = ["order", "n", "agency", "state", "reported_at"]
    list_select_related = ["order", "agency"]
    list_filter = ["state", "agency"]
    search_fields = ["=order__code", "agency__name"]
    fields = [
        "order",
        "n",
        "state",
        "agency",
        "inspector",
        "plan_text",
        "critical_found",
        "major_found",
        "minor_found",
        "remarks",
        "signed_name",
        "reported_at",
    ]
    readonly_fields = ["plan_text", "reported_at"]
    inlines = [ResultInline]

    @admin.display(description=_("sampling plan"))
    def plan_text(self, inspection):
        if not inspection.plan:
            return _("None yet: it is fixed when a company is appointed.")
        return _("Level %(level)s: %(sample)s pieces of %(lot)s.") % inspection.plan


@admin.register(Tie)
class TieAdmin(admin.ModelAdmin):
    """Whom an inspection company depends on: it is never proposed for their orders."""

    list_display = ["agency", "company", "why"]
    autocomplete_fields = ["agency", "company"]


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):
    """Days on which an inspection company sends nobody."""

    list_display = ["agency", "first_day", "last_day"]
    autocomplete_fields = ["agency"]
