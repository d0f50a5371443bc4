"""The four commands of run.py, each a short list of steps."""

import contextlib
import json
import os
import subprocess
import time

from launcher import packages, postgres, site, valkey
from launcher.console import LaunchError, say
from launcher.environment import MANAGE, PYTHON, RUN, for_site, for_tests, inherited
from launcher.processes import Processes, Stopped

RUNNING_ENVIRONMENT = RUN / "environment.json"
# The checks need no server: this address makes sure that they do not find someone else's.
CHECK_ENVIRONMENT = {
    "TA_ENV": "test",
    "DATABASE_URL": "postgres:///none?host=/nonexistent",
    "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history",
}
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "layers": ["lint-imports"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}


def main(arguments: list[str]) -> int:
    """Run one command; the exit code of the process. Sentences for people end it early."""
    commands = {"test": test, "manage": manage, "check": check}
    try:
        if not arguments:
            return serve()
        if arguments[0] in commands:
            return commands[arguments[0]](arguments[1:])
    except LaunchError as error:
        say(str(error))
        return 1
    except Stopped:
        return 130 if arguments else 0
    say("The commands are: run.py, run.py test, run.py manage COMMAND, run.py check.")
    return 2


def serve() -> int:
    """Install, start and watch the whole site until Ctrl-C, SIGTERM or a death."""
    with _only_one("lock", "The site of this checkout is already running"), _processes("") as all_:
        environment = for_site()
        host, port = environment["TA_HOST"], int(environment["PORT"])
        site.demand_free_port(all_, host, port)
        apt = _install(all_, environment, browser=False)
        collecting = site.begin_static_files(all_, environment)
        environment |= _servers(all_, environment, for_tests=False)
        packages.finish_system_packages(all_, apt, browser=False)
        site.prepare(all_, environment, collecting)
        with _published(environment):
            site.start(all_, environment, port)
            all_.wait_until(lambda: False)
    return 0


def test(arguments: list[str]) -> int:
    """Run pytest on a PostgreSQL and a Valkey of its own; pytest's exit code."""
    with (
        _only_one("test-lock", "The tests of this checkout already run"),
        _processes("test-") as all_,
    ):
        environment = for_tests()
        apt = _install(all_, environment, browser=True)
        environment |= _servers(all_, environment, for_tests=True)
        packages.finish_system_packages(all_, apt, browser=True)
        return all_.run_in_front([PYTHON, "-m", "pytest", *arguments], environment)


def manage(arguments: list[str]) -> int:
    """Run manage.py against the running site, or start its servers just for that."""
    if _site_is_running():
        if not RUNNING_ENVIRONMENT.exists():
            raise LaunchError("The site is still starting; try again when it is up.")
        environment = dict(os.environ) | json.loads(RUNNING_ENVIRONMENT.read_text())
        return subprocess.run([*MANAGE, *arguments], env=environment).returncode
    with _only_one("lock", "The site of this checkout is already running"), _processes("") as all_:
        environment = for_site()
        packages.install(all_, environment, _locks(environment))
        environment |= _servers(all_, environment, for_tests=False)
        return all_.run_in_front([*MANAGE, *arguments], environment)


def check(_arguments: list[str]) -> int:
    """Run the static checks, all of them, and fail if one failed."""
    with _only_one("check-lock", "The checks already run"), _processes("check-") as all_:
        environment = inherited() | CHECK_ENVIRONMENT
        packages.install(all_, environment, packages.SITE_LOCKS + packages.TEST_LOCKS)
        failed = []
        for name, command in CHECKS.items():
            try:
                all_.run(name, command, environment=environment)
            except LaunchError as error:
                failed.append(str(error))
    for sentence in failed:
        say(sentence)
    return 1 if failed else 0


# --- the steps


@contextlib.contextmanager
def _only_one(name, refusal):
    RUN.mkdir(exist_ok=True)
    with open(RUN / name, "a+") as file:
        if not packages.try_lock(file):
            file.seek(0)
            raise LaunchError(f"{refusal} (process {file.read().strip() or 'unknown'}).")
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _site_is_running():
    RUN.mkdir(exist_ok=True)
    with open(RUN / "lock", "a+") as file:
        return not packages.try_lock(file)


@contextlib.contextmanager
def _processes(kind):
    RUN.mkdir(exist_ok=True)
    processes = Processes(RUN / f"{kind}processes.json")
    try:
        yield processes
    finally:
        if processes.children:
            started = time.monotonic()
            processes.stop()
            say(f"Everything is stopped ({time.monotonic() - started:.1f} s).")


def _install(processes, environment, *, browser):
    """Python packages, with apt-get at work at the same time; the apt child or None."""
    missing = packages.missing_system_packages(browser=browser)
    apt = packages.begin_system_packages(processes, environment, missing)
    packages.install(processes, environment, _locks(environment, tests=browser))
    return apt


def _locks(environment, *, tests=False):
    embedded = not (environment.get("DATABASE_URL") and environment.get("REDIS_URL"))
    return [
        *packages.SITE_LOCKS,
        *(packages.EMBEDDED_LOCKS if embedded else []),
        *(packages.TEST_LOCKS if tests else []),
    ]


def _servers(processes, environment, *, for_tests):
    """The URLs of the servers that were started because none was named."""
    urls = {}
    for variable, server in (("DATABASE_URL", postgres), ("REDIS_URL", valkey)):
        if environment.get(variable):
            say(f"Using the server that {variable} names.")
        else:
            urls[variable] = server.start(processes, environment, for_tests=for_tests)
    return urls


@contextlib.contextmanager
def _published(environment):
    """Let `run.py manage` reach the running site; only the owner can read the file."""
    RUNNING_ENVIRONMENT.unlink(missing_ok=True)
    RUNNING_ENVIRONMENT.touch(mode=0o600)
    RUNNING_ENVIRONMENT.write_text(json.dumps(environment))
    try:
        yield
    finally:
        RUNNING_ENVIRONMENT.unlink(missing_ok=True)
