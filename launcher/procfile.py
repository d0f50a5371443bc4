"""The Procfile is the one place that says how web, worker and beat are started.

`python -m launcher.procfile web` becomes that process: containers use it.
"""

import os
import sys

from launcher.console import LaunchError
from launcher.environment import ROOT


def command(name: str) -> list[str]:
    """The command of one line of the Procfile; LaunchError if there is no such line."""
    for line in (ROOT / "Procfile").read_text().splitlines():
        label, _, text = line.partition(":")
        if label == name:
            return ["sh", "-c", f"exec {text.strip()}"]
    raise LaunchError(f"The Procfile has no line for {name}.")


if __name__ == "__main__":
    try:
        words = command(sys.argv[1])
    except (IndexError, LaunchError) as error:
        sys.exit(f"Name a process of the Procfile: web, worker or beat. {error}")
    os.execvp(words[0], words)  # noqa: S606 (the shell of the Procfile is wanted)
