"""What the processes are told, and what the files beside run.py promise."""

import base64
import re
import socket
import stat
from pathlib import Path

import pytest

from launcher import environment, ports, postgres, probe, procfile
from launcher.console import LaunchError

ROOT = environment.ROOT
LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.fixture
def empty_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "RUN", tmp_path)
    monkeypatch.setattr(environment.os, "environ", {"PATH": "/usr/bin"})
    return tmp_path


def test_the_site_is_the_demo_unless_told_otherwise(empty_checkout):
    told = environment.for_site()
    assert told["TA_ENV"] == "demo"
    assert told["TA_BASE_URL"] == "http://127.0.0.1:8000"
    assert told["TA_DEMO_CLOCK_FILE"] == str(empty_checkout / "demo-clock")
    assert told["EMAIL_URL"] == f"file:///{empty_checkout}/mail"


def test_the_demo_pays_through_its_own_simulator(empty_checkout):
    site = ports.free_port()
    environment.os.environ["PORT"] = str(site)
    told = environment.for_site()
    assert told["TA_SIM_PORT"] == str(ports.free_port(site + 420))
    assert told["TA_SIM_URL"] == f"http://127.0.0.1:{told['TA_SIM_PORT']}"
    assert (told["TA_PAYMENT_PROVIDER"], told["TA_BANK_CHANNEL"]) == ("http_sim", "http_sim")
    assert told["TA_SIM_FILE"] == str(empty_checkout / "simulator.json")
    assert len(base64.b64decode(told["TA_SIM_WEBHOOK_SECRET"], validate=True)) >= 50
    assert environment.for_site()["TA_SIM_WEBHOOK_SECRET"] == told["TA_SIM_WEBHOOK_SECRET"]


def test_a_demo_that_is_told_of_another_simulator_or_provider_takes_that(empty_checkout):
    environment.os.environ["TA_PAYMENT_PROVIDER"] = "stripe"
    assert environment.for_site()["TA_PAYMENT_PROVIDER"] == "stripe"
    environment.os.environ["TA_SIM_URL"] = "http://127.0.0.1:9"
    told = environment.for_site()
    assert {"TA_SIM_PORT", "TA_BANK_CHANNEL", "TA_EGRESS_ALLOW_LOOPBACK"}.isdisjoint(told)


def test_the_simulator_takes_a_port_near_the_sites_or_any_that_is_free():
    taken = ports.free_port()
    assert ports.free_port(taken) == taken
    with socket.socket() as other:
        other.bind(("127.0.0.1", taken))
        other.listen()
        assert ports.free_port(taken) not in {0, taken}
    assert 0 < ports.free_port(70_000) < 65_536


def test_production_gets_no_simulator_no_demo_clock_and_no_made_up_secret(empty_checkout):
    (empty_checkout / ".env").write_text("TA_ENV=production\n")
    told = environment.for_site()
    assert {"SECRET_KEY", "TA_DEMO_CLOCK_FILE", "EMAIL_URL"}.isdisjoint(told)
    assert [name for name in told if "SIM" in name or name == "TA_BANK_CHANNEL"] == []


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(empty_checkout):
    (empty_checkout / ".env").write_text("PORT=9000\nTA_HOST=0.0.0.0\n")
    environment.os.environ["PORT"] = "9001"
    told = environment.for_site()
    assert told["PORT"] == "9001"
    assert told["TA_BASE_URL"] == "http://127.0.0.1:9001"


def test_an_env_file_is_read_as_a_shell_reads_it(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport A=1\nB='two words' # why\nC=\nnonsense\nD=\"x=y\"\n")
    assert environment.read_dotenv(file) == {"A": "1", "B": "two words", "C": "", "D": "x=y"}


def test_the_tests_do_not_read_the_env_file_of_the_site(empty_checkout):
    (empty_checkout / ".env").write_text("DATABASE_URL=postgres://production/money\n")
    assert "DATABASE_URL" not in environment.for_tests()


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    first = environment.kept_secret(tmp_path / "secret")
    assert len(first) >= 50
    assert environment.kept_secret(tmp_path / "secret") == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_socket_directory_with_capitals_survives_in_a_database_url():
    import dj_database_url

    host = postgres._quoted(Path("/home/Anna K/Ünit"))
    parsed = dj_database_url.parse(f"postgres://ta@{host}/ta")
    assert parsed["HOST"] == "/home/Anna K/Ünit"


@pytest.mark.parametrize(
    ("names", "asked"),
    [("", "localhost"), ("*", "localhost"), (".a.example,b.example", "b.example")],
)
def test_the_probe_asks_by_a_name_that_the_site_answers_to(names, asked):
    assert probe.allowed_name({"ALLOWED_HOSTS": names}) == asked


def test_the_procfile_has_web_worker_beat_and_the_demos_simulator():
    for name in ("web", "worker", "beat", "sim"):
        shell, option, line = procfile.command(name)
        assert (shell, option) == ("sh", "-c")
        assert line.startswith("exec python -m ")
    with pytest.raises(LaunchError, match="no line for relay"):
        procfile.command("relay")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_versions_and_hashes_and_no_place_to_fetch_from(lock):
    text = lock.read_text()
    assert "://" not in text
    assert "index" not in re.sub(r"--hash=\S+", "", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_every_requirement_at_the_version_that_was_asked_for(lock):
    pinned = set(re.findall(r"^([a-z0-9.-]+==[^ \\\n]+)", lock.read_text(), re.MULTILINE))
    wanted = lock.with_suffix(".txt").read_text()
    for line in re.findall(r"^[A-Za-z].*", wanted, re.MULTILINE):
        assert re.sub(r"\[.*?\]", "", line).lower() in pinned
