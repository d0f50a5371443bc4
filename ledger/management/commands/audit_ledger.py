"""Is the money all there, and is the history untouched? Exits 1 if not."""

import json
import sys

from django.core.management.base import BaseCommand

from ledger import checks


class Command(BaseCommand):
    help = "Checks every account, journal, order and seal, read-only; names the first bad rows."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--since",
            metavar="HEAD",
            default="",
            help="a head kept earlier: it must be in the chain",
        )

    def handle(self, *args, **options):
        report = checks.run(since=options["since"])
        self.stdout.write(json.dumps(report) if options["json"] else as_text(report))
        if not report["ok"]:
            sys.exit(1)


def as_text(report: dict) -> str:
    """The report for a person: a line per check, the bad rows below it."""
    lines = []
    for result in report["checks"]:
        state = "ok" if result["ok"] else f"{result['violations']} bad"
        lines.append(f"{result['id']:<24} {state}")
        lines += [f"    {row}" for row in result["sample"]]
    chain = report["chain"]
    lines.append(
        f"{report['transactions']} journals, {report['entries']} entries, "
        f"{chain['length']} seals, head {chain['head']}"
    )
    return "\n".join(lines)
