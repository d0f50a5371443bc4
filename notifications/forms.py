"""The form of the preferences: the digest, and three boxes for each kind of news."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.channels import Channels, channels_of, letters_for
from notifications.letters import LETTERS, TOPICS
from notifications.locks import lock_of
from notifications.models import DailyDigest
from notifications.samples import sample_of

HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class DigestForm(forms.Form):
    """Whether there is a letter of the day, and at which hour of the reader's own day."""

    digest = forms.BooleanField(
        label=_("Send me one letter a day with what waits for me"),
        help_text=_("Days on which nothing waits and nothing happened are left out."),
        required=False,
    )
    hour = forms.TypedChoiceField(
        label=_("At"), help_text=_("In your own time zone."), choices=HOURS, coerce=int
    )

    def __init__(self, user, data=None):
        own = DailyDigest.objects.filter(reader=user).first()
        initial = {"digest": own is not None, "hour": own.hour if own else 8}
        super().__init__(data, initial=initial)

    @property
    def chosen_hour(self) -> int | None:
        return self.cleaned_data["hour"] if self.cleaned_data["digest"] else None


@dataclass(frozen=True)
class Row:
    """One kind of news on the page of preferences."""

    name: str
    sample: str
    lock: str
    channels: Channels


def rows_for(user, chosen: dict[str, Channels] | None = None):
    """Each topic that concerns this person: its heading, what may be chosen, what is locked."""
    mine = letters_for(user)
    kept = channels_of((user.pk, name) for names in mine.values() for name in names)
    for topic, names in mine.items():
        rows = [
            Row(
                name,
                sample_of(LETTERS[name]),
                lock_of(name),
                (chosen or {}).get(name) or kept[user.pk, name],
            )
            for name in names
        ]
        yield {
            "key": topic,
            "heading": TOPICS[topic][0],
            "free": [row for row in rows if not row.lock],
            "locked": [row for row in rows if row.lock],
        }


def ticked(user, data) -> dict[str, Channels]:
    """The boxes that came ticked, for every letter that this person may choose about."""
    return {
        name: Channels(*(f"{column}:{name}" in data for column in ("site", "mail", "digest")))
        for names in letters_for(user).values()
        for name in names
    }
