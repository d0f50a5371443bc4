"""What buyers and suppliers fill in about a dispute."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats.words import money_text
from core.money import Money
from disputes.models import Dispute


class AmountField(forms.CharField):
    """An amount in figures, as Money of the dispute's currency, within what is held."""

    def __init__(self, *args, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(*args, max_length=20, widget=widget, **kwargs)
        self.error_messages["required"] = gettext_lazy(
            "Enter the amount in figures, like 1,240.00."
        )
        self.most, self.least_minor = None, 0

    def within(self, most: Money, *, least_minor: int = 0):
        """Set the largest and the smallest amount that can be entered."""
        self.most, self.least_minor = most, least_minor

    def clean(self, value):
        text = super().clean(value)
        try:
            amount = Money.parse(text, self.most.currency)
        except ValueError:
            raise forms.ValidationError(self.error_messages["required"]) from None
        if amount > self.most or amount.minor < self.least_minor:
            raise forms.ValidationError(self._range())
        return amount

    def _range(self):
        if self.least_minor:
            text = _("Enter more than nothing and at most %(most)s: that is what is held.")
        else:
            text = _("Enter an amount from 0 to %(most)s: that is what is held.")
        return text % {"most": money_text(self.most)}


class NewDisputeForm(forms.Form):
    """The claim: why, on which lines of the contract, how much, in the claimant's words."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is wrong.")},
    )
    lines = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which lines of the contract?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Choose lines of this contract that are still open.")
        },
    )
    beyond = forms.CharField(
        label=gettext_lazy("Something that no line of the contract mentions"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "Without a line only an industry standard can decide about it. If there is none, "
            "this part of the claim fails."
        ),
    )
    amount = AmountField(label=gettext_lazy("How much do you claim?"))
    statement = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The other side and, if it comes to that, our staff read it."),
        error_messages={"required": gettext_lazy("Describe what happened.")},
    )

    def __init__(self, *args, held, lines, reasons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].within(held, least_minor=1)
        self.fields["lines"].choices = lines
        self.fields["reason"].choices = reasons

    def clean(self):
        data = super().clean()
        differs = data.get("reason") == Dispute.Reason.QUALITY
        named = data.get("lines") or data.get("beyond")
        if differs and "lines" not in self.errors and not named:
            text = _("Name the contract lines that differ. Only these can be compared.")
            self.add_error("lines", text)
        return data


class OfferForm(forms.Form):
    """An offer: so much goes back to the buyer, and what happens besides."""

    refund = AmountField(label=gettext_lazy("Back to the buyer"))
    remedy = forms.ChoiceField(
        label=gettext_lazy("How it goes on"),
        choices=Dispute.Remedy.choices,
        required=False,
    )
    ship_by = forms.DateField(
        label=gettext_lazy("New ship-by date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Only for a later ship-by date; 90 days in all at most."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, held, remedies=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["refund"].within(held)
        if remedies:
            self.fields["remedy"].choices = [(row.value, row.label) for row in remedies]
        if Dispute.Remedy.EXTENSION not in remedies:
            del self.fields["ship_by"]

    def clean_remedy(self):
        return self.cleaned_data["remedy"] or Dispute.Remedy.REFUND


class RefuseForm(forms.Form):
    """Why the supplier refuses: the buyer and the mediator read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say why you refuse.")},
    )


class PasswordForm(forms.Form):
    """Proving again who it is, before money is given away for good."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )


class AppealForm(forms.Form):
    """On what ground a side appeals, with a file if there is new evidence."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why do you appeal?"),
        choices=Dispute.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose on what ground you appeal.")},
    )
    text = forms.CharField(
        label=gettext_lazy("The error, or what the new evidence shows"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("Name the error, or say what the new evidence shows.")
        },
    )
    upload = forms.FileField(label=gettext_lazy("File"), required=False)


class EvidenceForm(forms.Form):
    """Something that a side adds to the case, with a file or without."""

    text = forms.CharField(
        label=gettext_lazy("What it shows"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what it shows.")},
    )
    upload = forms.FileField(label=gettext_lazy("File"), required=False)
