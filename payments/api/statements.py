"""Bank statements over the API: read in, and every line told with its status and reason."""

import json
from http import HTTPStatus

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from api.fields import MoneyField, Sent, TextField
from api.idempotency import once_resumed
from api.models import Scope
from api.parsers import Form
from api.views import ApiView
from payments.matching import match_lines
from payments.models import StatementImport, StatementLine
from payments.receipts import import_statement
from workflow.errors import NotAllowed, Refused

STATUSES = StatementImport.Status.choices
LINE_STATUSES = StatementLine.Status.choices


class StatementAsked(Sent):
    """A file of the bank: camt.053, MT940, or CSV with a `mapping` of its columns."""

    file = serializers.FileField(
        allow_empty_file=True,
        error_messages={
            "required": "Send the bank's file as the part “file”.",
            "invalid": "Send the bank's file as the part “file”, with a file name.",
            "no_name": "Send the bank's file with its file name.",
            "max_length": "Send the file under a shorter name.",
        },
    )
    mapping = TextField(required=False, help_text="JSON: which column of a CSV file says what")

    def validate_mapping(self, text):
        try:
            mapping = json.loads(text)
        except (ValueError, RecursionError):
            mapping = None
        if not isinstance(mapping, dict):
            raise ValidationError(_("Send the mapping as a JSON object."), code="not_an_object")
        return mapping


class FirstSeenSerializer(serializers.Serializer):
    """Where a duplicate line was read in before, and what became of it."""

    import_id = serializers.CharField(read_only=True)
    n = serializers.IntegerField(read_only=True)
    status = serializers.CharField(read_only=True)


class StatementLineSerializer(serializers.Serializer):
    """A line of a statement and what became of it, with the reason."""

    id = serializers.UUIDField(read_only=True)
    n = serializers.IntegerField(read_only=True)
    amount = MoneyField()
    left = MoneyField()
    direction = serializers.ChoiceField(["credit", "debit"], read_only=True)
    status = serializers.ChoiceField(LINE_STATUSES, read_only=True)
    reason = serializers.CharField(read_only=True)
    order = serializers.CharField(read_only=True, allow_null=True)
    payment = serializers.UUIDField(read_only=True, allow_null=True)
    first_seen = FirstSeenSerializer(read_only=True, allow_null=True)


class ImportSerializer(serializers.Serializer):
    """One statement of the file; a quarantined one says in `problems` what does not add up."""

    id = serializers.CharField(read_only=True)
    statement = serializers.CharField(read_only=True)
    format = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(STATUSES, read_only=True)
    problems = serializers.ListField(child=serializers.CharField(), read_only=True)
    lines = StatementLineSerializer(many=True, read_only=True)


class ImportsSerializer(serializers.Serializer):
    """What was read in, a statement at a time."""

    imports = ImportSerializer(many=True, read_only=True)
    operation = serializers.UUIDField(read_only=True)


class BankStatementsView(ApiView):
    """The finance office reads in a statement; the same bytes again add nothing."""

    scopes = (Scope.STATEMENTS_WRITE,)
    parser_classes = (Form,)

    @extend_schema(
        operation_id="uploadBankStatement",
        request={"multipart/form-data": StatementAsked},
        responses={201: ImportsSerializer},
    )
    @once_resumed
    def post(self, request):
        if "finance" not in request.user.duties:
            raise NotAllowed(_("Only the finance office reads in bank statements."))
        asked = self.asked(StatementAsked, request.data)
        imports = _imported(request.user, asked["file"], asked.get("mapping"))
        told = ImportsSerializer({"imports": _told(imports), "operation": self.operation_id})
        return Response(told.data, HTTPStatus.CREATED)


def _imported(user, file, mapping):
    try:
        imports = import_statement(file.read(), by=user, file_name=file.name, mapping=mapping)
    except Refused as error:
        if error.code != "statement_refused":
            raise
        detail = ErrorDetail(str(error), code=error.code)
        raise ValidationError({"file": [detail]}) from error
    _finish_interrupted(imports)
    return imports


def _finish_interrupted(imports):
    """A file that is sent again after a crash: match what the crash left new."""
    repeated = StatementLine.objects.filter(
        statement__in=imports, status=StatementLine.Status.DUPLICATE
    )
    interrupted = StatementLine.objects.filter(
        status=StatementLine.Status.NEW, dedupe_key__in=repeated.values("dedupe_key")
    )
    for statement in set(interrupted.values_list("statement_id", flat=True)):
        match_lines(statement)


def _told(imports):
    lines = list(
        StatementLine.objects.filter(statement__in=imports)
        .select_related("payment__order")
        .order_by("statement", "n")
    )
    first_seen = _first_seen(lines)
    return [
        {
            "id": imported.pk,
            "statement": imported.statement_id,
            "format": imported.format,
            "status": imported.status,
            "problems": [str(problem) for problem in imported.problems],
            "lines": [
                told_line(line, first_seen) for line in lines if line.statement_id == imported.pk
            ],
        }
        for imported in imports
    ]


def told_line(line, first_seen=()):
    """A line as the API tells it; `first_seen` finds what a duplicate repeats."""
    duplicate = line.status == StatementLine.Status.DUPLICATE
    return {
        "id": line.public_id,
        "n": line.n,
        "amount": line.amount,
        "left": line.left,
        "direction": "credit" if line.is_credit else "debit",
        "status": line.status,
        "reason": line.reason,
        "order": line.payment.order.code if line.payment else None,
        "payment": line.payment.public_id if line.payment else None,
        "first_seen": first_seen[line.dedupe_key] if duplicate else None,
    }


def _first_seen(lines):
    """For each duplicate, the line that counts: the one the database let stand."""
    keys = [line.dedupe_key for line in lines if line.status == StatementLine.Status.DUPLICATE]
    if not keys:
        return {}
    uncounted = [StatementLine.Status.DUPLICATE, StatementLine.Status.QUARANTINED]
    counted = StatementLine.objects.filter(dedupe_key__in=keys).exclude(status__in=uncounted)
    return {
        line.dedupe_key: {"import_id": line.statement_id, "n": line.n, "status": line.status}
        for line in counted
    }
