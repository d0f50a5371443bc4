"""What people fill in on the contract pages. Advice on clarity is never an error here."""

from dataclasses import replace
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contracts import drafting
from contracts.models import ContractLine, PurchaseContract
from contracts.signing import STATEMENTS
from contracts.units import UNITS
from core import clock
from core.days import platform_date
from inspections.sampling import AQLS, LEVELS
from orders.incoterms import INCOTERM_CHOICES, check_term

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PERCENTAGES = ("over_percent", "under_percent", "late_percent_per_day", "late_cap_percent")
PAYERS = [("buyer", _("The buyer")), ("supplier", _("The supplier"))]
FEE_SIDES = [*reversed(PAYERS), ("split", _("Half each"))]


class LineForm(forms.ModelForm):
    """One measurable thing. An empty field is a gap that the page explains, not an error."""

    allowed = forms.CharField(
        label=_("Allowed values"),
        required=False,
        max_length=300,
        help_text=_("Separated by commas, such as R9, R10, R11."),
    )
    upload = forms.FileField(label=_("File that belongs to this line"), required=False)

    class Meta:
        model = ContractLine
        fields = [
            "characteristic",
            "kind",
            "requirement",
            "tolerance_minus",
            "tolerance_plus",
            "unit",
            "how_checked",
            "severity",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        line = self.instance
        self.fields["characteristic"].required = False
        self.fields["unit"].widget = forms.Select(choices=_units(line.unit))
        self.fields["allowed"].initial = ", ".join(line.choices)
        # A field that the page did not show keeps what is stored.
        if self.is_bound and self.add_prefix("allowed") not in self.data:
            del self.fields["allowed"]

    @property
    def shows_choices(self):
        """Whether a closed list belongs to this kind of line."""
        return self["kind"].value() == ContractLine.Kind.CHOICE or bool(self.instance.choices)

    def typed(self):
        """What stands in the fields now, right or wrong, as the clarity rules read it."""
        names = self._meta.fields
        return replace(
            self.instance.plain(),
            **{name: str(self[name].value() or "").strip() for name in names},
        )

    def changes(self):
        """What `drafting.write_line` is to write; nothing when the line is as it was."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        upload = changed.pop("upload", None)
        if "allowed" in changed:
            changed["choices"] = _listed(changed.pop("allowed"))
        return changed | ({"upload": upload} if upload else {})


class TermsForm(forms.ModelForm):
    """Delivery, payment and the other terms of a draft."""

    ship_by = forms.DateField(
        label=_("Ship by"),
        required=False,
        widget=DATE,
        help_text=_("End of this day in Singapore and China. Late means a refund."),
    )
    deposit_percent = forms.IntegerField(
        label=_("Deposit held first"),
        min_value=1,
        max_value=100,
        error_messages={"required": _("Enter the deposit in per cent, like 30.")},
    )
    incoterm = forms.ChoiceField(label=_("Trade term"), choices=INCOTERM_CHOICES)
    named_place = forms.CharField(
        label=_("Named place"),
        max_length=80,
        error_messages={"required": _("Enter the named place: it is part of the trade term.")},
    )
    inspection_level = forms.ChoiceField(
        label=_("Inspection level"),
        choices=[(level, level) for level in LEVELS],
        help_text=_("ISO 2859-1. Level II is usual."),
    )
    inspection_payer = forms.ChoiceField(label=_("Who pays the inspection"), choices=PAYERS)
    fee_side = forms.ChoiceField(
        label=_("Who bears the platform’s fee"),
        choices=FEE_SIDES,
        help_text=_("Earned on released money only. What the buyer bears is paid with the price."),
    )

    class Meta:
        model = PurchaseContract
        fields = [name for name in drafting.TERMS if name != "template_key"]
        widgets = {"side_terms": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "side_terms": _("They bind the two of you. The platform does not assure them."),
            "holiday_rule": _("Empty: holidays move no date."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        order = self.instance.order
        for name in drafting.ORDER_TERMS:
            self.initial[name] = getattr(order, name)
        for name in ("aql_major", "aql_minor"):
            self.fields[name] = _aql(self.fields[name].label)
            self.initial[name] = _plain(self.initial[name])
        for name in PERCENTAGES:
            self.initial[name] = Decimal(_plain(self.initial[name]))
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["governing_law"].required = True
        self.fields["deposit_percent"].widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def clean_ship_by(self):
        day = self.cleaned_data["ship_by"]
        if day is None and not self.instance.order.lead_days:
            raise forms.ValidationError(_("Enter the day by which the goods must leave."))
        if day and "ship_by" in self.changed_data and day <= platform_date(clock.now()):
            raise forms.ValidationError(_("Enter a ship-by day after today."))
        return day

    def clean(self):
        data = super().clean()
        for name in PERCENTAGES:
            value = data.get(name)
            if value is not None and not 0 <= value <= 100:
                self.add_error(name, _("Enter a number from 0 to 100."))
        term, place = data.get("incoterm"), data.get("named_place")
        if term and place:
            self._check_term(term, place)
        return data

    def changes(self):
        """What `drafting.set_terms` is to write."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _check_term(self, term, place):
        try:
            check_term(term, place, self.instance.order.transport_mode)
        except ValueError as error:
            self.add_error("incoterm", str(error))


class SignForm(forms.Form):
    """The signature: what is stated, by whom, and the password again (S17)."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("Your name, as you sign"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name to sign.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("It proves that it is you, as a signature does on paper."),
        error_messages={"required": _("Enter your password to sign.")},
    )

    def __init__(self, *args, uncovered="", **kwargs):
        """`uncovered` is the amount, in words, that the supplier's limit does not cover."""
        super().__init__(*args, **kwargs)
        ticks = {f"statement_{n}": _(text) for n, text in enumerate(STATEMENTS, 1)}
        for name, text in ticks.items():
            self.fields[name] = _tick(text, _("Tick every statement to sign."))
        if uncovered:
            text = _("I know that %(amount)s is not assured after release.")
            self.fields["accept_uncovered"] = _tick(
                text % {"amount": uncovered},
                _("Tick that you know what is not assured, or do not sign."),
            )
        self.order_fields([*ticks, "accept_uncovered", "typed_name", "password"])

    def statements(self):
        """The texts that were ticked."""
        ticked = [n for n in range(1, len(STATEMENTS) + 1) if self.cleaned_data[f"statement_{n}"]]
        return tuple(STATEMENTS[n - 1] for n in ticked)


class SealedFileForm(forms.Form):
    """A PDF that somebody received, to be checked against the seal."""

    file = forms.FileField(
        label=_("PDF to check"),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": _("Choose the PDF that you want to check.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(_("The file is larger than 25 MB. Choose a smaller one."))
        return file


class PaperForm(forms.Form):
    """The supplier's own contract document (S28)."""

    file = forms.FileField(
        label=_("Your contract document"),
        help_text=_("PDF, JPEG, PNG or WebP, up to 25 MB."),
        error_messages={"required": _("Choose the document to upload.")},
    )


def _units(current):
    known = [unit for unit, _name in UNITS]
    own = [current] if current and current not in known else []
    return [("", _("none")), *((unit, unit) for unit in own + known)]


def _aql(label):
    return forms.TypedChoiceField(
        label=label, choices=[(_plain(aql), _plain(aql)) for aql in AQLS], coerce=Decimal
    )


def _tick(label, required):
    return forms.BooleanField(label=label, error_messages={"required": required})


def _listed(text):
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _plain(value):
    return f"{Decimal(str(value)).normalize():f}"
