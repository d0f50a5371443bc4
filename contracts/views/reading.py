"""Reading a contract: the version that counts, the ones before it, and what changed between."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from contracts.views import showing
from contracts.views.builder import builder
from contracts.views.differences import compare
from contracts.views.finding import BOUND, folder_of
from contracts.views.papers import progress
from contracts.views.steps import crumbs, steps_of
from orders.facts import SUPPLIER
from workflow.errors import NotAllowed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract(request, code):
    """The builder when it is this side's turn to write, the reading view otherwise."""
    folder = folder_of(code, request.user)
    if folder.draft:
        return builder(request, folder)
    if request.method == "POST":
        raise NotAllowed(_("It is the other side's turn to write."))
    page = {
        "order": folder.order,
        "folder": folder,
        "contract": folder.latest,
        "other": _other(folder),
        "versions": _with_differences(folder),
        "crumbs": crumbs(folder.order, _("Contract")),
        "steps": steps_of(folder.order),
    }
    if paper := folder.to_accompany:
        page |= {"paper": paper.supplier_paper, "is_supplier": folder.side == SUPPLIER}
    if folder.latest:
        page |= read(folder.latest, folder.company_id)
    return render(request, "contracts/contract.html", page)


@login_required
@require_safe
def contract_diff(request, code, a, b):
    """Two versions side by side, word by word."""
    folder = folder_of(code, request.user)
    old, new = folder.version(a), folder.version(b)
    before, after = showing.document_text(old), showing.document_text(new)
    rows = compare(before, after, folder.side)
    changed = [row for row in rows if row.changed]
    here = _("Version %(a)d and version %(b)d") % {"a": a, "b": b}
    way = crumbs(folder.order, _("Contract"))
    way[-1]["url"] = reverse("contract", args=[code])
    page = {
        "order": folder.order,
        "old": old,
        "new": new,
        "changed": changed,
        "same": [row for row in rows if not row.changed],
        "headline": _headline(changed),
        "effect": _effect(old, new, before, after),
        "to_sign": folder.to_sign if folder.is_party else None,
        "crumbs": [*way, {"label": here}],
    }
    return render(request, "contracts/diff.html", page)


def read(contract, company_id) -> dict:
    """What a page shows of one version."""
    document = showing.document_text(contract)
    signatures = list(contract.signatures.all())
    return {
        "document": document,
        "facts": showing.facts(document),
        "lines": showing.lines(document),
        "score": showing.assessment(document, contract.template_key).score,
        "signatures": signatures,
        "signed": showing.signed(signatures, document),
        "signed_by_me": any(row.company_id == company_id for row in signatures),
        "binds": contract.state in BOUND,
        "progress": progress(contract) if contract.state in BOUND else None,
    }


def _other(folder):
    order = folder.order
    return order.supplier if folder.company_id == order.buyer_id else order.buyer


def _with_differences(folder):
    """The versions, the newest first, each with the one before it to compare with."""
    pairs = zip(folder.versions, [None, *folder.versions], strict=False)
    return [{"contract": one, "before": before} for one, before in pairs][::-1]


def _headline(changed):
    if not changed:
        return _("Nothing differs.")
    count = ngettext("%(n)d change", "%(n)d changes", len(changed)) % {"n": len(changed)}
    return f"{count}: {', '.join(row.title for row in changed)}"


def _effect(old, new, before, after):
    """What the changes come to: the clarity, and how the ship-by day moves."""
    scores = {
        "a": showing.assessment(before, old.template_key).score,
        "b": showing.assessment(after, new.template_key).score,
    }
    said = [_("Clarity %(a)d → %(b)d.") % scores]
    one, other = before["delivery"]["ship_by"], after["delivery"]["ship_by"]
    if one and other and one != other:
        days = (date.fromisoformat(other) - date.fromisoformat(one)).days
        later = ngettext("Ship-by %(n)d day later.", "Ship-by %(n)d days later.", abs(days))
        earlier = ngettext("Ship-by %(n)d day earlier.", "Ship-by %(n)d days earlier.", abs(days))
        said.append((later if days > 0 else earlier) % {"n": abs(days)})
    return " ".join(said)
