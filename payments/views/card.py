"""The designated account as a buyer copies it, scans it, or takes it to the bank (S19)."""

import segno
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.formats.words import money_text
from core.references import grouped

QUIET = 2  # white modules around the code


def rows(account, part) -> list[dict]:
    """What the bank must be told, each with the text that the copy button carries."""
    missing = part.missing
    reference = grouped(part.reference)
    return [
        _row(_("Amount, exactly"), money_text(missing), str(missing.amount)),
        _row(_("Payment reference"), reference, part.reference) | {"big": True},
        _row(_("Beneficiary"), account.beneficiary, account.beneficiary),
        _row(_("Account number"), account.account_number, account.account_number),
        _row(_("Bank"), account.bank, account.bank),
        _row(_("SWIFT / BIC"), account.bic, account.bic),
        _row(_("Charges"), _("OUR: you pay them, so that the exact amount arrives"), ""),
    ]


def payload(rows) -> str:
    """What the QR code says: the card, line by line."""
    return "\n".join(f"{row['label']}: {row['value']}" for row in rows)


def qr(text, label=""):
    """A text as a QR code: one SVG path with neither style nor script."""
    matrix = segno.make(text, error="m", micro=False).matrix
    size = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, modules in enumerate(matrix)
        for x, dark in enumerate(modules)
        if dark
    )
    return format_html(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path d="M0 0h{0}v{0}H0z" fill="#FFF"/><path d="{2}" fill="#10211F"/></svg>',
        size,
        label or _("QR code with the account details"),
        path,
    )


def _row(label, value, copy):
    return {"label": label, "value": value, "copy": copy}
