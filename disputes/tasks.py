"""The ruling as a sealed PDF: drawn and sealed outside any transaction."""

import hashlib

from django.core.files.base import ContentFile

from contracts.documents.render import render
from contracts.documents.seal import seal
from disputes.layout import html_for
from disputes.models import Ruling
from disputes.operations import note_ruling_sealed


def seal_ruling(ruling):
    """Draw and seal a ruling that was given; done once, safe to repeat."""
    found = Ruling.objects.select_related("dispute__order").get(pk=ruling)
    if found.sealed_at:
        return
    drawn = render(html_for(found.document, found.sha256))
    sealed = seal(drawn, reason="Ruling of Trade Assurance", when=found.given_at)
    found.pdf.save("ruling.pdf", ContentFile(sealed), save=False)
    note_ruling_sealed(
        found.dispute,
        by=None,
        n=found.n,
        path=found.pdf.name,
        pdf_sha256=hashlib.sha256(sealed).hexdigest(),
    )
