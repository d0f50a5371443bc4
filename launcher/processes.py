"""The processes that belong to one start: begun in order, watched, and stopped in reverse."""

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from launcher.console import LaunchError, say, write
from launcher.environment import ROOT

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopped(Exception):
    """Ctrl-C, SIGTERM, or a terminal that was closed."""


class Child:
    """One process, in a process group of its own so that Ctrl-C reaches only the launcher."""

    def __init__(self, name, process, *, service, stop_with, grace):
        self.name, self.process, self.service = name, process, service
        self.stop_with, self.grace = stop_with, grace
        self.unfinished_line = b""

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """End whatever is left of the process and of those it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Processes:
    """Starts children, prints their output, and makes sure that none is left over.

    Everything happens in one thread: waiting for anything is also what pumps the log and
    notices signals and deaths. Each child also asks the kernel to be told when the
    launcher dies, so that a killed launcher leaves nothing running.
    """

    def __init__(self, roster: Path):
        self.children: list[Child] = []
        self.stop_requested = 0
        self._roster = roster
        self._selector = selectors.DefaultSelector()
        end_leftovers(roster)
        self._listen_for_signals()

    def _listen_for_signals(self):
        waker, wake = os.pipe()
        for end in (waker, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._selector.register(waker, selectors.EVENT_READ, None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # so that a death wakes us too

    def _request_stop(self, number, _frame):
        self.stop_requested = number

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: dict[str, str],
        service: bool = True,
        log: Path | None = None,
        stop_with: int | None = signal.SIGTERM,
        grace: float = 20,
        account=None,
        cwd: Path = ROOT,
    ) -> Child:
        """Begin a process. A `service` must live until the stop; other processes may end.

        `log` receives its output instead of the console. `stop_with` None means that it is
        never interrupted, only waited for. `account` is the user to run as, root only.
        """
        identity = (
            {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        )
        with open(log or os.devnull, "ab") as file:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=environment,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=file if log else subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=tether(stop_with),
                **identity,
            )
        child = Child(name, process, service=service, stop_with=stop_with, grace=grace)
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, child)
        self.children.append(child)
        self._write_roster()
        return child

    def run(self, name: str, command: Sequence[str | Path], **options) -> None:
        """Run a command to its end; LaunchError if it fails."""
        self.finish(self.start(name, command, service=False, **options))

    def finish(self, child: Child) -> None:
        """Wait for a process that ends by itself; LaunchError if it failed."""
        self.wait_until(lambda: child.ended)
        self._forget(child)
        if child.process.returncode:
            raise LaunchError(f"{child.name} failed ({ending(child)}); its last lines say why.")

    def wait_until(self, done: Callable[[], bool], *, within: float = 0, what: str = "") -> None:
        """Pump the log until `done()`. Raises Stopped, or LaunchError on a death or timeout."""
        give_up = time.monotonic() + within
        while not done():
            if self.stop_requested:
                raise Stopped
            dead = next((c for c in self.children if c.service and c.ended), None)
            if dead:
                self._drain()
                raise LaunchError(f"{dead.name} ended by itself ({ending(dead)}).")
            if within and time.monotonic() > give_up:
                raise LaunchError(f"{what} did not happen within {within:.0f} seconds.")
            self._pump(0.1 if within else 1)

    def run_in_front(self, command: Sequence[str | Path], environment: dict[str, str]) -> int:
        """Run a command with the caller's keyboard and screen; its exit code.

        It shares the terminal's process group, so Ctrl-C at a keyboard reaches it directly;
        a signal that was sent to the launcher alone is passed on as the same interruption.
        """
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment,
            preexec_fn=tether(signal.SIGTERM),
        )
        while child.poll() is None:
            try:
                self.wait_until(lambda: child.poll() is not None)
            except Stopped:
                if self.stop_requested != signal.SIGINT or not sys.stdin.isatty():
                    child.send_signal(signal.SIGINT)
                self.stop_requested = 0
            except LaunchError:
                child.terminate()
                child.wait()
                raise
        return child.returncode

    def stop(self) -> None:
        """Stop everything, the last started first; kill what does not stop in its time."""
        for child in reversed(self.children):
            if not child.ended and child.stop_with is None:
                say(f"Letting {child.name} finish.")
            elif not child.ended:
                child.signal(child.stop_with)
            give_up = time.monotonic() + child.grace
            while not child.ended and time.monotonic() < give_up:
                self._pump(0.1)
            if not child.ended:
                say(f"{child.name} did not stop in {child.grace:.0f} seconds: it is killed.")
            child.kill_group()
            child.process.wait()
        self._drain()
        self.children.clear()
        self._roster.unlink(missing_ok=True)

    def _forget(self, child):
        self._drain()
        self.children.remove(child)
        self._write_roster()

    def _drain(self, rounds=200):
        while rounds and self._pump(0):
            rounds -= 1

    def _pump(self, seconds):
        """Print what came within some seconds; whether anything came."""
        came = self._selector.select(seconds)
        for key, _ in came:
            text, child = _read(key.fd), key.data
            if child is None:
                continue
            *lines, child.unfinished_line = (child.unfinished_line + text).split(b"\n")
            if not text:
                self._selector.unregister(key.fileobj)
                lines = [child.unfinished_line] if child.unfinished_line else []
            for line in lines:
                write(child.name, line.decode(errors="replace").rstrip("\r"))
        return bool(came)

    def _write_roster(self):
        entries = [[c.process.pid, start_time(c.process.pid)] for c in self.children]
        draft = self._roster.with_suffix(".new")
        draft.write_text(json.dumps(entries))
        draft.replace(self._roster)


def ending(child: Child) -> str:
    """How a process ended, in words: its exit code, or the signal that killed it."""
    code = child.process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def end_leftovers(roster: Path, patience: float = 12) -> None:
    """Wait for, then kill, what a killed launcher of this checkout left behind."""
    try:
        entries = json.loads(roster.read_text())
    except (FileNotFoundError, ValueError):
        return
    left = [pid for pid, since in entries if since and start_time(pid) == since]
    if left:
        say("Waiting for the processes of a start that was killed.")
    give_up = time.monotonic() + patience
    while any(start_time(pid) for pid in left) and time.monotonic() < give_up:
        time.sleep(0.1)
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    roster.unlink()


def start_time(pid: int) -> str:
    """When a process began, in the kernel's ticks; empty if it is gone or a zombie.

    With the pid it names one process for good, although the kernel uses pids again.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def tether(stop_with: int | None) -> Callable[[], None] | None:
    """What a new process does first: ask for a signal when the launcher is gone."""
    if LIBC is None or stop_with is None:
        return None
    launcher = os.getpid()

    def ask():
        LIBC.prctl(PR_SET_PDEATHSIG, int(stop_with))
        if os.getppid() != launcher:
            os._exit(1)

    return ask


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return b""
