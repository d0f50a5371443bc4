"""The one door to the outside: every HTTP call to a provider or to a user's address leaves here.

A host name is resolved once, all its addresses are checked, and the connection goes to the
address that was checked. Redirects are not followed. An answer has a time limit and a size
limit. No call leaves while a database transaction is open (reliability requirements 4 and 21).
"""

import io
import ipaddress
import socket
import time
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import connection, transaction
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

TIMEOUT = 10  # seconds, for connecting, for each read, and for the whole answer
ANSWER_LIMIT = 1024 * 1024
PORTS = {80, 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Failed = requests.RequestException


class Blocked(Failed):
    """The address is not one that this platform calls."""


class TooMuch(Failed):
    """The answer was too large or took too long, and was cut off."""


def session(*, timeout=TIMEOUT, answer_limit=ANSWER_LIMIT):
    """A requests session that goes through the door; the providers' own clients take it too."""
    made = _NoRedirects()
    made.trust_env = False  # no proxy and no netrc from the environment
    made.headers.update({"Accept-Encoding": "identity", "Connection": "close"})
    door = Door(timeout, answer_limit)
    made.mount("https://", door)
    made.mount("http://", door)
    return made


def call(method, url, *, timeout=TIMEOUT, answer_limit=ANSWER_LIMIT, **request):
    """Make one call and return its answer, whatever its status. Raises `Failed` for none."""
    with session(timeout=timeout, answer_limit=answer_limit) as made:
        return made.request(method, url, **request)


def address_of(host, port):
    """The address to connect to. Raises Blocked if any address of the host is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Failed(f"{host} has no address: {error}") from error
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    for address in addresses:
        _check(address, port, host)
    return str(addresses[0])


class Door(HTTPAdapter):
    """Sends to checked addresses only, and reads no more than the limits allow."""

    def __init__(self, timeout, answer_limit):
        super().__init__(max_retries=0)
        self.timeout, self.answer_limit = timeout, answer_limit

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        """As HTTPAdapter.send, but read within our limits at once, and never through a proxy."""
        _check_no_transaction()
        request.headers["Host"] = urlsplit(request.url).netloc.rpartition("@")[2]
        until = time.monotonic() + self.timeout
        try:
            answer = super().send(
                request, stream=True, timeout=self.timeout, verify=verify, cert=cert
            )
            answer.raw = io.BytesIO(self._read(answer.raw, until))
        finally:
            self.close()
        return answer

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        """Connect to the checked address; TLS still proves the name."""
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        name, secure = where["host"], where["scheme"] == "https"
        where["host"] = address_of(name, where["port"] or (443 if secure else 80))
        if secure:
            how["server_hostname"] = how["assert_hostname"] = name
        return where, how

    def _read(self, wire, until):
        data = b""
        try:
            for chunk in wire.stream(16 * 1024, decode_content=True):
                data += chunk
                if len(data) > self.answer_limit or time.monotonic() > until:
                    raise TooMuch("The answer was too large or took too long.")
        except HTTPError as error:
            raise Failed(f"The answer broke off: {error}") from error
        finally:
            wire.close()
        return data


class _NoRedirects(requests.Session):
    def get_redirect_target(self, resp):
        return None


def _check(address, port, host):
    if address.is_loopback and getattr(settings, "EGRESS_ALLOW_LOOPBACK", False):
        return
    if not _is_public(address) or port not in PORTS:
        raise Blocked(f"{host} ({address}, port {port}) is not an address to call.")


def _is_public(address):
    if address.version == 6:
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address in NAT64:
            return False  # they wrap an IPv4 address that would go unchecked
    return address.is_global and not address.is_multicast


def _check_no_transaction():
    if connection.in_atomic_block:
        with transaction.atomic(durable=True):  # raises but in the transaction of a test case
            pass
