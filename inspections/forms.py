"""What inspectors, parties and staff fill in about an inspection."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from inspections import agencies
from inspections.comparison import is_measured
from inspections.drafts import Draft
from inspections.models import Inspection
from inspections.policies import FALLBACK
from workflow.forms import OperationForm

SPARE = 5  # Empty boxes that stay ready below the readings typed so far.
CLASSES = {
    "critical": gettext_lazy("Critical defects"),
    "major": gettext_lazy("Major defects"),
    "minor": gettext_lazy("Minor defects"),
}
NOT_WAIVED = gettext_lazy("Tick each line that differs: you could not claim on it later.")
FINDINGS = [
    ("yes", gettext_lazy("As agreed")),
    ("no", gettext_lazy("Not as agreed")),
    ("cannot", gettext_lazy("I cannot check this")),
]


class LineForm(forms.Form):
    """One contract line: readings, or yes and no; or why it cannot be measured."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Both sides read it. If you cannot measure this, say why here."),
    )

    def __init__(self, *args, line, draft=None, **kwargs):
        super().__init__(*args, initial=_initial(draft, is_measured(line)), **kwargs)
        self.line, self.measured = line, is_measured(line)
        own = self._readings(draft) if self.measured else {"finding": _finding()}
        if line.kind == line.Kind.TEXT:
            own["standard"] = _standard()
        self.fields = {**own, **self.fields}

    @property
    def reading_fields(self):
        """The boxes for the readings, as a template shows them."""
        return [self[name] for name in self.fields if name.startswith("reading_")]

    def clean(self):
        data = super().clean()
        readings = self._typed(data)
        could_not = bool(data.get("cannot")) or data.get("finding") == "cannot"
        broken = any(name.startswith("reading_") for name in self.errors)
        if self.measured and not broken and could_not == bool(readings):
            self.add_error("reading_1", _one_of_two(readings))
        if could_not and not data.get("note", "").strip():
            self.add_error("note", _("Say why it cannot be measured."))
        judged = data.get("finding") in {"yes", "no"}
        if "standard" in self.fields and judged and not data.get("standard", "").strip():
            self.add_error("standard", _("Name the industry standard, or say you cannot check."))
        return data

    def draft(self) -> Draft:
        """What was filled in, as it is kept until the report is signed."""
        data = self.cleaned_data
        answer = data.get("finding", "")
        could_not = answer == "cannot"
        return Draft(
            readings=tuple(str(value) for value in self._typed(data)),
            answer="" if could_not else answer,
            note=data["note"].strip(),
            standard="" if could_not else data.get("standard", "").strip(),
        )

    def _typed(self, data):
        names = [name for name in self.fields if name.startswith("reading_")]
        return [data[name] for name in names if data.get(name) is not None]

    def _readings(self, draft):
        sent = [name for name in self.data if name.startswith("reading_")]
        filled = max(len(draft.readings) if draft else 0, len(sent) - SPARE)
        count = min(max(FALLBACK.sample_pieces, filled + SPARE), 500)
        boxes = {f"reading_{n}": _reading(n) for n in range(1, count + 1)}
        return {**boxes, "cannot": _cannot()}


class DefectsForm(forms.Form):
    """Defective pieces by class; a piece is counted once, in its worst class."""

    def __init__(self, *args, sample, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in CLASSES.items():
            self.fields[name] = _count(label, sample)


class SignForm(forms.Form):
    """The end of a visit: remarks and a name; `seen` is what the page showed."""

    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Such as which cartons were opened, and who was present."),
    )
    signed_name = forms.CharField(
        label=gettext_lazy("Your full name"),
        max_length=120,
        help_text=gettext_lazy("It is your signature under these values."),
        error_messages={"required": gettext_lazy("Sign the report with your name.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class VisitDayForm(forms.Form):
    """The day on which the agency comes."""

    visit_on = forms.DateField(
        label=gettext_lazy("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day of the visit."),
            "invalid": gettext_lazy("Enter a day, like 2026-03-31."),
        },
    )


class MissForm(forms.Form):
    """Why the inspector came and could not inspect."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Why could you not inspect?"),
        choices=[c for c in Inspection.Cause.choices if c[0] != Inspection.Cause.NO_REPORT],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why the visit was missed.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Both sides read it. Say when you came and whom you met."),
        error_messages={"required": gettext_lazy("Describe what you found at the factory.")},
    )


class CallOffForm(forms.Form):
    """Why the buyer or a mediator calls a visit off."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why you call it off.")},
    )


