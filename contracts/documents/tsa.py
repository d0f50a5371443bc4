"""Asking a timestamping authority for the time (RFC 3161)."""

import asyncio
import urllib.request
from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 64 * 1024
ANSWER_TYPE = "application/timestamp-reply"


class NoTimestamp(Exception):
    """The authority did not answer with a time stamp; the document is not sealed."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        """Follow nobody: the operator named one address."""


class Stamper(TimeStamper):
    """Requests time stamps from the address that the operator set."""

    def __init__(self, address: str) -> None:
        super().__init__()
        if urlsplit(address).scheme not in {"http", "https"}:
            raise NoTimestamp("TSA_URL is not a web address.")
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer to a request. Raises NoTimestamp."""
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query"}
        request = urllib.request.Request(self.address, body, headers)  # noqa: S310 (scheme checked)
        try:
            with urllib.request.build_opener(_NoRedirect).open(
                request, timeout=TIMEOUT_SECONDS
            ) as answer:
                kind, data = answer.headers.get_content_type(), answer.read(LARGEST_ANSWER)
        except OSError as error:
            raise NoTimestamp(f"The timestamping authority does not answer: {error}") from error
        if kind != ANSWER_TYPE:
            raise NoTimestamp(f"The timestamping authority answered with {kind}.")
        return tsp.TimeStampResp.load(data)
