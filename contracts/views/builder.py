"""The contract builder: everything is one form, so that no button loses what was typed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts import drafting, pasting
from contracts.templates_data import TEMPLATES
from contracts.views import finding, merging
from contracts.views.board import Board, filled
from contracts.views.steps import crumbs, steps_of
from contracts.wording import table_for_browser
from orders.facts import SUPPLIER
from workflow.engine import operation
from workflow.errors import Refused

UNPROCESSABLE, CONFLICT = 422, 409
REPAIRABLE = {"requirement", "tolerance_minus", "tolerance_plus", "unit", "how_checked"}


class ChangedMeanwhile(Refused):
    """Somebody of the same company saved the draft after this page was opened."""


def builder(request, folder):
    """Show the draft, or save what was typed and do what was asked for."""
    contract = folder.draft
    if request.method != "POST":
        return _page(request, folder, Board(contract))
    verb, _sep, rest = request.POST.get("do", "save").partition(":")
    data = _with_repair(request.POST, verb, rest)
    merged = merging.merge(data, Board(contract))
    board = Board(contract, merged.data if merged else data, request.FILES)
    if merged and merged.asks:
        return _conflict(request, folder, board, merged)
    if not board.is_valid(without=_number(rest) if verb == "remove" else None):
        return _refused(request, folder, board)
    if verb == "template" and "confirmed" not in request.POST and filled(contract):
        return _confirm_template(request, folder, board, rest)
    try:
        line = write_draft(
            contract,
            by=request.user,
            seen=contract.updated_at.isoformat() if merged else request.POST.get("seen", ""),
            terms=board.terms.changes(),
            lines=[(row.line, row.form.changes()) for row in board.rows if row.form.is_valid()],
            pasted=_pasted(request),
            step=STEPS.get(verb, _nothing),
            about=rest,
        )
    except ChangedMeanwhile:
        if merged:
            return builder(request, finding.folder_of(folder.order.code, request.user))
        return _conflict(request, folder, board)
    except Refused as refusal:
        board.terms.add_error(None, str(refusal))
        return _refused(request, folder, board)
    return _onwards(request, folder, verb, line)


@operation
def write_draft(contract, *, by, seen, terms, lines, step, about, pasted=()):
    """Write everything that was typed, then take the step: all of it, or nothing of it."""
    drafting.check_author(contract, by)
    if seen and seen != contract.updated_at.isoformat():
        raise ChangedMeanwhile(_("This draft was saved elsewhere while you were writing."))
    if terms:
        drafting.set_terms(contract, by=by, **terms)
    for line, changes in lines:
        if changes:
            drafting.write_line(contract, by=by, line=line, **changes)
    if pasted:
        drafting.paste_lines(contract, by=by, lines=pasted)
    return step(contract, by, about)


def _pasted(request):
    """The lines of a pasted block; it waits on the page while only the autosave runs."""
    if request.headers.get("X-Autosave"):
        return []
    try:
        return pasting.lines(request.POST.get("pasted", ""))
    except pasting.Unpasteable as fault:
        raise Refused(_(fault.message) % fault.params, code="cannot_be_pasted") from fault


def _nothing(contract, by, about):
    """Saving is all that was asked for."""


def _add(contract, by, about):
    return drafting.add_line(contract, by=by)


def _add_expected(contract, by, key):
    rows = {row.key: row for row in TEMPLATES[contract.template_key].lines}
    if key not in rows:
        raise Refused(_("The template has no such line."), code="line_unknown")
    blank = rows[key].blank(0)
    fields = {name: getattr(blank, name) for name in drafting.LINE_FIELDS}
    return drafting.add_line(contract, by=by, **fields | {"choices": list(blank.choices)})


def _use_template(contract, by, key):
    drafting.use_template(contract, by=by, template_key=key)


def _on_line(step):
    def run(contract, by, about):
        line = contract.lines.filter(pk=_number(about)).first()
        if line is None:
            raise Refused(_("That line is not there any more."), code="line_unknown")
        return step(contract, by=by, line=line)

    return run


def _remove(contract, by, line):
    drafting.remove_line(contract, by=by, line=line)


def _move(*, up):
    def run(contract, by, line):
        drafting.move_line(contract, by=by, line=line, up=up)
        return line

    return run


STEPS = {
    "add": _add,
    "expected": _add_expected,
    "template": _use_template,
    "duplicate": _on_line(drafting.duplicate_line),
    "remove": _on_line(_remove),
    "up": _on_line(_move(up=True)),
    "down": _on_line(_move(up=False)),
    "repair": lambda contract, by, about: _on_line(lambda _c, by, line: line)(contract, by, about),
}


def _with_repair(data, verb, about):
    """What was typed, with the text that a repair puts into one field of one line."""
    if verb != "repair":
        return data
    pk, _sep, rest = about.partition(":")
    name, _sep, value = rest.partition(":")
    if name not in REPAIRABLE:
        return data
    data = data.copy()
    data[f"line-{pk}-{name}"] = value
    # "Add ± 5 %" closes both sides; an open side stays open only where one was written.
    other = f"line-{pk}-tolerance_minus"
    if name == "tolerance_plus" and not data.get(other, "").strip():
        data[other] = value
    return data


def _onwards(request, folder, verb, line):
    """Where the page goes after saving."""
    code = folder.order.code
    if request.headers.get("X-Autosave"):
        return _state(request, finding.folder_of(code, request.user))
    if verb == "propose":
        return redirect("contract_propose", code)
    if verb == "hand_over":
        return redirect("contract_hand_over", code)
    here = reverse("contract", args=[code])
    return redirect(f"{here}?line={line.pk}#line-{line.pk}" if line else here)


def _refused(request, folder, board):
    """Nothing was saved: the page as it was typed, on the version it was typed on."""
    return _page(request, folder, board, UNPROCESSABLE, seen=request.POST.get("seen", ""))


def _page(request, folder, board, status=200, *, conflict=None, seen=None):
    """The whole page; for the autosave only the parts that saving changes."""
    contract, order = folder.draft, folder.order
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=status)
    page = {
        "order": order,
        "contract": contract,
        "board": board.judge(),
        "opened": _number(request.GET.get("line", "")),
        "errors": board.errors,
        "conflict": conflict,
        "other": order.supplier if folder.company_id == order.buyer_id else order.buyer,
        "paper": contract.supplier_paper,
        "is_supplier": folder.side == SUPPLIER,
        "quantities": order.lines.all(),
        "templates": TEMPLATES.values(),
        "table": table_for_browser(get_language() or "en"),
        "versions": folder.versions,
        "crumbs": crumbs(order, _("Contract")),
        "steps": steps_of(order),
        "seen": contract.updated_at.isoformat() if seen is None else seen,
        "base": _base(request, folder, board, refused=seen is not None),
        "pasted": request.POST.get("pasted", ""),
    }
    return render(request, "contracts/builder.html", page, status=status)


def _state(request, folder):
    """What the autosave puts in place: when it was saved, the score, the gaps."""
    contract = folder.draft
    page = {
        "order": folder.order,
        "contract": contract,
        "board": Board(contract).judge(),
        "seen": contract.updated_at.isoformat(),
        "base": merging.base_sent(Board(contract), request.POST),
    }
    return render(request, "contracts/_state.html", page)


def _base(request, folder, board, *, refused):
    """What the page knows as saved: as before where it was refused, else what is stored."""
    if refused and "base" in request.POST:
        return request.POST["base"]
    return merging.base_of(Board(folder.draft) if board.terms.is_bound else board)


def _conflict(request, folder, board, merged=None):
    """The draft changed elsewhere: the typed text stays, what is stored is shown beside it."""
    stored = finding.folder_of(folder.order.code, request.user)
    if stored.draft is None:
        raise Refused(_("This version is not a draft any more."), code="not_a_draft")
    theirs = Board(stored.draft)
    merged = merged or _whole_page(request.POST, theirs)
    typed = {row.line.pk: row for row in board.rows}
    board.rows = [typed.get(row.line.pk, row) for row in theirs.rows]
    conflict = {"changed": merged.clashes, "lost": merged.lost}
    return _page(request, stored, board, CONFLICT, conflict=conflict)


def _whole_page(data, stored):
    """A page that does not say what it knew: everything that differs is asked about."""
    here = {bound.html_name for row, bound in merging.fields(stored) if row}
    base = {name: "" for name in data if name in here or name.endswith("-requirement")}
    return merging.against(data, stored, base)


def _confirm_template(request, folder, board, key):
    if key not in TEMPLATES:
        raise Refused(_("There is no such template."), code="template_unknown")
    page = {
        "order": folder.order,
        "contract": folder.draft,
        "template": TEMPLATES[key],
        "name": _(TEMPLATES[key].name),
        "count": len(board.rows),
        "given": [(name, text) for name, text in request.POST.items() if name != "do"],
        "crumbs": crumbs(folder.order, _("Contract")),
    }
    return render(request, "contracts/replace_lines.html", page)


def _number(text):
    head = text.partition(":")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 19 else None
