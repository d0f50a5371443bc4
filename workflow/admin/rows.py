"""What happened and what is owed, to be read in the back office."""

from django.contrib import admin

from workflow.admin.base import ReadOnlyAdmin
from workflow.models import Event, OutboxMessage


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["happened_at", "trade_ref", "verb", "source", "target", "actor", "actor_role"]
    list_select_related = ["actor"]
    search_fields = ["=trade_ref"]
    list_filter = ["verb"]


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "lane", "kind", "trade_ref", "attempts", "delivered_at"]
    list_filter = ["lane", "kind"]
    search_fields = ["=trade_ref"]
