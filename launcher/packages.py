"""The Python packages in .venv, and the system packages that the PDFs need."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from launcher.console import LaunchError, say
from launcher.environment import PYTHON, ROOT, RUN, VENV

SITE_LOCKS = ["requirements.lock"]
EMBEDDED_LOCKS = ["requirements-embedded.lock"]
TEST_LOCKS = ["requirements-dev.lock"]
UV_LOCK = "requirements-uv.lock"
PIP_OPTIONS = ["--disable-pip-version-check", "--quiet", "--require-hashes"]


def install(processes, environment: dict[str, str], locks: list[str]) -> None:
    """Make .venv and install what the lock files name, each file checked by its hash.

    A lock that is in place already costs nothing. LaunchError if pip is missing or fails.
    """
    RUN.mkdir(exist_ok=True)
    with _one_installer_at_a_time(processes):
        if not _is_noted("venv", _python_identity()):
            _make_venv(processes, environment)
        wanted = [name for name in locks if not _is_noted(name, _digest(name))]
        if not wanted:
            return
        say("Installing the Python packages; the first time this takes a minute or so.")
        _install_locks(processes, environment, wanted)
        for name in wanted:
            _note(name, _digest(name))
        say("The Python packages are installed.")


@contextlib.contextmanager
def _one_installer_at_a_time(processes):
    """The site and the tests share .venv: the second one waits for the first."""
    with open(RUN / "install.lock", "w") as file:
        processes.wait_until(lambda: try_lock(file))
        yield


def try_lock(file) -> bool:
    """Take the lock on an open file, unless another process holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_venv(processes, environment):
    shutil.rmtree(VENV, ignore_errors=True)
    bare = [] if _has("ensurepip") else ["--without-pip"]
    if bare and not _has("pip"):
        raise LaunchError(
            "This Python has neither pip nor ensurepip. On Debian or Ubuntu type: "
            "apt-get install python3-venv"
        )
    processes.run("venv", [sys.executable, "-m", "venv", *bare, VENV], environment=environment)
    _note("venv", _python_identity())


def _install_locks(processes, environment, locks):
    files = [part for name in locks for part in ("-r", ROOT / name)]
    uv = shutil.which("uv", path=environment["PATH"]) or _fetch_uv(processes, environment)
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes"]
        with contextlib.suppress(LaunchError):
            return processes.run("install", [*command, *files], environment=environment)
        say("uv could not install the packages; pip tries.")
    return processes.run(
        "install", [*_pip(), "install", *PIP_OPTIONS, *files], environment=environment
    )


def _fetch_uv(processes, environment):
    """Install uv by pip, because uv is ten times as fast with the rest; None if that fails."""
    command = [*_pip(), "install", *PIP_OPTIONS, "--only-binary=:all:", "-r", ROOT / UV_LOCK]
    try:
        processes.run("install", command, environment=environment)
    except LaunchError:
        say("There is no uv for this machine; pip does it, more slowly.")
        return None
    return VENV / "bin" / "uv"


def _pip():
    """The venv's own pip, or, on a Debian without python3-venv, the system's pip."""
    if (VENV / "bin" / "pip").exists():
        return [PYTHON, "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", PYTHON]


def _has(module):
    return importlib.util.find_spec(module) is not None


def _python_identity():
    return f"{sys.version} {sys.base_prefix} {VENV}"


def _digest(name):
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def _is_noted(name, value):
    note = VENV / f".installed-{name}"
    return PYTHON.exists() and note.exists() and note.read_text() == value


def _note(name, value):
    (VENV / f".installed-{name}").write_text(value)


# --- system packages

# What the tests look with: at pages, and into the documents.
TEST_TOOLS = {"chromium": "chromium", "pdftotext": "poppler-utils"}


def missing_system_packages(*, browser: bool) -> list[str]:
    """The Debian packages whose libraries, fonts or browser this machine lacks."""
    specification = importlib.util.spec_from_file_location(
        "preflight", ROOT / "trade_assurance" / "preflight.py"
    )
    preflight = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(preflight)
    missing = preflight.missing()
    if browser:
        missing += [name for tool, name in TEST_TOOLS.items() if not shutil.which(tool)]
    return missing


def begin_system_packages(processes, environment: dict[str, str], missing: list[str]):
    """Start apt-get for the missing packages if this account may; else say what to type.

    Returns the running child, or None. It is never interrupted half-way: dpkg would be
    left in need of repair.
    """
    if not missing:
        return None
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
    if environment.get("TA_APT") == "no" or os.geteuid() != 0 or not shutil.which("apt-get"):
        say(f"The contract PDFs and the browser tests need system packages. As root type: {line}")
        return None
    say(f"Installing system packages meanwhile: {' '.join(missing)}")
    quiet = "export DEBIAN_FRONTEND=noninteractive; "
    wait = line.replace("apt-get ", "apt-get -qq -o DPkg::Lock::Timeout=120 ")
    log = RUN / "apt.log"
    return processes.start(
        "apt",
        ["sh", "-c", quiet + wait],
        environment=environment,
        service=False,
        log=log,
        stop_with=None,
        grace=600,
        cwd=Path("/"),
    )


def finish_system_packages(processes, child, *, browser: bool) -> None:
    """Wait for apt-get, and say what is still missing: the rest of the site works without."""
    if child is None:
        return
    try:
        processes.finish(child)
    except LaunchError:
        say(f"apt-get failed; {RUN / 'apt.log'} says why.")
    if left := missing_system_packages(browser=browser):
        say(f"Still missing: {' '.join(left)}. What needs them says so; all else works.")
