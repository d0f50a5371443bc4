"""The ledger over the API: entries and the trial balance.

It is here because the ledger itself knows neither companies nor orders.
"""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.fields import InstantField, MoneyField, Sent, TextField
from api.models import Scope
from api.views import ApiView
from core.money import Money
from ledger.balances import currencies, trial_balance
from ledger.entries import entries, trial_balance_by_family
from orders.api import order_of_party
from workflow.errors import NotAllowed

READERS = {"finance", "auditor"}
OF_A_COMPANY = (
    "buyer_credit",
    "refund_payable",
    "supplier_payable",
    "supplier_reserve",
    "receivable_supplier",
    "inspection_payable",
)
FARTHEST = 2**62


class WholeNumber(serializers.IntegerField):
    default_error_messages = {
        "invalid": "Send a whole number.",
        "min_value": "Send a number from {min_value} on.",
        "max_value": "Send a number up to {max_value}.",
        "max_string_length": "Send a shorter number.",
    }


class EntriesAsked(Sent):
    """Which entries: of an order, of an account, from where on, how many."""

    order = TextField(required=False, max_length=40)
    account = TextField(required=False, max_length=80)
    cursor = WholeNumber(required=False, min_value=1, max_value=FARTHEST)
    limit = WholeNumber(required=False, min_value=1, max_value=200, default=50)


class EntrySerializer(serializers.Serializer):
    """One entry: a debit is positive, a credit negative. `seq` is told to staff only."""

    id = serializers.UUIDField(read_only=True)
    journal = serializers.UUIDField(read_only=True)
    seq = serializers.IntegerField(read_only=True, allow_null=True)
    kind = serializers.CharField(read_only=True)
    account = serializers.CharField(read_only=True)
    order = serializers.CharField(read_only=True)
    amount = MoneyField()
    effective_at = InstantField()
    posted_at = InstantField()


class EntriesSerializer(serializers.Serializer):
    """A page, newest first; `next` is the cursor of the page after it, or null."""

    entries = EntrySerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)


class LedgerEntriesView(ApiView):
    """Finance and auditors see all; a company its own accounts, and the escrow of its order."""

    scopes = (Scope.MONEY_READ,)

    @extend_schema(
        operation_id="listLedgerEntries", parameters=[EntriesAsked], responses=EntriesSerializer
    )
    def get(self, request):
        asked = self.asked(EntriesAsked, request.query_params)
        order = order_of_party(asked["order"], request.user).ref if "order" in asked else ""
        limit = asked["limit"]
        page = entries(
            codes=_codes(request.user, order, asked.get("account")),
            order_ref=order,
            before=asked.get("cursor"),
            limit=limit + 1,
        )
        more = str(page[limit - 1].place) if len(page) > limit else None
        found = EntrySerializer(page[:limit], many=True).data
        return Response({"entries": _without_seq(found, request.user), "next": more})


def _codes(user, order, account):
    """The accounts that may be shown, or None for all of them."""
    if user.is_staff:
        _check_reader(user)
        return [account] if account else None
    own = [f"{family}:{user.company_id}" for family in OF_A_COMPANY] if user.company_id else []
    if order:
        own.append(f"escrow:{order}")
    if account and account not in own:
        raise Http404
    return [account] if account else own


def _without_seq(found, user):
    return found if user.is_staff else [entry | {"seq": None} for entry in found]


def _check_reader(user):
    if not READERS & user.duties:
        raise NotAllowed(_("Only the finance office and auditors read the ledger."))


class BalanceAsked(Sent):
    """Each family of accounts as one line, or every single account."""

    by = serializers.ChoiceField(
        ["family", "account"],
        default="family",
        error_messages={"invalid_choice": "Send family or account."},
    )


class BalanceLineSerializer(serializers.Serializer):
    """The sums of an account, or of a family of accounts, on their sides."""

    account = serializers.CharField(source="code", read_only=True)
    kind = serializers.CharField(read_only=True)
    debit = MoneyField()
    credit = MoneyField()


class BooksSerializer(serializers.Serializer):
    """The trial balance of one currency: its debits and its credits are alike."""

    currency = serializers.CharField(read_only=True)
    debit = MoneyField()
    credit = MoneyField()
    accounts = BalanceLineSerializer(many=True, read_only=True)


class BalanceSerializer(serializers.Serializer):
    """The books of each currency."""

    currencies = BooksSerializer(many=True, read_only=True)


class TrialBalanceView(ApiView):
    """For the finance office and auditors."""

    scopes = (Scope.MONEY_READ,)

    @extend_schema(
        operation_id="trialBalance", parameters=[BalanceAsked], responses=BalanceSerializer
    )
    def get(self, request):
        _check_reader(request.user)
        by_account = self.asked(BalanceAsked, request.query_params)["by"] == "account"
        lines_of = trial_balance if by_account else trial_balance_by_family
        books = [_books(currency, lines_of(currency)) for currency in currencies()]
        return Response(BalanceSerializer({"currencies": books}).data)


def _books(currency, lines):
    zero = Money(0, currency)
    return {
        "currency": currency,
        "debit": sum((line.debit for line in lines), zero),
        "credit": sum((line.credit for line in lines), zero),
        "accounts": lines,
    }
