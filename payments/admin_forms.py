"""The forms of the back office about money: their cleaned data are an operation's arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import Money
from payments import providers, treasury
from payments.models import PaymentMethod
from workflow.forms import OperationForm

LINES = {"rows": 3, "cols": 70}
PARTS = 3


class AmountField(forms.Field):
    """An amount as people write it, 5,580.00; becomes Money of `currency`."""

    currency = "USD"

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "size": 16, "maxlength": 30})
        )
        super().__init__(**kwargs)

    def to_python(self, value):
        text = (value or "").strip()
        if not text:
            return None
        try:
            return Money.parse(text.removeprefix("US$"), self.currency)
        except ValueError as error:
            raise forms.ValidationError(_("Write an amount such as 5,580.00.")) from error


class ReasonForm(OperationForm):
    """Why, in words that are kept."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs=LINES), max_length=1000)


class MaybeReasonForm(OperationForm):
    """Why, if there is something to say."""

    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs=LINES), max_length=1000, required=False
    )


class ApproveForm(OperationForm):
    """The second person proves who it is."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        help_text=_("Once more, because money moves by it."),
        strip=False,
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs=LINES), max_length=1000, required=False
    )


class SendBackForm(OperationForm):
    """What the maker reads when it is sent back."""

    note = forms.CharField(
        label=_("Why you send it back"), widget=forms.Textarea(attrs=LINES), max_length=1000
    )


class MatchForm(OperationForm):
    """Which instalments a receipt is for: references and amounts, one or several."""

    reason = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.TextInput(attrs={"size": 60})
    )

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, subject=subject, **kwargs)
        for n in range(1, PARTS + 1):
            first = {"autofocus": True} if n == 1 else {}
            text = forms.TextInput(attrs={"size": 18, "autocomplete": "off", **first})
            self.fields[f"reference_{n}"] = forms.CharField(
                label=_("Reference"), max_length=40, required=n == 1, widget=text
            )
            self.fields[f"amount_{n}"] = AmountField(label=_("Amount"), required=n == 1)
            self.fields[f"amount_{n}"].currency = subject.currency
        self.order_fields([*(n for n in self.fields if n != "reason"), "reason"])

    def rows(self):
        """The pairs of fields, for the page."""
        return [(self[f"reference_{n}"], self[f"amount_{n}"]) for n in range(1, PARTS + 1)]

    def counted(self):
        """What the amounts that could be read add up to."""
        cleaned = getattr(self, "cleaned_data", {})
        found = [cleaned.get(f"amount_{n}") for n in range(1, PARTS + 1)]
        if "parts" in cleaned:
            return Money(sum(minor for _ref, minor in cleaned["parts"]), self.subject.currency)
        return sum(filter(None, found), Money(0, self.subject.currency))

    def clean(self):
        cleaned = super().clean()
        parts = []
        for n in range(1, PARTS + 1):
            reference = "".join(cleaned.get(f"reference_{n}", "").split()).upper()
            amount = cleaned.get(f"amount_{n}")
            if bool(reference) != bool(amount):
                self.add_error(f"reference_{n}", _("A reference and an amount belong together."))
            elif reference:
                parts.append((reference, amount.minor))
        if self.errors:
            return cleaned
        return {"parts": parts, "reason": cleaned["reason"]}


class BookOwnForm(ReasonForm):
    """What a line is that belongs to no client."""

    what = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect)
    field_order = ["what", "reason"]

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, subject=subject, **kwargs)
        own = [(treasury.OWN, _("our own money that came in"))]
        out = [
            (treasury.CHARGES, _("charges that the bank took")),
            (treasury.RECALL, _("a receipt that the payer’s bank recalled")),
        ]
        self.fields["what"].choices = own if subject.is_credit else out
        self.fields["what"].initial = self.fields["what"].choices[0][0]


class MethodForm(OperationForm):
    """Which clients a method is offered to, and through which provider it runs (S5, S6)."""

    title = forms.CharField(label=_("Title"), max_length=60)
    for_new = forms.BooleanField(label=_("For new clients"), required=False)
    for_existing = forms.BooleanField(label=_("For existing clients"), required=False)
    provider = forms.ChoiceField(label=_("Provider"), required=False)

    def __init__(self, *args, subject: PaymentMethod, **kwargs):
        super().__init__(*args, subject=subject, **kwargs)
        titles = [(code, provider.title) for code, provider in providers.every().items()]
        now = subject.provider
        kept = [(now, now)] if now and now not in dict(titles) else []
        self.fields["provider"].choices = [("", _("the platform’s own choice")), *titles, *kept]
        self.initial = {name: getattr(subject, name) for name in self.fields} | self.initial


class FeeForm(ReasonForm):
    """Another fee for a method, for a second person to decide."""

    fee_percent = forms.DecimalField(
        label=_("Fee, %"), max_digits=5, decimal_places=2, help_text=_("Between 0 and 10.")
    )
    field_order = ["fee_percent", "reason"]

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, subject=subject, **kwargs)
        self.fields["fee_percent"].initial = subject.fee_percent


class AmountForm(ReasonForm):
    """An amount and why; `subject` says the currency, if it has one."""

    amount = AmountField(label=_("Amount"))
    field_order = ["amount", "reason"]

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, subject=subject, **kwargs)
        self.fields["amount"].currency = getattr(subject, "currency", "USD")


class DebtForm(AmountForm):
    """How a supplier's debt grows less."""

    how = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        choices=[
            (treasury.REPAID, _("the supplier paid it to our own account")),
            (treasury.LOST, _("it is lost: the platform bears it")),
        ],
    )
    field_order = ["how", "amount", "reason"]
