"""People, companies and the standing of suppliers in the back office."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, CoverageReservation, Strike, SupplierStanding, User
from accounts.operations import change_standing


class PersonCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        field_classes = {}


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Staff see who acts for whom. Nobody is deleted: history names them."""

    add_form = PersonCreationForm
    ordering = ["email"]
    list_display = ["email", "name", "company", "company_role", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]
    list_select_related = ["company"]
    search_fields = ["email", "name", "company__name"]
    autocomplete_fields = ["company"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language", "time_zone"]}),
        (_("Company"), {"fields": ["company", "company_role"]}),
        (_("Duties"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser gives rights away; an administrator keeps the rest in order."""
        fixed = super().get_readonly_fields(request, obj)
        rights = ["is_staff", "is_superuser", "groups"]
        return fixed if request.user.is_superuser else [*fixed, *rights]


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["name", "country", "city", "buys", "sells", "inspects", "joined_at"]
    list_filter = ["buys", "sells", "inspects", "country"]
    search_fields = ["name", "legal_name", "name_local", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["joined_at"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SupplierStanding)
class SupplierStandingAdmin(admin.ModelAdmin):
    """Gold and the coverage limit are set here (S53, S56); what is reserved only orders move."""

    list_display = ["company", "gold", "gold_since", "limit", "reserved", "headroom"]
    list_filter = ["gold"]
    list_select_related = ["company"]
    search_fields = ["company__name"]
    autocomplete_fields = ["company"]
    readonly_fields = ["reserved", "headroom"]

    def save_model(self, request, obj, form, change):
        """Only what was changed is written: what is reserved may have moved meanwhile."""
        if change:
            change_standing(obj, by=request.user, fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CoverageReservation)
class CoverageReservationAdmin(admin.ModelAdmin):
    """What each order holds of its supplier's limit. Only orders change it."""

    list_display = ["order_ref", "standing", "basis_minor", "amount_minor", "freed_at"]
    list_select_related = ["standing__company"]
    search_fields = ["=order_ref"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Strike)
class StrikeAdmin(admin.ModelAdmin):
    """What counts against a company. Only what happened in a trade writes here (X19)."""

    list_display = ["company", "cause", "order_ref", "noted_at"]
    list_filter = ["cause"]
    list_select_related = ["company"]
    search_fields = ["=order_ref", "company__name"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request):
        return self.has_view_permission(request)
