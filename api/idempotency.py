"""A money request has one effect, however often it is sent (reliability requirement 6).

Its sender names it with a key. The effect and the answer are written in one transaction, so
that a process killed midway leaves neither, and the request can simply be sent again. While
it runs, an advisory lock of PostgreSQL is held, which ends with the process that holds it:
there is no lease to wait for.
"""

import hashlib
import json
import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from accounts.models import User
from api.models import KeptAnswer
from workflow.api import CONTENT_TYPE, Problem, foreseen

KEY = re.compile(r"[!-~]{1,255}")
RETRY_AFTER_SECONDS = 1
RUNNING = """
    SELECT EXISTS (SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (classid::bigint << 32) | objid::bigint = %s)
"""


@dataclass(frozen=True)
class Asked:
    """A request under its sender's key; the fingerprint tells it from another one."""

    principal: User
    key: str
    method: str = ""
    path: str = ""
    fingerprint: str = ""

    @cached_property
    def lock(self):
        """The number of the advisory lock: 64 bits of a hash, signed."""
        digest = hashlib.sha256(f"answer:{self.principal.pk}:{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)

    @property
    def kept(self):
        return KeptAnswer.objects.filter(principal=self.principal, key=self.key).first()


def once(handler):
    """Answer each key once: the effect of `handler` and its answer stand or fall together.

    The handler calls one operation. A refusal is an answer too and is kept; what fails with
    5xx leaves nothing, and may be sent again under the same key.
    """
    return _keyed(handler, _in_one_transaction)


def once_resumed(handler):
    """The same for work in many transactions that can itself be repeated without harm.

    A bank statement locks every order that it pays, one after the other; held all at once
    they could lock each other out.
    """
    return _keyed(handler, _step_by_step)


def is_running(asked):
    """Whether a request under this key is being worked on at this moment."""
    return _ask(RUNNING, asked.lock)


def _keyed(handler, alone):
    @wraps(handler)
    def answer(view, request, *args, **kwargs):
        asked = _read(request)
        with alone(asked):
            if kept := asked.kept:
                return _replay(kept, asked)
            view.operation_id = uuid.uuid4()
            return _keep(asked, view, _outcome(handler, view, request, *args, **kwargs))

    answer.keyed = True
    return answer


@contextmanager
def _in_one_transaction(asked):
    with transaction.atomic():
        if not _ask("SELECT pg_try_advisory_xact_lock(%s)", asked.lock):
            raise _in_progress()
        yield


@contextmanager
def _step_by_step(asked):
    if not _ask("SELECT pg_try_advisory_lock(%s)", asked.lock):
        raise _in_progress()
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s)", asked.lock)


def _outcome(handler, view, request, *args, **kwargs):
    try:
        return handler(view, request, *args, **kwargs)
    except Exception as error:
        if refusal := foreseen(error):
            return refusal
        raise


def _keep(asked, view, response):
    """Write the answer down; what is sent is exactly what a repetition will be sent."""
    kept = KeptAnswer.objects.create(
        public_id=view.operation_id,
        principal=asked.principal,
        key=asked.key,
        method=asked.method,
        path=asked.path,
        fingerprint=asked.fingerprint,
        status=response.status_code,
        body=JSONRenderer().render(response.data).decode(),
    )
    return _as_response(kept)


def _replay(kept, asked):
    if kept.fingerprint != asked.fingerprint:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency_mismatch",
            _("You used this Idempotency-Key for another request: take a new one."),
        )
    response = _as_response(kept)
    response["Idempotency-Replayed"] = "true"
    return response


def _as_response(kept):
    content_type = CONTENT_TYPE if kept.status >= HTTPStatus.BAD_REQUEST else "application/json"
    return HttpResponse(kept.body, status=kept.status, content_type=content_type)


def _read(request):
    """What is asked, under which key. Raises Problem without a usable key."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "idempotency_key_required",
            _(
                "Send an Idempotency-Key: 1 to 255 characters of ASCII without spaces, new for "
                "each thing you want done and the same when you repeat it."
            ),
        )
    path = request.get_full_path()
    content = [request.method, path, _plain(request.data)]
    return Asked(request.user, key, request.method, path, _fingerprint(content))


def _fingerprint(content):
    """An HMAC, not a bare hash: a body may hold a password, which nobody is to guess from it."""
    text = json.dumps(content, sort_keys=True)
    return salted_hmac("api.answer", text, algorithm="sha256").hexdigest()


def _plain(data):
    """The content of a body, whatever boundary or order of members it was sent with."""
    if not hasattr(data, "lists"):
        return data
    return {name: [_content(value) for value in values] for name, values in data.lists()}


def _content(value):
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _in_progress():
    return Problem(
        HTTPStatus.CONFLICT,
        "in_progress",
        _("The request with this Idempotency-Key is being worked on. Ask again in a moment."),
        retry_after=RETRY_AFTER_SECONDS,
    )


def _ask(sql, number):
    with connection.cursor() as cursor:
        cursor.execute(sql, [number])
        return cursor.fetchone()[0]
