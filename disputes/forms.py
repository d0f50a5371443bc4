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
    """The claim: why, on which lines of the contract, how much, in the buyer's words."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=Dispute.Reason.choices,
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
    amount = AmountField(label=gettext_lazy("How much do you claim?"))
    statement = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The supplier and, if it comes to that, our staff read it."),
        error_messages={"required": gettext_lazy("Describe what happened.")},
    )

    def __init__(self, *args, held, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].within(held, least_minor=1)
        self.fields["lines"].choices = lines

    def clean(self):
        data = super().clean()
        differs = data.get("reason") == Dispute.Reason.QUALITY
        if differs and "lines" not in self.errors and not data.get("lines"):
            text = _("Name the contract lines that differ. Only these can be compared.")
            self.add_error("lines", text)
        return data


class OfferForm(forms.Form):
    """An offer: so much goes back to the buyer, the rest of the hold to the supplier."""

    refund = AmountField(label=gettext_lazy("Back to the buyer"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["refund"].within(held)


class RefuseForm(forms.Form):
    """Why the supplier refuses: the buyer and the mediator read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say why you refuse.")},
    )


class EvidenceForm(forms.Form):
    """Something that a side adds to the case, with a file or without."""

    text = forms.CharField(
        label=gettext_lazy("What it shows"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what it shows.")},
    )
    upload = forms.FileField(label=gettext_lazy("File"), required=False)
