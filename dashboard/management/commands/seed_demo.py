"""`manage.py seed_demo`: the demo, and everything a script needs to work with it, as JSON."""

import hmac
import json
from base64 import urlsafe_b64encode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Company, DesignatedAccount, User
from catalog.models import Product
from dashboard.demo.cast import EMAILS, roles
from dashboard.demo.production import NotHere, perform


class Command(BaseCommand):
    help = (
        "Fills an empty database with the demo, once, and prints its people with passwords and "
        "API tokens, its suppliers, collection accounts and products. Not in production."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            metavar="N",
            help="the tokens are drawn from it: the same N prints the same (the stories are fixed)",
        )
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def handle(self, *args, **options):
        try:
            perform(say=self.stderr.write)
        except NotHere as error:
            raise CommandError(str(error)) from error
        told = {
            "users": users(options["seed"]),
            "suppliers": suppliers(),
            "collection_accounts": collection_accounts(),
            "products": products(),
        }
        self.stdout.write(json.dumps(told) if options["json"] else json.dumps(told, indent=2))


def users(seed: int) -> list[dict]:
    """Everybody of the demo: public id, role, password, and a token with every scope."""
    people = {user.email: user for user in User.objects.filter(email__in=EMAILS)}
    return [
        {
            "id": str(people[one["email"]].public_id),
            **one,
            "company": str(people[one["email"]].company or ""),
            "token": _token_of(people[one["email"]], seed),
        }
        for one in roles()
    ]


def suppliers() -> list[dict]:
    selling = Company.objects.filter(sells=True, people__email__in=EMAILS).distinct()
    return [
        {
            "id": str(company.public_id),
            "name": company.name,
            "gold": company.standing.gold,
            "coverage_limit": _money(company.standing.limit),
            "coverage_reserved": _money(company.standing.reserved),
        }
        for company in selling.filter(standing__isnull=False).select_related("standing")
    ]


def collection_accounts() -> list[dict]:
    """Where buyers pay to: the designated accounts in use."""
    fields = ("beneficiary", "bank", "account_number", "bic", "currency")
    in_use = DesignatedAccount.objects.filter(state=DesignatedAccount.State.ACTIVE)
    return list(in_use.order_by("currency").values(*fields))


def products() -> list[dict]:
    return [
        {
            "id": str(product.public_id),
            "slug": product.slug,
            "name": product.name,
            "supplier": str(product.supplier.public_id),
            "price": _money(product.price),
            "least_quantity": product.least_quantity,
        }
        for product in Product.objects.select_related("supplier").order_by("pk")
    ]


def _token_of(user, seed):
    """A token that is drawn from the seed, so that asking again prints one that still works."""
    from api.models import ApiToken, Scope
    from api.tokens import MARK, SHOWN, digest_of

    drawn = hmac.digest(settings.SECRET_KEY.encode(), f"{seed}:{user.email}".encode(), "sha256")
    secret = MARK + urlsafe_b64encode(drawn).decode().rstrip("=")
    ApiToken.objects.get_or_create(
        digest=digest_of(secret),
        defaults={
            "user": user,
            "name": "seed_demo",
            "prefix": secret[:SHOWN],
            "scopes": list(Scope.values),
        },
    )
    return secret


def _money(amount) -> dict:
    return {"amount": str(amount.amount), "currency": amount.currency}
