"""The brake in the back office: pulled by one head of the house, released by two."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import relative_text
from payments import brake
from payments.admin.base import HasQueues, OfMoney, is_head
from payments.admin_forms import ReasonForm
from payments.models import Pause
from workflow import approvals


def may_ask_to_release(pause, user):
    """Whether the button is there: while it is pulled and nobody has proposed it."""
    waits = pause.ended_at is None and is_head(user)
    return waits and approvals.waiting_for(pause, "pause.end") is None


@admin.register(Pause)
class PauseAdmin(HasQueues, OfMoney):
    """Every time that no money left, and why."""

    list_display = ["reason", "began_at", "began_by", "ended_at", "ended_by"]
    list_select_related = ["began_by", "ended_by"]
    search_fields = ["reason"]
    amount_field = ""
    operations = {
        "release": (
            brake.ask_to_release,
            ReasonForm,
            gettext_lazy("Propose to release the brake"),
            may_ask_to_release,
        ),
    }

    def changelist_view(self, request, extra_context=None):
        """While it is pulled, that stands above everything, and when the last audit was."""
        pause, (audited, clean) = brake.is_paused(), brake.last_audit()
        notices = [_("The brake is pulled: %s") % pause.reason] if pause else []
        if audited and not clean:
            notices.append(_("The audit of %s found something wrong.") % relative_text(audited))
        return super().changelist_view(request, {"notices": notices, **(extra_context or {})})

    def get_urls(self):
        view = self.admin_site.admin_view(self.pull)
        return [path("pull/", view, name=self._name("pull")), *super().get_urls()]

    def tools(self, request):
        if not is_head(request.user) or brake.is_paused():
            return []
        return [(reverse("admin:payments_pause_pull"), _("Pull the brake"))]

    def pull(self, request):
        """Let no money leave, at once, by one person."""
        if not is_head(request.user):
            raise PermissionDenied(_("Only the finance office and administrators pull the brake."))
        return self.form_page(
            request,
            ReasonForm,
            brake.pull,
            title=_("Pull the brake"),
            back=self.list_url(),
            intro=_("No payout and no refund leaves until two people release it."),
        )
