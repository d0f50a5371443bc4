"""`manage.py demo`: companies, people and trades in every state, made by the real operations."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dashboard.demo.bank import standing
from dashboard.demo.cast import roles
from dashboard.demo.production import NotHere, perform


class Command(BaseCommand):
    help = "Fill an empty database with the demo; where the demo is already, nothing happens."

    def add_arguments(self, parser):
        parser.add_argument(
            "--json",
            action="store_true",
            help="print who can sign in (e-mail, role, password) as JSON; progress goes to stderr",
        )

        parser.add_argument("--bank", help="write here where the account of the bank stands (JSON)")

    def handle(self, *args, **options):
        progress = self.stderr if options["json"] else self.stdout
        try:
            made = perform(say=progress.write)
        except NotHere as error:
            raise CommandError(str(error)) from error
        progress.write("The demo is ready." if made else "The demo is here already.")
        if options["bank"]:
            Path(options["bank"]).write_text(json.dumps(standing()))
        if options["json"]:
            self.stdout.write(json.dumps({"users": roles()}, indent=2))
