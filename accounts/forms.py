"""Signing up, and one's own settings."""

from zoneinfo import available_timezones

from allauth.account.forms import SignupForm as BaseSignUpForm
from babel import Locale
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, SupplierStanding, User

ZONES = {
    "AE": "Asia/Dubai",
    "BD": "Asia/Dhaka",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "HK": "Asia/Hong_Kong",
    "ID": "Asia/Jakarta",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "MY": "Asia/Kuala_Lumpur",
    "SG": "Asia/Singapore",
    "TH": "Asia/Bangkok",
    "US": "America/New_York",
    "VN": "Asia/Ho_Chi_Minh",
}
BUYS, SELLS, INSPECTS = "buys", "sells", "inspects"


def countries():
    """Every country by its name in the reader's language."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted(found, key=lambda entry: entry[1])


def zones():
    """The time zones that are places."""
    return sorted(name for name in available_timezones() if "/" in name and "Etc" not in name)


class SignUpForm(BaseSignUpForm):
    """A person signs up together with the company they act for: it buys, sells or inspects."""

    part = forms.ChoiceField(
        label=_("What does your company do here?"),
        choices=[
            (BUYS, _("It buys")),
            (SELLS, _("It sells")),
            (INSPECTS, _("It inspects goods")),
        ],
        widget=forms.RadioSelect,
        initial=BUYS,
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    company = forms.CharField(
        label=_("Company"),
        help_text=_("The legal name, as it is registered."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        initial="IN",
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    city = forms.CharField(label=_("City"), max_length=80)
    field_order = ["part", "name", "email", "password1", "company", "country", "city"]

    @transaction.atomic
    def save(self, request):
        user = super().save(request)
        user.company = self._company()
        user.name = self.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["company", "name", "language"])
        return user

    def _company(self):
        given = self.cleaned_data
        company = Company.objects.create(
            slug=_free_slug(given["company"]),
            name=given["company"],
            legal_name=given["company"],
            country=given["country"],
            city=given["city"],
            time_zone=ZONES.get(given["country"], settings.TIME_ZONE),
            **{given["part"]: True},
        )
        if company.sells:
            SupplierStanding.objects.create(company=company)
        return company


class ProfileForm(forms.ModelForm):
    """What a person may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Every date and time limit is shown in it."),
        required=False,
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        labels = {"name": _("Your name")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.instance.company.time_zone if self.instance.company else settings.TIME_ZONE
        usual = _("Your company’s: %(zone)s") if self.instance.company else _("Ours: %(zone)s")
        self.fields["time_zone"].choices = [
            ("", usual % {"zone": own}),
            *((name, name.replace("_", " ")) for name in zones()),
        ]


def _free_slug(name):
    """An address on the site that no company has: numbered when the plain one is taken."""
    base = slugify(name)[:40] or "company"
    taken = set(Company.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
