"""Children are watched, their deaths are told, and none is left over.

Each test runs the launcher's own code in a process of its own, because it takes over the
signals of the process it runs in.
"""

import os
import signal
import subprocess
import sys
import time

import pytest

from launcher.environment import ROOT
from launcher.processes import start_time

BEGIN = """
import os, signal, sys
from pathlib import Path
from launcher.console import LaunchError
from launcher.processes import Processes, Stopped
all_ = Processes(Path(sys.argv[1]) / "roster.json")
python, environment = sys.executable, dict(os.environ)
def child(name, code, **options):
    return all_.start(name, [python, "-c", code], environment=environment, **options)
"""
FOREVER = 'import time; print("up", flush=True); time.sleep(60)'


def launch(tmp_path, script):
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + script, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output(tmp_path, script):
    with launch(tmp_path, script) as process:
        return process.communicate(timeout=30)[0], process.returncode


def gone_within(pid, seconds):
    give_up = time.monotonic() + seconds
    while start_time(pid) and time.monotonic() < give_up:
        time.sleep(0.02)
    return not start_time(pid)


def test_every_line_says_which_process_it_comes_from(tmp_path):
    text, _ = output(tmp_path, """all_.run("migrate", ["printf", "one\\\\ntwo"], environment={})""")
    assert text == "migrate | one\nmigrate | two\n"


def test_a_service_that_dies_is_named_with_its_signal(tmp_path):
    text, _ = output(
        tmp_path,
        f"""
worker = child("worker", {FOREVER!r})
os.kill(worker.process.pid, signal.SIGKILL)
try:
    all_.wait_until(lambda: False)
except LaunchError as error:
    print(error)
""",
    )
    assert text.endswith("worker ended by itself (signal SIGKILL).\n")


def test_a_step_that_fails_stops_the_start(tmp_path):
    text, _ = output(
        tmp_path,
        """
try:
    all_.run("migrate", [python, "-c", "raise SystemExit(3)"], environment=environment)
except LaunchError as error:
    print(error)
""",
    )
    assert text == "migrate failed (exit code 3); its last lines say why.\n"


def test_children_stop_in_the_reverse_order_of_their_start(tmp_path):
    tells = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit()))\n"
        "print('up', flush=True); time.sleep(60)"
    )
    text, _ = output(
        tmp_path,
        f"""
for name in ("first", "second"):
    child(name, {tells!r})
    started = __import__("time").monotonic()
    try:
        all_.wait_until(lambda: False, within=1.5, what="waiting")
    except LaunchError:
        pass
all_.stop()
""",
    )
    assert [line for line in text.splitlines() if "bye" in line] == [
        "second  | bye",
        "first   | bye",
    ]


def test_a_killed_launcher_leaves_no_process(tmp_path):
    process = launch(
        tmp_path,
        f"print(child('web', {FOREVER!r}).process.pid, flush=True); all_.wait_until(lambda: False)",
    )
    with process:
        pid = int(process.stdout.readline())
        assert "up" in process.stdout.readline()
        process.kill()
        process.wait()
        assert gone_within(pid, 5)


def test_the_next_start_ends_what_a_killed_start_left(tmp_path):
    left = subprocess.Popen(["sleep", "60"], process_group=0)
    (tmp_path / "roster.json").write_text(f'[[{left.pid}, "{start_time(left.pid)}"]]')
    script = """
import launcher.processes
launcher.processes.end_leftovers(Path(sys.argv[1]) / "roster.json", patience=0.1)
"""
    head = BEGIN.replace('all_ = Processes(Path(sys.argv[1]) / "roster.json")\n', "")
    subprocess.run([sys.executable, "-c", head + script, str(tmp_path)], cwd=ROOT, check=True)
    assert left.wait(5) == -signal.SIGKILL
    assert not (tmp_path / "roster.json").exists()


def test_a_number_that_the_kernel_gave_to_another_process_is_left_alone(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"], process_group=0)
    (tmp_path / "roster.json").write_text(f'[[{stranger.pid}, "1"]]')
    output(tmp_path, "")
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_asks_for_a_clean_stop(tmp_path, number):
    process = launch(
        tmp_path,
        f"""
child("web", {FOREVER!r})
try:
    all_.wait_until(lambda: False)
except Stopped:
    all_.stop()
    print("stopped", flush=True)
""",
    )
    with process:
        assert "up" in process.stdout.readline()
        os.kill(process.pid, number)
        assert process.communicate(timeout=20)[0] == "stopped\n"
