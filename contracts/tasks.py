"""The signed contract as a sealed PDF: drawn and sealed outside any transaction."""

import hashlib

from django.core.files.base import ContentFile

from contracts.binding import signatures_of
from contracts.documents.layout import html_for
from contracts.documents.render import render
from contracts.documents.seal import seal
from contracts.models import PurchaseContract
from contracts.operations import note_sealed


def seal_contract(contract):
    """Draw and seal a contract that both have signed; done once, safe to repeat."""
    found = PurchaseContract.objects.get(pk=contract)
    if found.sealed_at:
        return
    _progress(found, "drawing")
    html = html_for(found.document, signatures_of(found))
    drawn = render(html)
    _progress(found, "sealing")
    sealed = seal(drawn, reason="Both parties signed this contract", when=found.effective_at)
    found.pdf.save("contract.pdf", ContentFile(sealed), save=False)
    note_sealed(found, by=None, path=found.pdf.name, pdf_sha256=hashlib.sha256(sealed).hexdigest())


def _progress(contract, step):
    """Let the waiting page say what is being done (a display, not a fact of the trade)."""
    PurchaseContract.objects.filter(pk=contract.pk).update(seal_progress=step)