class ObjectForm(forms.Form):
    """Why a side does not want the proposed agency (T12)."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why you object.")},
    )


class AcceptDespiteForm(forms.Form):
    """The buyer ticks each line that differs: he could not claim on it later."""

    waived = forms.TypedMultipleChoiceField(
        label=gettext_lazy("You take these lines as they are"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOT_WAIVED},
    )

    def __init__(self, *args, findings, **kwargs):
        super().__init__(*args, **kwargs)
        differing = [found for found in findings if found.differs]
        self.fields["waived"].choices = [(found.pk, _waiver(found)) for found in differing]
        if not differing:
            del self.fields["waived"]

    def clean(self):
        data = super().clean()
        offered = self.fields["waived"].choices if "waived" in self.fields else []
        if "waived" not in self.errors and len(data.get("waived", ())) < len(offered):
            self.add_error("waived", NOT_WAIVED)
        return data


class AppointForm(OperationForm):
    """The agency that the platform proposes; one that depends on neither side (S32)."""

    agency = forms.ModelChoiceField(
        Company.objects.none(), label=gettext_lazy("Inspection company")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        order = self.subject.order
        self.fields["agency"].queryset = agencies.independent_of(order)


def _initial(draft, measured):
    if draft is None:
        return {}
    readings = {f"reading_{n}": value for n, value in enumerate(draft.readings, start=1)}
    if measured:
        return {**readings, "cannot": draft.could_not, "note": draft.note}
    kept = {"note": draft.note, "standard": draft.standard}
    return {"finding": draft.answer or "cannot", **kept}


def _reading(n):
    return forms.DecimalField(
        label=_("Reading %(n)d") % {"n": n},
        required=False,
        max_digits=12,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Enter reading %(n)d as a number, like 198.5.") % {"n": n},
            "max_digits": _("Enter reading %(n)d with at most 12 digits.") % {"n": n},
            "max_whole_digits": _("Enter reading %(n)d with at most 12 digits.") % {"n": n},
            "max_decimal_places": _("Enter reading %(n)d with at most 6 decimals.") % {"n": n},
        },
    )


def _cannot():
    return forms.BooleanField(label=_("I cannot measure this line"), required=False)


def _finding():
    return forms.ChoiceField(
        label=_("What you found"),
        choices=FINDINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )


def _standard():
    return forms.CharField(
        label=_("Industry standard you applied"),
        required=False,
        max_length=120,
        help_text=_(
            "The contract names no measure here, so a recognised standard decides. "
            "For example ISO 105-C06."
        ),
    )


def _count(label, sample):
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=sample,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many you found. If there were none, enter 0."),
            "invalid": _("Enter a whole number, like 3."),
            "min_value": _("Enter 0 or more."),
            "max_value": _("Enter at most %(n)d: so many pieces are checked.") % {"n": sample},
        },
    )


def _one_of_two(readings):
    if readings:
        return _("There are readings. Take them out, or the tick that it cannot be measured.")
    return _("Enter at least one reading, or tick that the line cannot be measured.")


def _waiver(found):
    return _("Line %(n)d, %(name)s: %(words)s. You can no longer claim on it.") % {
        "n": found.line.number,
        "name": found.line.characteristic,
        "words": found.words,
    }
