"""The same release asked for over HTTP: DRF with token and idempotency key, two workers."""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from django.conf import settings

from accounts.models import User
from api.models import Scope
from api.tokens import issue_token
from benchmarks import bench, ceiling

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4
WORKERS = 2


def ask(port, secret, address, number, _count):
    """One request on a connection of its own, as gunicorn's sync workers serve them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"{number}-{time.time_ns()}",
    }
    order = random.randrange(ceiling.ORDERS)  # noqa: S311 (load, not secrets)
    connection.request("POST", address, json.dumps({"n": order}), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 201:
        raise RuntimeError(f"{address} answered {answer.status}: {body[:200]!r}")


def serve(port):
    database = settings.DATABASES["default"]
    where = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
    command += ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    url = f"postgres://{where}/{database['NAME']}"
    changed = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.site_settings"}
    return subprocess.Popen(command, env={**os.environ, **changed}, cwd=ROOT)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _attempt in range(300):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def run(options):
    person = User.objects.create_user("bench-api@example.com", None, name="Program")
    _token, secret = issue_token(person, by=person, name="bench", scopes=[Scope.MONEY_WRITE])
    port = free_port()
    server = serve(port)
    try:
        wait_for(port)
        turns = {"ceiling": ceiling.rival("ceiling", "release", CLIENTS, options.seconds)}
        turns["bare"] = ceiling.rival("bare", "release", CLIENTS, options.seconds)
        for name, address in [("ours over HTTP", "/ours/"), ("usual ORM over HTTP", "/usual/")]:
            call = partial(ask, port, secret, address)
            turns[name] = partial(bench.by_python, call, CLIENTS, options.seconds)
        title = f"release over HTTP, {CLIENTS} clients, gunicorn with {WORKERS} workers"
        beside = ["ceiling", "bare", "usual ORM over HTTP"]
        yield bench.compare(title, turns, options.rounds, beside)
    finally:
        server.terminate()
        server.wait()
