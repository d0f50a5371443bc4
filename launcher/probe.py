"""Ask the site how it is: `python -m launcher.probe /readyz` for health checks of containers."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def ask(path: str, *, host: str, port: int, name: str = "localhost") -> int:
    """The status of a GET over plain HTTP, as the proxy in front would ask; 0 if no answer."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": name, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def allowed_name(environment) -> str:
    """A host name that the site answers to: the first of ALLOWED_HOSTS without a wildcard."""
    for name in environment.get("ALLOWED_HOSTS", "").split(","):
        if name.strip() and name.strip()[0] not in "*.":
            return name.strip()
    return "localhost"


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "/healthz"
    status = ask(
        wanted,
        host="127.0.0.1",
        port=int(os.environ.get("PORT", "8000")),
        name=allowed_name(os.environ),
    )
    sys.exit(0 if status == 200 else f"{wanted} answered {status or 'nothing'}.")
