"""What visitors ask the pages of the dashboard."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import Money
from dashboard.rules import Cover, cover_of

LONGEST_STEP_DAYS = 120
LARGEST_VALUE = 1_000_000_000


class CoverForm(forms.Form):
    """Is an order of this value covered? The answer is `cover()` once the form is valid."""

    value = forms.DecimalField(
        label=_("Value of the goods"),
        min_value=1,
        max_value=LARGEST_VALUE,
        decimal_places=2,
        localize=False,
        error_messages={
            "required": _("Enter the value of the goods, like 18600."),
            "invalid": _("Enter the value of the goods as a number, like 18600."),
        },
    )
    deposit = forms.IntegerField(label=_("Initial payment"), min_value=1, max_value=100)
    limit = forms.IntegerField(
        label=_("The supplier’s limit"), min_value=0, max_value=LARGEST_VALUE
    )

    def cover(self) -> Cover:
        """What is covered of the initial payment."""
        asked = self.cleaned_data
        return cover_of(Money.parse(asked["value"]), asked["deposit"], Money.parse(asked["limit"]))


class ClockForm(forms.Form):
    """How many days the demo's clock goes forward."""

    days = forms.IntegerField(min_value=1, max_value=LONGEST_STEP_DAYS)

    def step(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
