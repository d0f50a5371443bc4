"""The process that draws: it reads HTML from its input and writes PDF to its output.

It has no network, opens no address but `data:`, and lives within limits of memory and time:
whatever a party writes into a contract reaches nothing (reliability 19). It stays warm for the
next document. Each message is one letter, a length of four bytes, and that many bytes.
"""

import hashlib
import logging
import os
import re
import resource
import struct
import sys
from typing import BinaryIO

HEAD = struct.Struct(">cI")
DRAW, PROGRESS, DRAWN, FAILED = b"H", b"P", b"D", b"F"
MEMORY_BYTES = 640 * 1024 * 1024
CPU_SECONDS = 60
_STEP = re.compile(r"Step (\d)[^-]* - .*?(?:Page (\d+))?$")


def main() -> None:
    """Serve documents until the input closes."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)
    _report_progress(output)
    while (message := read(sys.stdin.buffer)) is not None:
        _limit_processor_time()
        write(output, *_answer(message[1]))


def read(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next message, or None when the other side has gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    body = stream.read(length)
    return (kind, body) if len(body) == length else None


def write(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Send one message."""
    stream.write(HEAD.pack(kind, len(body)) + body)
    stream.flush()


def _answer(html: bytes) -> tuple[bytes, bytes]:
    try:
        return DRAWN, _draw(html)
    except Exception as error:  # whatever the library raises is told to the parent by name
        return FAILED, f"{type(error).__name__}: {error}".encode()


def _draw(html: bytes) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from contracts.documents import fonts

    text = html.decode("utf-8")
    configuration = FontConfiguration()
    fetcher = _fetcher()
    sheets = []
    if face := fonts.face_for(text):
        sheets = [weasyprint.CSS(string=face, font_config=configuration, url_fetcher=fetcher)]
    page = weasyprint.HTML(string=text, url_fetcher=fetcher)
    return page.write_pdf(
        font_config=configuration,
        stylesheets=sheets,
        pdf_identifier=hashlib.sha256(html).digest()[:16],
        pdf_tags=True,
    )


def _fetcher():
    from weasyprint.urls import URLFetcher

    class DataOnly(URLFetcher):
        """Opens `data:` addresses and refuses every other before looking at it."""

        def fetch(self, url, headers=None):
            if not url.lower().startswith("data:"):
                raise ValueError("Only data: addresses are opened.")
            return super().fetch(url, headers)

    return DataOnly(allowed_protocols=["data"], allow_redirects=False)


def _refuse_network(event: str, _arguments: tuple) -> None:
    if event.startswith("socket."):
        raise PermissionError("The drawing process has no network.")


def _limit_processor_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def _report_progress(output: BinaryIO) -> None:
    class Reporter(logging.Handler):
        """Passes WeasyPrint's steps on: the step of seven, and the page that is laid out."""

        def emit(self, record):
            if found := _STEP.match(record.getMessage()):
                step, page = found.groups()
                write(output, PROGRESS, f"{step} {page or 0}".encode())

    logger = logging.getLogger("weasyprint.progress")
    logger.setLevel(logging.INFO)
    logger.addHandler(Reporter())
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    main()
