"""The bank account that a company is paid to, over the API."""

from http import HTTPStatus

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.approvals import ApprovalSerializer, Decided, decide
from api.fields import InstantField, Sent, TextField
from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from core import clock
from payments.bank_accounts import ask_to_approve, change_with_password
from payments.models import BankAccount
from workflow import approvals

APPROVE = "bankaccount.approve"
STATES = BankAccount.State.choices


class AccountAsked(Sent):
    """Another account, with the password of the person whose token it is."""

    password = TextField(max_length=200, write_only=True)
    holder = TextField(max_length=140)
    account_number = TextField(max_length=50)
    bic = TextField(max_length=20)
    bank = TextField(max_length=120)
    currency = TextField(max_length=3, min_length=3, default="USD")


class BankAccountSerializer(serializers.Serializer):
    """An account with its number masked; it is paid to from `usable_from` on."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    holder = serializers.CharField(read_only=True)
    number = serializers.CharField(source="masked", read_only=True)
    bic = serializers.CharField(read_only=True)
    bank = serializers.CharField(read_only=True)
    currency = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(STATES, read_only=True)
    usable_from = InstantField()
    approval = serializers.SerializerMethodField()

    def get_approval(self, account) -> ApprovalSerializer(allow_null=True):
        waiting = approvals.waiting_for(account, APPROVE)
        return ApprovalSerializer(waiting).data if waiting else None


class AcceptedBankAccountSerializer(BankAccountSerializer):
    """The account, and the operation to look its request up by."""

    operation = serializers.UUIDField(read_only=True)


class BankAccountsView(ApiView):
    """A signer of the company asks for another account; everybody of the company is told."""

    scopes = (Scope.PAYEES_WRITE,)

    @extend_schema(
        operation_id="changeBankDetails",
        request=AccountAsked,
        responses={HTTPStatus.ACCEPTED.value: AcceptedBankAccountSerializer},
    )
    @once
    def post(self, request):
        asked = self.asked(AccountAsked, request.data)
        account = change_with_password(by=request.user, **asked)
        return self.accepted(BankAccountSerializer(account).data)


class ApproveBankAccountView(ApiView):
    """Two of the finance office have checked it: the first proposes, the second puts it in use."""

    scopes = (Scope.APPROVALS_WRITE,)

    @extend_schema(
        operation_id="approveBankDetails",
        request=Decided,
        responses={HTTPStatus.ACCEPTED.value: AcceptedBankAccountSerializer},
    )
    @once
    def post(self, request, account):
        decided = self.asked(Decided, request.data)
        found = get_object_or_404(_seen_by(request.user), public_id=account)
        waiting = approvals.waiting_for(found, APPROVE)
        if waiting and clock.now() < waiting.expires_at:
            decide(waiting, decided, by=request.user)
        else:
            ask_to_approve(found, by=request.user, reason=decided["note"])
        found.refresh_from_db()
        return self.accepted(BankAccountSerializer(found).data)


def _seen_by(user):
    if user.is_staff:
        return BankAccount.objects.all()
    return BankAccount.objects.filter(company=user.company_id, company__isnull=False)
