"""Messages in the back office: read as they were said."""

from django.contrib import admin

from trade_center.models import Message
from workflow.admin import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["sent_at", "order", "author", "company", "text", "pays_elsewhere"]
    list_select_related = ["order", "author", "company"]
    list_filter = ["pays_elsewhere"]
    search_fields = ["=order__code", "text"]
