"""The one log of the launcher: every line says which process it comes from."""

import os
import sys
import time

STARTED = time.monotonic()
COLOURS = {"run": 36, "web": 32, "worker": 33, "beat": 35}
COLOURED = sys.stdout.isatty() and "NO_COLOR" not in os.environ


class LaunchError(Exception):
    """Something the person at the keyboard has to know or do, in one sentence."""


def say(sentence: str) -> None:
    """Tell the person what the launcher is doing, with the seconds since its start."""
    write("run", f"{time.monotonic() - STARTED:5.1f}s  {sentence}")


def write(source: str, line: str) -> None:
    """Print one line of one process."""
    prefix = f"{source:<8}|"
    if COLOURED:
        prefix = f"\033[{COLOURS.get(source, 34)}m{prefix}\033[0m"
    try:
        sys.stdout.write(f"{prefix} {line}\n")
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        # Whoever read the log has gone; the site does not stop for that.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (open for the rest of the process)
