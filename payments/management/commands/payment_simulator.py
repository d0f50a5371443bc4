from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.simulator import Simulator


class Command(BaseCommand):
    help = "Runs the payment provider simulator, for development and tests only."
    requires_system_checks = []

    def add_arguments(self, parser):
        ours = getattr(settings, "PAYMENT_PROVIDERS", {}).get("http_sim", {})
        events = f"{settings.BASE_URL}/webhooks/http_sim/"
        parser.add_argument("--host", default="127.0.0.1", help="where it listens")
        parser.add_argument("--port", type=int, default=8420)
        parser.add_argument("--events", default=events, help="where its events are posted to")
        parser.add_argument("--secret", default=ours.get("secret", ""), help="signs its events")
        parser.add_argument("--file", help="a JSON file that keeps its books over a restart")

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The payment simulator does not run in production.")
        if not options["secret"]:
            raise CommandError("Set TA_SIM_WEBHOOK_SECRET, or give --secret.")
        simulator = Simulator(
            options["secret"],
            events=options["events"],
            host=options["host"],
            port=options["port"],
            file=options["file"],
        )
        self.stdout.write(f"The payment simulator is at {simulator.url}", ending="\n")
        self.stdout.flush()
        try:
            simulator.serve()
        except KeyboardInterrupt:
            simulator.stop()
