"""Drawing a document: HTML in, PDF out, by a child process that is kept warm.

The child knows no secret (its environment is empty) and is ended after a minute, after fifty
documents, or when it has grown too large; the next document starts a fresh one.
"""

import atexit
import importlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from contracts.documents.child import DRAW, DRAWN, FAILED, PROGRESS, read, write

TIME_LIMIT_SECONDS = 60
DOCUMENTS_PER_CHILD = 50
LARGEST_HTML = 5 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")

Progress = Callable[[int, int], None]


class RenderFailed(Exception):
    """A document could not be drawn; the text says why in a sentence for people."""


class Child:
    """One drawing process and how many documents it has drawn."""

    def __init__(self) -> None:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self.drawn = 0
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "contracts.documents.child"],
            cwd=ROOT,
            env=inherited | {"LANG": "C.UTF-8", "HOME": tempfile.gettempdir()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.input = cast(BinaryIO, self.process.stdin)
        self.output = cast(BinaryIO, self.process.stdout)

    @property
    def usable(self) -> bool:
        """Whether it may draw another document."""
        return self.process.poll() is None and self.drawn < DOCUMENTS_PER_CHILD

    def draw(self, html: bytes, progress: Progress | None) -> bytes:
        """Draw one document within the time limit. Raises RenderFailed."""
        self.drawn += 1
        timer = threading.Timer(TIME_LIMIT_SECONDS, self._end_late)
        timer.start()
        try:
            write(self.input, DRAW, html)
            return self._await(progress)
        except OSError as gone:
            raise RenderFailed(self._why()) from gone
        finally:
            timer.cancel()

    def end(self) -> None:
        """Stop the process and wait for it."""
        self.process.kill()
        self.process.wait()
        self.input.close()
        self.output.close()

    def _await(self, progress: Progress | None) -> bytes:
        while (message := read(self.output)) is not None:
            kind, body = message
            if kind == DRAWN:
                return body
            if kind == FAILED:
                raise RenderFailed(_("The document could not be drawn: %s") % body.decode())
            if kind == PROGRESS and progress:
                progress(*(int(part) for part in body.split()))
        raise RenderFailed(self._why())

    def _end_late(self) -> None:
        self.late = True
        self.process.kill()

    def _why(self) -> str:
        if self.late:
            return _("The document took longer than %d seconds to draw.") % TIME_LIMIT_SECONDS
        code = self.process.wait()
        return _("The drawing process ended by itself (%d).") % code


_lock = threading.Lock()
_child: Child | None = None


def render(html: str, *, progress: Progress | None = None) -> bytes:
    """The PDF of an HTML page; the same page gives the same bytes. Raises RenderFailed.

    `progress` is called with the step (1 to 7) and, while pages are laid out, the page number.
    """
    if lacking := importlib.import_module("trade_assurance.preflight").missing():
        packages = " ".join(lacking)
        raise RenderFailed(_("Documents need packages that are missing: %s") % packages)
    data = html.encode("utf-8")
    if len(data) > LARGEST_HTML:
        raise RenderFailed(_("The document is too long to draw."))
    with _lock:
        child = _warm_child()
        try:
            return child.draw(data, progress)
        except BaseException:
            stop()
            raise


def stop() -> None:
    """End the warm process; the next document starts another."""
    global _child
    if _child is not None:
        _child.end()
        _child = None


def _warm_child() -> Child:
    global _child
    if _child is not None and not _child.usable:
        stop()
    if _child is None:
        _child = Child()
    return _child


def _forget() -> None:
    """After a fork the warm process belongs to the parent."""
    global _child, _lock
    _child, _lock = None, threading.Lock()


atexit.register(stop)
os.register_at_fork(after_in_child=_forget)
