"""Two web services that release an order's money: ours, and as it is usually written.

Both check a bearer token and an Idempotency-Key and write one journal of two transfers. The
usual one is spared our quota and the kept answer; gunicorn serves both from one process.
"""

from django.db import transaction
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from api.idempotency import once
from api.models import Scope
from api.views import ApiView
from benchmarks.posting import UsualAccount, UsualEntry, UsualJournal, lines
from core.money import Money
from ledger.operations import Move, post


class Ours(ApiView):
    scopes = (Scope.MONEY_WRITE,)

    @once
    def post(self, request):
        n, key = request.data["n"], request.headers["Idempotency-Key"]
        moves = [Move(debit, credit, Money(minor)) for debit, credit, minor in lines("release", n)]
        posted = post("release", key=key, transfers=moves, order_ref=f"TA-{n}")
        return Response({"journal": posted.journal_id}, 201)


class Usual(APIView):
    permission_classes = ()
    throttle_classes = ()

    @transaction.atomic
    def post(self, request):
        key = request.headers["Idempotency-Key"]
        journal, made = UsualJournal.objects.get_or_create(key=key, defaults={"kind": "release"})
        for debit, credit, minor in lines("release", request.data["n"]) if made else ():
            for code, amount in ((debit, -minor), (credit, minor)):
                account = UsualAccount.objects.select_for_update().get(code=code)
                account.balance += amount
                account.save()
                UsualEntry.objects.create(journal=journal, account=account, amount=amount)
        return Response({"journal": journal.pk}, 201)


urlpatterns = [path("ours/", Ours.as_view()), path("usual/", Usual.as_view())]
