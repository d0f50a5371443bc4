"""What every benchmark has: a database of its own, and rivals that run in turns."""

import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

from django.conf import settings
from django.db import connection, connections


def use_own_database():
    """Make `<name>_bench` anew and let Django use it, in this process and its children."""
    name = f"{settings.DATABASES['default']['NAME']}_bench"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def sql(text, values=None):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else None


def compare(title, rivals, rounds, beside):
    """Let the rivals run in turns; their median rates, and ratios to those named in `beside`.

    `rivals` maps names to functions that return a rate per second. A ratio is the median of
    the ratios of turns that ran in the same round, so noise that lasts hits both sides.
    """
    rates = {name: [] for name in rivals}
    for _round in range(rounds):
        for name, run in rivals.items():
            rates[name].append(run())
    ratios = {
        f"{name} / {other}": ratio(rates[name], rates[other])
        for other in beside
        if other in rates
        for name in rates
        if name != other
    }
    found = {name: round(statistics.median(rate)) for name, rate in rates.items()}
    result = {"what": title, "per_s": found, "ratios": ratios}
    say(f"\n{title}")
    for name, rate in found.items():
        beside_others = [
            f"{v:5.2f} × {k.split(' / ')[1]}"
            for k, v in ratios.items()
            if k.startswith(f"{name} / ")
        ]
        say(f"  {name:<34} {rate:>8,}/s  {'  '.join(beside_others)}")
    return result


def ratio(ours, others):
    return round(statistics.median(a / b for a, b in zip(ours, others, strict=True)), 2)


def by_python(call, processes, seconds, ready=None):
    """Calls per second of some processes, each making `call(process, n)` one after another."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate, done = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=_work, args=(call, number, seconds, gate, done, ready))
        for number in range(processes)
    ]
    for process in workers:
        process.start()
    rates = [done.get(timeout=seconds + 120) for _worker in workers]
    for process in workers:
        process.join()
    return sum(rates)


def _work(call, number, seconds, gate, done, ready):
    if ready:
        ready(number)
    for n in range(20):
        call(number, n)
    gate.wait()
    count, start = 20, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        try:
            call(number, count)
        except StopIteration:
            break
        count += 1
    done.put((count - 20) / spent)


def pgbench(script, clients, seconds):
    """Transactions per second of an SQL script, run by pgbench with prepared statements."""
    database = settings.DATABASES["default"]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "-n", "-M", "prepared", "-f", file.name, "-T", str(seconds)]
        command += ["-c", str(clients), "-j", str(min(clients, 2))]
        for flag, name in [("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")]:
            if database.get(name):
                command += [flag, str(database[name])]
        done = subprocess.run(
            [*command, database["NAME"]],
            env={**os.environ, "PGPASSWORD": database.get("PASSWORD") or ""},
            check=True,
            capture_output=True,
            text=True,
        )
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def nobody_to_wake(lane):
    """Stands in for the message to the broker: what is measured is the database and us."""
