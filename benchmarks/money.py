"""How much of the database's ceiling does our money reach? See benchmarks/README.md.

    TA_ENV=test DATABASE_URL=postgres://… python benchmarks/money.py [--seconds 5] [part …]

Prints tables, and everything as JSON on the last line.
"""

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trade_assurance.settings")

import django
from django.conf import settings
from django.core.management import call_command

PARTS = ["posting", "operating", "over_http", "covering", "sweeping"]


def main():
    options = arguments()
    if options.hordak:
        sys.path.append(options.hordak)
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "mptt", "djmoney", "hordak"]
    settings.OUTBOX_WAKE = "benchmarks.bench.nobody_to_wake"
    django.setup()
    from benchmarks import bench, posting

    bench.use_own_database()
    call_command("migrate", verbosity=0)
    posting.prepare()
    found = []
    for part in options.parts:
        module = __import__(f"benchmarks.{part}", fromlist=["run"])
        found += module.run(options)
    bench.say("\n" + json.dumps(found))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=PARTS, metavar="part", help=", ".join(PARTS))
    parser.add_argument("--seconds", type=int, default=5, help="length of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--deadlines", type=int, default=1_000_000)
    parser.add_argument("--hordak", help="a folder in which django-hordak is installed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
