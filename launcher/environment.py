"""Where things are, and the environment variables of the processes that are started."""

import base64
import os
import secrets
import shlex
import shutil
import sys
from pathlib import Path

from launcher.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MANAGE = [PYTHON, ROOT / "manage.py"]
SITE_PACKAGES = (
    VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
)

SIMULATOR_OFFSET = 420  # the demo's simulator listens that far above the site

# Variables of the caller's own Python that would change how ours behaves.
UNWANTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}


def inherited() -> dict[str, str]:
    """The caller's environment, with this project's virtual environment first on the path."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return kept | {
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "trade_assurance.settings",
    }


def for_site() -> dict[str, str]:
    """The environment of the running site: the caller's, then `.env`, then what is sensible."""
    environment = read_dotenv(ROOT / ".env") | inherited()
    environment.setdefault("TA_ENV", "demo")
    defaults = {
        "PORT": "8000",
        "TA_HOST": "127.0.0.1",
        "MEDIA_ROOT": str(RUN / "media"),
        "STATIC_ROOT": str(RUN / "static"),
    }
    if environment["TA_ENV"] == "demo":
        defaults |= {
            "SECRET_KEY": kept_secret(RUN / "secret"),
            "TA_DEMO_CLOCK_FILE": str(RUN / "demo-clock"),
            "EMAIL_URL": f"file:///{RUN / 'mail'}",
        }
    _fill(environment, defaults)
    if environment["TA_ENV"] == "demo" and not environment.get("TA_SIM_URL"):
        _fill(environment, _simulator(int(environment["PORT"])))
    environment.setdefault(
        "TA_BASE_URL", f"http://{public_host(environment)}:{environment['PORT']}"
    )
    return environment


def _fill(environment: dict[str, str], defaults: dict[str, str]) -> None:
    """Add what is not set, or set to nothing."""
    environment |= {name: value for name, value in defaults.items() if not environment.get(name)}


def _simulator(site: int) -> dict[str, str]:
    """What the demo on a port needs to pay through a simulator of its own.

    Production refuses most of it (trade_assurance/settings.py).
    """
    port = free_port(site + SIMULATOR_OFFSET)
    return {
        "TA_SIM_PORT": str(port),
        "TA_SIM_URL": f"http://127.0.0.1:{port}",
        "TA_SIM_WEBHOOK_SECRET": _as_base64(kept_secret(RUN / "simulator-secret")),
        "TA_SIM_FILE": str(RUN / "simulator.json"),
        "TA_SIM_OPENING": str(RUN / "bank-opening.json"),
        "TA_PAYMENT_PROVIDER": "http_sim",
        "TA_BANK_CHANNEL": "http_sim",
        "TA_EGRESS_ALLOW_LOOPBACK": "1",
    }


def _as_base64(secret: str) -> str:
    """A secret as Standard Webhooks takes it."""
    return base64.b64encode(secret.encode()).decode()


def for_tests() -> dict[str, str]:
    """The environment of the tests. It ignores `.env`: that file is about the site."""
    for name in ("test-media", "test-seal", "test-static"):
        shutil.rmtree(RUN / name, ignore_errors=True)
        (RUN / name).mkdir(parents=True)
    clock = RUN / "test-clock"
    clock.unlink(missing_ok=True)
    return inherited() | {
        "TA_ENV": "test",
        "TA_TEST_CLOCK_FILE": str(clock),
        "MEDIA_ROOT": str(RUN / "test-media"),
        "STATIC_ROOT": str(RUN / "test-static"),
        "TA_SEAL_DIR": str(RUN / "test-seal"),
    }


def public_host(environment: dict[str, str]) -> str:
    """The address that a browser on this machine uses to reach the site."""
    host = environment["TA_HOST"]
    return "127.0.0.1" if host in {"", "0.0.0.0", "[::]"} else host  # noqa: S104 (compared)


def kept_secret(path: Path) -> str:
    """A random key that is made once, kept in a file only its owner reads, and reused."""
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(60))
        draft.replace(path)
    return path.read_text().strip()


def read_dotenv(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file, with comments and quotes as a shell reads them."""
    values = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            values[name.strip()] = " ".join(shlex.split(value, comments=True))
    return values
