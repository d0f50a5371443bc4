"""Chargebacks: from which accounts they were taken, and the evidence to be sent."""

import io
import json
import zipfile

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from payments.admin.base import OfMoney, attachment, has_duty
from payments.admin.tables import amount, chip, table
from payments.models import Chargeback

TONES = {"open": "held", "won": "ok", "lost": "bad"}


def evidence_zip(chargeback):
    """The evidence of the row as JSON, and the contract as it was sealed, in one archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(chargeback.evidence, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)
        archive.writestr("evidence.json", text)
        contract = _contract(chargeback)
        if contract and contract.pdf:
            with contract.pdf.open() as pdf:
                archive.writestr("contract.pdf", pdf.read())
    return file.getvalue()


def _contract(chargeback):
    sha256 = chargeback.evidence.get("contract_sha256")
    return chargeback.order.contracts.filter(sha256=sha256).first() if sha256 else None


@admin.register(Chargeback)
class ChargebackAdmin(OfMoney):
    """Read only: the provider says how it ends."""

    list_display = ["external_ref", "order", "provider", "amount_text", "outcome_chip"]
    list_display += ["opened_at", "ended_at"]
    list_select_related = ["order"]
    list_filter = ["outcome", "provider"]
    search_fields = ["=external_ref", "=order__code", "order__buyer__name"]
    fields = ["order", "payment", "provider", "external_ref", "amount_text", "fee_text"]
    fields += ["outcome_chip", "opened_at", "ended_at", "taken_from"]
    readonly_fields = ["amount_text", "fee_text", "outcome_chip", "taken_from"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.evidence)
        name = self._name("evidence")
        return [path("<path:object_id>/evidence.zip", view, name=name), *super().get_urls()]

    def evidence(self, request, object_id):
        """The archive, to those who contest the chargeback."""
        if not has_duty(request.user, "finance", "mediator"):
            raise PermissionDenied(_("Only those who contest it take out the evidence."))
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        name = f"evidence-{found.order.code}-{found.pk}.zip"
        return attachment(evidence_zip(found), name, "application/zip")

    def _buttons(self, found, user):
        if not has_duty(user, "finance", "mediator"):
            return []
        url = reverse(f"admin:{self._name('evidence')}", args=[found.pk])
        return [{"title": _("Take out the evidence"), "url": url}]

    @admin.display(description=gettext_lazy("fee"))
    def fee_text(self, row):
        return money_text(row.fee)

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def outcome_chip(self, row):
        return chip(row.get_outcome_display(), TONES[row.outcome])

    @admin.display(description=gettext_lazy("taken from"))
    def taken_from(self, row):
        rows = [(account, amount(minor, row.currency)) for account, minor in row.taken.items()]
        return table(rows, [_("Account"), _("Amount")])
