"""The back office never edits a state: it calls the operations that everybody calls."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from workflow.engine import verbs
from workflow.errors import Refused


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that nobody adds, changes or deletes here, by any form, action or import."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request):
        return self.has_view_permission(request)


class OperationsAdmin(ReadOnlyAdmin):
    """Staff act on a record through its operations.

    `operations` maps a verb to (operation, form class, title, test): the test of
    (record, user) says whether the button is there; the operation itself has the last word.
    `why_not` may give the reason to somebody who types the address of a button by hand.
    """

    operations = {}
    change_form_template = "admin/operations_change_form.html"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        buttons = self._buttons(found, request.user) if found else []
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "operation_buttons": buttons}
        )

    def get_urls(self):
        view = self.admin_site.admin_view(self.operate)
        return [
            path("<path:object_id>/do/<slug:verb>/", view, name=self._name("do")),
            *super().get_urls(),
        ]

    def operate(self, request, object_id, verb):
        """Show an operation's form, and carry it out when it is sent."""
        found = self.get_object(request, object_id)
        if found is None or verb not in self.operations:
            raise Http404
        operation, form_class, title, test = self.operations[verb]
        if not test(found, request.user):
            raise PermissionDenied(self.why_not(verb, found, request.user))
        form = form_class(*_sent(request), subject=found)
        if request.method == "POST" and form.is_valid():
            try:
                operation(found, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Done: %s") % title)
                return redirect(self.after(found))
        return self.operation_page(request, found, form, title=title)

    def operation_page(self, request, found, form, *, title):
        """The page of an operation's form."""
        page = {
            **self.admin_site.each_context(request),
            "form": form,
            "record": found,
            "title": title,
            "intro": self.intro(found),
            "back": self.page_of(found),
            "opts": self.opts,
        }
        return render(request, "admin/operation.html", page)

    def intro(self, found):
        """What stands above the form of an operation."""
        return ""

    def history_view(self, request, object_id, extra_context=None):
        """The history of a record is its events, not what was typed into forms."""
        found = self.get_object(request, object_id)
        if found is None or not hasattr(found, "trade"):
            return super().history_view(request, object_id, extra_context)
        events = reverse("admin:workflow_event_changelist")
        return redirect(f"{events}?{urlencode({'q': found.trade.ref})}")

    def page_of(self, found):
        return reverse(f"admin:{self._name('change')}", args=[found.pk])

    def after(self, found):
        """Where to go when an operation is done: the record as it is now."""
        return self.page_of(found)

    def why_not(self, verb, found, user):
        """The sentence for a person who has no such button; "" is the usual one."""
        return ""

    def _buttons(self, found, user):
        return [
            {"title": title, "url": reverse(f"admin:{self._name('do')}", args=[found.pk, verb])}
            for verb, (_operation, _form, title, test) in self.operations.items()
            if test(found, user)
        ]

    def _name(self, view):
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"


def _sent(request):
    """What was sent, also when it is nothing at all."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def takes(verb):
    """A test for `operations`: this transition is open to this person now."""
    return lambda found, user: verb in verbs(found, user)
