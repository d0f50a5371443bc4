"""What people fill in about payments. No page asks for a card number."""

import json

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.formats.words import SYMBOLS
from core.references import WrongBic, sg_bic
from workflow.forms import OperationForm


class MethodForm(forms.Form):
    """The method that was chosen; one that is refused answers with its reason."""

    method = forms.CharField(
        max_length=40, error_messages={"required": _("Choose how you want to pay.")}
    )

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = {choice.code: choice for choice in choices}

    def clean_method(self):
        code = self.cleaned_data["method"]
        if code not in self.choices:
            raise forms.ValidationError(_("Choose one of the methods on this page."))
        if self.choices[code].reason:
            raise forms.ValidationError(self.choices[code].reason)
        return code


class CheckForm(forms.Form):
    """An account number or a payment reference that somebody was given."""

    text = forms.CharField(
        label=_("Account number or payment reference"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As it stands in the message or on the invoice. Spaces do not matter."),
        error_messages={
            "required": _("Enter the account number or the reference that you were given.")
        },
    )


class BankAccountForm(forms.Form):
    """The account that a company wants its money paid to. The password is never shown again."""

    holder = forms.CharField(
        label=_("Account holder"),
        max_length=140,
        help_text=_("Your company, as the bank writes it. We pay to nobody else."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    account_number = forms.CharField(
        label=_("Account number or IBAN"),
        max_length=50,
        help_text=_("Spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bic = forms.CharField(
        label=_("SWIFT / BIC"),
        max_length=14,
        help_text=_("8 or 11 letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bank = forms.CharField(label=_("Name of the bank"), max_length=120)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in SYMBOLS], initial="USD"
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("So that nobody else can change it from your desk."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AccountForm(OperationForm):
    """A new designated account, for a second person to approve (S19)."""

    beneficiary = forms.CharField(label=_("Beneficiary"), max_length=120)
    bank = forms.CharField(label=_("Bank"), max_length=120)
    bank_address = forms.CharField(label=_("Address of the bank"), max_length=200, required=False)
    account_number = forms.CharField(label=_("Account number"), max_length=34)
    bic = forms.CharField(
        label=_("SWIFT / BIC"), max_length=14, help_text=_("The bank must be in Singapore.")
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        initial="USD",
        error_messages={"invalid": _("Three capital letters, such as USD.")},
    )

    def clean_bic(self):
        try:
            return sg_bic(self.cleaned_data["bic"])
        except WrongBic as error:
            raise forms.ValidationError(_(error.template), params=error.values) from error


class StatementForm(forms.Form):
    """A bank statement, and for a CSV file how its columns are to be read."""

    file = forms.FileField(
        label=_("Statement file"), help_text=_("camt.053, MT940, or CSV with a mapping.")
    )
    mapping = forms.CharField(
        label=_("Mapping of a CSV file"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        help_text=_("JSON. Leave it empty for camt.053 and MT940."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(_("The file is larger than 25 MB. Choose a smaller one."))
        return file

    def clean_mapping(self):
        text = self.cleaned_data["mapping"]
        if not text:
            return None
        try:
            mapping = json.loads(text)
        except ValueError:
            mapping = None
        if not isinstance(mapping, dict):
            raise forms.ValidationError(_("The mapping is a JSON object, in braces."))
        return mapping
