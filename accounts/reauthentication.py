"""Proving again that it is you, before something that binds or moves money."""

from django.core.cache import cache
from django.utils.translation import gettext as _

from workflow.errors import Refused

ATTEMPTS = 5
PAUSE_SECONDS = 15 * 60


def confirm_password(user, password):
    """Refuse unless the password is right; five wrong ones close it for fifteen minutes."""
    key = f"reauthentication:{user.pk}"
    if cache.get(key, 0) >= ATTEMPTS:
        raise Refused(
            _("Too many wrong passwords. Try again in fifteen minutes."), code="too_many_attempts"
        )
    if user.check_password(password):
        cache.delete(key)
        return
    cache.add(key, 0, PAUSE_SECONDS)
    cache.incr(key)
    raise Refused(_("That is not your password. Nothing was done."), code="password_wrong")
