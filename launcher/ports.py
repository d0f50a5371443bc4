"""Which TCP ports of this machine are free."""

import socket


def is_free(host: str, port: int) -> bool:
    """Whether a server of ours could listen there."""
    host = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except (OSError, OverflowError):  # the latter: there is no such port
            return False
    return True


def free_port(wanted: int = 0) -> int:
    """The wanted port of the loopback address if it is free, else any that is."""
    if wanted and is_free("127.0.0.1", wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
