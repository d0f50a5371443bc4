"""Is the money all there, and is the history untouched? Exits 1 if not, and pulls the brake."""

import json
import re
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ledger import checks
from payments import brake

HEAD = re.compile(r"[0-9a-f]{64}")


class Command(BaseCommand):
    help = (
        "Checks ledger, orders, bank, providers, approvals, clocks and history, read-only; "
        "names the first bad rows. Finds it anything, payouts and refunds are paused."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--since",
            metavar="HEAD",
            default="",
            help="a head kept earlier: it must be in the chain",
        )

    def handle(self, *args, **options):
        if options["since"] and not HEAD.fullmatch(options["since"]):
            raise CommandError("A head is 64 hexadecimal digits: copy all of it.")
        report = checks.run(since=options["since"])
        self.stdout.write(json.dumps(report) if options["json"] else as_text(report))
        if not report["ok"]:
            self._pause(report)
            sys.exit(1)

    def _pause(self, report):
        """Pull the brake; a role that may only read cannot, and says so."""
        try:
            pause = brake.heed(report)
        except DatabaseError as error:
            self.stderr.write(f"Payouts and refunds were NOT paused: {error}".rstrip())
        else:
            self.stderr.write(f"Payouts and refunds are paused ({pause.ref}).")


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
