"""One contract line a screen: what was agreed on top, the readings and photos below."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render

from inspections.comparison import of_draft
from inspections.drafts import Drafts
from inspections.forms import LineForm
from inspections.models import Inspection
from inspections.photo_forms import PhotosForm
from inspections.pictures import keep
from inspections.visits import READ_OR_SEND, UNPROCESSABLE, sent, visit_of


@login_required
@READ_OR_SEND
def line(request, public_id, number):
    """One contract line: what was agreed on top, the readings below, the result once saved."""
    found = visit_of(request, public_id)
    if found.state != Inspection.State.SCHEDULED:
        return redirect("inspect_visit", public_id)
    lines = list(found.contract.lines.select_related("attachment"))
    here = next((row for row in lines if row.number == number), None)
    if here is None:
        raise Http404
    drafts, place = Drafts(request.session, found), lines.index(here)
    form = LineForm(sent(request), line=here, draft=drafts.of(number))
    photos = PhotosForm(sent(request), request.FILES or None)
    following = lines[place + 1] if place + 1 < len(lines) else None
    if request.method == "POST" and _kept(request, found, here, drafts, form, photos):
        return _onwards(request, found, here, following)
    page = {
        "inspection": found,
        "line": here,
        "finding": of_draft(here, drafts.of(number)),
        "form": form,
        "photo_form": photos,
        "photos": found.photos.filter(line=here).select_related("attachment", "line"),
        "place": place + 1,
        "total": len(lines),
        "before": lines[place - 1] if place else None,
        "after": following,
    }
    status = UNPROCESSABLE if form.errors or photos.errors else 200
    return render(request, "inspections/line.html", page, status=status)


def _kept(request, inspection, here, drafts, form, photos):
    """Keep the finding and the photos; each stands, whatever is wrong with the other."""
    photos_kept = photos.is_valid() and keep(request, inspection, photos, line=here)
    if form.is_valid():
        drafts.keep(here.number, form.draft())
    return photos_kept and form.is_valid()


def _onwards(request, inspection, here, following):
    if request.POST.get("then") == "stay":
        return redirect("inspect_line", inspection.public_id, here.number)
    if following is None:
        return redirect("inspect_defects", inspection.public_id)
    return redirect("inspect_line", inspection.public_id, following.number)
