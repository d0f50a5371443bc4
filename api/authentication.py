"""Who is asking: the person behind a bearer token (RFC 6750). No cookie counts here."""

from datetime import timedelta

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from api.models import ApiToken
from api.tokens import digest_of
from core import clock

USE_IS_NOTED = timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """One query. Unknown, revoked, expired and disabled are told apart by nobody outside."""

    def authenticate(self, request):
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = ApiToken.objects.in_force().select_related("user__company")
        token = found.filter(digest=digest_of(secret.strip())).first()
        if token is None:
            raise AuthenticationFailed(_("This token is not in force: use another one."))
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


def _note_use(token):
    """Note when a token was used, at most once a minute."""
    now = clock.real_now()
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
