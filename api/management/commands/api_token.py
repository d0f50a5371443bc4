import json
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import PLATFORM
from api.models import ApiToken, Scope
from api.tokens import issue_token, revoke_token
from workflow.errors import Refused


class Command(BaseCommand):
    help = "Makes a bearer token for a person, shown only once; or revokes one."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--user", metavar="EMAIL", help="whom the token acts as")
        what.add_argument("--revoke", metavar="ID", help="the id of a token that is to end now")
        parser.add_argument(
            "--scope", action="append", default=[], help="repeat it: " + ", ".join(Scope.values)
        )
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--expires", metavar="ISO", help="an instant; without it, never")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args, **options):
        try:
            answer = _revoked(options) if options["revoke"] else _issued(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))


def _issued(options):
    user = User.objects.filter(email__iexact=options["user"]).first()
    if user is None:
        raise CommandError(f"Nobody has the address {options['user']}.")
    token, secret = issue_token(
        user,
        by=PLATFORM,
        name=options["name"],
        scopes=options["scope"],
        expires_at=_instant(options["expires"]),
    )
    return _told(token) | {"token": secret}


def _revoked(options):
    try:
        token = ApiToken.objects.select_related("user").get(public_id=options["revoke"])
    except (ApiToken.DoesNotExist, ValidationError) as error:
        raise CommandError(f"No token has the id {options['revoke']}.") from error
    revoke_token(token, by=PLATFORM)
    return _told(token)


def _told(token):
    return {
        "id": str(token.public_id),
        "user": token.user.email,
        "scopes": token.scopes,
        "expires_at": token.expires_at and token.expires_at.isoformat(),
        "revoked_at": token.revoked_at and token.revoked_at.isoformat(),
    }


def _instant(text):
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not an instant as 2026-12-31T00:00:00Z.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
