"""Choosing over which channels one is told, and stopping a kind of mail from the mail itself."""

from django.core import signing
from django.db import transaction

from accounts.models import User
from notifications.channels import USUAL, Channels, channels_of, letters_for
from notifications.letters import LETTERS
from notifications.locks import lock_of
from notifications.models import DailyDigest, Preference

SALT = "notifications.off"
COLUMNS = ["site", "mail", "digest"]


@transaction.atomic
def choose(user, choices: dict[str, Channels], *, digest_hour: int | None) -> None:
    """Keep the person's choices for these letters, and the hour of the digest (None: no digest).

    What is locked keeps coming on the page and by mail, whatever is asked for.
    """
    allowed = {name for names in letters_for(user).values() for name in names}
    wanted = {name: _locked(name, choices[name]) for name in allowed & set(choices)}
    usual = [name for name, channels in wanted.items() if channels == USUAL]
    Preference.objects.filter(reader=user, letter__in=usual).delete()
    _keep(user, {name: channels for name, channels in wanted.items() if channels != USUAL})
    if digest_hour is None:
        DailyDigest.objects.filter(reader=user).delete()
    else:
        DailyDigest.objects.update_or_create(reader=user, defaults={"hour": digest_hour})


def token_of(user, letter: str) -> str:
    """The secret of a mail that lets its holder stop this kind of mail to this person."""
    return signing.dumps([str(user.public_id), letter], salt=SALT)


def meant_by(token: str):
    """The person and the name of the letter of a token, or None if it is none of ours."""
    try:
        public_id, letter = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    return (user, letter) if user and letter in LETTERS else None


def stop_mail(user, letter: str) -> bool:
    """No more mail of this kind to this person; on the page it still stands. Not if locked."""
    if lock_of(letter):
        return False
    now = channels_of([(user.pk, letter)])[user.pk, letter]
    _keep(user, {letter: Channels(site=True, mail=False, digest=now.digest)})
    return True


def _locked(name: str, channels: Channels) -> Channels:
    return Channels(digest=channels.digest) if lock_of(name) else channels


def _keep(user, wanted: dict[str, Channels]) -> None:
    Preference.objects.bulk_create(
        [
            Preference(
                reader=user,
                letter=name,
                site=channels.site,
                mail=channels.mail,
                digest=channels.digest,
            )
            for name, channels in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["reader", "letter"],
        update_fields=COLUMNS,
    )
