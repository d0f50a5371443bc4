"""How much of the database's ceiling does `ledger.operations.post` reach?

The ceiling is pgbench (prepared, no Python) calling a bare SQL function that writes the same
rows for the same work and nothing else: no idempotency key, no constraint, no trigger, no
index but the primary keys. The same bare function called through Django's cursor is measured
too: that is what Python and the round trip cost, whatever the function does. All run in
turns in the same database, so the ratios are fair on a noisy machine.

The work: release an order's money, which is one journal of two transfers that changes two
guarded balances, committed durably.

    TA_ENV=test DATABASE_URL=postgres://… python benchmarks/ledger_post.py [--seconds 5]

It makes a database `<name>_bench` of its own, prints the ratios, and JSON on the last line.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trade_assurance.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ORDERS = 2000
PLENTY = 10**12

BARE = """
DROP TABLE IF EXISTS bare_transfer, bare_journal, bare_account;
CREATE TABLE bare_account (id bigint PRIMARY KEY, balance_minor bigint NOT NULL)
    WITH (fillfactor = 70);
CREATE TABLE bare_journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL, order_ref text NOT NULL, posted_at timestamptz NOT NULL);
CREATE TABLE bare_transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    journal_id bigint NOT NULL, debit_id bigint NOT NULL, credit_id bigint NOT NULL,
    amount_minor bigint NOT NULL);
INSERT INTO bare_account SELECT n, {plenty} FROM generate_series(0, 2 * {orders}) n;
CREATE OR REPLACE FUNCTION bare_release(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    journal bigint;
BEGIN
    INSERT INTO bare_journal (kind, order_ref, posted_at)
    VALUES ('release', 'TA-' || n, now()) RETURNING id INTO journal;
    INSERT INTO bare_transfer (journal_id, debit_id, credit_id, amount_minor)
    VALUES (journal, n, n + {orders}, 98), (journal, n, 0, 2);
    UPDATE bare_account SET balance_minor = balance_minor - 100
    WHERE id = n AND balance_minor >= 100;
    UPDATE bare_account SET balance_minor = balance_minor + 98 WHERE id = n + {orders};
    RETURN journal;
END $$;
"""


def main():
    options = arguments()
    django.setup()
    name = f"{settings.DATABASES['default']['NAME']}_bench"
    make_database(name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    fill()
    result = {"orders": ORDERS, "seconds": options.seconds, "runs": []}
    for processes in options.processes:
        result["runs"].append(compare(processes, options))
    say(json.dumps(result))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5, help="length of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    return parser.parse_args()


def compare(processes, options):
    rates = {"ceiling": [], "bare_by_django": [], "post": []}
    for _round in range(options.rounds):
        rates["ceiling"].append(pgbench(processes, options.seconds))
        rates["bare_by_django"].append(by_python(call_bare, processes, options.seconds))
        rates["post"].append(by_python(release, processes, options.seconds))
    run = {"processes": processes}
    run |= {f"{name}_per_s": round(statistics.median(found)) for name, found in rates.items()}
    run["ratio"] = ratio(rates["post"], rates["ceiling"])
    run["ratio_to_bare_by_django"] = ratio(rates["post"], rates["bare_by_django"])
    say(
        f"{processes} process(es): ceiling {run['ceiling_per_s']}/s, bare by Django "
        f"{run['bare_by_django_per_s']}/s, post {run['post_per_s']}/s: {run['ratio']} of the "
        f"ceiling, {run['ratio_to_bare_by_django']} of the bare call"
    )
    return run


def ratio(ours, others):
    """The median of the ratios of turns that ran next to each other."""
    return round(statistics.median(a / b for a, b in zip(ours, others, strict=True)), 2)


def make_database(name):
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()


def fill():
    """Open every account with money, in both ledgers, and let the planner know."""
    with connection.cursor() as cursor:
        cursor.execute(BARE.format(orders=ORDERS, plenty=PLENTY))
    for n in range(ORDERS):
        release(n, f"open-{n}", source="bank:sg_trust", amount=PLENTY)
        release(n, f"warm-{n}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def release(n, key, *, source="", amount=0):
    from core.money import Money
    from ledger.operations import Move, post

    escrow = f"escrow:TA-{n}"
    moves = (
        [Move(source, escrow, Money(amount))]
        if source
        else [
            Move(escrow, f"supplier_payable:{n}", Money(98)),
            Move(escrow, "income:escrow_fee", Money(2)),
        ]
    )
    post("release", key=key, transfers=moves, order_ref=f"TA-{n}")


def call_bare(n, _key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT bare_release(%s)", [n])
        cursor.fetchone()


def by_python(call, processes, seconds):
    """Calls per second of `processes` Python processes, each one call after another."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=worker, args=(call, n, seconds, ready, done))
        for n in range(processes)
    ]
    for process in workers:
        process.start()
    rates = [done.get(timeout=seconds + 60) for _worker in workers]
    for process in workers:
        process.join()
    return sum(rates)


def worker(call, number, seconds, ready, done):
    pick = random.Random(number)  # noqa: S311 (load, not secrets)
    stamp = f"{number}-{time.time_ns()}"
    for n in range(20):
        call(pick.randrange(ORDERS), f"{stamp}-warm-{n}")
    ready.wait()
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        call(pick.randrange(ORDERS), f"{stamp}-{count}")
        count += 1
    done.put(count / spent)


def pgbench(clients, seconds):
    """Calls per second of the bare function, from pgbench itself."""
    database = settings.DATABASES["default"]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"\\set n random(1, {ORDERS - 1})\nSELECT bare_release(:n);\n")
        script.flush()
        where = [("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")]
        command = ["pgbench", "-n", "-M", "prepared", "-f", script.name, "-T", str(seconds)]
        command += ["-c", str(clients), "-j", str(min(clients, 2))]
        command += [
            word
            for flag, name in where
            if database.get(name)
            for word in (flag, str(database[name]))
        ]
        environment = {**os.environ, "PGPASSWORD": database.get("PASSWORD") or ""}
        done = subprocess.run(
            [*command, database["NAME"]],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
