"""The catalogue in the back office."""

from django.contrib import admin

from catalog.models import Category, Product


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "template_key"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Staff correct a product, or withdraw it; it is never deleted, orders point to it."""

    list_display = ["name", "supplier", "category", "price", "least_quantity", "withdrawn"]
    list_filter = ["withdrawn", "category"]
    list_select_related = ["supplier", "category"]
    search_fields = ["name", "slug", "supplier__name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["supplier", "category"]

    def has_delete_permission(self, request, obj=None):
        return False
