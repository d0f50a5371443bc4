"""The site itself: its tables and files made ready, then web, worker, beat, the demo's bank."""

import hashlib
import os

from launcher import probe
from launcher.console import LaunchError, say
from launcher.environment import MANAGE, ROOT, RUN, public_host
from launcher.ports import is_free
from launcher.procfile import command

STATIC_NOTE = RUN / "static-files"
SCHEDULE = RUN / "beat-schedule"
# Celery warns at length about root; who starts the whole site as root has decided that.
WORKER_ENVIRONMENT = {"PYTHONWARNINGS": "ignore:You're running the worker"}


def demand_free_port(processes, host, port):
    """The port must be free; one of a start that was just killed may need a moment."""
    try:
        processes.wait_until(lambda: is_free(host, port), within=2, what="A free port")
    except LaunchError as error:
        raise LaunchError(
            f"Port {port} of {host} is in use by another program, or not yours to use. "
            f"Choose another: PORT={port + 1} python3 run.py"
        ) from error


def prepare(processes, environment: dict[str, str], collecting) -> None:
    """Make the tables and, in the demo, its people and trades; wait for the static files."""
    processes.run("migrate", [*MANAGE, "migrate", "--no-input", "-v", "0"], environment=environment)
    if environment["TA_ENV"] == "demo":
        demo = [*MANAGE, "demo", "--bank", environment.get("TA_SIM_OPENING", os.devnull)]
        processes.run("demo", demo, environment=environment)
    if collecting:
        processes.finish(collecting)
        STATIC_NOTE.write_text(_static_files_digest(environment))
    say("The database and the static files are ready.")


def start(processes, environment: dict[str, str], port: int) -> None:
    """Start what the Procfile names, and wait until a page can be opened."""
    environment = environment | {"TA_BEAT_SCHEDULE": str(SCHEDULE)}
    for file in RUN.glob(f"{SCHEDULE.name}*"):  # only a cache of when each sweep ran last
        file.unlink()
    if environment.get("TA_SIM_PORT"):
        processes.start("sim", command("sim"), environment=environment)
    processes.start("web", command("web"), environment=environment)
    for_worker = environment | WORKER_ENVIRONMENT
    processes.start("worker", command("worker"), environment=for_worker, grace=30)
    processes.start("beat", command("beat"), environment=environment)
    name = probe.allowed_name(environment)
    processes.wait_until(
        lambda: probe.ask("/healthz", host=public_host(environment), port=port, name=name) == 200,
        within=60,
        what="An answer of the web server",
    )
    say(f"Open {environment['TA_BASE_URL']} in a browser. Ctrl-C stops everything.")
    if environment.get("TA_SIM_PORT"):
        say(
            f"Transfers of the demo arrive at the simulated bank: {environment['TA_SIM_URL']}/bank/"
        )


def begin_static_files(processes, environment: dict[str, str]):
    """Start collectstatic, unless nothing has changed since the last one; the child or None."""
    if STATIC_NOTE.exists() and STATIC_NOTE.read_text() == _static_files_digest(environment):
        return None
    STATIC_NOTE.unlink(missing_ok=True)
    return processes.start(
        "static",
        [*MANAGE, "collectstatic", "--no-input", "--clear", "--verbosity", "0"],
        environment=environment,
        service=False,
    )


def _static_files_digest(environment):
    """What the collected files depend on: our own files, the packages and the settings."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    digest.update(f"{environment['STATIC_ROOT']} {environment['TA_ENV']}".encode())
    sources = [ROOT / "trade_assurance" / "settings.py"]
    for folder in (ROOT / "static", *sorted(ROOT.glob("*/static"))):
        sources += sorted(path for path in folder.rglob("*") if path.is_file())
    for path in sources:
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
