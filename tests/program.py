"""A program that talks to the API as one person."""

import json
import uuid

import pytest
from django.test import Client

from accounts.roles import PLATFORM
from api import throttling
from api.models import Scope
from api.tokens import issue_token


class Program:
    """Sends JSON with a bearer token; each POST under a new key unless one is given."""

    def __init__(self, secret):
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path, **params):
        return self.client.get(f"/api/v1/{path}", params)

    def post(self, path, body, *, key=None):
        return self.client.post(
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid.uuid4())},
        )

    def upload(self, path, parts, *, key=None):
        return self.client.post(
            f"/api/v1/{path}", parts, headers={"Idempotency-Key": key or str(uuid.uuid4())}
        )


@pytest.fixture
def program():
    """A program of a person, by default with every scope; nobody has asked this minute yet."""
    asked = throttling._redis()
    for key in asked.scan_iter("api:asked:*"):
        asked.delete(key)

    def of(user, *scopes):
        _token, secret = issue_token(user, by=PLATFORM, name="test", scopes=scopes or Scope.values)
        return Program(secret)

    return of


def problem(response, status, code):
    """The answer is this problem, in the one shape that problems have. Returns its sentence."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.content
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert {"type", "title", "detail"} <= set(said)
    for word in ("nvalid", "lease", "orry", "Traceback"):
        assert word not in said["detail"].replace("release", "")
    return said["detail"]
