"""All running clocks in the back office: who must act by when, and more time with a reason."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import days
from core.formats.words import day_text, moment_text, relative_text
from workflow.admin.base import OperationsAdmin
from workflow.extending import extend, latest, may_extend
from workflow.forms import OperationForm
from workflow.models import Deadline


class ExtendForm(OperationForm):
    """The last day in time from now on, and the reason that both sides read."""

    last_day = forms.DateField(
        label=gettext_lazy("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The last day in time, in Singapore time."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        max_length=1000,
        help_text=gettext_lazy("Both sides read it, and it stays in the history."),
    )


class RunningFilter(admin.SimpleListFilter):
    """Those that run, unless others are asked for."""

    title = gettext_lazy("state")
    parameter_name = "clock"

    def lookups(self, request, model_admin):
        return [("missed", _("Missed")), ("kept", _("Kept")), ("all", _("All"))]

    def choices(self, changelist):
        found = list(super().choices(changelist))
        found[0]["display"] = _("Running")
        return found

    def queryset(self, request, queryset):
        asked = self.value()
        if asked == "all":
            return queryset
        if asked in ("missed", "kept"):
            return queryset.filter(closed_at__isnull=False, missed=asked == "missed")
        return queryset.filter(closed_at=None)


class KindFilter(admin.SimpleListFilter):
    """One kind of clock, by its name."""

    title = gettext_lazy("clock")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind, f"{row.number} {row.title}") for kind, row in settings.DEADLINES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Deadline)
class DeadlineAdmin(OperationsAdmin):
    """The running clocks, soonest first."""

    list_display = ["until", "what", "trade_ref", "who_acts", "then", "more_time", "last_error"]
    list_display_links = ["until"]
    list_filter = [RunningFilter, KindFilter]
    search_fields = ["=trade_ref"]
    ordering = ["due_at", "pk"]
    list_per_page = 50
    fields = ["what", "until", "trade_ref", "who_acts", "then", "more_time", "started_at"]
    fields += ["first_due_at", "closed_at", "missed", "retry_at", "last_error"]
    readonly_fields = ["what", "until", "who_acts", "then", "more_time"]
    operations = {
        "extend": (extend, ExtendForm, gettext_lazy("Give more time"), may_extend),
    }

    @admin.display(description=gettext_lazy("before"), ordering="due_at")
    def until(self, row):
        text = moment_text(row.due_at, days.PLATFORM_ZONE)
        return f"{text} · {relative_text(row.due_at)}" if row.closed_at is None else text

    @admin.display(description=gettext_lazy("clock"), ordering="kind")
    def what(self, row):
        return format_html("{} {}", row.clock.number, row.clock.title)

    @admin.display(description=gettext_lazy("who must act"))
    def who_acts(self, row):
        return row.clock.actor

    @admin.display(description=gettext_lazy("if nobody does"))
    def then(self, row):
        return row.clock.silence

    @admin.display(description=gettext_lazy("may be extended"))
    def more_time(self, row):
        if row.closed_at is not None or not row.clock.extension:
            return "–"
        return _("by %(duty)s, until %(day)s") % {
            "duty": row.clock.duty,
            "day": day_text(days.last_day_before(latest(row))),
        }

    def intro(self, found):
        if found.closed_at is not None or not found.clock.extension:
            return ""
        return _("%(clock)s ends on %(now)s. It may run until %(latest)s, and never less long.") % {
            "clock": found.clock.title,
            "now": day_text(days.last_day_before(found.due_at)),
            "latest": day_text(days.last_day_before(latest(found))),
        }

    def why_not(self, verb, found, user):
        if found.closed_at is not None:
            return _("This clock does not run any more.")
        if not found.clock.extension:
            return _("Staff may not extend this clock: its rule gives nobody more time.")
        return _("Only the duty “%s” or an administrator may extend this clock.") % found.clock.duty
