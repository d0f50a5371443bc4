"""Files for the bank: taken out by the finance office, handed over by hand, their transfers."""

from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from payments.admin.base import (
    HasQueues,
    OfMoney,
    QueueFilter,
    attachment,
    check_finance,
    is_finance,
)
from payments.admin.tables import NOTHING, chip, link, table
from payments.bank_files import MANUAL, hand_over, take_out
from payments.models import BankFile
from workflow.forms import OperationForm

TO_CARRY = Q(channel=MANUAL, sent_at=None)


def may_hand_over(file, user):
    """Whether the button is there: the finance office, while a file waits to be carried."""
    return is_finance(user) and file.channel == MANUAL and file.sent_at is None


class Piles(QueueFilter):
    queues = {
        "carry": (gettext_lazy("To hand over"), TO_CARRY),
        "sent": (gettext_lazy("Handed over"), Q(sent_at__isnull=False)),
    }


@admin.register(BankFile)
class BankFileAdmin(HasQueues, OfMoney):
    """The pain.001 messages; their content is in the file only, never on a page."""

    list_display = ["message_id", "account", "count", "total_text", "channel", "made_at"]
    list_display += ["handed"]
    list_select_related = ["account", "sent_by"]
    list_filter = [Piles, "channel"]
    search_fields = ["=message_id", "=transfers__end_to_end_id", "=transfers__order__code"]
    queue_filter = Piles
    fields = ["message_id", "account", "count", "total_text", "channel", "made_at", "handed"]
    fields += ["sent_at", "sent_by", "sha256", "transfers"]
    readonly_fields = ["total_text", "handed", "transfers"]
    operations = {
        "hand_over": (
            hand_over,
            OperationForm,
            gettext_lazy("It is handed to the bank"),
            may_hand_over,
        ),
    }
    amount_field = "total_minor"

    def get_urls(self):
        view = self.admin_site.admin_view(self.download)
        name = self._name("download")
        return [path("<path:object_id>/pain001.xml", view, name=name), *super().get_urls()]

    def download(self, request, object_id):
        """The message itself, to the finance office; who took it is written down."""
        check_finance(request.user)
        file = self.get_object(request, object_id)
        if file is None:
            raise Http404
        data = take_out(file, by=request.user)
        return attachment(data, f"{file.message_id}.xml", "application/xml")

    def _buttons(self, found, user):
        shown = super()._buttons(found, user)
        if not is_finance(user):
            return shown
        url = reverse(f"admin:{self._name('download')}", args=[found.pk])
        return [{"title": _("Take out the file"), "url": url}, *shown]

    @admin.display(description=gettext_lazy("total"), ordering="total_minor")
    def total_text(self, file):
        return money_text(file.total)

    @admin.display(description=gettext_lazy("state"))
    def handed(self, file):
        if file.sent_at:
            return chip(_("Handed over"), "ok")
        return chip(_("To hand over") if file.channel == MANUAL else _("On its way"), "held")

    @admin.display(description=gettext_lazy("transfers"))
    def transfers(self, file):
        rows = [
            (link(row, row.end_to_end_id), row.order or NOTHING, row.payee_name,
             money_text(row.amount), row.get_state_display())
            for row in file.transfers.select_related("order").order_by("pk")
        ]  # fmt: skip
        return table(rows, [_("Reference"), _("Order"), _("Payee"), _("Amount"), _("State")])
