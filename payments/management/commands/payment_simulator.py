import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.simulator import BankAccount, Simulator


class Command(BaseCommand):
    help = "Runs the simulator of payment provider and bank, for development and tests only."
    requires_system_checks = []

    def add_arguments(self, parser):
        ours = getattr(settings, "PAYMENT_PROVIDERS", {}).get("http_sim", {})
        events = f"{settings.BASE_URL}/webhooks/http_sim/"
        parser.add_argument("--host", default="127.0.0.1", help="where it listens")
        parser.add_argument("--port", type=int, default=8420)
        parser.add_argument("--events", default=events, help="where its events are posted to")
        parser.add_argument("--secret", default=ours.get("secret", ""), help="signs its events")
        parser.add_argument("--file", help="a JSON file that keeps its books over a restart")
        parser.add_argument("--account", help="the number of the account that its bank keeps")
        parser.add_argument("--bic", default="DEMOSGSG", help="the BIC of its bank")
        parser.add_argument("--currency", default="USD", help="the currency of that account")
        parser.add_argument("--opening", help="a JSON file that says where the account stands")

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The payment simulator does not run in production.")
        if not options["secret"]:
            raise CommandError("Set TA_SIM_WEBHOOK_SECRET, or give --secret.")
        simulator = _simulator(options)
        self.stdout.write(f"The payment simulator is at {simulator.url}", ending="\n")
        self.stdout.flush()
        try:
            simulator.serve()
        except KeyboardInterrupt:
            simulator.stop()


def _simulator(options):
    opening = _opening(options["opening"])
    account = None
    if options["account"]:
        account = BankAccount(options["account"], options["bic"], options["currency"])
    simulator = Simulator(
        options["secret"],
        events=options["events"],
        host=options["host"],
        port=options["port"],
        file=options["file"],
        account=account,
        life=opening.pop("life", ""),
    )
    if opening and not simulator.bank.is_used:
        balance, sequence = opening.pop("balance_minor"), opening.pop("sequence")
        simulator.bank.open(BankAccount(**opening), balance, sequence)
    return simulator


def _opening(file):
    """Where the account stands; nothing if nobody has said so."""
    path = Path(file) if file else None
    return json.loads(path.read_text()) if path and path.exists() else {}
