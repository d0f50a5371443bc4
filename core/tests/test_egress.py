"""The door to the outside: public addresses only, small quick answers, no redirects."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from core import egress


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/drip":
            for _ in range(20):
                self.wfile.write(b"x" * 20_000)
                time.sleep(0.05)
        self.wfile.write(b"x" * 5000 if self.path == "/long" else self.headers["Host"].encode())

    def log_message(self, *_words):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """The client hangs up when it has had enough."""


@pytest.fixture
def site(settings):
    settings.EGRESS_ALLOW_LOOPBACK = True
    with _Server(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def resolve(monkeypatch):
    """Let a name have the addresses that a test wants."""

    def to(*addresses):
        rows = [(0, socket.SOCK_STREAM, 0, "", (address, 0)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: rows)

    return to


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.1.2.3", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:0a00:0001::1", "2001::1"],
)  # fmt: skip
def test_an_address_inside_is_never_called_even_beside_a_public_one(resolve, address):
    resolve(address)
    with pytest.raises(egress.Blocked):
        egress.address_of("evil.example", 443)
    resolve("93.184.215.14", address)
    with pytest.raises(egress.Blocked):
        egress.address_of("evil.example", 443)


def test_a_public_address_is_called_on_the_web_ports_only(resolve):
    resolve("93.184.215.14")
    assert egress.address_of("good.example", 443) == "93.184.215.14"
    for port in (22, 5432, 8080):
        with pytest.raises(egress.Blocked):
            egress.address_of("good.example", port)


def test_loopback_is_open_only_where_it_is_allowed(site, settings, resolve):
    assert egress.call("GET", site).text == site.removeprefix("http://")
    settings.EGRESS_ALLOW_LOOPBACK = False
    with pytest.raises(egress.Blocked):
        egress.call("GET", site)
    settings.EGRESS_ALLOW_LOOPBACK = True
    resolve("10.0.0.1")
    with pytest.raises(egress.Blocked):
        egress.call("GET", site)


def test_the_connection_goes_to_the_address_that_was_checked(site, monkeypatch):
    """A name that changes its address after the check is not asked again."""
    asked, real = [], socket.getaddrinfo

    def once(host, *rest, **options):
        asked.append(host)
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    egress.call("GET", site)
    assert [name for name in asked if name == "localhost"] == ["localhost"]


def test_a_redirect_is_an_answer_and_is_not_followed(site):
    assert egress.call("GET", f"{site}/away").status_code == 302


def test_a_large_or_slow_answer_is_cut_off(site):
    with pytest.raises(egress.TooMuch):
        egress.call("GET", f"{site}/long", answer_limit=4999)
    assert len(egress.call("GET", f"{site}/long", answer_limit=5000).content) == 5000
    start = time.monotonic()
    with pytest.raises(egress.TooMuch):
        egress.call("GET", f"{site}/drip", timeout=0.3)
    assert time.monotonic() - start < 0.8


@pytest.mark.django_db
def test_nothing_leaves_while_a_transaction_is_open(site):
    with pytest.raises(RuntimeError), transaction.atomic():
        egress.call("GET", site)
    assert egress.call("GET", site).status_code == 200
