"""Bearer tokens: made once, shown once, revoked for good."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import PLATFORM
from api.models import ApiToken, Scope
from core import clock
from workflow.engine import record
from workflow.errors import NotAllowed, Refused

MARK = "ta_"  # so that secret scanners know one when it leaks
SHOWN = len(MARK) + 6


@transaction.atomic
def issue_token(user, *, by, name, scopes, expires_at=None):
    """Make a token that acts as `user`. Returns it and its secret, which is kept nowhere.

    A person makes tokens only for oneself; the platform (the operator's command) for anyone.
    Raises Refused for an unknown scope, a person who is disabled, or an end in the past.
    """
    _check_own(user, by)
    if not user.is_active:
        raise Refused(_("This account is disabled."), code="account_disabled")
    if not scopes or set(scopes) - set(Scope.values):
        known = ", ".join(Scope.values)
        raise Refused(_("Choose at least one scope of: %s.") % known, code="unknown_scope")
    if expires_at and expires_at <= clock.now():
        raise Refused(_("A token expires in the future."), code="already_expired")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        prefix=secret[:SHOWN],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    record(token, "issue_token", by=by, facts={"scopes": token.scopes, "for": user.email})
    return token, secret


@transaction.atomic
def revoke_token(token, *, by):
    """End a token now. Revoking it again changes nothing."""
    _check_own(token.user, by)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        record(token, "revoke_token", by=by)
    token.refresh_from_db()


def digest_of(secret):
    """What is kept of a secret of 256 random bits: its SHA-256 is as good as a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_own(user, by):
    if by is not PLATFORM and by != user:
        raise NotAllowed(_("You make and revoke only your own tokens."), code="not_your_token")
